"""The index one server searches in: found or made in the background, swapped when courses change."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from anyio import to_thread

from lms.search.sources import Source, fingerprint, source

if TYPE_CHECKING:
    from lms.course.model import Course
    from lms.search.index import Index
    from lms.search.query import Found


def prepare(folder: Path, courses: Iterable[Course], watch: Callable[[str], None] | None = None) -> Path:
    """Make the index of these courses in `folder` unless it is there, and remove older ones.

    Returns where it is. With `watch` it is made in any case, and `watch` hears the title of each course.
    """
    from lms.search import index  # whoosh is slow to import

    courses = list(courses)
    wanted = folder / fingerprint(courses)
    if watch or not (wanted / index.ABOUT).is_file():
        index.build(wanted, (_watched(course, watch) for course in courses))
    for other in folder.iterdir():
        if other != wanted and not other.name.startswith("."):
            shutil.rmtree(other, ignore_errors=True)
    return wanted


def _watched(course: Course, watch: Callable[[str], None] | None) -> Source:
    if watch:
        watch(course.title)
    return source(course)


class Search:
    """Search for one server; `folder` lies in its data and may be deleted at any time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index: Index | None = None
        self._of: tuple[int, ...] = ()
        self._making: asyncio.Task[None] | None = None

    async def find(self, courses: Mapping[str, Course], query: str, course: str = "") -> Found:
        """Search in a thread. The first call waits for the index; later ones use the old until it is new."""
        from lms.search import query as asked

        index = await self.index(courses)
        return await to_thread.run_sync(asked.find, index, query, course)

    async def index(self, courses: Mapping[str, Course]) -> Index:
        """The open index, made in the background if need be."""
        same = tuple(id(course) for course in courses.values())
        if same != self._of and self._making is None:
            self._making = asyncio.create_task(self._make(tuple(courses.values()), same))
        if self._index is None and self._making:
            await asyncio.shield(self._making)
        assert self._index is not None  # noqa: S101 - `_make` leaves one or raises
        return self._index

    async def settled(self) -> None:
        """Wait until no index is being made."""
        while self._making:
            await asyncio.shield(self._making)

    async def _make(self, courses: tuple[Course, ...], same: tuple[int, ...]) -> None:
        try:
            self._index = await to_thread.run_sync(self._open, courses)
            self._of = same
        finally:
            self._making = None

    def _open(self, courses: tuple[Course, ...]) -> Index:
        from lms.search.index import Index

        return Index(prepare(self._folder, courses))
