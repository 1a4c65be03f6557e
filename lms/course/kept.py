"""Courses as loaded last time, kept in one file: while sources stay the same a server need not parse them again.

An entry is of the bytes of a course's files and of the code that loads them, so there is nothing to renew by
hand; what cannot be read, or is not whole, counts as not there. Only what could be shown is kept.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import get_type_hints

import msgspec

from lms.course.glossary import SHARED, glossary_file
from lms.course.model import COURSE_FILE, Course, Problem
from lms.errors import LmsError
from lms.files import check, write_whole

log = logging.getLogger(__name__)

_CODE = Path(__file__).parent
_FACTS = [(fact.name, get_type_hints(Course)[fact.name]) for fact in fields(Course) if fact.init]
_Facts = msgspec.defstruct("_Facts", _FACTS, array_like=True)


class _Entry(msgspec.Struct, array_like=True):
    """One course: the digest of what it was loaded from, what was said of it, and its facts, packed."""

    digest: bytes
    problems: tuple[Problem, ...]
    facts: msgspec.Raw


Entries = dict[str, _Entry]
"""By the name of the course's folder."""


def load_courses(root: Path, file: Path) -> tuple[dict[str, Course], list[Problem]]:
    """As `loader.load_courses`, from `file` where that is still true; `file` is renewed otherwise."""
    courses: dict[str, Course] = {}
    problems: list[Problem] = []
    before, now = _read(file), dict[str, _Entry]()
    for folder in sorted(found.parent for found in Path(root).glob(f"*/{COURSE_FILE}")):
        course, said = _load(folder, before, now)
        if course and courses.setdefault(course.id, course) is not course:
            return _from_sources(root)  # only there it can be said where the second one has its id
        problems += (replace(problem, file=str(folder / problem.file)) for problem in said)
    if now != before:
        _write(file, now)
    return courses, problems


def _load(folder: Path, before: Entries, now: Entries) -> tuple[Course | None, tuple[Problem, ...]]:
    """The folder's course and its problems; what may be kept of them goes to `now`."""
    digest = _digest(folder)
    entry = before.get(folder.name)
    if entry and entry.digest == digest:
        with suppress(msgspec.ValidationError):
            course = _course(entry.facts, folder)
            now[folder.name] = entry
            return course, entry.problems
    from lms.course.loader import load_course  # what parses is heavy, and seldom needed

    loaded = load_course(folder)
    # Equal again afterwards: what an author saved meanwhile may not be kept under the name of what was before.
    if loaded.course and digest and _digest(folder) == digest:
        now[folder.name] = _Entry(digest, loaded.problems, msgspec.Raw(_packed(loaded.course)))
    return loaded.course, loaded.problems


def _from_sources(root: Path) -> tuple[dict[str, Course], list[Problem]]:
    from lms.course.loader import load_courses as load

    return load(root)


def _packed(course: Course) -> bytes:
    """The course without its derived fields; paths are written as seen from its folder."""
    encoder = msgspec.msgpack.Encoder(enc_hook=lambda path: path.relative_to(course.folder).as_posix())
    return encoder.encode([getattr(course, name) for name, _ in _FACTS])


def _course(facts: msgspec.Raw, folder: Path) -> Course:
    decoder = msgspec.msgpack.Decoder(_Facts, dec_hook=lambda _, path: folder / path)
    return Course(**msgspec.structs.asdict(decoder.decode(facts)))


def _digest(folder: Path) -> bytes:
    """The same for the same files, loaded by the same code; empty when one of them cannot be read."""
    digest = hashlib.sha256(digest_of_code())
    try:
        for name, path in _files(folder):
            content = hashlib.sha256()
            with open(path, "rb", buffering=0) as file:
                while block := file.read(1 << 16):
                    content.update(block)
            digest.update(os.fsencode(name) + b"\0" + content.digest())
    except OSError:
        return b""
    return digest.digest()


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    """The course's files in order, by name and by path: its folder's, those of the folders in it, its glossary."""
    for entry in _entries(folder):
        if entry.is_file():
            yield entry.name, entry.path
        elif entry.is_dir():
            inside = _entries(entry)
            yield from ((f"{entry.name}/{one.name}", one.path) for one in inside if one.is_file())
    glossary = glossary_file(folder)
    if glossary == SHARED:
        yield glossary, os.path.join(folder, glossary)


def _entries(folder: Path | os.DirEntry[str]) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as found:  # a third of the time that `Path` takes
        return sorted(found, key=lambda entry: entry.name)


@cache
def digest_of_code() -> bytes:
    """Of all that decides what is made of a course's files: this folder's code, and the Python that runs it."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(_CODE.rglob("*.py")):
        digest.update(path.relative_to(_CODE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.digest()


def _read(file: Path) -> Entries:
    """What was kept; nothing when the file is not there, not whole, or not ours."""
    try:
        content = file.read_bytes()
        if content[:4] == check(content[4:]):
            return msgspec.msgpack.decode(memoryview(content)[4:], type=Entries)
    except (OSError, msgspec.MsgspecError, RecursionError):
        pass
    return {}


def _write(file: Path, entries: Entries) -> None:
    try:
        content = msgspec.msgpack.encode(entries)
        write_whole(file, check(content) + content, mode=0o600)  # it has the keys
    except (LmsError, OSError, UnicodeError) as error:
        log.warning("courses could not be kept: every start will parse them", extra={"reason": str(error)})
