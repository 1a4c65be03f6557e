"""What a request asks for and who asks: course, lesson or assessment in the address, whose progress."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar, cast

from starlette.applications import Starlette
from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import Response

from lms.course.model import Assessment, Course, Lesson
from lms.errors import NotFound
from lms.forms import writable
from lms.learning.pieces import Piece, gzipped, joined, tag, whole
from lms.learning.queries import Owner
from lms.learning.routes.library import Library
from lms.web import responses, sessions
from lms.web.responses import HTML, Body, accepts_gzip, has_same, respond
from lms.web.site import site

T = TypeVar("T")


def owner_of(request: Request) -> Owner:
    """The person signed in, or the guest of this browser, or nobody yet."""
    session = sessions.current(request)
    return Owner(session.person.id if session.person else "", session.profile or "")


async def posted(request: Request) -> dict[str, list[str]]:
    """The text fields of the form in the body; files in it are let go."""
    async with request.form() as form:
        return values_of(form)


def values_of(form: FormData | QueryParams) -> dict[str, list[str]]:
    """The text fields of a form or query, every value of each."""
    found: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            found.setdefault(name, []).append(writable(value))
    return found


def library(app: Starlette) -> Library:
    """The library of this server, made at its first use."""
    if not hasattr(app.state, "library"):
        app.state.library = Library()
    return cast(Library, app.state.library)


def asked_course(request: Request) -> Course:
    """The course in the address; `NotFound` says what to do."""
    found = site(request).courses.get(request.path_params["course"])
    if found is None:
        raise NotFound("Ese curso no está en este equipo. Vuelve a «Inicio» y elige uno de la lista.")
    return found


def asked_lesson(request: Request, course: Course) -> Lesson:
    """The lesson in the address; `NotFound` says what to do."""
    return _found(lambda: course.lesson(request.path_params["item"]))


def asked_assessment(request: Request, course: Course) -> Assessment:
    """The assessment in the address; `NotFound` says what to do."""
    return _found(lambda: course.assessment(request.path_params["item"]))


def _found(look: Callable[[], T]) -> T:
    try:
        return look()
    except KeyError:
        raise NotFound("Esa página no está en este curso. Vuelve al curso y elígela de la lista.") from None


def caching(request: Request, digest: str) -> str:
    """For good if the address names this very content, else to be asked for again."""
    named = request.query_params.get("v", "")
    return responses.IMMUTABLE if len(named) >= 8 and digest.startswith(named) else "public, no-cache"


def answer(request: Request, pieces: Sequence[Piece], policy: str) -> Response:
    """A page in pieces as a personal answer, or `304`, for which nothing is joined.

    Guests at the same place get the same bytes, so theirs are compressed as a whole; a person's name would
    make that a compression for each page.
    """
    etag, zipped = tag(pieces), accepts_gzip(request)
    if has_same(request, etag):
        content = b""  # the answer will be 304
    elif zipped:
        content = gzipped(pieces) if sessions.current(request).person else whole(tuple(pieces))
    else:
        content = joined(pieces)
    return respond(request, Body(content, zipped, etag, HTML, policy))
