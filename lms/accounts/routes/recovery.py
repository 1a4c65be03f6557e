"""A forgotten PIN: the printed code gives a new one."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.accounts import signin
from lms.accounts.routes import card
from lms.accounts.routes.arrival import arrive_with, read_try
from lms.accounts.signup import read_new_pin
from lms.errors import TooMany, Unauthenticated
from lms.forms import Form
from lms.web import errors
from lms.web.forms import read_form
from lms.web.responses import NEVER, page
from lms.web.site import site


async def show(request: Request) -> Response:
    """GET /olvide-mi-pin: the form, and what to do without the code."""
    return _form(request, Form())


async def recover(request: Request) -> Response:
    """POST /olvide-mi-pin: document, code and a new PIN twice; then the next code."""
    form = await read_form(request)
    pin = read_new_pin(form, form["documento"])
    if pin is None:
        return _form(request, form, 400)
    here = site(request)
    try:
        attempt = await read_try(request, form, "codigo")
        made = await signin.recover(here.db, attempt, pin, here.clock())
        person = await arrive_with(request, made.store)
    except (Unauthenticated, TooMany) as error:
        form.errors["codigo"] = error.message
        return errors.refusing(_form(request, form), request, error)
    return card.hand_over(request, person, made.code, replaced=True)


def _form(request: Request, form: Form, status: int = 200) -> Response:
    return page(request, "accounts/forgotten.html", {"form": form}, status=status, cache=NEVER)


ROUTES = (
    Route("/olvide-mi-pin", show),
    Route("/olvide-mi-pin", recover, methods=["POST"]),
)
