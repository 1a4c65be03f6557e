"""The list of courses, a course, and what its pages load: keys and media."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from lms.addresses import is_local
from lms.course.media import media_type
from lms.course.model import Course
from lms.errors import NotFound
from lms.learning.queries import Outcome, outcomes
from lms.learning.routes import keeping
from lms.learning.routes.asked import asked_course, caching, library, owner_of
from lms.learning.study import last_lesson, progress_in, worked_first
from lms.learning.views import CourseView, course_view
from lms.learning.ways import Way, ways
from lms.web.responses import page, respond
from lms.web.site import site


async def catalogue(request: Request) -> Response:
    """GET /: every course, and where to go on."""
    done = await outcomes(site(request).db, owner_of(request))
    views = [_view(course, done) for course in site(request).courses.values()]
    latest = next((one.course for one in worked_first(done)), "")
    going = [view for view in views if view.begun and view.state == "started"]
    current = next((view for view in going if view.course.id == latest), going[0] if going else None)
    values = {"courses": views, "current": current, "on_server": is_local(request.url.hostname or "")}
    return page(request, "learning/catalogue.html", values)


async def course(request: Request) -> Response:
    """GET /cursos/{course}: units, lessons, marks, keeping it here and the files to take along.

    `?para=guardar` is the page as a browser keeps it: what is downloaded is of no use without the server.
    """
    asked = asked_course(request)
    done = await outcomes(site(request).db, owner_of(request), asked.id)
    kept = request.query_params.get("para") == "guardar"
    values = {
        "view": _view(asked, done),
        "downloads": () if kept else _ways(request, asked),
        "keeping_size": 0 if kept else keeping.lists(request.app).size(asked),
    }
    return page(request, "learning/course.html", values)


async def keys(request: Request) -> Response:
    """GET /cursos/{course}/claves/{item}.js: what the browser grades with; kept for good under its `v`."""
    asked = asked_course(request)
    name = request.path_params["item"]
    items = {item.id: item for unit in asked.units for item in (unit, unit.assessment) if item}
    if name not in items:
        raise NotFound("Esas preguntas no están en este curso.")
    body = await library(request.app).keys(asked, items[name])
    return respond(request, body, cache=caching(request, body.etag))


async def media(request: Request) -> Response:
    """GET /cursos/{course}/media/{file}: a picture or sound, with byte ranges; kept for good by `v`."""
    asked = asked_course(request)
    path = f"media/{request.path_params['file']}"
    found = next((one for one in asked.media if one.path == path), None)
    if found is None or not found.source.is_file():
        raise NotFound("Esa imagen o audio no está en este curso.")
    headers = {
        "Cache-Control": caching(request, found.sha256),
        # A picture opened by itself is a document: whatever it holds runs nothing.
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    }
    return FileResponse(found.source, headers=headers, media_type=media_type(found.path))


def _view(course: Course, done: Sequence[Outcome]) -> CourseView:
    return course_view(course, progress_in(course, done), last_lesson(course, done))


def _ways(request: Request, course: Course) -> list[Way]:
    """The files on offer: which, and how big, is told by who builds packs, if the wiring put it on `app.state`."""
    offer = getattr(request.app.state, "packs_on_offer", None)
    formats, sizes = offer(course) if offer else ((), {})
    return ways(formats, sizes)


ROUTES = (
    Route("/", catalogue),
    Route("/cursos/{course}", course),
    Route("/cursos/{course}/media/{file}", media),
    Route("/cursos/{course}/claves/{item}.js", keys),
)
