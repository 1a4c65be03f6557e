"""The index on disk: made whole in a new folder, swapped in by its name, opened when somebody first searches.

Whoosh keeps the postings; who ranks them is `lms.course.ranking`. Only this module and `postings` import
whoosh, and callers import this one late: it costs 120 ms of CPU.
"""

from __future__ import annotations

import json
import shutil
import threading
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from whoosh.index import create_in, open_dir
from whoosh.reading import TermNotFound

from lms.course.ranking import MOST_EXPANSIONS
from lms.search.postings import Posting, schema, searched, unpack
from lms.search.sources import Source

ABOUT = "about.json"


class Part(NamedTuple):
    """One course's share of the index: its passages are numbered from `start` up to `end`."""

    course: str
    title: str
    start: int
    end: int
    firsts: tuple[int, ...]


def build(folder: Path, sources: Iterator[Source]) -> None:
    """Index the courses in a new folder and give it the name `folder` when it is complete."""
    making = folder.with_name(f".{folder.name}-{uuid4().hex[:8]}")
    making.mkdir(parents=True)
    try:
        writer = create_in(str(making), schema()).writer(limitmb=32)
        parts: list[Part] = []
        for source in sources:
            parts.append(_add(writer, source, parts[-1].end if parts else 0))
        writer.commit(optimize=True)
        (making / ABOUT).write_text(json.dumps(parts, ensure_ascii=False), "utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # another process was faster: its index is the same
            making.rename(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _add(writer: Any, source: Source, start: int) -> Part:
    firsts: list[int] = []
    lesson = ""
    for number, passage in enumerate(source.passages, start):
        if passage.lesson != lesson:
            lesson = passage.lesson
            firsts.append(number)
        content = searched(passage.lesson_title, passage.heading, passage.text)
        writer.add_document(
            words=content,
            course=source.course,
            lesson=lesson,
            number=source.numbers[lesson],
            anchor=passage.anchor,
            lesson_title=content.title,
            heading=content.heading,
            text=content.text,
        )
    return Part(source.course, source.title, start, start + len(source.passages), tuple(firsts))


class Index:
    """An open index. Its methods may be called from several threads."""

    def __init__(self, folder: Path) -> None:
        """Open the index in `folder`; OSError when there is none."""
        about = json.loads((folder / ABOUT).read_text("utf-8"))
        self.parts = tuple(
            Part(course, title, start, end, tuple(firsts)) for course, title, start, end, firsts in about
        )
        self._reader = open_dir(str(folder), readonly=True).reader()
        self._lock = threading.Lock()  # whoosh's matchers share one position in the postings file
        self._spellings: frozenset[str] | None = None

    def part_of(self, passage: int) -> Part:
        """The course a passage belongs to."""
        return self.parts[bisect_right(self.parts, passage, key=lambda part: part.start) - 1]

    def postings(self, form: str) -> list[Posting]:
        """All passages that have a form (see `analysis.forms`), in order."""
        found: list[Posting] = []
        with self._lock:
            try:
                matcher = self._reader.postings("words", form.encode())
            except TermNotFound:
                return found
            while matcher.is_active():
                found.append(unpack(matcher.id(), matcher.weight(), matcher.value()))
                matcher.next()
        return found

    def beginning_with(self, word: str) -> list[str]:
        """The first spellings (with n for ñ) that begin with `word`, in order, without itself."""
        with self._lock:
            terms = self._reader.expand_prefix("words", f"~{word}".encode())
            longer = (term.decode()[1:] for term in islice(terms, MOST_EXPANSIONS + 1))
            return [other for other in longer if other != word][:MOST_EXPANSIONS]

    @property
    def spellings(self) -> frozenset[str]:
        """Every spelling (with n for ñ); read when first needed."""
        if self._spellings is None:
            with self._lock:
                terms = self._reader.expand_prefix("words", b"~")
                self._spellings = frozenset(term.decode()[1:] for term in terms)
        return self._spellings

    def stored(self, passage: int) -> dict[str, str]:
        """What was kept of a passage to show it (see `postings.SCHEMA_FIELDS`)."""
        with self._lock:
            fields: dict[str, str] = self._reader.stored_fields(passage)
        return fields

    def close(self) -> None:
        """Let the files go."""
        self._reader.close()
