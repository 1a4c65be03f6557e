"""Receipts for whoever brought progress: shown with the answer, and given as a file."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.clock import PERU, day_in_words
from lms.errors import Invalid
from lms.files import name_of_text
from lms.people.queries import profiles_of
from lms.sync.drawing import READ_BY_ALL, drawn
from lms.sync.message import Nobodys
from lms.sync.own import identity_in
from lms.sync.tokens import Recognised, place_of
from lms.sync.words import count, nobodys, nobodys_in_short
from lms.web.limits import RateLimit, address
from lms.web.notices import Notice, Slip
from lms.web.responses import NEVER
from lms.web.sessions import current
from lms.web.site import site

if TYPE_CHECKING:
    from lms.sync.over_receipt import Receipt

_rate = RateLimit(burst=200, per_minute=60)


_BEGINS = re.compile(rb"^\s*CHASKI RECIBO", re.IGNORECASE | re.MULTILINE)


class Given(NamedTuple):
    """A receipt, its signed letters, and what it does not say: how much of it is in nobody's name yet."""

    receipt: Receipt
    letters: str
    nobodys: Nobodys


def is_receipt(data: bytes) -> bool:
    """Whether a file is a receipt, whatever became of it since."""
    return _BEGINS.search(data[:2000]) is not None


async def slip_for_codes(request: Request, taken: Sequence[Recognised]) -> Slip | None:
    """A receipt for whoever brought codes: of the lines that they became, and nothing else of those profiles."""
    places = [place_of(one) for one in taken]
    return await slip_for(request, *map(list, zip(*places, strict=True))) if places else None


async def give(request: Request) -> Response:
    """POST /recibo: a receipt of this server, or of one that joined, as a file; any other text is refused."""
    from lms.sync.nodes import joined_ids
    from lms.sync.over_receipt import MOST_LETTERS, read

    _rate.take(address(request))
    async with request.form(max_files=0, max_fields=3, max_part_size=MOST_LETTERS) as fields:
        text = str(fields.get("recibo", ""))
    here = site(request)
    given, ours = read(text), identity_in(here.settings).public
    if given.key != ours and given.key.id not in await joined_ids(here.db):
        raise Invalid("Ese recibo no es de este servidor. Pídelo donde recibieron tu avance.")
    headers = {
        "Content-Disposition": f'attachment; filename="{name_of_text("recibo", given.name, given.day)}"',
        "Cache-Control": NEVER,
    }
    return Response(text.replace("\r\n", "\n"), 200, headers, "text/plain; charset=utf-8")


async def slip_for(request: Request, profiles: Sequence[str], devices: Collection[str] = ()) -> Slip | None:
    """A receipt for whoever brought lines of these profiles, of these devices if any are named; None if none is here."""
    given = await receipt_for(request, profiles, devices)
    return given and slip_of(given)


async def text_for(request: Request, profiles: Sequence[str]) -> str:
    """The same for a program: only its text, as drawing it costs two hundred times what signing it does."""
    from lms.sync.over_receipt import as_text

    given = await receipt_for(request, profiles)
    return as_text(given.receipt, given.letters, nobodys(given.nobodys)) if given else ""


def slip_of(given: Given) -> Slip:
    """A receipt as it is shown and taken away."""
    from lms.sync.over_receipt import as_text, in_one_line

    aside, short = nobodys(given.nobodys), nobodys_in_short(given.nobodys)
    codes = (drawn(in_one_line(given.letters, one), READ_BY_ALL) for one in (short, ""))
    return Slip(as_text(given.receipt, given.letters, aside), next(filter(None, codes), ""), aside)


async def receipt_for(
    request: Request, profiles: Sequence[str], devices: Collection[str] = ()
) -> Given | None:
    """What this server says that it has of these profiles, of these devices if any are named; None for nothing."""
    from lms.sync.over_receipt import Receipt, acknowledged, write

    here = site(request)
    places = await acknowledged(here.db, profiles, devices)
    if not places:
        return None
    identity, today = identity_in(here.settings), here.clock().astimezone(PERU).date()
    made = Receipt(identity.public, here.settings.node_name, today, tuple(places))
    return Given(made, write(identity, made), await _nobodys(request, profiles))


async def _nobodys(request: Request, profiles: Sequence[str]) -> Nobodys:
    rows = await site(request).db.rows(
        "SELECT profile FROM links WHERE profile IN (:profiles)", {"profiles": list(profiles)}
    )
    free = set(profiles).difference(row["profile"] for row in rows)
    return ("part" if rows else "all") if free else ""


async def own_profiles(request: Request) -> list[str]:
    """The profiles of whoever asks: of their account, and of this browser."""
    who = current(request)
    profiles = await profiles_of(site(request).db, who.person.id) if who.person else []
    return [*profiles, who.profile] if who.profile and who.profile not in profiles else profiles


async def receive_receipt(request: Request, data: bytes) -> Notice:
    """Keep what somebody's receipt from another server says of what is here of theirs, and tell it."""
    from lms.sync import kept_receipts
    from lms.sync.nodes import shown
    from lms.sync.over_receipt import arrived, read

    _rate.take(address(request))
    said, here = read(data.decode("utf-8", "replace")), site(request)
    name = shown(said.name) or said.key.id
    places, all = await arrived(here.db, said, await own_profiles(request))
    if not places:
        return Notice(
            "part",
            f"Es un recibo de «{name}», pero no de un avance tuyo que esté aquí. "
            "Si estudiaste en otro equipo, trae primero ese avance.",
        )
    if said.key == identity_in(here.settings).public:
        return Notice(
            "good",
            f"Es un recibo de este servidor. Aquí hay {count(all, 'registro tuyo', 'registros tuyos')}.",
        )
    today, day = here.clock().astimezone(PERU).date(), day_in_words(said.day)
    await kept_receipts.keep(here.db, said, places, today=today)
    when, doubt = f"el {day} ", ""
    if not said.is_dated(today):
        when, doubt = "", f" Su fecha, {day}, no puede ser: el reloj de ese servidor, o el de este, está mal."
    return Notice(
        "good",
        f"«{name}», número {said.key.number}, dice que {when}tenía "
        f"{sum(places.values())} de {_yours(all)} que hay aquí. «Mi avance» lo recuerda.{doubt}",
    )


def way_of_receipt(data: bytes) -> Notice:
    """Where to take a receipt that was handed in as if it were progress."""
    from lms.sync.nodes import shown
    from lms.sync.over_receipt import read

    said = read(data.decode("utf-8", "replace"))
    return Notice(
        "info",
        f"Es un recibo de «{shown(said.name) or said.key.id}», número {said.key.number}: no trae avance. Llévalo al "
        "equipo donde se estudió y elige allí «Traer mi avance». Si es de tu propio avance, súbelo en «Mi avance».",
    )


def _yours(records: int) -> str:
    return count(records, "registro tuyo", "registros tuyos")


ROUTES = (Route("/recibo", give, methods=["POST"]),)
