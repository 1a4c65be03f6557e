"""GET /buscar: the results page; it needs no JavaScript."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.errors import NotFound
from lms.search.apart import make_apart
from lms.search.service import Search, folder
from lms.web.responses import page
from lms.web.site import site

if TYPE_CHECKING:
    from lms.course.model import Course, Term

LONGEST = 100


async def results(request: Request) -> Response:
    """GET /buscar?q=…&curso=…: what was found, by lesson, best first."""
    courses = site(request).courses
    course = request.query_params.get("curso", "")
    if course and course not in courses:
        raise NotFound("No encontramos ese curso. Busca en todos tus cursos.")
    query = " ".join(request.query_params.get("q", "").split())
    values: dict[str, Any] = {
        "query": query[:LONGEST],
        "cut": len(query) > LONGEST,
        "course": courses.get(course),
    }
    if query:
        from lms.search.shown import by_lesson  # what reads words is loaded once somebody searches

        found = await searching(request.app).find(courses, query[:LONGEST], course)
        values |= {
            "found": found,
            "lessons": by_lesson(found, courses),
            "terms": _terms(courses, course, query[:LONGEST]),
        }
    return page(
        request,
        "search/results.html",
        {"found": None, "lessons": [], "terms": [], "courses": courses, **values},
    )


def _terms(courses: dict[str, Course], course: str, query: str) -> list[tuple[str, Term]]:
    """What the glossaries say of the query, each term once, with the course whose page has it."""
    from lms.course.definitions import MOST_DEFINED, defined  # its word lists are only for those who search

    asked = [courses[course]] if course else courses.values()
    found: dict[str, tuple[str, Term]] = {}
    for one in asked:
        for term in defined(one.glossary, query):
            found.setdefault(term.id, (one.id, term))
    return list(found.values())[:MOST_DEFINED]


def searching(app: Starlette) -> Search:
    """The search of this server, made when it is first needed."""
    if not hasattr(app.state, "search"):
        settings = app.state.site.settings
        app.state.search = Search(folder(settings.data), partial(make_apart, settings))
    found: Search = app.state.search
    return found


async def warm(app: Starlette) -> None:
    """Make the index if courses changed, open it, and load what a question needs."""
    search = searching(app)
    try:
        await search.find(app.state.site.courses, "")
    except asyncio.CancelledError:
        await search.stop()
        raise


ROUTES = [Route("/buscar", results, name="search")]
