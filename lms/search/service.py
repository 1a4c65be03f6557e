"""The index one server searches in: found or made in the background, swapped when courses change."""

from __future__ import annotations

import asyncio
import logging
import operator
import shutil
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from anyio import to_thread

from lms.search.sources import ABOUT, Source, fingerprint, source

if TYPE_CHECKING:
    from lms.course.model import Course
    from lms.search.index import Index
    from lms.search.query import Found

log = logging.getLogger(__name__)

LONGEST_BUILD = 3600  # seconds


def folder(data: Path) -> Path:
    """Where the indexes lie in the data folder."""
    return data / "search"


def prepare(where: Path, courses: Iterable[Course], watch: Callable[[str], None] | None = None) -> Path:
    """Make the index of these courses in `where` unless it is there, and remove older ones.

    Returns where it is. With `watch` it is made in any case, and `watch` hears the title of each course.
    """
    from lms.search import index  # whoosh is slow to import

    courses = list(courses)
    wanted = where / fingerprint(courses)
    if watch or not is_made(where, courses):
        index.build(wanted, (_watched(course, watch) for course in courses))
    for other in where.iterdir():
        if other != wanted and not _being_made(other):
            shutil.rmtree(other, ignore_errors=True)
    return wanted


def is_made(where: Path, courses: Iterable[Course]) -> bool:
    """Whether the index of these courses is there, whole."""
    return (where / fingerprint(courses) / ABOUT).is_file()


def _being_made(folder: Path) -> bool:
    """Whether another process may still be writing there; what a power cut left behind may go."""
    return folder.name.startswith(".") and folder.stat().st_mtime > time.time() - LONGEST_BUILD


def _watched(course: Course, watch: Callable[[str], None] | None) -> Source:
    if watch:
        watch(course.title)
    return source(course)


class Search:
    """Search for one server; `where` lies in its data and may be deleted at any time.

    `make_apart` makes an index that is missing somewhere else than in this process.
    """

    def __init__(self, where: Path, make_apart: Callable[[], Awaitable[None]] | None = None) -> None:
        self._where = where
        self._make_apart = make_apart
        self._index: Index | None = None
        self._of: tuple[Course, ...] | None = None
        self._making: asyncio.Task[None] | None = None

    async def find(self, courses: Mapping[str, Course], query: str, course: str = "") -> Found:
        """Search in a thread. The first call waits for the index; later ones use the old until it is new."""
        from lms.search import query as asked

        index = await self.index(courses)
        return await to_thread.run_sync(asked.find, index, query, course)

    async def index(self, courses: Mapping[str, Course]) -> Index:
        """The open index, made in the background if need be."""
        now = tuple(courses.values())
        if self._making is None and not _same(now, self._of):
            self._making = asyncio.create_task(self._make(now))
        if self._index is None and self._making:
            await asyncio.shield(self._making)
        assert self._index is not None  # noqa: S101 - `_make` leaves one or raises
        return self._index

    async def settled(self) -> None:
        """Wait until no index is being made."""
        while self._making:
            await asyncio.shield(self._making)

    async def stop(self) -> None:
        """Leave the index that is being made."""
        if self._making:
            self._making.cancel()
            await asyncio.wait([self._making])

    async def _make(self, courses: tuple[Course, ...]) -> None:
        try:
            if self._make_apart and courses and not is_made(self._where, courses):
                await self._make_apart()
            self._index = await to_thread.run_sync(self._open, courses)
            self._of = courses
        except Exception:
            if self._index is None:
                raise
            log.exception("the search index could not be made; the old one still answers")
        finally:
            self._making = None

    def _open(self, courses: tuple[Course, ...]) -> Index:
        from lms.search.index import Index

        made = prepare(self._where, courses)
        try:
            return Index(made)
        except Exception:  # of many kinds: whatever the rest of a damaged file makes of it
            log.warning("the index was damaged: it is made again", exc_info=True)
            shutil.rmtree(made, ignore_errors=True)
            return Index(prepare(self._where, courses))


def _same(some: tuple[Course, ...], others: tuple[Course, ...] | None) -> bool:
    """Whether these are the very same values: comparing all their texts on each question would take long."""
    return others is not None and len(some) == len(others) and all(map(operator.is_, some, others))
