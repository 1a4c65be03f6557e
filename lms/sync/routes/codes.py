"""Tokens: a link to one, the fields for those that were pasted or photographed, and one's own to send."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.clock import PERU, day_in_words
from lms.errors import Invalid, LmsError, NotFound, TooLarge
from lms.people.permissions import may
from lms.sync import photos, tokens
from lms.sync.drawing import drawn
from lms.sync.routes import lines, receipts
from lms.sync.routes.given import Nothing, given_in, look_through
from lms.sync.told import grouped, shown
from lms.web import errors
from lms.web.limits import address
from lms.web.notices import Notice, Slip
from lms.web.responses import NEVER, page
from lms.web.sessions import current, require
from lms.web.site import site

MOST_OWN = 20  # tokens that somebody brings as theirs at once: a few courses, a few times
MOST_RECEIPTS = 5  # nobody meets many servers, and each receipt may name 2,000 devices to look up
MOST_OWN_TEXT = 256 * 1024  # characters, where anybody may paste: a third of a second at most to look through


class _Became(NamedTuple):
    """What became of one of the things that were pasted: what to tell, and why it was not taken."""

    told: Notice
    problem: LmsError | None = None


async def show_token(request: Request) -> Response:
    """GET /p/{token}: of which course and day it is; a name only for its owner or a coach. Nothing is written.

    Chats fetch what a link shows ahead, so a visit must not change anything.
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
    """POST /mi-avance/codigo: the tokens and receipts in what was pasted or photographed, as theirs who brings them."""
    try:
        if current(request).person is None:
            lines.own_rate.take(address(request), lines.LINES_FOR_ONE)
        brought = await given_in(request, "codigo")
        if sum(len(source.text) for source in brought.sources) > MOST_OWN_TEXT:
            raise TooLarge("Es demasiado texto. Pega solo el mensaje que trae el código.")
        found, spoilt = await look_through(brought, MOST_OWN + 1)
    except Nothing as nothing:
        return errors.refusing(_token_page(request, error=nothing.words), request, nothing.error)
    except LmsError as refused:
        return errors.refusing(_token_page(request, error=refused.message), request, refused)
    taken: list[tokens.Recognised] = []
    became = [
        await _became(_take_own(request, spot.code, taken), f"{shown(spot.code)}: ")
        for spot in found.codes[:MOST_OWN]
    ]
    became += await _receipts(request, found.receipts)  # after the codes, as it may be of one of them
    problems = [one.problem for one in became if one.problem]
    if len(problems) == len(became):
        words = " ".join(dict.fromkeys([*(one.message for one in problems), *(one.words for one in spoilt)]))
        return errors.refusing(_token_page(request, error=words), request, problems[0])
    if len(found.codes) > MOST_OWN:
        became.append(_too_many(f"Hay más de {MOST_OWN} códigos: pega los demás aparte."))
    slip = await receipts.slip_for_codes(request, taken)
    said = [*(one.told for one in became), *(Notice("part", one.words) for one in spoilt)]
    return _token_page(request, said, slip=slip)


async def _take_own(request: Request, code: str, taken: list[tokens.Recognised]) -> Notice:
    here, person = site(request), current(request).person
    one = await tokens.recognise(here.db, here.courses, code)
    received = await tokens.take(here.db, one, person, "owner" if person else "bearer", here.clock)
    taken.append(one)
    mine = any(person and link.person == person.id for link in received.linked)
    return Notice("good", tokens.what_became(received, one, names=mine))


async def _receipts(request: Request, found: Sequence[str]) -> list[_Became]:
    became = [await _became(receipts.receive_receipt(request, one.encode())) for one in found[:MOST_RECEIPTS]]
    if len(found) > MOST_RECEIPTS:
        became.append(_too_many(f"Hay más de {MOST_RECEIPTS} recibos: pega los demás aparte."))
    return became


async def _became(taking: Awaitable[Notice], which: str = "") -> _Became:
    """What became of one thing of several: whatever is wrong with it, the others are taken."""
    try:
        return _Became(await taking)
    except LmsError as refused:
        return _Became(Notice("part", which + refused.message), refused)


def _too_many(words: str) -> _Became:
    return _Became(Notice("part", words), Invalid(words))


async def ask_tokens(request: Request) -> Response:
    """GET /acompanante/codigos: the field for a chat."""
    require(request, "progress.receive")
    return _chat_page(request)


async def take_tokens(request: Request) -> Response:
    """POST /acompanante/codigos: every token of a pasted chat or of photos, and what became of each."""
    coach, here = require(request, "progress.receive"), site(request)
    try:
        found, spoilt = await look_through(await given_in(request, "codigos"), tokens.MOST + 1)
        if len(found.codes) > tokens.MOST:
            raise Invalid(f"Aquí hay más de {tokens.MOST} códigos. Pega el chat por partes.")
    except Nothing as nothing:
        return errors.refusing(_chat_page(request, error=nothing.words), request, nothing.error)
    except LmsError as refused:
        return errors.refusing(_chat_page(request, error=refused.message), request, refused)
    told, taken = await tokens.take_all(here.db, here.courses, found.codes, coach, here.clock)
    about = [_by_a_coach(one) for one in await _receipts(request, found.receipts)]
    slip = await receipts.slip_for_codes(request, taken)
    return _chat_page(request, count=len(told), groups=grouped(told), spoilt=spoilt, about=about, slip=slip)


def _by_a_coach(became: _Became) -> Notice:
    """A receipt is kept on the word of whose progress it is of, and no coach has that of their teachers."""
    told, problem = became
    advice = " Si es de un docente, que lo traiga con su cuenta, en «Mi avance»."
    return told if problem or told.kind == "good" else told._replace(text=told.text + advice)


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
    return {
        "one": one,
        "day": day_in_words(one.token.day),
        "name": owner.full_name if owner and may_read else "",
        "coach": person is not None
        and may(person.role, "progress.receive")
        and not (owner and owner.id == person.id),
    }


def _token_page(
    request: Request, said: Sequence[Notice] = (), error: str = "", slip: Slip | None = None
) -> Response:
    return _page(request, "sync/token.html", said=said, error=error, slip=slip)


def _chat_page(request: Request, **values: Any) -> Response:
    nothing = {"count": 0, "groups": (), "spoilt": (), "about": (), "slip": None, "error": ""}
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
