"""What somebody uploads in «Mi avance» as theirs: a progress file, a receipt, a chat, what a server prepared."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request

from lms.errors import Invalid
from lms.forms import writable
from lms.sync.armour import is_armoured
from lms.sync.destined import calling_it_by_name
from lms.sync.own import identity_in
from lms.sync.pasted import Pasted, chat_in
from lms.sync.receiving import Bringer, By, read_file, receive_file
from lms.sync.routes import brought, lines, receipts
from lms.sync.routes.chats import found_in_chat
from lms.sync.routes.entrusted import keep_for_another
from lms.sync.routes.parcels import receive_parcels
from lms.sync.words import notice_of
from lms.web.limits import address
from lms.web.notices import Notice
from lms.web.sessions import current
from lms.web.site import site

_WHERE = "¿Tienes un código o un mensaje?"


async def receive_upload(request: Request, data: bytes) -> list[Notice]:
    """Take what somebody uploads; what to tell them.

    Without a session it costs its address what the lines would have cost at the door for our own pages, and a chat
    what it would have cost where codes are pasted.
    """
    here, person = site(request), current(request).person
    by: By = "owner" if person else "bearer"
    chat = writable(chat_in(data))
    if person is None:
        lines.own_rate.take(address(request), lines.LINES_FOR_ONE if chat else 1)
    room = brought.MOST_OWN_TEXT, brought.MOST_OWN + 1
    if chat and (found := await found_in_chat(data, chat, room, _WHERE)):
        return await _take_chat(request, found)
    if receipts.is_receipt(data):
        return [await receipts.receive_receipt(request, data)]
    async with calling_it_by_name(here.db, data):
        if is_armoured(data):
            return [await receive_parcels(request, data)]
        if kept := await keep_for_another(request, data):
            return [kept]
        file = await read_file(data, partial(identity_in, here.settings))
    if person is None:
        lines.own_rate.take(address(request), lines.cost_of(file.lines))
    received = await receive_file(here.db, file, person, by, here.clock)
    titles = {course.id: course.title for course in here.courses.values()}
    slip = await receipts.slip_for(request, received.profiles)
    return [notice_of(received, titles, Bringer(person, by))._replace(receipt=slip)]


async def _take_chat(request: Request, found: Pasted) -> list[Notice]:
    try:
        own = await brought.take_own(request, found)
    except brought.NoneTaken as none:
        raise Invalid(" ".join(none.words)) from none
    said = own.said or [Notice("info", "Un código no dice de quién es: responde para que se guarde.")]
    return [*said[:-1], said[-1]._replace(receipt=own.slip, questions=own.asked)]
