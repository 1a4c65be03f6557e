"""What was made of a course last time, kept in a file: where one lesson changed, only what depends on it is made again.

An entry is named by all that decides what comes out: what it is made of, the code and the libraries that make it. So
there is nothing to renew by hand; what cannot be read, or is not whole, counts as not there.
"""

from __future__ import annotations

import hashlib
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from lms.course.growing import Entries, Entry, Growing

_PACKAGE = Path(__file__).parent.parent
_LIBRARIES = ("markdown", "nh3", "jinja2", "markupsafe", "msgspec", "rjsmin")

Value = TypeVar("Value")


class _Kept:
    """What was there before, and what this time needed."""

    def __init__(self, before: Entries) -> None:
        self.before = before
        self.now: Entries = {}
        self._values: dict[bytes, Any] = {}
        self._making: list[dict[bytes, None]] = []

    def value(self, name: bytes, make: Callable[[], Value], kind: Any) -> Value:
        for needed in self._making[-1:]:
            needed[name] = None
        if name not in self._values and not self._taken(name, kind):
            self._make(name, make, kind)
        value: Value = self._values[name]
        return value

    def _taken(self, name: bytes, kind: Any) -> bool:
        with suppress(KeyError, msgspec.MsgspecError):
            self._values[name] = msgspec.msgpack.decode(self.before[name].packed, type=kind)
            self._stay(name)
            return True
        return False

    def _stay(self, name: bytes) -> None:
        entry = self.before.get(name)
        if entry and name not in self.now:
            self.now[name] = entry
            for needed in entry.of:
                self._stay(needed)

    def _make(self, name: bytes, make: Callable[[], Any], kind: Any) -> None:
        self._making.append({})
        try:
            self._values[name] = value = make()
        finally:
            needed = self._making.pop()
        with suppress(msgspec.MsgspecError, OverflowError, TypeError, UnicodeError):
            packed = msgspec.msgpack.encode(value)
            # TOML has dates, which would come out as text: what does not come out as it went in is not kept.
            if msgspec.msgpack.decode(packed, type=kind) == value:
                self.now[name] = Entry(msgspec.Raw(packed), tuple(needed))


_current: ContextVar[_Kept | None] = ContextVar("made", default=None)


@contextmanager
def kept(file: Path) -> Iterator[None]:
    """While this lasts things are taken from `file` where it has them; it then holds what was needed.

    What ends in an exception, as of a course with a fault, leaves the file as it was.
    """
    there = Growing(file)
    known = _Kept(there.entries)
    token = _current.set(known)
    try:
        yield
    finally:
        _current.reset(token)
    there.keep(known.now)


def once(parts: Sequence[str | bytes], make: Callable[[], Value], kind: Any = str) -> Value:
    """What `make` makes of these parts, a value of this kind, made only where nothing keeps it.

    The first part says what it is, the others are all that decides what comes out.
    """
    known = _current.get()
    return make() if known is None else known.value(name_of(parts), make, kind)


def name_of(parts: Sequence[str | bytes]) -> bytes:
    """A digest of these parts and of the code; BLAKE2b, as it takes half the time of SHA-256."""
    digest = hashlib.blake2b(_digest_of_makers(), digest_size=32)
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "big"))
        digest.update(content)
    return digest.digest()


def packed(*values: Any) -> bytes:
    """Values as bytes that are the same for the same values, to be parts; paths are told by their text."""
    return _PACKER.encode(values)


_PACKER = msgspec.msgpack.Encoder(enc_hook=str)


@cache
def _digest_of_makers() -> bytes:
    """Of all code and templates, whichever of them a page or pack needs."""
    libraries = " ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    digest = hashlib.sha256(f"{sys.version} {zlib.ZLIB_RUNTIME_VERSION} {libraries}".encode())
    for path in sorted(path for path in _PACKAGE.rglob("*") if path.suffix in (".py", ".html", ".svg")):
        digest.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.digest()
