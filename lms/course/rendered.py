"""Lessons' text as rendered last time, kept in a file: of a course where one lesson changed, only that one is rendered.

An entry is of all that decides what comes out: the text, what it shows, the code and the libraries that render it.
So there is nothing to renew by hand; what cannot be read, or is not whole, counts as not there.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec

from lms.course.kept import check, digest_of_code
from lms.errors import LmsError
from lms.files import write_whole

log = logging.getLogger(__name__)

_LIBRARIES = ("markdown", "nh3")

Entries = dict[bytes, str]
"""HTML, by the digest of what it was made of."""


class _Kept:
    """What was there before, and what this time needed."""

    def __init__(self, before: Entries) -> None:
        self.before = before
        self.now: Entries = {}


_current: ContextVar[_Kept | None] = ContextVar("rendered", default=None)


@contextmanager
def kept(file: Path) -> Iterator[None]:
    """While this lasts lessons are taken from `file` where it has them; it then holds what was needed, and no more."""
    known = _Kept(_read(file))
    token = _current.set(known)
    try:
        yield
    finally:
        _current.reset(token)
        if known.now != known.before:
            _write(file, known.now)


def once(parts: Sequence[str], render: Callable[[], str]) -> str:
    """What `render` makes of these parts, made only where nothing keeps it."""
    known = _current.get()
    if known is None:
        return render()
    name = _name(parts)
    if name not in known.now:
        known.now[name] = known.before[name] if name in known.before else render()
    return known.now[name]


def _name(parts: Sequence[str]) -> bytes:
    digest = hashlib.sha256(_digest_of_renderers())
    for part in parts:
        content = part.encode()
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.digest()


@cache
def _digest_of_renderers() -> bytes:
    libraries = " ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return hashlib.sha256(digest_of_code() + libraries.encode()).digest()


def _read(file: Path) -> Entries:
    try:
        content = file.read_bytes()
        if content[:4] == check(content[4:]):
            return msgspec.msgpack.decode(memoryview(content)[4:], type=Entries)
    except (OSError, msgspec.MsgspecError):
        pass
    return {}


def _write(file: Path, entries: Entries) -> None:
    try:
        content = msgspec.msgpack.encode(entries)
        write_whole(file, check(content) + content, mode=0o600)
    except (LmsError, OSError) as error:
        log.warning("lessons could not be kept: they are rendered again", extra={"reason": str(error)})
