"""Receipts for whoever brought progress: shown with the answer, and given as a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms.errors import Invalid
from lms.people.queries import profiles_of
from lms.sync.own import identity_in
from lms.web.limits import RateLimit, address
from lms.web.notices import Notice, Slip
from lms.web.responses import NEVER
from lms.web.sessions import current
from lms.web.site import site
from lms.web.templates import PERU

if TYPE_CHECKING:
    from lms.sync.over_receipt import Receipt

LARGEST_CODE = 13
"""The largest version of a QR code that an old phone reads from a screen."""

_rate = RateLimit(burst=200, per_minute=60)


_BEGINS = re.compile(rb"^\s*CHASKI RECIBO", re.IGNORECASE | re.MULTILINE)


def is_receipt(data: bytes) -> bool:
    """Whether a file is a receipt, whatever became of it since."""
    return _BEGINS.search(data[:2000]) is not None


async def give(request: Request) -> Response:
    """POST /recibo: a receipt of this server as a file; any other text is refused."""
    from lms.sync.over_receipt import MOST_LETTERS, read

    _rate.take(address(request))
    async with request.form(max_files=0, max_fields=3, max_part_size=MOST_LETTERS) as fields:
        text = str(fields.get("recibo", ""))
    given, ours = read(text), identity_in(site(request).settings).public
    if given.key != ours:
        raise Invalid("Ese recibo no es de este servidor. Pídelo donde recibieron tu avance.")
    headers = {
        "Content-Disposition": f'attachment; filename="recibo-{given.day:%Y-%m-%d}.txt"',
        "Cache-Control": NEVER,
    }
    return Response(text.replace("\r\n", "\n"), 200, headers, "text/plain; charset=utf-8")


async def slip_for(request: Request, profiles: Sequence[str]) -> Slip | None:
    """A receipt for whoever brought lines of these profiles; None if nothing of them is here."""
    from lms.sync import over_receipt

    made = await receipt_for(request, profiles)
    if made is None:
        return None
    letters = over_receipt.write(identity_in(site(request).settings), made)
    return Slip(over_receipt.as_text(made, letters), _drawn(over_receipt.in_one_line(letters)))


async def receipt_for(request: Request, profiles: Sequence[str]) -> Receipt | None:
    """What this server has of these profiles; None for nothing."""
    from lms.sync.over_receipt import Receipt, acknowledged

    here = site(request)
    places = await acknowledged(here.db, profiles)
    if not places:
        return None
    today = here.clock().astimezone(PERU).date()
    return Receipt(identity_in(here.settings).public, here.settings.node_name, today, tuple(places))


def _drawn(text: str) -> str:
    import segno  # only where a code is drawn

    if len(text) > 500:  # more than the largest holds
        return ""
    drawn = segno.make(text, error="m", micro=False)
    if int(drawn.version) > LARGEST_CODE:
        return ""
    return str(drawn.svg_inline(scale=4, border=4, dark="#000", light="#fff", omitsize=False))


async def receive_receipt(request: Request, data: bytes) -> Notice:
    """What somebody's receipt from another server says of what is here of theirs; nothing changes by it."""
    from lms.clock import day_in_words
    from lms.sync.over_receipt import arrived, read

    _rate.take(address(request))
    said, who, here = read(data.decode("utf-8", "replace")), current(request), site(request)
    profiles = await profiles_of(here.db, who.person.id) if who.person else []
    profiles += [who.profile] if who.profile and who.profile not in profiles else []
    events, all = await arrived(here.db, said, profiles)
    if not events:
        return Notice("part", f"Es un recibo de «{said.name}», pero no de un avance tuyo que esté aquí.")
    return Notice(
        "good",
        f"«{said.name}», número {said.key.number}, dice que el {day_in_words(said.day)} tenía "
        f"{events} de los {all} registros tuyos que hay aquí.",
    )


ROUTES = (Route("/recibo", give, methods=["POST"]),)
