"""What came of an update so far: files by their hash, whole or begun, kept until the course is installed.

They wait in `.updating/` among the courses, on the same disk and where no reader of courses looks.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lms.errors import Invalid, TooLarge
from lms.files import in_words
from lms.packs.here import sha256_of
from lms.packs.manifest import Listed
from lms.packs.names import shown
from lms.packs.swap import alone

ROOM = ".updating"


class Altered(Invalid):
    """A file came whole and is not what the manifest lists."""


class Spool:
    """The files of one course that came; nothing longer than the manifest says is ever written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def file(self, listed: Listed) -> Path:
        """Where a file is once it is whole."""
        return self._folder / listed.sha256

    def has(self, listed: Listed) -> bool:
        """Whether a file is here whole; one that a power cut spoilt goes."""
        file, part = self.file(listed), self._part(listed)
        if part.is_file() and part.stat().st_size == listed.size:
            with suppress(Altered):
                self._accept(part, listed)
        if not file.is_file():
            return False
        if file.stat().st_size == listed.size and sha256_of(file) == listed.sha256:
            return True
        file.unlink()
        return False

    def begun(self, listed: Listed) -> int:
        """How many bytes of a file are here."""
        part = self._part(listed)
        size = part.stat().st_size if part.is_file() else 0
        return size if size < listed.size else 0

    def receive(self, listed: Listed, start: int, pieces: Iterable[bytes]) -> Iterator[int]:
        """Write a file from byte `start` on and yield the size of each piece; at the end it is whole and true.

        Each piece is on its way to the disk before the next is asked for. `Altered` when it is not what is
        listed, and then nothing of it is kept.
        """
        part = self._part(listed)
        part.touch()
        size = start
        with part.open("r+b", buffering=0) as file:
            file.truncate(start)
            file.seek(start)
            for piece in pieces:
                size += len(piece)
                if size > listed.size:
                    break
                file.write(piece)
                yield len(piece)
        if size > listed.size:
            part.unlink()
            raise TooLarge(
                f"De {shown(listed.path)} llega más de lo que dice su lista. No se instaló nada. "
                "Avisa a quien administra ese sitio."
            )
        if size == listed.size:
            self._accept(part, listed)

    def _accept(self, part: Path, listed: Listed) -> None:
        if sha256_of(part) != listed.sha256:
            part.unlink()
            raise Altered(
                f"{shown(listed.path)} llegó cambiado: no es lo que dice su lista. No se instaló nada. "
                "Repite la orden; si vuelve a pasar, avisa a quien administra ese sitio."
            )
        part.replace(self.file(listed))

    def _part(self, listed: Listed) -> Path:
        return self._folder / f"{listed.sha256}.part"

    def keep_only(self, wanted: Iterable[Listed]) -> None:
        """Drop what an update to another version left."""
        names = {name for one in wanted for name in (self.file(one).name, self._part(one).name)}
        for file in self._folder.iterdir():
            if file.name not in names:
                file.unlink()

    def empty(self) -> None:
        """The course is installed: nothing waits any longer."""
        shutil.rmtree(self._folder)


@contextmanager
def spool_in(courses: Path, course_id: str) -> Iterator[Spool]:
    """Give the spool of a course; only one process at a time updates."""
    room = courses / ROOM
    with in_words():
        room.mkdir(parents=True, exist_ok=True)
        with alone(room):
            folder = room / course_id
            folder.mkdir(parents=True, exist_ok=True)
            yield Spool(folder)
            with suppress(OSError):  # another course waits in it
                room.rmdir()
