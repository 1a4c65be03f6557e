"""Downloading a course to use it without the internet."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from lms.errors import NotFound
from lms.packs.formats import FORMATS
from lms.packs.shelf import Shelf
from lms.web.site import site


async def download(request: Request) -> Response:
    """GET /cursos/{course}/descargar/{format}: the file, with byte ranges so that a cut download resumes."""
    course = site(request).courses.get(request.path_params["course"])
    made = FORMATS.get(request.path_params["format"])
    if course is None or made is None or not made.ready or made.why_not(course):
        raise NotFound("No encontramos ese curso para descargar. Vuelve a «Inicio» y elige uno.")
    shelf: Shelf = request.app.state.shelf
    path = await shelf.take(course, made.name)
    return FileResponse(path, media_type=made.media_type, filename=made.file_name(course))


ROUTES = [Route("/cursos/{course}/descargar/{format}", download, name="download")]
