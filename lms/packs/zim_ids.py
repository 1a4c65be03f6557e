"""The random names that libzim gives: put out of a ZIM file, so that the same course gives the same bytes.

A ZIM file has one in its header (openZIM, «ZIM file format», header: bytes 8 to 24), and each search index in it another
(Xapian's `iamglass`: 16 bytes after its mark and two of version). Nothing depends on them but telling files apart.
"""

from __future__ import annotations

import mmap
import struct
import uuid
from hashlib import md5
from pathlib import Path
from typing import BinaryIO

_UUID = slice(8, 24)
_CHECKSUM_AT = 72  # where the header says where the MD5 of all before it stands
_INDEX = b"\x0f\rXapian Glass"
_VERSION = 2


def settle(file: Path, name: str) -> None:
    """Derive the random names in a finished file from `name`, and sum it up again."""
    with file.open("r+b") as written:
        with mmap.mmap(written.fileno(), 0) as content:
            content[_UUID] = _named(name)
            at = content.find(_INDEX)
            while at >= 0:
                start = at + len(_INDEX) + _VERSION
                content[start : start + 16] = _named(f"{name}:{at}")
                at = content.find(_INDEX, start)
            (end,) = struct.unpack_from("<Q", content, _CHECKSUM_AT)
        written.seek(end)
        if len(written.read()) != md5(usedforsecurity=False).digest_size:
            raise ValueError("a ZIM file ends with its MD5")
        _sum_up(written, end)


def _named(name: str) -> bytes:
    return uuid.uuid5(uuid.NAMESPACE_URL, name).bytes


def _sum_up(file: BinaryIO, end: int) -> None:
    digest = md5(usedforsecurity=False)
    file.seek(0)
    left = end
    while piece := file.read(min(left, 1 << 18)):
        digest.update(piece)
        left -= len(piece)
    file.seek(end)
    file.write(digest.digest())
