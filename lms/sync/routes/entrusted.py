"""Closed files that go on from server to server: left here for one above, and brought here by one below."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from starlette.requests import Request

from lms.clock import stamp
from lms.errors import LmsError, TooMany, Unavailable
from lms.sync.message import Answered
from lms.sync.over_closed_file import is_closed, open_parcel
from lms.sync.receiving import Bringer, receive_file
from lms.sync.routes import lines
from lms.sync.routes.receipts import Given, receipt_for, slip_of
from lms.sync.words import what_became
from lms.web.limits import address
from lms.web.notices import Notice
from lms.web.site import site

if TYPE_CHECKING:
    from lms.sync.entrusted import Left
    from lms.sync.sealing import Identity


async def keep_for_another(request: Request, data: bytes) -> Notice | None:
    """Keep a file that is closed to a server above, or tell what became of it there; None for any other file."""
    if not is_closed(data):
        return None
    from lms.sync.entrusted import leave

    here = site(request)
    left = await leave(here.db, data, at=stamp(here.clock()))
    return left and _told(left)


def _told(left: Left) -> Notice:
    from lms.sync.entrusted import words_of
    from lms.sync.over_receipt import in_one_line, read

    file, slip = left.file, None
    if file.receipt:
        given = Given(read(in_one_line(file.receipt)), file.receipt, file.nobodys)
        slip = slip_of(given)._replace(title=f"Recibo de «{left.peer.name}»")
    went_well = file.state == "taken" and not file.nobodys
    return Notice("good" if went_well else "part", words_of(left), receipt=slip)


async def take_carried(request: Request, parcels: Sequence[bytes], identity: Identity) -> list[Answered]:
    """Take closed files that a server below carried here, on nobody's word; what became of each.

    Not noted as its own: it could not open them, and is not told whose they are. They cost its address what the lines
    would have cost there, as anybody may have left them.
    """
    return [await _taken(request, parcel, identity) for parcel in parcels]


async def _taken(request: Request, parcel: bytes, identity: Identity) -> Answered:
    here, digest = site(request), sha256(parcel).hexdigest()
    try:
        file = await asyncio.to_thread(open_parcel, parcel, identity)
        lines.own_rate.take(address(request), 1 + lines.cost_of(file.lines))
        received = await receive_file(here.db, file, None, "bearer", here.clock)
    except (TooMany, Unavailable):  # another time it may be taken
        raise
    except LmsError as refused:
        return Answered(digest, False, refused.message)
    titles = {course.id: course.title for course in here.courses.values()}
    said = what_became(received, titles, Bringer(None, "bearer"))
    given = await receipt_for(request, received.profiles)
    return Answered(digest, True, said, *((given.letters, given.nobodys) if given else ()))
