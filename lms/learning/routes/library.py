"""What is rendered once for each course this server has, and kept: lesson pages, keys."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from itertools import islice
from typing import TypeVar, cast

from anyio import to_thread

from lms.course.model import Assessment, Course, Lesson, Unit
from lms.learning.routes import shell
from lms.learning.routes.shell import Shell
from lms.web.responses import Body
from lms.web.site import Site

T = TypeVar("T")

Place = tuple[str, str, str]
"""What kind of thing, of which course, of which lesson, unit or assessment."""

JAVASCRIPT = "text/javascript; charset=utf-8"
MOST_KEPT = 250  # a lesson's page takes 80 kB, all told


class Library:
    """Rendered pages by course and item; a course that was loaded again is rendered again.

    What nobody asked for longest goes first when there is too much.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[Place, tuple[Course, object]] = OrderedDict()
        self._turn = asyncio.Lock()  # two readers of one new page render it once

    async def shell(self, here: Site, course: Course, lesson: Lesson) -> Shell:
        """A lesson's page in pieces."""
        return await self._make(course, "lesson", lesson.id, lambda: shell.lesson_shell(here, course, lesson))

    async def keys(self, course: Course, item: Unit | Assessment) -> Body:
        """The script with the answer keys of a unit's lessons or of an assessment."""
        return await self._make(
            course, "keys", item.id, lambda: Body.of(shell.keys_script(course, item), JAVASCRIPT, level=9)
        )

    async def article(self, course: Course, assessment: Assessment) -> str:
        """An assessment's article with its whole bank."""
        return await self._make(
            course, "article", assessment.id, lambda: shell.assessment_article(course, assessment)
        )

    async def warm(self, here: Site) -> int:
        """Make every lesson's page ahead, and the keys that it loads, until all room is taken; how much that was."""
        made = 0
        for make in islice(self._ahead(here), MOST_KEPT):
            began = time.perf_counter()
            await make()
            made += 1
            await asyncio.sleep(time.perf_counter() - began)  # as much time again is the readers'
        return made

    def _ahead(self, here: Site) -> Iterator[Callable[[], Awaitable[object]]]:
        for course in tuple(here.courses.values()):
            for unit in course.units:
                yield from (partial(self.shell, here, course, lesson) for lesson in unit.lessons)
                yield partial(self.keys, course, unit)

    async def _make(self, course: Course, kind: str, item: str, make: Callable[[], T]) -> T:
        place = (kind, course.id, item)
        found = self._found(place, course)
        if found is None:
            async with self._turn:
                found = self._found(place, course)
                if found is None:
                    # Markdown and compression take tens of milliseconds: never in the event loop.
                    found = await to_thread.run_sync(make)
                    self._keep(place, course, found)
        return cast(T, found)

    def _found(self, place: Place, course: Course) -> object | None:
        kept = self._kept.get(place)
        if kept is None or kept[0] is not course:
            return None
        self._kept.move_to_end(place)
        return kept[1]

    def _keep(self, place: Place, course: Course, made: object) -> None:
        self._kept[place] = (course, made)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
