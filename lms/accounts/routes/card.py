"""The recovery card: between the form that made a code and the page that shows it, the browser has it.

It is shown to the session of whose it is and to no other: on a shared tablet the next person comes soon.
"""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from lms.people.model import Person
from lms.web import sessions
from lms.web.responses import NEVER, page, see_other
from lms.web.site import site

PATH = "/codigo-de-recuperacion"
_COOKIE = "chaski_card"
_MINUTES = 15


def hand_over(
    request: Request, person: Person, code: str, warning: str = "", *, replaced: bool = False
) -> Response:
    """Go to the card; a cookie that only its page receives carries what it shows.

    `replaced` says that there was a code before this one, which opens nothing any more.
    """
    response = see_other(PATH)
    response.set_cookie(
        _COOKIE,
        _signer(request).dumps([person.id, person.full_name, code, warning, replaced]),
        max_age=_MINUTES * 60,
        path=PATH,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return response


def show(request: Request) -> Response:
    """The card, to print or copy; without the cookie, or to anybody else, what to do instead."""
    person = sessions.current(request).person
    try:
        id, name, code, warning, replaced = _signer(request).loads(
            request.cookies.get(_COOKIE, ""), max_age=_MINUTES * 60
        )
    except (BadSignature, ValueError):  # ValueError: one of an earlier version, which carried less
        id = ""
    if person is None or person.id != id:
        return put_away(request, page(request, "accounts/card_gone.html", {}, status=404, cache=NEVER))
    values = {
        "name": name,
        "code": code,
        "warning": warning,
        "server": str(request.base_url),
        "replaced": replaced,
    }
    return page(request, "accounts/card.html", values, cache=NEVER)


def put_away(request: Request, response: Response) -> Response:
    """Forget the code: it was written down, or somebody else uses this browser now."""
    secure = request.url.scheme == "https"
    response.delete_cookie(_COOKIE, path=PATH, httponly=True, samesite="lax", secure=secure)
    return response


def _signer(request: Request) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(site(request).secret, salt=_COOKIE)
