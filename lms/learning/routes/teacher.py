"""How far one teacher has come, for who accompanies them: what «Mi avance» says, without what is the teacher's alone."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.clock import PERU, day_in_peru, days_ago_in_words
from lms.errors import NotFound
from lms.events.model import OWN
from lms.forms import writable
from lms.learning.queries import Owner, last_studied, outcomes, profiles, unconfirmed, unconfirmed_items
from lms.learning.standing import standings
from lms.people.queries import person
from lms.web import sessions
from lms.web.responses import NEVER, page
from lms.web.site import site


async def show(request: Request) -> Response:
    """GET /acompanante/docentes/<person>: nothing can be changed here, and no single answer, bookmark or note is shown."""
    sessions.require(request, "progress.others")
    here = site(request)
    found = await person(here.db, writable(request.path_params["person"]))
    if found is None or found.role != "docente":
        raise NotFound("Esa cuenta de docente no está aquí. Vuelve a «Mis docentes» y busca su nombre.")
    owner = Owner(found.id, "")
    done = [one for one in await outcomes(here.db, owner) if one.type not in OWN]
    last = await last_studied(here.db, found.id)
    today = here.clock().astimezone(PERU).date()
    values: dict[str, Any] = {
        "teacher": found,
        "last": last,
        "ago": days_ago_in_words(day_in_peru(last), today).lower() if last else "",
        "standings": standings(here.courses, done, await unconfirmed_items(here.db, found.id)),
        "waiting": await unconfirmed(here.db, found.id),
        "arrived": await request.app.state.arrived(here.db, await profiles(here.db, owner)) if done else (),
    }
    return page(request, "learning/teacher.html", values, cache=NEVER)


ROUTES = (Route("/acompanante/docentes/{person}", show),)
