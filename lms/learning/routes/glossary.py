"""The words a course explains, on one page."""

from __future__ import annotations

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.course.glossary import PAGE
from lms.course.pages import glossary_article
from lms.errors import NotFound
from lms.learning.routes.asked import asked_course
from lms.web.responses import page


async def glossary(request: Request) -> Response:
    """GET /cursos/{course}/glosario: every term with its meaning, each at its own anchor."""
    course = asked_course(request)
    if not course.glossary:
        raise NotFound("Este curso no tiene glosario. Vuelve al curso y sigue con tu lección.")
    article = Markup(glossary_article(course))  # noqa: S704 - its template escapes the terms
    return page(request, "learning/glossary.html", {"course": course, "article": article})


ROUTES = (Route(f"/cursos/{{course}}/{PAGE}", glossary),)
