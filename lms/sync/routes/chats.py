"""A chat that somebody exported, brought where progress files are: the codes and receipts in it, as if it were pasted."""

from __future__ import annotations

from lms.errors import Invalid, TooLarge
from lms.sync import tokens
from lms.sync.over_file import OTHER_KIND
from lms.sync.pasted import Pasted, Source
from lms.sync.routes.receipts import is_receipt

LONG = (
    "Este archivo no es de avance, y es demasiado largo para buscar códigos en él. "
    "Si es un chat, copia solo el mensaje que trae el código y pégalo en «{where}»."
)
NONE = (
    f"{OTHER_KIND} También buscamos códigos y recibos, como los de un chat exportado, y no hay ninguno. "
    "Si te enviaron un código, copia ese mensaje y pégalo en «{where}»."
)


async def found_in_chat(data: bytes, text: str, room: tuple[int, int], where: str) -> Pasted | None:
    """The codes and receipts in a chat's text; None for a receipt alone. `Invalid` or `TooLarge` say `where` to paste one.

    `room` is how many letters are looked through, and for how many codes.
    """
    longest, most = room
    if len(text) > longest:
        raise TooLarge(LONG.format(where=where))
    found = await tokens.found_in([Source(text)], most)
    if is_receipt(data) and not found.codes:
        return None
    if not (found.codes or found.receipts):
        raise Invalid(NONE.format(where=where))
    return found
