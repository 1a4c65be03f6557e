"""The packs a server keeps ready: each format is built once, and again when its course changes."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from anyio import to_thread

from lms.course.made import kept
from lms.course.model import Course
from lms.packs.build import build
from lms.packs.formats import FORMATS, quick_formats, ready_formats
from lms.packs.formats.site import NAME as SITE
from lms.packs.given import given_otherwise, signed_pack
from lms.packs.home import NOWHERE, Home

if TYPE_CHECKING:
    from lms.packs.signing import Signer

REST = 600
"""Seconds before packs that could not be built ahead are tried again; who downloads one does not wait for it."""

log = logging.getLogger(__name__)


class Shelf:
    """Built packs by course and format, in `folder`; with `pieces`, a folder, what they were made of is kept there."""

    def __init__(
        self,
        folder: Path,
        clock: Callable[[], float] = time.monotonic,
        signers: Sequence[Signer] = (),
        home: Home = NOWHERE,
        pieces: Path | None = None,
    ) -> None:
        self._folder = folder
        self._pieces = pieces
        self._signers = signers
        self._clock = clock
        self._home = home
        self._built: dict[tuple[str, str], tuple[Course, Path]] = {}
        # Two downloads of one new pack build it once; of those built apart one at a time, and nobody else waits for it.
        self._turns = {apart: asyncio.Lock() for apart in (False, True)}
        self._ahead: asyncio.Task[None] | None = None
        self._rests: dict[str, tuple[Course, float]] = {}  # a course that failed, and until when

    async def take(self, course: Course, format_name: str) -> Path:
        """Return a format's file, building it in a thread if it is not there; KeyError for an unknown one."""
        async with self._turns[FORMATS[format_name].apart]:
            built = self._built.get((course.id, format_name))
            if built is None or built[0] is not course or not built[1].is_file():
                path = await to_thread.run_sync(self._build, course, format_name)
                built = self._built[(course.id, format_name)] = (course, path)
            return built[1]

    def sizes(self, course: Course) -> Mapping[str, int]:
        """Return the size in bytes of each format that is built, or known before; the quick ones are built meanwhile."""
        known = {name: size for name in ready_formats(course) if (size := FORMATS[name].size(course))}
        known |= {
            name: path.stat().st_size
            for (course_id, name), (built, path) in self._built.items()
            if course_id == course.id and built is course and path.is_file()
        }
        if (
            not known.keys() >= {*quick_formats(course)}
            and self._ahead is None
            and not self._rests_now(course)
        ):
            self._ahead = asyncio.create_task(self._build_all(course))
        return known

    async def settled(self) -> None:
        """Wait until nothing is being built ahead."""
        if self._ahead:
            await asyncio.shield(self._ahead)

    def _build(self, course: Course, format_name: str) -> Path:
        if format_name == SITE and (signed := signed_pack(course, self._folder)):
            self._tell_of_others(course)
            if not self._signers:
                return signed  # somebody signed it elsewhere, and nobody would sign what is made here
        # A file for each format, as they are built one by one and a file holds only what the last build needed.
        pieces = None if FORMATS[format_name].apart else self._pieces
        with kept(pieces / f"{course.id}.{format_name}") if pieces else nullcontext():
            return build(course, format_name, self._folder, self._signers, self._home)

    def _tell_of_others(self, course: Course) -> None:
        with suppress(FileNotFoundError):  # the build says what is missing
            for one in given_otherwise(course, self._folder):
                if one.state == "signed":
                    log.warning(
                        "%s changed and its version did not: %s was signed with other content",
                        course.id,
                        one.place.name,
                        extra={"version": course.version, "files": list(one.differ)},
                    )

    def _rests_now(self, course: Course) -> bool:
        failed, until = self._rests.get(course.id, (None, 0.0))
        return failed is course and self._clock() < until

    async def _build_all(self, course: Course) -> None:
        try:
            for name in quick_formats(course):
                await self.take(course, name)
        except Exception:
            log.exception("the packs of %s could not be built; they are tried again later", course.id)
            self._rests[course.id] = (course, self._clock() + REST)
        finally:
            self._ahead = None
