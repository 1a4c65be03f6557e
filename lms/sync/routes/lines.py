"""The two doors through which events arrive."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.clock import stamp
from lms.errors import LmsError, TooLarge, Unauthenticated
from lms.events import devices, ownership, signatures
from lms.events.batch import Receipt
from lms.events.bringing import note_refused
from lms.events.heading import bring_up_to_date
from lms.events.heads import heads_after
from lms.events.holding import append, profile_of
from lms.events.ownership import is_free
from lms.people.model import Person
from lms.sync.node_receipts import receipts_of
from lms.sync.over_http import MAX_BODY, read_lines, write_receipts
from lms.sync.receiving import link_profile
from lms.sync.routes.receipts import text_for
from lms.web import eras, errors
from lms.web.limits import RateLimit, Room, address, announced
from lms.web.sessions import current, remember_guest
from lms.web.site import site

OPEN_DOORS = ("/recibir",)

Prove = Callable[[Request, str, str], Awaitable[Person]]
"""Who has this document and PIN; raises `Unauthenticated` or `TooMany`. The wiring sets `app.state.prove`."""

_JSON = "application/json; charset=utf-8"
_OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "Content-Type, Chaski-Documento, Chaski-Pin, Chaski-Recibo",
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
MOST_ASKED = 20  # profiles
MOST_TOLD = 2_000  # devices; whose own is not among them gives once again what it wrote
own_rate = RateLimit(burst=BURST, per_minute=PER_MINUTE)
open_rate = RateLimit(burst=BURST, per_minute=PER_MINUTE)
_room = Room()


def cost_of(lines: Sequence[bytes]) -> int:
    """What lines cost their address beside the request they come with, which together never is more than it can have."""
    return min(len(lines) // LINES_FOR_ONE, BURST - 1)


async def from_our_pages(request: Request) -> Response:
    """POST /events: lines from this server's own pages; the origin was checked on the way in."""
    here = site(request)
    lines = await _lines(request, own_rate)
    person = current(request).person
    with _admitted(request, lines, own_rate):
        receipts = await append(
            here.db, lines, sender=person.id if person else "", source="session", clock=here.clock
        )
        await _note_refused(request, lines, receipts, (person.id if person else "", "session"))
        await signatures.note_forks(here.db, receipts)
    if person is None:
        await _meet_guest(request, lines, receipts)
    else:
        await _own_keys(request, lines, person)
    content = write_receipts(receipts, ask=await eras.asks(request))
    response = Response(content, media_type=_JSON, headers={"Cache-Control": "no-store"})
    if not request.cookies:  # whatever it sent before, it sent just now
        response.set_cookie(eras.COOKIE, await eras.era(here.db), eras.AGE, samesite="lax")
    return response


async def _meet_guest(request: Request, lines: Sequence[bytes], receipts: Sequence[Receipt]) -> None:
    """Remember the profile that a browser with scripts made by itself, so that our pages know what it did.

    The page says which it is, as it also sends what earlier guests of the browser left. Only one that is
    nobody's: the id of another's profile must not open their progress.
    """
    profile = request.headers.get("chaski-perfil", "")
    if not profile or current(request).profile is not None:
        return
    is_theirs = any(
        one.status in ("stored", "known") and profile_of(line) == profile
        for line, one in zip(lines, receipts, strict=True)
    )
    if is_theirs and await is_free(site(request).db, profile):
        remember_guest(request, profile)


async def _own_keys(request: Request, lines: Sequence[bytes], person: Person) -> None:
    """Remember the keys of devices that somebody who proved who they are says are theirs."""
    here = site(request)
    if keys := devices.keys_in(lines):
        await devices.own(here.db, keys, person.id, at=stamp(here.clock()))


async def tell_receipts(request: Request) -> Response:
    """POST /recibos: what this server has of the profiles that the body names, and what other servers said they have.

    A page asks, as a server may have been put back to an older day. Who knows the profile's id may know this, and
    whether it is theirs or nobody's. It may name none, to know only in which era this server is.
    """
    own_rate.take(address(request))
    asked = (await _body(request)).decode("ascii", "ignore").split()[:MOST_ASKED]
    profiles = [one for one in asked if one.isprintable()]  # no database takes a NUL
    here = site(request)
    await bring_up_to_date(here.db)
    heads = await heads_after(here.db, profiles, ("", ""), MOST_TOLD)
    others = await receipts_of(here.db, profiles, MOST_TOLD)
    whose = await ownership.whose(here.db, profiles, current(request).person)
    told = {"heads": heads, "receipts": others, "whose": whose, "era": await eras.era(here.db)}
    content = msgspec.json.encode(told)
    return Response(content, media_type=_JSON, headers={"Cache-Control": "no-store"})


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


async def _take(request: Request) -> Response:
    here = site(request)
    lines = await _lines(request, open_rate)
    person = await _proved(request)
    with _admitted(request, lines, open_rate):
        results = await append(
            here.db, lines, sender=person.id if person else "", source="open", clock=here.clock
        )
        await _note_refused(request, lines, results, (person.id if person else "", "open"))
        await signatures.note_unsigned(here.db, lines, results, person.id if person else "")
        await signatures.note_forks(here.db, results)
    if person:
        await _link(request, person, [receipt.id for receipt in results if receipt.status != "refused"])
        await _own_keys(request, lines, person)
    profiles = sorted({profile_of(line) for line in lines}) if "chaski-recibo" in request.headers else []
    slip = await text_for(request, profiles) if profiles else ""
    return Response(write_receipts(results, receipt=slip), media_type=_JSON)


async def _note_refused(
    request: Request, lines: Sequence[bytes], results: Sequence[Receipt], way: tuple[str, str]
) -> None:
    here = site(request)
    await note_refused(here.db, lines, results, way, stamp(here.clock()))


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
        rate.take(address(request), cost_of(lines))
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


ROUTES = (
    Route("/events", from_our_pages, methods=["POST"]),
    Route("/recibos", tell_receipts, methods=["POST"]),
    Route("/recibir", from_anywhere, methods=["POST", "OPTIONS"]),
)
