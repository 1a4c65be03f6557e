"""The recovery card: between the form that made a code and the page that shows it, the browser has it."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from lms.people.model import Person
from lms.web.responses import NEVER, page, see_other
from lms.web.site import site

PATH = "/codigo-de-recuperacion"
_COOKIE = "chaski_card"
_MINUTES = 15


def hand_over(request: Request, person: Person, code: str, warning: str = "") -> Response:
    """Go to the card; a cookie that only its page receives carries what it shows."""
    response = see_other(PATH)
    response.set_cookie(
        _COOKIE,
        _signer(request).dumps([person.full_name, code, warning]),
        max_age=_MINUTES * 60,
        path=PATH,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return response


def show(request: Request) -> Response:
    """The card, to print or copy; without the cookie, what to do instead."""
    try:
        name, code, warning = _signer(request).loads(request.cookies.get(_COOKIE, ""), max_age=_MINUTES * 60)
    except BadSignature:
        return page(request, "accounts/card_gone.html", {}, status=404, cache=NEVER)
    values = {"name": name, "code": code, "warning": warning, "server": str(request.base_url)}
    return page(request, "accounts/card.html", values, cache=NEVER)


def put_away(response: Response) -> Response:
    """Forget the code."""
    response.delete_cookie(_COOKIE, path=PATH)
    return response


def _signer(request: Request) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(site(request).secret, salt=_COOKIE)
