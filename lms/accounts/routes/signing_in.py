"""Signing in and out."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.accounts import queries, signin
from lms.accounts.routes import card
from lms.accounts.routes.arrival import arrive, guests_of, local_path, next_page, read_try
from lms.errors import TooMany, Unauthenticated
from lms.forms import Form
from lms.web import errors, sessions
from lms.web.forms import read_form
from lms.web.responses import NEVER, page, see_other
from lms.web.site import site


async def show(request: Request) -> Response:
    """GET /ingresar: the form."""
    wanted = local_path(request.query_params.get("siguiente", "/"))
    return await _form(request, Form({"siguiente": wanted}))


async def enter(request: Request) -> Response:
    """POST /ingresar: document and PIN, and whether to keep what was done here without an account."""
    form = await read_form(request)
    here = site(request)
    try:
        attempt = await read_try(request, form, "pin")
        person = await signin.sign_in(here.db, attempt, here.clock())
    except (Unauthenticated, TooMany) as error:
        form.errors["pin"] = error.message
        return errors.refusing(await _form(request, form), request, error)
    await arrive(request, person, guests_of(request, form) if form.ticked("guardar") else ())
    return card.put_away(request, await next_page(request, person, form["siguiente"]))


async def _form(request: Request, form: Form) -> Response:
    guest = sessions.device(request).guest
    values = {"form": form, "has_guest": await queries.has_progress(site(request).db, guest)}
    return page(request, "accounts/sign_in.html", values, cache=NEVER)


async def show_leave(request: Request) -> Response:
    """GET /salir: the same button, for whoever comes by a link; a GET never ends a session."""
    return page(request, "accounts/sign_out.html", {})


async def leave(request: Request) -> Response:
    """POST /salir: end the session; the device still remembers the person."""
    sessions.sign_out(request)
    return card.put_away(request, see_other("/"))


ROUTES = (
    Route("/ingresar", show),
    Route("/ingresar", enter, methods=["POST"]),
    Route("/salir", show_leave),
    Route("/salir", leave, methods=["POST"]),
)
