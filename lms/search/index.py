"""The index on disk: made whole in a new folder, swapped in by its name, opened when somebody first searches.

Whoosh keeps the postings; who ranks them is `lms.course.ranking`. Only this module, `mapped` and `postings`
import whoosh, and callers import this one late: it costs 120 ms of CPU.
"""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from itertools import accumulate, islice
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from whoosh.index import create_in
from whoosh.reading import TermNotFound

from lms.course.ranking import MOST_EXPANSIONS
from lms.search.mapped import MappedStorage
from lms.search.postings import Postings, schema, searched, unpack
from lms.search.sources import ABOUT, Source


class Part(NamedTuple):
    """One course in the index: its own document, then one for each passage."""

    course: str
    title: str
    document: int
    passages: int
    openers: Sequence[int]  # for each passage the one that opens its lesson, counted within the course


def build(folder: Path, sources: Iterator[Source]) -> None:
    """Index the courses in a new folder and give it the name `folder` when it is complete."""
    making = folder.with_name(f".{folder.name}-{uuid4().hex[:8]}")
    making.mkdir(parents=True)
    try:
        writer = create_in(str(making), schema()).writer(limitmb=32)
        parts: list[Part] = []
        for source in sources:
            parts.append(_add(writer, source, parts[-1].document + 1 + parts[-1].passages if parts else 0))
        writer.commit(optimize=True)
        (making / ABOUT).write_text(json.dumps(parts, ensure_ascii=False), "utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # another process was faster: its index is the same
            making.rename(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _add(writer: Any, source: Source, document: int) -> Part:
    passages = source.passages
    writer.add_document(words=[searched(one) for one in passages])
    for one in passages:
        content = searched(one)
        writer.add_document(
            lesson=one.lesson,
            number=source.numbers[one.lesson],
            anchor=one.anchor,
            lesson_title=content.title,
            heading=content.heading,
            keywords=content.keywords,
            text=content.text,
        )
    opens = (i if not i or passages[i - 1].lesson != one.lesson else 0 for i, one in enumerate(passages))
    openers = list(accumulate(opens, max))
    return Part(source.course, source.title, document, len(passages), openers)


class Index:
    """An open index. Its methods may be called from several threads."""

    def __init__(self, folder: Path) -> None:
        """Open the index in `folder`; OSError when there is none."""
        about = json.loads((folder / ABOUT).read_text("utf-8"))
        self.parts = tuple(
            Part(course, title, document, passages, openers)
            for course, title, document, passages, openers in about
        )
        self._reader = MappedStorage(folder).open_index().reader()
        self._lock = threading.Lock()  # whoosh's matchers share one position in the postings file
        self._spellings: frozenset[str] | None = None

    def size(self, form: str) -> int:
        """In how many passages of all courses a form is (see `analysis.forms`)."""
        with self._lock:
            try:
                return int(self._reader.term_info("words", form.encode()).weight())
            except TermNotFound:
                return 0

    def postings(self, form: str, documents: Collection[int]) -> dict[int, Postings]:
        """The passages that have a form, by the document of their course; only of these courses."""
        found: dict[int, Postings] = {}
        with self._lock:
            try:
                matcher = self._reader.postings("words", form.encode())
            except TermNotFound:
                return found
            while matcher.is_active():
                if matcher.id() in documents:
                    found[matcher.id()] = unpack(matcher.value())
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

    def stored(self, part: Part, passage: int) -> dict[str, str]:
        """What was kept of a passage to show it (see `postings.SHOWN`)."""
        with self._lock:
            fields: dict[str, str] = self._reader.stored_fields(part.document + 1 + passage)
        return fields

    def close(self) -> None:
        """Let the files go."""
        self._reader.close()
