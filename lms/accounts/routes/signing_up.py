"""Making an account: one form, then the recovery code, shown until it is put away."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.accounts import privacy, queries, signup
from lms.accounts.routes import card
from lms.accounts.routes.arrival import arrive_with, guests_of, next_page
from lms.clock import stamp
from lms.errors import Conflict
from lms.forms import Form
from lms.people.documents import DOCUMENT_TYPES
from lms.people.queries import person_with_document
from lms.web import sessions
from lms.web.forms import read_form
from lms.web.limits import RateLimit, address
from lms.web.responses import page, see_other
from lms.web.site import site

# A whole workshop signs up behind one address; nobody makes accounts by the thousand.
_NEW_ACCOUNTS = RateLimit(burst=80, per_minute=20)


async def show(request: Request) -> Response:
    """GET /crear-cuenta: the form."""
    return await _form(request, Form({"tipo": "dni"}))


async def create(request: Request) -> Response:
    """POST /crear-cuenta: store the person, sign them in, keep what they did here if they say so; the code."""
    form = await read_form(request)
    sign_up = signup.read_sign_up(form)
    here = site(request)
    if sign_up and await person_with_document(here.db, sign_up.document.number):
        form.errors["documento"] = signup.TAKEN
    if sign_up is None or form.errors:
        return await _form(request, form, 400)
    _NEW_ACCOUNTS.take(address(request))
    account = await signup.new_account(sign_up, here.clock())
    try:
        guests = guests_of(request, form) if form.ticked("guardar") else ()
        person = await arrive_with(request, account.store, guests)
    except Conflict as error:
        form.errors["documento"] = error.message
        return await _form(request, form, 409)
    return card.hand_over(request, person, account.code, sign_up.document.warning)


async def _form(request: Request, form: Form, status: int = 200) -> Response:
    has_guest = await queries.has_progress(site(request).db, sessions.device(request).guest)
    values = {"form": form, "types": DOCUMENT_TYPES, "has_guest": has_guest}
    return page(request, "accounts/sign_up.html", values, status=status)


async def show_privacy(request: Request) -> Response:
    """GET /que-datos-guardamos: the notice; whoever has not accepted this version yet can do so there."""
    person = sessions.current(request).person
    pending = person is not None and person.privacy_version != privacy.VERSION
    return page(request, "accounts/privacy.html", {"version": privacy.VERSION, "pending": pending})


async def accept_privacy(request: Request) -> Response:
    """POST /que-datos-guardamos: accept the notice."""
    person = sessions.require(request, "progress.own")
    here = site(request)
    await queries.accept_privacy(here.db, person.id, privacy.VERSION, stamp(here.clock()))
    return see_other("/")


async def show_card(request: Request) -> Response:
    """GET /codigo-de-recuperacion: the code of whoever was just given one."""
    return card.show(request)


async def put_away(request: Request) -> Response:
    """POST /codigo-de-recuperacion: it is written down; forget it and go on."""
    person = sessions.current(request).person
    response = await next_page(request, person, "/") if person else see_other("/")
    return card.put_away(request, response)


ROUTES = (
    Route("/crear-cuenta", show),
    Route("/crear-cuenta", create, methods=["POST"]),
    Route("/que-datos-guardamos", show_privacy),
    Route("/que-datos-guardamos", accept_privacy, methods=["POST"]),
    Route("/codigo-de-recuperacion", show_card),
    Route("/codigo-de-recuperacion", put_away, methods=["POST"]),
)
