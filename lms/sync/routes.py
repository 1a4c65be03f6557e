"""The two doors through which events arrive, and the upload of a progress file."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.clock import day_in_words, stamp
from lms.errors import Invalid, LmsError, NotFound, TooLarge, Unauthenticated
from lms.events.batch import Receipt
from lms.events.holding import append, profile_of
from lms.events.ownership import is_free
from lms.people.model import Person
from lms.people.permissions import may
from lms.people.queries import profiles_of
from lms.sync import tokens
from lms.sync.over_http import MAX_BODY, read_lines, write_receipts
from lms.sync.over_token import found_in
from lms.sync.receiving import Bringer, By, link_profile, read_file, receive_lines
from lms.sync.words import notice_of
from lms.web import errors
from lms.web.limits import RateLimit, Room, address, announced
from lms.web.notices import Notice
from lms.web.responses import NEVER, page
from lms.web.sessions import current, remember_guest, require
from lms.web.site import site
from lms.web.templates import PERU

OPEN_DOORS = ("/recibir",)

Prove = Callable[[Request, str, str], Awaitable[Person]]
"""Who has this document and PIN; raises `Unauthenticated` or `TooMany`. The wiring sets `app.state.prove`."""

_JSON = "application/json; charset=utf-8"
_OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "Content-Type, Chaski-Documento, Chaski-Pin",
    # Browsers ask this before a page from the internet may reach a server on a school's own network.
    "Access-Control-Allow-Private-Network": "true",
    "Access-Control-Expose-Headers": "Retry-After",
    "Access-Control-Max-Age": "86400",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "cross-origin",
}

# A whole school may come through one address when the power returns: sixty tablets with three hundred lines each
# are two thousand of these, and while sixty people study each line is one.
BURST, PER_MINUTE, LINES_FOR_ONE = 3000, 600, 10
MOST_PASTED = 4 * 1024 * 1024  # bytes: a chat of years
MOST_OWN = 20  # tokens that somebody brings as theirs at once: a few courses, a few times
_own_rate = RateLimit(burst=BURST, per_minute=PER_MINUTE)
_open_rate = RateLimit(burst=BURST, per_minute=PER_MINUTE)
_room = Room()


async def from_our_pages(request: Request) -> Response:
    """POST /events: lines from this server's own pages; the origin was checked on the way in."""
    here = site(request)
    lines = await _lines(request, _own_rate)
    person = current(request).person
    with _admitted(request, lines, _own_rate):
        receipts = await append(
            here.db, lines, sender=person.id if person else "", source="session", clock=here.clock
        )
    if person is None:
        await _meet_guest(request, lines, receipts)
    return Response(write_receipts(receipts), media_type=_JSON, headers={"Cache-Control": "no-store"})


async def _meet_guest(request: Request, lines: Sequence[bytes], receipts: Sequence[Receipt]) -> None:
    """Remember the profile that a browser with scripts made by itself, so that our pages know what it did.

    The page says which it is, as it also sends what earlier guests of the browser left. Only one that is
    nobody's: the id of another's profile must not open their progress.
    """
    profile = request.headers.get("chaski-perfil", "")
    is_new = current(request).profile is None and any(
        one.status in ("stored", "known") and profile_of(line) == profile
        for line, one in zip(lines, receipts, strict=True)
    )
    if is_new and await is_free(site(request).db, profile):
        remember_guest(request, profile)


async def from_anywhere(request: Request) -> Response:
    """POST /recibir: lines from packs and carriers; cookies mean nothing here, document and PIN do."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=_OPEN)
    try:
        response = await _take(request)
    except LmsError as error:
        response = errors.answer(request, error)
    response.headers.update(_OPEN)
    return response


async def receive_upload(request: Request, data: bytes) -> Notice:
    """Take a progress file that somebody uploads as theirs; what to tell them.

    Without a session it costs its address what the lines would have cost at the door for our own pages.
    """
    here = site(request)
    person = current(request).person
    by: By = "owner" if person else "bearer"
    if person is None:
        _own_rate.take(address(request))
    lines = await read_file(data)
    if person is None:
        _own_rate.take(address(request), len(lines) // LINES_FOR_ONE)
    received = await receive_lines(here.db, lines, person, by, here.clock)
    titles = {course.id: course.title for course in here.courses.values()}
    return notice_of(received, titles, Bringer(person, by))


async def _take(request: Request) -> Response:
    here = site(request)
    lines = await _lines(request, _open_rate)
    person = await _proved(request)
    with _admitted(request, lines, _open_rate):
        receipts = await append(
            here.db, lines, sender=person.id if person else "", source="open", clock=here.clock
        )
    if person:
        await _link(request, person, [receipt.id for receipt in receipts if receipt.status != "refused"])
    return Response(write_receipts(receipts), media_type=_JSON)


async def _proved(request: Request) -> Person | None:
    """Who sends, if a document and a PIN came with it; over plain http they are not even looked at."""
    document = request.headers.get("chaski-documento", "")
    pin = request.headers.get("chaski-pin", "")
    prove: Prove | None = getattr(request.app.state, "prove", None)
    if not (document and pin):
        return None
    if request.url.scheme != "https" or prove is None:
        raise Unauthenticated(
            "El PIN solo se envía por una conexión segura (https). Envía tu avance sin PIN."
        )
    return await prove(request, document, pin)


async def _link(request: Request, person: Person, ids: list[str]) -> None:
    here = site(request)
    rows = await here.db.rows("SELECT DISTINCT profile FROM events WHERE id IN (:ids)", {"ids": ids})
    for row in rows:
        await link_profile(here.db, row["profile"], person, stamp(here.clock()))


async def _lines(request: Request, rate: RateLimit) -> tuple[bytes, ...]:
    """The lines in the body; a request costs its address one."""
    rate.take(address(request))
    with _room.reading(announced(request, MAX_BODY)):
        return read_lines(await _body(request))


@contextmanager
def _admitted(request: Request, lines: Sequence[bytes], rate: RateLimit) -> Iterator[None]:
    """Let these lines be stored if there is room; they cost their address one for every ten."""
    with _room.storing(sum(map(len, lines))):
        rate.take(address(request), len(lines) // LINES_FOR_ONE)
        yield


async def _body(request: Request) -> bytes:
    chunks = []
    size = 0
    async for chunk in request.stream():
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_BODY:
            raise TooLarge("El envío es demasiado grande: manda como máximo 1 MiB cada vez.")
    return b"".join(chunks)


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
    """POST /mi-avance/codigo: the tokens in what was pasted, as theirs who brings them."""
    here, person = site(request), current(request).person
    by: By = "owner" if person else "bearer"
    try:
        if person is None:
            _own_rate.take(address(request), LINES_FOR_ONE)
        text = await _pasted(request, "codigo")
        codes = list(found_in(text))[:MOST_OWN]
        if not codes:
            raise Invalid(tokens.NONE_FOUND)
        said = []
        for code in codes:
            one = await tokens.recognise(here.db, here.courses, code)
            received = await tokens.take(here.db, one, person, by, here.clock)
            mine = any(person and link.person == person.id for link in received.linked)
            said.append(tokens.what_became(received, one, names=mine))
    except LmsError as refused:
        return errors.refusing(_token_page(request, error=refused.message), request, refused)
    return _token_page(request, said)


async def ask_tokens(request: Request) -> Response:
    """GET /acompanante/codigos: the field for a chat."""
    require(request, "progress.receive")
    return page(request, "sync/chat.html", {"said": (), "error": ""}, cache=NEVER)


async def take_tokens(request: Request) -> Response:
    """POST /acompanante/codigos: every token of a pasted chat, and what became of each."""
    coach, here = require(request, "progress.receive"), site(request)
    try:
        text = await _pasted(request, "codigos")
        said = await tokens.take_all(here.db, here.courses, text, coach, here.clock)
    except LmsError as refused:
        shown = page(request, "sync/chat.html", {"said": (), "error": refused.message}, cache=NEVER)
        return errors.refusing(shown, request, refused)
    return page(request, "sync/chat.html", {"said": said, "error": ""}, cache=NEVER)


async def own_message(request: Request) -> Response:
    """GET /mi-avance/mensaje/{course}: one's progress in a course to send by chat or SMS, or as a QR code."""
    import segno  # only this page draws one

    here, who = site(request), current(request)
    course = here.courses.get(request.path_params["course"])
    profiles = await profiles_of(here.db, who.person.id) if who.person else []
    profiles += [who.profile] if who.profile and who.profile not in profiles else []
    if course is None or not profiles:
        raise NotFound("Todavía no hay avance de este curso en este servidor. Abre una lección y empieza.")
    today = here.clock().astimezone(PERU).date()
    reached = here.settings.address or str(request.base_url)
    message = await tokens.message(here.db, course, profiles, today, reached)
    drawn = segno.make(message.address, error="m", micro=False)
    picture = drawn.svg_inline(scale=4, border=4, dark="#000", light="#fff", omitsize=False)
    return page(request, "sync/message.html", {"message": message, "picture": picture}, cache=NEVER)


async def _pasted(request: Request, name: str) -> str:
    async with request.form(max_files=0, max_fields=5, max_part_size=MOST_PASTED) as fields:
        text = fields.get(name)
    return text if isinstance(text, str) else ""


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


def _token_page(request: Request, said: Sequence[str] = (), error: str = "") -> Response:
    return page(request, "sync/token.html", {"said": said, "error": error}, cache=NEVER)


ROUTES = (
    Route("/events", from_our_pages, methods=["POST"]),
    Route("/recibir", from_anywhere, methods=["POST", "OPTIONS"]),
    Route("/p/{token}", show_token),
    Route("/P/{token}", show_token),
    Route("/mi-avance/codigo", ask_token, methods=["GET"]),
    Route("/mi-avance/codigo", take_token, methods=["POST"]),
    Route("/mi-avance/mensaje/{course}", own_message),
    Route("/acompanante/codigos", ask_tokens, methods=["GET"]),
    Route("/acompanante/codigos", take_tokens, methods=["POST"]),
)
