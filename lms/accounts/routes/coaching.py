"""What a coach does for teachers: say whose a profile is, and change a forgotten PIN on the spot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.accounts import queries, signin
from lms.accounts.signup import read_new_pin
from lms.clock import stamp
from lms.errors import LmsError
from lms.forms import Form
from lms.people.model import Person
from lms.people.permissions import may_reset_pin
from lms.people.queries import person_typed
from lms.web import errors, sessions
from lms.web.forms import posted_files, read_form
from lms.web.notices import Taken
from lms.web.responses import NEVER, page
from lms.web.site import site

ReceiveForCoach = Callable[[Request, Sequence[tuple[str, bytes]], Person], Awaitable[Taken]]
"""Takes the progress files, by name, that a coach brings; raises `Invalid` or `TooLarge` for a single one."""

_MOST_FILES = 60  # of a coach's teachers, who hand in two or three each

_NOTHING = Taken()

NOBODY = "Aquí no hay una cuenta con ese documento. Revisa el número; el DNI tiene 8 números."


async def show_receive(request: Request) -> Response:
    """GET /acompanante/recibir: the field for a teacher's progress file."""
    sessions.require(request, "progress.receive")
    return _receive_page(request)


async def receive(request: Request) -> Response:
    """POST /acompanante/recibir: take the files; the coach vouches for whoever handed them over."""
    coach = sessions.require(request, "progress.receive")
    try:
        take: ReceiveForCoach = request.app.state.receive_for_coach  # features never import one another
        async with posted_files(
            request, "Elige primero el archivo del docente. Termina en .txt.", _MOST_FILES
        ) as files:
            taken = await take(request, files, coach)
    except LmsError as error:
        return errors.refusing(_receive_page(request, error=error.message), request, error)
    return _receive_page(request, taken)


def _receive_page(request: Request, taken: Taken = _NOTHING, error: str = "") -> Response:
    return page(request, "accounts/receive.html", {"taken": taken, "error": error}, cache=NEVER)


async def show_profiles(request: Request) -> Response:
    """GET /acompanante/avance: the field for the document of the teacher whose progress is to be corrected."""
    sessions.require(request, "links.vouch")
    return page(request, "accounts/profiles.html", {"form": Form(), "person": None}, cache=NEVER)


async def correct_profiles(request: Request) -> Response:
    """POST /acompanante/avance: the teacher's profiles; with `perfil`, that one is not theirs, or is after all."""
    coach = sessions.require(request, "links.vouch")
    form = await read_form(request)
    here = site(request)
    person = await person_typed(here.db, form["documento"])
    if person is None:
        form.errors["documento"] = NOBODY
    elif person.id == coach.id:
        form.errors["documento"] = "Tu propio avance lo corriges en «Mis datos»."
        person = None
    elif form["perfil"]:
        answer = queries.redo_link if form["respuesta"] == "si" else queries.undo_link
        await answer(here.db, form["perfil"], person.id, by=coach.id, at=stamp(here.clock()))
    values: dict[str, Any] = {"form": form, "person": person}
    if person:
        values["links"] = await queries.links_of(here.db, person.id)
        values["undone"] = await queries.undone_of(here.db, person.id)
    status = 400 if form.errors else 200
    return page(request, "accounts/profiles.html", values, status=status, cache=NEVER)


async def show_reset(request: Request) -> Response:
    """GET /acompanante/pin: the teacher's document and the PIN they choose."""
    sessions.require(request, "person.reset-pin")
    return _reset_form(request, Form())


async def reset(request: Request) -> Response:
    """POST /acompanante/pin: set the PIN; the teacher's next recovery code is shown to be copied."""
    coach = sessions.require(request, "person.reset-pin")
    form = await read_form(request)
    here = site(request)
    person = await person_typed(here.db, form["documento"])
    if person is None:
        form.errors["documento"] = NOBODY
    elif not may_reset_pin(coach.role, of=person.role):
        form.errors["documento"] = (
            "Solo puedes cambiar el PIN de docentes. Pídelo a quien administra este servidor."
        )
    pin = read_new_pin(form, person.document if person else "")
    if person is None or pin is None or form.errors:
        return _reset_form(request, form, 400)
    code = await signin.set_pin(here.db, person, pin, by=coach.id, now=here.clock())
    values = {
        "name": person.full_name,
        "code": code,
        "warning": "",
        "server": str(request.base_url),
        "given": True,
    }
    return page(request, "accounts/card.html", values, cache=NEVER)


def _reset_form(request: Request, form: Form, status: int = 200) -> Response:
    return page(request, "accounts/reset_pin.html", {"form": form}, status=status, cache=NEVER)


ROUTES = (
    Route("/acompanante/recibir", show_receive),
    Route("/acompanante/recibir", receive, methods=["POST"]),
    Route("/acompanante/avance", show_profiles),
    Route("/acompanante/avance", correct_profiles, methods=["POST"]),
    Route("/acompanante/pin", show_reset),
    Route("/acompanante/pin", reset, methods=["POST"]),
)
