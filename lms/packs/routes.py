"""Downloading a course to use it without the internet."""

from __future__ import annotations

import asyncio
from pathlib import Path

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from lms.course.model import Course
from lms.errors import NotFound
from lms.packs.build import build
from lms.packs.formats import FORMATS


class Shelf:
    """The packs this process has built: each format of a course once, on the first request for it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._built: dict[tuple[str, str, str], Path] = {}
        self._lock = asyncio.Lock()

    async def take(self, course: Course, format_name: str) -> Path:
        """Return the built file's path, building it in a thread if need be."""
        wanted = (course.id, course.version, format_name)
        async with self._lock:
            if wanted not in self._built or not self._built[wanted].is_file():
                self._built[wanted] = await to_thread.run_sync(build, course, format_name, self._folder)
            return self._built[wanted]


async def download(request: Request) -> Response:
    """GET /cursos/{course}/descargar/{format}: the file, with byte ranges so that a cut download resumes."""
    course: Course | None = request.app.state.courses.get(request.path_params["course"])
    made = FORMATS.get(request.path_params["format"])
    if course is None or made is None:
        raise NotFound("No encontramos ese curso para descargar. Vuelve a «Cursos» y elige uno.")
    path = await request.app.state.shelf.take(course, made.name)
    return FileResponse(path, media_type=made.media_type, filename=made.file_name(course))


ROUTES = [Route("/cursos/{course}/descargar/{format}", download, name="download")]
