"""What a pack holds, whether it is still a zip or was unpacked into a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from lms.errors import Invalid, NotFound, TooLarge
from lms.files import in_words
from lms.packs.archive import CHUNK, MOST_FILES, Damaged, open_archive
from lms.packs.manifest import BUNDLE, BUNDLE_LIST, Listed


class Contents(Protocol):
    """The files of a pack."""

    @property
    def name(self) -> str:
        """What to call it before people."""

    @property
    def zipped(self) -> bool:
        """Whether it is one file, in which nothing can lie that its maker did not put there."""

    @property
    def sizes(self) -> Mapping[str, int]:
        """Each file's bytes, by its path."""

    def chunks(self, path: str) -> Iterator[bytes]:
        """Yield a file's content; KeyError when there is none, `Damaged` when it cannot be read whole."""


class Folder:
    """A pack that was unpacked; only plain files count, and no link is followed."""

    zipped = False

    def __init__(self, folder: Path) -> None:
        self.name = folder.name or str(folder)
        self._folder = folder
        with in_words():
            self.sizes = dict(self._found())

    def chunks(self, path: str) -> Iterator[bytes]:
        """Yield a file's content in pieces."""
        left = self.sizes[path]
        try:
            with (self._folder / path).open("rb") as file:
                while piece := file.read(min(CHUNK, left + 1)):
                    left -= len(piece)
                    if left < 0:
                        break
                    yield piece
        except OSError:
            raise Damaged(self.name, path) from None
        if left:
            raise Damaged(self.name, path)

    def _found(self) -> Iterator[tuple[str, int]]:
        waiting = [self._folder]
        count = 0
        while waiting:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    count += 1
                    if count > 2 * MOST_FILES:
                        raise TooLarge(
                            f"«{self.name}» tiene demasiados archivos para ser un paquete. Elige la carpeta de uno solo."
                        )
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    elif entry.is_file(follow_symlinks=False):
                        path = Path(entry.path).relative_to(self._folder).as_posix()
                        yield path, entry.stat(follow_symlinks=False).st_size


@contextmanager
def open_contents(path: Path) -> Iterator[Contents]:
    """Open a pack, a zip or a folder; `Invalid` or `TooLarge` for what is not safe."""
    if path.is_dir():
        yield Folder(path)
    elif path.is_file():
        with in_words(), open_archive(path) as archive:
            yield archive
    else:
        raise NotFound(f"No hay un paquete en {path}. Revisa el nombre.")


def whole(contents: Contents, path: str, most: int) -> bytes:
    """Return a small file's content; Invalid when it is not there or larger than `most` bytes."""
    if path not in contents.sizes:
        if f"{BUNDLE}/{BUNDLE_LIST}" in contents.sizes:
            raise Invalid(f"«{contents.name}» es una mochila digital. Extráela toda y usa su carpeta.")
        raise Invalid(
            f"«{contents.name}» no es un paquete de un curso: no trae {path}. "
            "Usa el zip que hizo «lms pack build» (no el de Moodle), o la carpeta que salió de él."
        )
    if contents.sizes[path] > most:
        raise TooLarge(
            f"«{contents.name}» no es un paquete de un curso: su {path} es demasiado grande. Pide otra copia."
        )
    return b"".join(contents.chunks(path))


def checked(contents: Contents, listed: Listed) -> Iterator[bytes]:
    """Yield a listed file's content; `Damaged`, after its last piece, unless it is what the manifest says."""
    digest = sha256()
    size = 0
    for piece in contents.chunks(listed.path):
        digest.update(piece)
        size += len(piece)
        yield piece
    if (size, digest.hexdigest()) != (listed.size, listed.sha256):
        raise Damaged(contents.name, listed.path)
