"""The index's file read where it is: mapped, and nothing of it copied but what is asked for.

Whoosh maps it too, but then copies all of it once more: twice the index would be resident for good. Without a
map it reads through four layers of its own for each few bytes.
"""

from __future__ import annotations

import mmap
import os
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile


class MappedStorage(FileStorage):  # type: ignore[misc]  # whoosh has no types
    """A folder with a finished index."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder), supports_mmap=False, readonly=True)
        self._folder = folder

    def open_file(self, name: str, **options: Any) -> Any:
        """Return the file; the one that holds all others as a `_File`."""
        if not name.endswith(".seg"):
            return super().open_file(name, **options)
        with (self._folder / name).open("rb") as file:
            source = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return _File(source, 0, len(source), lambda _: source.close())


class _File(StructFile):  # type: ignore[misc]  # whoosh has no types
    """A part of a map, as whoosh wants a file to be."""

    def __init__(self, source: mmap.mmap, start: int, length: int, onclose: Any = None) -> None:
        super().__init__(_Part(source, start, length), onclose=onclose)
        self._source, self._start = source, start

    def subset(self, position: int, length: int, name: str | None = None) -> _File:
        """Return a file that lies in this one."""
        return _File(self._source, self._start + position, length)

    def get(self, position: int, length: int) -> bytes:
        """Return so many bytes from a position."""
        start = self._start + position
        return self._source[start : start + length]


class _Part:
    """What `StructFile` reads: a part of a map, with a place in it."""

    def __init__(self, source: mmap.mmap, start: int, length: int) -> None:
        self._source, self._start, self._end = source, start, start + length
        self._at = start

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, fewer at the end; all that are left without a size."""
        return self._taken(self._end if size < 0 else min(self._at + size, self._end))

    def readline(self) -> bytes:
        """Return the rest of the line."""
        return self._taken((self._source.find(b"\n", self._at, self._end) + 1) or self._end)

    def seek(self, where: int, whence: int = os.SEEK_SET) -> None:
        """Go to a place."""
        self._at = where + {os.SEEK_SET: self._start, os.SEEK_CUR: self._at, os.SEEK_END: self._end}[whence]

    def tell(self) -> int:
        """Return the place."""
        return self._at - self._start

    def close(self) -> None:
        """The map is closed by the file that holds the others."""

    def _taken(self, end: int) -> bytes:
        found = self._source[self._at : end]
        self._at = end
        return found
