"""Mi avance: every course's units and marks, what waits to be confirmed, and progress as a file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.clock import PERU, stamp
from lms.db import Statements
from lms.errors import LmsError, NotFound, TooLarge
from lms.events import ownership
from lms.events.model import OWN
from lms.events.naming import name_owners
from lms.events.own import own
from lms.events.queries import lines_of
from lms.files import name_of_text
from lms.learning.queries import (
    Outcome,
    Owner,
    outcomes,
    own_events,
    profiles,
    profiles_that_fit,
    unconfirmed,
    unconfirmed_items,
)
from lms.learning.routes.asked import owner_of
from lms.learning.standing import Standing, standings
from lms.web import errors, sessions
from lms.web.forms import posted_file, read_form
from lms.web.notices import Notice
from lms.web.responses import NEVER, PERSONAL, page, see_other
from lms.web.site import site

WriteFile = Callable[[Sequence[bytes], str, date], bytes]
"""Makes a progress file of event lines, headed by a name (may be empty) and a day."""

TakeFile = Callable[[Request, bytes], Awaitable[Sequence[Notice]]]
"""Takes a progress file, or a chat with codes; what became of it, for its bearer."""


_ANSWERED = {
    "mio": Notice("good", "Ahora está a tu nombre."),
    "equipo": Notice("good", "Ya cuenta abajo.", title="Ahora ese avance está a tu nombre."),
    "ajeno": Notice(
        "part",
        "El archivo quedó recibido, pero no a tu nombre: no cambió nada en tu cuenta. "
        "Quien lo hizo puede ingresar con su cuenta y subirlo.",
    ),
    "ya-no": Notice(
        "part",
        "Ese avance ya no se puede poner a tu nombre. No cambió nada. Si es tuyo, avisa a tu acompañante.",
    ),
    "otra": Notice(
        "part",
        "Desde esa pregunta ingresó aquí otra persona, y no cambió nada. Si ese avance es tuyo, tráelo con tu cuenta.",
    ),
}
"""What to say after an answer about a file or what a browser kept, by the word that the answer puts into the address."""


_NONE_FITS = (
    "Lo que está por confirmar no cabe en un archivo. Responde primero en «Mi avance» si es tuyo o no."
)


async def my_progress(request: Request) -> Response:
    """GET /mi-avance."""
    said = _ANSWERED.get(request.query_params.get("archivo", ""))
    return await _page(request, {"said": [said]} if said else {})


async def receive_file(request: Request) -> Response:
    """POST /mi-avance/archivo: a progress file of mine, from another device, or a chat with its codes."""
    try:
        said = await _received(request)
    except LmsError as problem:
        return errors.refusing(await _page(request, {"error": problem.message}), request, problem)
    return await _page(request, {"said": said})


async def answer_whose(request: Request) -> Response:
    """POST /mi-avance/archivo/de-quien: what I brought in a file, or this browser kept, is mine, or it is not.

    `persona` is whom the page asked: somebody else may have signed in since, from another page.
    """
    person = sessions.require(request, "progress.own")
    form, here = await read_form(request), site(request)
    if form["persona"] != person.id:
        return see_other("/mi-avance?archivo=otra")
    taken = False
    for profile in form["perfil"].split() if form["respuesta"] == "si" else ():
        async with here.db.transaction() as work:
            taken |= await ownership.take_brought(work, profile, person, at=stamp(here.clock())) is not None
    words = ("equipo", "ya-no") if form["de"] == "equipo" else ("mio", "ajeno")
    return see_other(f"/mi-avance?archivo={words[0] if taken else words[1]}")


async def own_file(request: Request) -> Response:
    """GET /mi-avance/archivo: everything this person did, as a file to keep or hand over."""
    here, owner = site(request), owner_of(request)
    write: WriteFile = request.app.state.write_file  # features never import one another
    if owner.person:  # or who is given the file would not know to whom to link it
        await name_owners(here.db, await profiles(here.db, owner), clock=here.clock)
    whose, left = await profiles_that_fit(here.db, owner, request.app.state.room_in_file)
    lines = await lines_of(here.db, whose)
    if left and not lines:
        raise TooLarge(_NONE_FITS)
    if not lines:
        raise NotFound("Todavía no hay avance guardado en este servidor. Abre una lección y empieza.")
    today = here.clock().astimezone(PERU).date()
    name = sessions.current(request).name
    headers = {
        "Content-Disposition": f'attachment; filename="{name_of_text("avance", name, today)}"',
        "Cache-Control": NEVER,
        # A page adds what only its browser has, unless somebody else signed in there since it was opened.
        "Chaski-Perfil": owner.profile,
    }
    data = write(lines, name, today)
    return Response(data, 200, headers, "text/plain; charset=utf-8")


async def _received(request: Request) -> Sequence[Notice]:
    """What became of the posted file."""
    take: TakeFile = request.app.state.receive_file
    async with posted_file(request, "Elige primero el archivo de tu avance. Termina en .txt.") as data:
        return await take(request, data)


async def _page(request: Request, words: dict[str, Any]) -> Response:
    db, owner = site(request).db, owner_of(request)
    done = await outcomes(db, owner)
    loose = await unconfirmed_items(db, owner.person) if owner.person else set()
    courses = site(request).courses
    found = standings(courses, done, loose)
    begun = [one.view.course for one in found]
    asked = await unconfirmed(db, owner.person) if owner.person else 0
    room = request.app.state.room_in_file
    values = {
        "standings": [await _with_own(db, owner, one, done) for one in found],
        "others": [course for course in courses.values() if begun and course not in begun],
        "asked": asked,
        "left_out": (await profiles_that_fit(db, owner, room))[1] if asked else 0,
        "can_save": bool(done),
        "arrived": await request.app.state.arrived(db, await profiles(db, owner)) if done else (),
        "said": (),
        "error": "",
        **words,
    }
    return page(request, "learning/progress.html", values, cache=NEVER if words else PERSONAL)


async def _with_own(db: Statements, owner: Owner, standing: Standing, done: Sequence[Outcome]) -> Standing:
    course = standing.view.course.id
    if not any(one.type in OWN and one.course == course for one in done):
        return standing
    kept = own(await own_events(db, owner, course))
    rows = (row for unit in standing.view.units for row in unit.rows)
    return replace(
        standing, own=tuple((row, kept[row.id]) for row in rows if row.id in kept and kept[row.id].any)
    )


ROUTES = (
    Route("/mi-avance", my_progress),
    Route("/mi-avance/archivo", own_file, methods=["GET"]),
    Route("/mi-avance/archivo", receive_file, methods=["POST"]),
    Route("/mi-avance/archivo/de-quien", answer_whose, methods=["POST"]),
)
