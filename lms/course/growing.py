"""Entries in a file that grows at its end: where little is new, little is written.

The file is a row of parts, each after its sum and its length. One that is cut or altered ends what can be read. Where
half of the file would be of no use any more it is written anew, with what is needed and no more.
"""

from __future__ import annotations

import logging
import os
import struct
from contextlib import suppress
from pathlib import Path
from threading import get_ident

import msgspec

from lms.files import check

log = logging.getLogger(__name__)

MOST_BYTES = 128 * 1024 * 1024
"""What a file may weigh; the largest course takes a twentieth of it."""

_SUM = 4  # bytes, of the length and all that follows it
_LENGTH = struct.Struct(">Q")
_BEFORE = _SUM + _LENGTH.size


class Entry(msgspec.Struct, array_like=True, frozen=True):
    """A value, packed, and the names of those that were needed to make it: they stay as long as it does."""

    packed: msgspec.Raw
    of: tuple[bytes, ...]


Entries = dict[bytes, Entry]
"""By the digest of what each was made of."""


class Growing:
    """What a file has: `entries` is empty where there is none, and holds what stands before a damage."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.entries: Entries = {}
        self._size = 0
        self._whole = False
        with suppress(OSError):
            if file.stat().st_size <= MOST_BYTES:
                self._whole = self._read(memoryview(file.read_bytes()))

    def keep(self, needed: Entries) -> None:
        """Have the file hold these; what else it has may go.

        That a power cut may lose them is no harm, and waiting for the disk would be felt.
        """
        new = {name: entry for name, entry in needed.items() if self.entries.get(name) is not entry}
        most = min(MOST_BYTES, 2 * sum(map(_weight, needed.values())))
        try:
            part = _part(new) if new else b""
            if self._whole and self._size + len(part) <= most:
                self._add(part)
            else:
                self._write(_part(needed))
        except OSError as error:
            log.warning("what was made could not be kept: it is made again", extra={"reason": str(error)})

    def _read(self, content: memoryview) -> bool:
        """Take in every part; whether all of them are whole."""
        self._size = len(content)
        at = 0
        while at < self._size:
            begun = at + _BEFORE
            if begun > self._size:
                return False
            end = begun + _LENGTH.unpack_from(content, at + _SUM)[0]
            if content[at : at + _SUM] != check(content[at + _SUM : end]):
                return False
            try:
                self.entries |= msgspec.msgpack.decode(content[begun:end], type=Entries)
            except (msgspec.MsgspecError, RecursionError):
                return False
            at = end
        return at == self._size

    def _add(self, part: bytes) -> None:
        if part:
            # In one piece, as another build may add as well; it may have gone meanwhile.
            with open(self._file, "ab", buffering=0, opener=_private) as out:
                out.write(part)

    def _write(self, part: bytes) -> None:
        """Whole or not at all."""
        if len(part) > MOST_BYTES:
            raise OSError("too much to keep")
        file = self._file
        draft = file.with_name(f".{file.name}.{os.getpid()}.{get_ident()}")
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(draft, "wb", opener=_private) as out:
                out.write(part)
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _part(entries: Entries) -> bytes:
    content = msgspec.msgpack.encode(entries)
    body = _LENGTH.pack(len(content)) + content
    return check(body) + body


def _weight(entry: Entry) -> int:
    return len(memoryview(entry.packed))
