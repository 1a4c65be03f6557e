"""A coach says whose a profile is that waits for somebody: by a document, and once they read whose that is."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.accounts import queries
from lms.accounts.review import about, acts, words
from lms.accounts.review.acts import Act
from lms.accounts.review.items import Look
from lms.accounts.review.reasons import REASONS
from lms.accounts.routes.coaching import NOBODY
from lms.accounts.routes.reviewing import PATH
from lms.clock import stamp
from lms.db import Database
from lms.errors import NotFound
from lms.events import stand_ins
from lms.forms import Form, writable
from lms.people import links
from lms.people.model import Person
from lms.people.queries import person_typed
from lms.web import sessions
from lms.web.forms import read_form
from lms.web.responses import NEVER, page, see_other
from lms.web.site import site

_TAKEN = "Este avance ya es de otra persona. Quítaselo primero en «Corregir de quién es un avance»."
_REASON = next(reason for reason in REASONS if reason.name == "nadie")


async def show(request: Request) -> Response:
    """GET /acompanante/por-revisar/enlazar: whose is a profile?"""
    sessions.require(request, "links.vouch")
    return await _page(request, Form({"perfil": writable(request.query_params.get("perfil", ""))}))


async def give(request: Request) -> Response:
    """POST /acompanante/por-revisar/enlazar: ask whether the profile is theirs who have a document, by name; then link it.

    `persona` is whom the question named: a document may be corrected before it is answered. `donde` is what the answer
    to a pasted chat said of who sent the code: it goes from page to page, in no address, and is kept nowhere.
    """
    coach = sessions.require(request, "links.vouch")
    form, here = await read_form(request), site(request)
    if not form["documento"]:
        return await _page(request, form)
    person, at = await person_typed(here.db, form["documento"]), stamp(here.clock())
    wrong = await _why_not(here.db, coach, person, form["perfil"])
    if person and not wrong:
        if form["persona"] != person.id:
            return await _page(request, form, asked=person)
        if await acts.give(Act(here.db, coach, at, _REASON), form["perfil"], person):
            return see_other(f"{PATH}?{urlencode({'hecho': 'enlazado', 'n': 1, 'a': at})}")
    form.errors["documento"] = wrong or _TAKEN
    return await _page(request, form, status=400)


async def _why_not(db: Database, coach: Person, person: Person | None, profile: str) -> str:
    """Why a profile cannot be linked to somebody, "" if it can."""
    if person is None:
        return NOBODY
    if person.id == coach.id:
        return "Tu propio avance lo traes en «Mi avance», con tu cuenta."
    link = await links.link_of(db, profile)
    if link is None or link.status != "vouched":
        return ""
    return f"Este avance ya es de {person.full_name}." if link.person == person.id else _TAKEN


async def _page(request: Request, form: Form, *, status: int = 200, asked: Person | None = None) -> Response:
    here, profile = site(request), form["perfil"]
    if not await queries.has_progress(here.db, profile):
        raise NotFound("Ese avance ya no está aquí.")
    titles = {course.id: course.title for course in here.courses.values()}
    beside = [code for code in await stand_ins.beside(here.db, [profile]) if code != profile]
    one, *codes = (await about.stored(Look(here.db, "", titles), [profile, *beside])).values()
    values = {
        "form": form,
        "asked": asked,
        "called": one.called,
        "documents": [said.document for said in one.said if said.document],
        "what": words.contents(one.work, titles),
        "codes": [said for each in (one, *codes) for said in each.codes(titles)],
        "came": one.came,
        "path": PATH,
    }
    return page(request, "accounts/review_link.html", values, status=status, cache=NEVER)


ROUTES = (
    Route(f"{PATH}/enlazar", show),
    Route(f"{PATH}/enlazar", give, methods=["POST"]),
)
