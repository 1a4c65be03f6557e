"""What a coach is handed beside teachers' files of progress."""

from __future__ import annotations

from starlette.requests import Request

from lms.forms import writable
from lms.people.model import Person
from lms.sync import tokens
from lms.sync.armour import is_armoured
from lms.sync.pasted import Pasted, chat_in
from lms.sync.routes import brought
from lms.sync.routes.chats import found_in_chat
from lms.sync.routes.entrusted import keep_for_another
from lms.sync.routes.given import MOST_PASTED
from lms.sync.routes.parcels import receive_parcels
from lms.sync.routes.receipts import is_receipt, way_of_receipt
from lms.web.notices import Notice

_WHERE = "Recibir avance por mensaje"


async def take_other(request: Request, data: bytes, coach: Person) -> list[Notice]:
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
