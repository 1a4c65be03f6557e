"""Keeping a course in a browser: the list of what it needs, and what is only for a device without a network."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import AsyncIterator, Iterator
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
from lms.errors import Unavailable
from lms.learning.routes.asked import asked_course, asked_lesson, caching
from lms.learning.routes.shell import keys_address
from lms.web import guest
from lms.web.responses import Body, page, respond
from lms.web.site import Site

JSON = "application/json"
SHELF = "/sin-internet"
_ZIPPED = {"svg"}  # media that are smaller on the wire; sounds and photographs are not even read here
NOT_NEEDED = {"account"}
"""Scripts of pages that are nothing without the server."""

# A page names its course's version and its unit's keys; when only these change, whoever kept it needs no other.
# Twin of `lms.kept.settled` in kept.js.
_PASSING = (
    (re.compile(r'data-version="[^"]*"'), 'data-version=""'),
    (re.compile(r"(/claves/[^\"?]+\.js)\?v=\w+"), r"\1"),
)


@dataclass(frozen=True, slots=True)
class Needed:
    """A file that a kept course needs: where it is, its bytes on the wire, the digest of its content."""

    address: str
    size: int
    digest: str


class Lists:
    """The list of each course, made once for each course loaded."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[Course, int, Body]] = {}
        self._turn = asyncio.Lock()

    def size(self, course: Course) -> int:
        """Bytes of everything on a course's list; 0 while it is not made."""
        made = self._made.get(course.id)
        return made[1] if made and made[0] is course else 0

    async def of(self, app: Starlette, course: Course) -> Body:
        """The list as JSON."""
        async with self._turn:
            made = self._made.get(course.id)
            if made is None or made[0] is not course:
                files = [file async for file in _needed(app, course)]
                size = sum(file.size for file in files)
                made = self._made[course.id] = (course, size, _body(course, size, files))
            return made[2]


def lists(app: Starlette) -> Lists:
    """The lists of this server."""
    if not hasattr(app.state, "kept_lists"):
        app.state.kept_lists = Lists()
    found: Lists = app.state.kept_lists
    return found


async def listing(request: Request) -> Response:
    """GET /cursos/{course}/sin-internet.json: `files` are [address, bytes on the wire, digest]."""
    body = await lists(request.app).of(request.app, asked_course(request))
    return respond(request, body, cache="public, no-cache")


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


async def _needed(app: Starlette, course: Course) -> AsyncIterator[Needed]:
    """Everything on the list, each as a browser without cookies gets it."""
    here: Site = app.state.site
    for address in _pages(course):
        yield await _look(app, address, settled=True)
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
    for unit in course.units:
        yield from (keys_address(course, item) for item in (unit, unit.assessment) if item)
    yield f"{at}/indice.json"
    yield from (f"{at}/textos/{lesson.id}.json" for lesson in course.lessons)


async def _look(app: Starlette, address: str, *, settled: bool = False) -> Needed:
    answer = await guest.get(app, address)
    if answer.status != 200:
        raise Unavailable("Ahora no se puede guardar este curso. Descárgalo como archivo.")
    content = _settled(answer.content) if settled else answer.content
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Needed(address if settled or "?" in address else f"{address}?v={digest}", answer.wire, digest)


def _settled(html: bytes) -> bytes:
    """A page without what may change beside it."""
    text = html.decode()
    for pattern, instead in _PASSING:
        text = pattern.sub(instead, text)
    return text.encode()


def _body(course: Course, size: int, files: list[Needed]) -> Body:
    rows = [[file.address, file.size, file.digest] for file in files]
    return _json(
        {"course": course.id, "title": course.title, "version": course.version, "size": size, "files": rows}
    )


def _outline(course: Course) -> dict[str, Any]:
    """Without the version: what stays the same in the next one is not fetched again."""
    known: dict[str, Any] = {**course.outline(), "title": course.title, "home": f"/cursos/{course.id}/"}
    del known["version"]
    return known


def _json(value: Any) -> Body:
    return Body.of(json.dumps(value, ensure_ascii=False, separators=(",", ":")), JSON, level=9)


ROUTES = (
    Route("/cursos/{course}/sin-internet.json", listing),
    Route("/cursos/{course}/indice.json", outline),
    Route("/cursos/{course}/textos/{item}.json", texts),
    Route(SHELF, shelf),
)
