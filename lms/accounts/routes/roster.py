"""«Mis docentes»: what a coach can do, how much waits for them, and how far each teacher has come."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.accounts.review.items import Look
from lms.accounts.review.reasons import waiting
from lms.accounts.roster.listed import page_of
from lms.accounts.roster.queries import Listed
from lms.clock import PERU
from lms.forms import Form, writable
from lms.people.queries import person_typed
from lms.web import sessions
from lms.web.forms import read_form, whole_number
from lms.web.responses import NEVER, page, see_other
from lms.web.site import site

PATH = "/acompanante"

NO_TEACHER = "Aquí no hay una cuenta de docente con ese documento. Revisa el número; el DNI tiene 8 números."


async def show(request: Request) -> Response:
    """GET /acompanante; of the list ?pagina=, ?nombre= (whose names hold these words), ?orden=nombre."""
    return await _page(request, Form({"buscar": writable(request.query_params.get("nombre", ""))}))


async def find(request: Request) -> Response:
    """POST /acompanante: the teacher with a document, or those with a name.

    Only names go into an address: those stay in the browser's history and in proxies' logs.
    """
    sessions.require(request, "progress.others")
    form = await read_form(request)
    typed = form["buscar"]
    if not any(letter.isdigit() for letter in typed):
        return see_other(f"{PATH}?{urlencode({'nombre': typed})}#docentes" if typed else f"{PATH}#docentes")
    person = await person_typed(site(request).db, typed)
    if person and person.role == "docente":
        return see_other(f"{PATH}/docentes/{person.id}")
    form.errors["buscar"] = NO_TEACHER
    return await _page(request, form, 400)


async def _page(request: Request, form: Form, status: int = 200) -> Response:
    coach = sessions.require(request, "links.vouch")
    sessions.require(request, "progress.others")
    here, asked = site(request), request.query_params
    by_name = asked.get("orden") == "nombre"
    listed = Listed("" if form.errors else form["buscar"], "name" if by_name else "last")
    kept = {"nombre": listed.named, "orden": "nombre" if by_name else ""}
    today = here.clock().astimezone(PERU).date()
    reasons = await waiting(Look(here.db, coach.id))
    values = {
        "reasons": reasons,
        "waiting": sum(count for _, count in reasons),
        "form": form,
        "listed": listed,
        "list": await page_of(here.db, listed, whole_number(asked.get("pagina", "")), here.courses, today),
        "kept": {name: value for name, value in kept.items() if value},
        "path": PATH,
    }
    return page(request, "accounts/coach.html", values, status=status, cache=NEVER)


ROUTES = (
    Route(PATH, show),
    Route(PATH, find, methods=["POST"]),
)
