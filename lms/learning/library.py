"""What is rendered once for each course this server has, and kept: lesson pages, keys."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar, cast

from anyio import to_thread

from lms.course.model import Assessment, Course, Lesson, Unit
from lms.learning import shell
from lms.learning.shell import Shell
from lms.web.responses import Body
from lms.web.site import Site

T = TypeVar("T")

JAVASCRIPT = "text/javascript; charset=utf-8"


class Library:
    """Rendered pages by course and item; a course that was loaded again is rendered again."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], tuple[Course, object]] = {}
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

    async def warm(self, here: Site) -> None:
        """Render every lesson ahead, so that no reader waits for it."""
        for course in tuple(here.courses.values()):
            for lesson in course.lessons:
                await self.shell(here, course, lesson)

    async def _make(self, course: Course, kind: str, item: str, make: Callable[[], T]) -> T:
        place = (kind, course.id, item)
        kept = self._kept.get(place)
        if kept is None or kept[0] is not course:
            async with self._turn:
                kept = self._kept.get(place)
                if kept is None or kept[0] is not course:
                    # Markdown and compression take tens of milliseconds: never in the event loop.
                    kept = self._kept[place] = (course, await to_thread.run_sync(make))
        return cast(T, kept[1])
