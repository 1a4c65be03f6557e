"""One's own data: see it, correct it, take it along, change the PIN, erase it."""

from __future__ import annotations

import json
from dataclasses import asdict

from msgspec import structs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.accounts import queries, signin
from lms.accounts.review import parts
from lms.accounts.review.items import Look
from lms.accounts.routes import card
from lms.accounts.routes.arrival import arrive, arrive_with
from lms.accounts.signin import Try
from lms.accounts.signup import read_names, read_new_pin
from lms.clock import stamp
from lms.errors import Unauthenticated
from lms.events import devices, ownership
from lms.events.queries import lines_of
from lms.forms import Form
from lms.people import links
from lms.people import queries as people
from lms.people.documents import DOCUMENT_TYPES
from lms.people.model import ROLE_NAMES, Person
from lms.web import sessions
from lms.web.forms import read_form, whole_number
from lms.web.limits import address
from lms.web.responses import NEVER, page, see_other
from lms.web.site import site

_MOVED = {
    "quitado": "Ese avance ya no está en tu cuenta. No se borró: si fue un error, pulsa «Sí es mío». "
    "En otros equipos tendrás que ingresar otra vez.",
    "devuelto": "Ese avance está otra vez en tu cuenta.",
}
"""What to say after an answer about a profile, by the word that the answer puts into the address."""


async def show(request: Request) -> Response:
    """GET /mis-datos: everything this server keeps of the person."""
    person = sessions.require(request, "progress.own")
    names = {"nombres": person.given_names, "paterno": person.paternal, "materno": person.maternal}
    return await _page(request, person, Form(names))


async def correct_names(request: Request) -> Response:
    """POST /mis-datos/nombres: correct how one is called."""
    person = sessions.require(request, "progress.own")
    form = await read_form(request)
    names = read_names(form)
    if names is None:
        return await _page(request, person, form, 400)
    await people.set_names(site(request).db, person.id, names)
    return see_other("/mis-datos?guardado=si")


async def change_pin(request: Request) -> Response:
    """POST /mis-datos/pin: today's PIN and a new one twice; every other session ends."""
    person = sessions.require(request, "progress.own")
    form = await read_form(request)
    pin = read_new_pin(form, person.document)
    proved = pin is not None and await _prove(request, person, form)
    if pin is None or not proved:
        return await _page(request, person, form, 400)
    made = await signin.new_pin(person, pin, by=person.id, now=site(request).clock())
    person = await arrive_with(request, made.store)
    return card.hand_over(request, person, made.code, replaced=True)


async def download(request: Request) -> Response:
    """GET /mis-datos/archivo: the account, its profiles, their devices' keys, every line of what was done, and what other
    servers have of it, as JSON.
    """
    person = sessions.require(request, "progress.own")
    here = site(request)
    linked = await queries.links_of(here.db, person.id)
    profiles = [link.profile for link in linked]
    lines = await lines_of(here.db, profiles)
    received = await request.app.state.arrived(here.db, profiles)
    data = {
        "at": stamp(here.clock()),
        "person": {name: value for name, value in asdict(person).items() if name != "epoch"},
        "links": [asdict(link) for link in linked],
        "devices": [structs.asdict(one) for one in await devices.owned_by(here.db, person.id)],
        "received": [structs.asdict(one) for one in received],
        "events": [json.loads(line) for line in lines],
    }
    headers = {"Content-Disposition": 'attachment; filename="mis-datos.json"', "Cache-Control": NEVER}
    return Response(json.dumps(data, ensure_ascii=False, indent=1), 200, headers, "application/json")


async def answer_for_profile(request: Request) -> Response:
    """POST /mis-datos/equipos: what was done with a profile is not mine, or is mine after all."""
    person = sessions.require(request, "progress.own")
    form = await read_form(request)
    here, profile = site(request), form["perfil"]
    at, moved = stamp(here.clock()), ""
    if form["respuesta"] == "si":
        async with here.db.transaction() as work:
            undone = await links.undone_by(work, profile, person.id) == person.id
            if undone and await ownership.take(work, profile, person, at=at):
                moved = "devuelto"
    elif await queries.undo_link(here.db, profile, person.id, by=person.id, at=at):
        # Every session ended; this one goes on, with another profile if it was this browser's.
        await arrive(request, await people.person(here.db, person.id) or person)
        moved = "quitado"
    return see_other(f"/mis-datos?equipos={moved}#equipos" if moved else "/mis-datos#equipos")


async def show_erase(request: Request) -> Response:
    """GET /mis-datos/borrar: what is lost, and the PIN to confirm."""
    sessions.require(request, "progress.own")
    return page(request, "accounts/erase.html", {"form": Form()}, cache=NEVER)


async def erase(request: Request) -> Response:
    """POST /mis-datos/borrar: forget the person, here and in what is stored of them."""
    person = sessions.require(request, "progress.own")
    form = await read_form(request)
    if not await _prove(request, person, form):
        return page(request, "accounts/erase.html", {"form": form}, status=400, cache=NEVER)
    here = site(request)
    profiles = await people.profiles_of(here.db, person.id)  # their browser keeps a copy under these
    await queries.erase(here.db, person, at=stamp(here.clock()))
    sessions.forget(request, person.id)
    values = {"session": sessions.Session(), "profiles": profiles}
    erased = page(request, "accounts/erased.html", values, cache=NEVER)
    return card.put_away(request, erased)


async def show_claims(request: Request) -> Response:
    """GET /avance-por-confirmar: progress that came with this person's document and nobody has confirmed."""
    person = sessions.require(request, "progress.own")
    here = site(request)
    titles = {course.id: course.title for course in here.courses.values()}
    claims = await queries.claims_of(here.db, person.id)
    told = await parts.of_claims(Look(here.db, person.id, titles), claims)
    values = {"links": list(zip(claims, told, strict=True))}
    return page(request, "accounts/claims.html", values, cache=NEVER)


async def answer_claim(request: Request) -> Response:
    """POST /avance-por-confirmar: it is mine, or it is not."""
    person = sessions.require(request, "progress.own")
    form = await read_form(request)
    here = site(request)
    if form["respuesta"] in ("si", "no"):
        theirs, at, newest = form["respuesta"] == "si", stamp(here.clock()), whole_number(form["hasta"])
        verdict = queries.Verdict(form["perfil"], person.id, theirs, person, at, newest)
        await queries.answer_claim(here.db, verdict)
    left = await queries.claims_of(here.db, person.id)
    return see_other("/avance-por-confirmar" if left else "/mi-avance")


async def _prove(request: Request, person: Person, form: Form) -> bool:
    """Whether today's PIN was typed; otherwise its field says so. `TooMany` when it must wait."""
    here = site(request)
    known = sessions.device(request).profile_of(person.id) or ""
    attempt = Try(person.document, form["pin_actual"], address(request), known)
    try:
        await signin.sign_in(here.db, attempt, here.clock())
    except Unauthenticated:
        form.errors["pin_actual"] = "Ese no es tu PIN de ahora."
        return False
    return True


async def _page(request: Request, person: Person, form: Form, status: int = 200) -> Response:
    setter = (
        None if person.pin_set_by == person.id else await people.person(site(request).db, person.pin_set_by)
    )
    values = {
        "form": form,
        "person": person,
        "role": ROLE_NAMES[person.role],
        "document_name": next(kind.name for kind in DOCUMENT_TYPES if kind.code == person.document_type),
        "links": await queries.links_of(site(request).db, person.id),
        "undone": [
            one for one in await queries.undone_of(site(request).db, person.id) if one.vouched_by == person.id
        ],
        "pin_setter": setter,
        "moved": _MOVED.get(request.query_params.get("equipos", ""), ""),
        "saved": request.query_params.get("guardado") == "si",
    }
    return page(request, "accounts/own_data.html", values, status=status, cache=NEVER)


ROUTES = (
    Route("/mis-datos", show),
    Route("/mis-datos/archivo", download),
    Route("/mis-datos/nombres", correct_names, methods=["POST"]),
    Route("/mis-datos/pin", change_pin, methods=["POST"]),
    Route("/mis-datos/equipos", answer_for_profile, methods=["POST"]),
    Route("/mis-datos/borrar", show_erase),
    Route("/mis-datos/borrar", erase, methods=["POST"]),
    Route("/avance-por-confirmar", show_claims),
    Route("/avance-por-confirmar", answer_claim, methods=["POST"]),
)
