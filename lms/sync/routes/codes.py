"""Tokens: a link to one, the fields for those that were pasted or photographed, and one's own to send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.clock import PERU
from lms.errors import LmsError, NotFound, TooLarge
from lms.events import ownership
from lms.events.oddities import day_said
from lms.people.permissions import may
from lms.sync import photos, tokens
from lms.sync.drawing import drawn
from lms.sync.routes import brought, lines, receipts
from lms.sync.routes.given import Nothing, Problem, given_in, look_through
from lms.web import errors
from lms.web.limits import address
from lms.web.notices import Notice
from lms.web.responses import NEVER, page
from lms.web.sessions import current, require
from lms.web.site import site


async def show_token(request: Request) -> Response:
    """GET /p/{token}: of which course and day it is; a name only for its owner or a coach. Nothing is written.

    Whoever is signed in and could take it is asked whose it is. Chats fetch what a link shows ahead, so a visit must not
    change anything.
    """
    try:
        values = await _seen(request, request.path_params["token"])
    except LmsError as refused:
        return errors.refusing(_token_page(request, error=refused.message), request, refused)
    return page(request, "sync/seen.html", values, cache=NEVER)


async def ask_token(request: Request) -> Response:
    """GET /mi-avance/codigo: the field for a token."""
    return _token_page(request)


async def take_token(request: Request) -> Response:
    """POST /mi-avance/codigo: the tokens and receipts in what was pasted or photographed, as theirs who brings them.

    They are asked where only their word decides; what they answer comes here too.
    """
    spoilt: list[Problem] = []
    try:
        if current(request).person is None:
            lines.own_rate.take(address(request), lines.LINES_FOR_ONE)
        given = await given_in(request, "codigo")
        if (
            sum(map(len, (*(source.text for source in given.sources), *given.answers)))
            > brought.MOST_OWN_TEXT
        ):
            raise TooLarge("Es demasiado texto. Pega solo el mensaje que trae el código.")
        if given.answers:
            own = await brought.take_answered(request, given.answers, given.asked)
        else:
            found, spoilt = await look_through(given, brought.MOST_OWN + 1)
            own = await brought.take_own(request, found)
    except Nothing as nothing:
        return errors.refusing(_token_page(request, error=nothing.words), request, nothing.error)
    except brought.NoneTaken as none:
        words = " ".join(dict.fromkeys([*none.words, *(one.words for one in spoilt)]))
        return errors.refusing(_token_page(request, error=words), request, none.error)
    except LmsError as refused:
        return errors.refusing(_token_page(request, error=refused.message), request, refused)
    said = [*own.said, *(Notice("part", one.words) for one in spoilt)]
    return _token_page(request, said, slip=own.slip, asked=own.asked)


async def ask_tokens(request: Request) -> Response:
    """GET /acompanante/codigos: the field for a chat."""
    require(request, "progress.receive")
    return _chat_page(request)


async def take_tokens(request: Request) -> Response:
    """POST /acompanante/codigos: every token of a pasted chat or of photos, and what became of each."""
    coach = require(request, "progress.receive")
    try:
        found, spoilt = await look_through(await given_in(request, "codigos"), tokens.MOST + 1)
        became = await brought.take_for_teachers(request, found, coach)
    except Nothing as nothing:
        return errors.refusing(_chat_page(request, error=nothing.words), request, nothing.error)
    except LmsError as refused:
        return errors.refusing(_chat_page(request, error=refused.message), request, refused)
    return _chat_page(request, spoilt=spoilt, **became._asdict())


async def own_message(request: Request) -> Response:
    """GET /mi-avance/mensaje/{course}: one's progress in a course to send by chat or SMS, or as a QR code."""
    here = site(request)
    course = here.courses.get(request.path_params["course"])
    profiles = await receipts.own_profiles(request)
    if course is None or not profiles:
        raise NotFound("Todavía no hay avance de este curso en este servidor. Abre una lección y empieza.")
    today = here.clock().astimezone(PERU).date()
    reached = here.settings.address or str(request.base_url)
    message = await tokens.message(here.db, course, profiles, today, reached)
    values = {"message": message, "picture": drawn(message.address, wide=True)}
    return page(request, "sync/message.html", values, cache=NEVER)


async def _seen(request: Request, code: str) -> dict[str, Any]:
    here, person = site(request), current(request).person
    one = await tokens.recognise(here.db, here.courses, code)
    owner = await tokens.owner(here.db, one.profile)
    may_read = owner and person and (owner.id == person.id or may(person.role, "progress.others"))
    receives = person is not None and may(person.role, "progress.receive")
    coach = receives and not (person and owner and owner.id == person.id)
    asks = person and not coach and await ownership.is_up_to(here.db, one.profile, person)
    return {
        "one": one,
        "day": day_said(one.token.day),
        "name": owner.full_name if owner and may_read else "",
        "coach": coach,
        "question": brought.question_for(person, one.text) if person and asks else None,
    }


def _token_page(request: Request, said: Sequence[Notice] = (), error: str = "", **more: Any) -> Response:
    return _page(request, "sync/token.html", **{"slip": None, "asked": (), **more}, said=said, error=error)


def _chat_page(request: Request, **values: Any) -> Response:
    nothing = {"total": 0, "groups": (), "spoilt": (), "about": (), "slip": None, "error": ""}
    return _page(request, "sync/chat.html", **{**nothing, **values})


def _page(request: Request, template: str, **values: Any) -> Response:
    return page(request, template, {**values, "photos": photos.can_read()}, cache=NEVER)


ROUTES = (
    Route("/p/{token}", show_token),
    Route("/P/{token}", show_token),
    Route("/mi-avance/codigo", ask_token, methods=["GET"]),
    Route("/mi-avance/codigo", take_token, methods=["POST"]),
    Route("/mi-avance/mensaje/{course}", own_message),
    Route("/acompanante/codigos", ask_tokens, methods=["GET"]),
    Route("/acompanante/codigos", take_tokens, methods=["POST"]),
)
