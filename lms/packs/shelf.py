"""The packs a server keeps ready: each format is built once, and again when its course changes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from anyio import to_thread

from lms.course.model import Course
from lms.packs.build import build
from lms.packs.formats import FORMATS


class Shelf:
    """Built packs by course and format, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._built: dict[tuple[str, str], tuple[Course, Path]] = {}
        self._turn = asyncio.Lock()  # two downloads of one new pack build it once
        self._ahead: set[asyncio.Task[None]] = set()

    async def take(self, course: Course, format_name: str) -> Path:
        """Return a format's file, building it in a thread if it is not there; KeyError for an unknown one."""
        async with self._turn:
            built = self._built.get((course.id, format_name))
            if built is None or built[0] is not course or not built[1].is_file():
                path = await to_thread.run_sync(build, course, format_name, self._folder)
                built = self._built[(course.id, format_name)] = (course, path)
            return built[1]

    def sizes(self, course: Course) -> Mapping[str, int]:
        """Return the size in bytes of each format that is built; the others are built meanwhile."""
        known = {
            name: path.stat().st_size
            for (course_id, name), (built, path) in self._built.items()
            if course_id == course.id and built is course and path.is_file()
        }
        if len(known) < len(FORMATS) and not self._ahead:
            task = asyncio.get_running_loop().create_task(self._build_all(course))
            self._ahead.add(task)
            task.add_done_callback(self._ahead.discard)
        return known

    async def _build_all(self, course: Course) -> None:
        for name in FORMATS:
            await self.take(course, name)
