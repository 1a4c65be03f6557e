"""What a coach is handed beside teachers' files of progress."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from starlette.requests import Request

from lms.errors import LmsError
from lms.forms import writable
from lms.people.model import Person
from lms.sync import tokens
from lms.sync.armour import is_armoured
from lms.sync.destined import calling_it_by_name
from lms.sync.own import identity_in
from lms.sync.pasted import Pasted, chat_in
from lms.sync.receiving import Bringer, Received, read_file, receive_file
from lms.sync.routes import brought
from lms.sync.routes.chats import found_in_chat
from lms.sync.routes.entrusted import keep_for_another
from lms.sync.routes.given import MOST_PASTED
from lms.sync.routes.parcels import receive_parcels
from lms.sync.routes.receipts import is_receipt, slip_for, way_of_receipt
from lms.sync.told_files import File, grouped, summed_up
from lms.sync.words import notice_of, what_came, whose_it_is_not
from lms.web.notices import Notice, Taken
from lms.web.site import site

_WHERE = "Recibir avance por mensaje"


async def receive_for_coach(request: Request, files: Sequence[tuple[str, bytes]], coach: Person) -> Taken:
    """Take the progress files, by name, that a coach brings for teachers; of several the like are told together.

    One that cannot be received keeps back no other; `LmsError` if it is the only one.
    """
    told, profiles = list[File](), list[str]()
    for name, data in files:
        try:
            said, received = await _take_file(request, data, coach)
        except LmsError as refused:
            if len(files) == 1:
                raise
            told.append(File(name, [Notice("bad", refused.message)]))
            continue
        profiles += received.profiles if received else ()
        told.append(_told(request, File(name, said), received, coach) if len(files) > 1 else File(name, said))
    receipt = await slip_for(request, profiles)
    if len(files) == 1:
        return Taken(told[0].said, receipt)
    return Taken(grouped(told), receipt, summed_up(told))


async def _take_file(request: Request, data: bytes, coach: Person) -> tuple[list[Notice], Received | None]:
    """What to tell of one file, and what was received in it if it is one of progress."""
    here = site(request)
    async with calling_it_by_name(here.db, data):
        if others := await _take_other(request, data, coach):
            return others, None
        file = await read_file(data, partial(identity_in, here.settings))
    received = await receive_file(here.db, file, coach, "coach", here.clock)
    return [notice_of(received, _titles(request), Bringer(coach, "coach"))], received


def _told(request: Request, file: File, received: Received | None, coach: Person) -> File:
    """A file of several: what its profiles of nobody need is said once for all that need the same."""
    bringer = Bringer(coach, "coach")
    if received is None or not (nobodys := whose_it_is_not(received, bringer)):
        return file
    came = what_came(received, _titles(request), bringer)
    return File(file.name, [one._replace(text=came) for one in file.said], nobodys)


def _titles(request: Request) -> dict[str, str]:
    return {course.id: course.title for course in site(request).courses.values()}


async def _take_other(request: Request, data: bytes, coach: Person) -> list[Notice]:
    """Take in what another server prepared, or a chat, keep what is for one above, say where a receipt goes.

    Nothing for a file of progress.
    """
    if is_armoured(data):
        return [await receive_parcels(request, data)]
    chat, room = writable(chat_in(data)), (MOST_PASTED, tokens.MOST + 1)
    if chat and (found := await found_in_chat(data, chat, room, _WHERE)):
        return await _take_chat(request, found, coach)
    if is_receipt(data):
        return [way_of_receipt(data)]
    kept = await keep_for_another(request, data)
    return [kept] if kept else []


async def _take_chat(request: Request, found: Pasted, coach: Person) -> list[Notice]:
    became = await brought.take_for_teachers(request, found, coach)
    said = [*became.groups, *became.about]
    return [*said[:-1], said[-1]._replace(receipt=became.slip)]
