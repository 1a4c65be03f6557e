"""Several people on one device: choose a name, then the PIN."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.accounts import signin
from lms.accounts.routes import card
from lms.accounts.routes.arrival import arrive, next_page
from lms.accounts.signin import Try
from lms.errors import NotFound, TooMany, Unauthenticated
from lms.forms import Form
from lms.people import queries
from lms.people.model import Person
from lms.web import errors, sessions
from lms.web.forms import read_form
from lms.web.limits import address
from lms.web.responses import NEVER, page, see_other
from lms.web.site import site


async def show(request: Request) -> Response:
    """GET /cambiar-de-persona: the names this device knows; with ?persona=, the field for that one's PIN."""
    chosen = request.query_params.get("persona", "")
    return await _list(request, Form({"persona": chosen}))


async def switch(request: Request) -> Response:
    """POST /cambiar-de-persona: the chosen person's PIN."""
    form = await read_form(request)
    person = await _known(request, form["persona"])
    here = site(request)
    profile = sessions.device(request).profile_of(person.id) or ""
    try:
        attempt = Try(person.document, form["pin"], address(request), profile)
        await signin.sign_in(here.db, attempt, here.clock())
    except (Unauthenticated, TooMany) as error:
        form.errors["pin"] = (
            "Ese PIN no es. Vuelve a probar." if error.code == "unauthenticated" else error.message
        )
        return errors.refusing(await _list(request, form), request, error)
    await arrive(request, person)
    return card.put_away(request, await next_page(request, person, "/"))


async def show_remove(request: Request) -> Response:
    """GET /cambiar-de-persona/quitar: ask first, as whoever holds the device may tap on anybody's name."""
    person = await _known(request, request.query_params.get("persona", ""))
    values = {"person": person, "profile": sessions.device(request).profile_of(person.id)}
    return page(request, "accounts/remove_name.html", values, cache=NEVER)


async def remove(request: Request) -> Response:
    """POST /cambiar-de-persona/quitar: take a name off this device; the account and its progress stay.

    Without a PIN, as whoever keeps a shared device must be able to clear the name of somebody who is gone. So nothing
    may be lost by it: only one's own session can have the device forget under which profile unsent work waits.
    """
    form = await read_form(request)
    mine = sessions.current(request).person
    if form["todo"] == "si" and mine and mine.id == form["persona"]:
        sessions.forget(request, mine.id)
    else:
        sessions.take_off_list(request, form["persona"])
    return card.put_away(request, see_other("/cambiar-de-persona"))


async def _known(request: Request, id: str) -> Person:
    """A person of this device's list: an id from elsewhere is nobody."""
    if sessions.device(request).lists(id):
        person = await queries.person(site(request).db, id)
        if person:
            return person
    raise NotFound("Esa persona ya no está en la lista de este equipo. Ingresa con tu DNI y tu PIN.")


async def _list(request: Request, form: Form) -> Response:
    ids = [id for id, _ in sessions.device(request).people]
    found = [await queries.person(site(request).db, id) for id in ids]
    people = [person for person in found if person]
    values = {
        "form": form,
        "people": people,
        "chosen": next((person for person in people if person.id == form["persona"]), None),
    }
    return page(request, "accounts/switch.html", values, cache=NEVER)


ROUTES = (
    Route("/cambiar-de-persona", show),
    Route("/cambiar-de-persona", switch, methods=["POST"]),
    Route("/cambiar-de-persona/quitar", show_remove),
    Route("/cambiar-de-persona/quitar", remove, methods=["POST"]),
)
