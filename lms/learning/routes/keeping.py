"""Keeping a course in a browser: the list of what it needs, and what is only for a device without a network."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.course.glossary import PAGE as GLOSSARY
from lms.course.media import VIDEO, shown, suffix
from lms.course.model import Course
from lms.course.texts import for_browser, passages_of
from lms.errors import NotFound, Unavailable
from lms.learning.frames import Page, frames, own_part, settled
from lms.learning.routes.asked import asked_course, asked_lesson, caching
from lms.learning.routes.shell import keys_address
from lms.web import guest
from lms.web.assets import DIALOG_STYLE, MENU_STYLE, TOOLS_STYLE
from lms.web.pages import asset_url
from lms.web.responses import Body, page, respond
from lms.web.site import Site

JSON = "application/json"
SHELF = "/sin-internet"
_ZIPPED = {"svg"}  # media that are smaller on the wire; sounds and photographs are not even read here
_OF_THE_WIRE = {"etag", "cache-control", "vary", "content-length", "content-encoding", "date", "server"}
NOT_NEEDED = {"account"}
"""Scripts of pages that are nothing without the server."""


@dataclass(frozen=True, slots=True)
class Needed:
    """A file that a kept course needs: where it is, its bytes on the wire (of a page, its own part's), its digest."""

    address: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Made:
    """A course's list, how many bytes all on it are, and by file name what only a kept course has of its pages."""

    course: Course
    size: int
    body: Body
    frames: Mapping[str, Body]


class Lists:
    """The list of each course, made once for each course loaded."""

    def __init__(self) -> None:
        self._made: dict[str, Made] = {}
        self._turn = asyncio.Lock()

    def size(self, course: Course) -> int:
        """Bytes of everything on a course's list; 0 while it is not made."""
        made = self._made.get(course.id)
        return made.size if made and made.course is course else 0

    async def of(self, app: Starlette, course: Course) -> Made:
        """The list, as JSON, and what belongs to it."""
        async with self._turn:
            made = self._made.get(course.id)
            if made is None or made.course is not course:
                made = self._made[course.id] = await _made(app, course)
            return made


def lists(app: Starlette) -> Lists:
    """The lists of this server."""
    if not hasattr(app.state, "kept_lists"):
        app.state.kept_lists = Lists()
    found: Lists = app.state.kept_lists
    return found


async def listing(request: Request) -> Response:
    """GET /cursos/{course}/sin-internet.json: `files` are [address, bytes on the wire, digest]."""
    made = await lists(request.app).of(request.app, asked_course(request))
    return respond(request, made.body, cache="public, no-cache")


async def frames_of_pages(request: Request) -> Response:
    """GET /cursos/{course}/marcos.json, estilos.json: the pages without their own parts; see `learning/frames.py`."""
    made = await lists(request.app).of(request.app, asked_course(request))
    body = made.frames[request.url.path.rsplit("/", 1)[1]]
    return respond(request, body, cache=caching(request, body.etag))


async def part(request: Request) -> Response:
    """GET /cursos/{course}/parte.html?de=ADDRESS: the own part of a page on the list."""
    address = request.query_params.get("de", "")
    if address not in _pages(asked_course(request)):
        raise NotFound("Esa página no está en este curso.")
    found = await _seen(request.app, address)
    return respond(request, Body.of(own_part(found.content.decode()), level=9), cache="public, no-cache")


async def texts(request: Request) -> Response:
    """GET /cursos/{course}/textos/{item}.json: what search without a server reads of a lesson."""
    course = asked_course(request)
    lesson = asked_lesson(request, course)
    found = await to_thread.run_sync(lambda: [for_browser(one) for one in passages_of(course, lesson)])
    body = _json(found)
    return respond(request, body, cache=caching(request, body.etag))


async def outline(request: Request) -> Response:
    """GET /cursos/{course}/indice.json: the outline that progress is read by."""
    body = _json(_outline(asked_course(request)))
    return respond(request, body, cache=caching(request, body.etag))


async def shelf(request: Request) -> Response:
    """GET /sin-internet: the courses kept in this browser; without a server, it stands for every page not kept."""
    return page(request, "learning/kept.html", {})


async def _made(app: Starlette, course: Course) -> Made:
    seen = [(address, await _seen(app, address)) for address in _pages(course)]
    pages = [
        Page(address.split("?")[0], one.content.decode(), _lasting(one.headers)) for address, one in seen
    ]
    found = await to_thread.run_sync(frames, pages)
    bodies = {"marcos.json": _json(found.words), "estilos.json": _json(found.styles)}
    files = [
        # First, as the pages are put together from them.
        *(
            _file(f"/cursos/{course.id}/{name}", len(body.content), body.plain)
            for name, body in bodies.items()
        ),
        *(_page(address, page) for (address, _), page in zip(seen, pages, strict=True)),
        *[file async for file in _needed(app, course)],
    ]
    size = sum(file.size for file in files)
    return Made(course, size, _body(course, size, files), bodies)


def _lasting(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of an answer that say something of its content, wherever it is kept."""
    return {name: value for name, value in headers.items() if name not in _OF_THE_WIRE}


def _page(address: str, page: Page) -> Needed:
    own = own_part(page.html)
    wire = len(Body.of(own, level=9).content) if own else 0
    return Needed(address, wire, hashlib.sha256(settled(page.html).encode()).hexdigest()[:12])


async def _needed(app: Starlette, course: Course) -> AsyncIterator[Needed]:
    """Everything on the list beside its pages, each as a browser without cookies gets it."""
    here: Site = app.state.site
    for address in _data(here, course):
        yield await _look(app, address)
    for media in shown(course):
        if suffix(media.path) in VIDEO:  # too heavy to be kept unasked: it says so when it is played
            continue
        address = f"/cursos/{course.id}/{media.path}?v={media.sha256[:12]}"
        if suffix(media.path) in _ZIPPED:
            yield await _look(app, address)
        else:
            yield Needed(address, media.source.stat().st_size, media.sha256[:12])


def _pages(course: Course) -> Iterator[str]:
    at = f"/cursos/{course.id}"
    yield f"{at}?para=guardar"
    yield from (f"{at}/{lesson.id}" for lesson in course.lessons)
    yield from (f"{at}/evaluaciones/{unit.assessment.id}" for unit in course.units if unit.assessment)
    if course.glossary:
        yield f"{at}/{GLOSSARY}"
    yield SHELF


def _data(here: Site, course: Course) -> Iterator[str]:
    at = f"/cursos/{course.id}"
    yield from (address for name, address in here.scripts.items() if name not in NOT_NEEDED)
    yield from map(asset_url, (TOOLS_STYLE, DIALOG_STYLE, MENU_STYLE))
    for unit in course.units:
        yield from (keys_address(course, item) for item in (unit, unit.assessment) if item)
    yield f"{at}/indice.json"
    yield from (f"{at}/textos/{lesson.id}.json" for lesson in course.lessons)


async def _look(app: Starlette, address: str) -> Needed:
    answer = await _seen(app, address)
    return _file(address, answer.wire, answer.content)


async def _seen(app: Starlette, address: str) -> guest.Answer:
    answer = await guest.get(app, address)
    if answer.status != 200:
        raise Unavailable("Ahora no se puede guardar este curso. Descárgalo como archivo.")
    return answer


def _file(address: str, wire: int, content: bytes) -> Needed:
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Needed(address if "?" in address else f"{address}?v={digest}", wire, digest)


def _body(course: Course, size: int, files: list[Needed]) -> Body:
    rows = [[file.address, file.size, file.digest] for file in files]
    return _json(
        {"course": course.id, "title": course.title, "version": course.version, "size": size, "files": rows}
    )


def _outline(course: Course) -> dict[str, Any]:
    """What progress is read by, and no more: whatever else changes in a course, this is not fetched again."""
    units = [
        {
            **{name: unit[name] for name in ("id", "title", "number")},
            "lessons": [
                {name: value for name, value in lesson.items() if name != "minutes"}
                for lesson in unit["lessons"]
            ],
            "assessment": unit["assessment"] and {name: unit["assessment"][name] for name in ("id", "title")},
        }
        for unit in course.outline()["units"]
    ]
    known = {"course": course.id, "title": course.title, "home": f"/cursos/{course.id}/"}
    return {**known, "pass_mark": course.pass_mark, "units": units}


def _json(value: Any) -> Body:
    return Body.of(json.dumps(value, ensure_ascii=False, separators=(",", ":")), JSON, level=9)


ROUTES = (
    Route("/cursos/{course}/sin-internet.json", listing),
    Route("/cursos/{course}/marcos.json", frames_of_pages),
    Route("/cursos/{course}/estilos.json", frames_of_pages),
    Route("/cursos/{course}/parte.html", part),
    Route("/cursos/{course}/indice.json", outline),
    Route("/cursos/{course}/textos/{item}.json", texts),
    Route(SHELF, shelf),
)
