"""The file of a backup: a zip whose `copia.json` says of every other file how long it is and its SHA-256.

What is read may come from a stick that went through many hands: nothing is believed before it was counted.
"""

from __future__ import annotations

import hashlib
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Annotated, Self

import msgspec
from msgspec import Meta, Struct

from lms.errors import Invalid, TooLarge
from lms.files import in_words
from lms.upkeep.contents import BESIDE, Course, is_kept
from lms.upkeep.examining import Counts

PAPERS = "copia.json"
DATABASE = "lms.db"
DATA, COURSES = "datos", "cursos"

FORMAT = "chaski-copia 1"
MOST_FILES = 100_000
MOST_ORDER = 10**9  # who makes them by the second has some thirty years
MOST_PAPERS = 16 * 1024 * 1024
MOST_DIRECTORY = 32 * 1024 * 1024
_CHUNK = 1024 * 1024
_END, _END64 = 22, 20
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
_ODD = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]" + (r"|:|[. ](/|$)" if os.name == "nt" else ""))

_DATABASES = {f"{DATABASE}{end}" for end in BESIDE}

Said = Callable[[int], None]
"""Told of each piece how many bytes it had."""


class Held(Struct, frozen=True):
    """One file in a backup."""

    size: int
    sha256: str


class Server(Struct, frozen=True):
    """A server by its name and the number of its key; empty where it is not known."""

    name: str = ""
    number: str = ""


class Papers(Struct, frozen=True):
    """What a backup says of itself; `made` is the moment, `program` the version that made it.

    `order` is higher than that of each backup that was in its folder when it was made; earlier versions gave none.
    """

    format: str
    made: str
    program: str
    counts: Counts
    courses: list[Course]
    files: dict[str, Held]
    server: Server = Server()
    order: Annotated[int, Meta(ge=0, le=MOST_ORDER)] = 0


class Writing:
    """A backup being written: every file is hashed on its way in, and its papers come last."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self.files: dict[str, Held] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def add(self, name: str, file: Path, said: Said) -> None:
        """Take a file in under this name."""
        digest, size = hashlib.sha256(), 0
        with file.open("rb") as source, self._zip.open(_entry(name), "w", force_zip64=True) as target:
            while piece := source.read(_CHUNK):
                target.write(piece)
                digest.update(piece)
                size += len(piece)
                said(len(piece))
        self.files[name] = Held(size, digest.hexdigest())

    def finish(self, papers: Papers) -> None:
        """Add the papers."""
        with self._zip.open(_entry(PAPERS), "w") as target:
            target.write(msgspec.json.encode(papers))


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


class Reading:
    """A backup whose names and sizes were checked; each file is checked while it is read."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._zip = archive
        self._name = name
        self.papers = self._papers()
        entries = [one for one in archive.infolist() if one.filename != PAPERS]
        sizes = {one.filename: one.file_size for one in entries}
        if len(sizes) != len(entries) or sizes != {path: one.size for path, one in self.papers.files.items()}:
            raise Invalid(f"«{name}» no trae los archivos que dice traer. Usa otra copia.")
        if DATABASE not in sizes:
            raise Invalid(f"«{name}» no trae la base de datos. Usa otra copia.")
        self.size = sum(sizes.values())

    @classmethod
    @contextmanager
    def of(cls, path: Path) -> Iterator[Self]:
        """Open a backup; `Invalid` or `TooLarge`, with its sentence, for what is none."""
        try:
            with in_words(), path.open("rb") as file:
                _check_directory(file, path.name)
                with zipfile.ZipFile(file) as archive:
                    yield cls(archive, path.name)
        except _BROKEN as error:
            raise Invalid(
                f"«{path.name}» no es una copia de Chaski, o está dañada o incompleta. Cópiala de nuevo o usa otra."
            ) from error

    def _papers(self) -> Papers:
        names = self._zip.namelist()
        if (
            len(names) > MOST_FILES
            or PAPERS not in names
            or self._zip.getinfo(PAPERS).file_size > MOST_PAPERS
        ):
            raise zipfile.BadZipFile("no papers that anybody would read")
        with self._zip.open(PAPERS) as source:
            papers = msgspec.json.decode(source.read(MOST_PAPERS), type=Papers)
        if papers.format != FORMAT:
            raise Invalid(
                f"«{self._name}» la hizo una versión más nueva de Chaski. Actualiza primero el programa."
            )
        if not all(map(belongs, names)):
            raise Invalid(f"«{self._name}» trae archivos con nombres que una copia no usa. No la restaures.")
        return papers

    def copy(self, name: str, target: Path, said: Said) -> None:
        """Write one file out, its owner's only, and see that it is what was put in."""
        with in_words(target):
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                for piece in self.chunks(name):
                    out.write(piece)
                    said(len(piece))
                out.flush()
                os.fsync(out.fileno())

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a file in pieces; `Invalid` at the latest after the last if it is another one."""
        held, digest, size = self.papers.files[name], hashlib.sha256(), 0
        with self._zip.open(name) as source:
            while piece := source.read(_CHUNK):
                digest.update(piece)
                size += len(piece)
                if size > held.size:
                    break
                yield piece
        if (size, digest.hexdigest()) != (held.size, held.sha256):
            raise Invalid(f"«{self._name}» está dañada: {name} no es lo que se guardó. Usa otra copia.")


def belongs(name: str) -> bool:
    """Whether a backup may have a file of this name: within it, and nothing that a restore would overwrite."""
    if name in (PAPERS, DATABASE):
        return True
    parts = PurePosixPath(name).parts
    if "/".join(parts) != name or ".." in parts or _ODD.search(name) or len(parts) < 2:
        return False
    if parts[0] == COURSES:
        return len(parts) > 2 and not parts[1].startswith(".")
    return parts[0] == DATA and is_kept(parts[1]) and parts[1].casefold() not in _DATABASES


def _check_directory(file: IO[bytes], name: str) -> None:
    """Refuse a list of files that would fill the memory: Python's zip reader takes it whole."""
    length = file.seek(0, 2)
    file.seek(max(0, length - _END - _END64))
    tail = file.read()
    end = tail[-_END:]
    if len(tail) < _END or end[:4] != b"PK\5\6":
        raise zipfile.BadZipFile("no end")
    size: int = struct.unpack_from("<I", end, 12)[0]
    if size == 0xFFFFFFFF or tail[:4] == b"PK\6\7":
        file.seek(struct.unpack_from("<Q", tail, 8)[0])
        size = max(size if size != 0xFFFFFFFF else 0, struct.unpack_from("<Q", file.read(56), 40)[0])
    if size > MOST_DIRECTORY:
        raise TooLarge(f"«{name}» trae demasiados archivos para ser una copia de Chaski.")
