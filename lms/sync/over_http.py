"""Events in a request: one line each in the body, one receipt each in the answer, in the same order."""

import msgspec

from lms.errors import Invalid, TooLarge
from lms.events.log import Receipt

MAX_BODY = 1024 * 1024
"""Largest body, in bytes."""

MAX_LINES = 1000
"""Most events in one request."""


def read_lines(body: bytes) -> tuple[bytes, ...]:
    """The event lines of a body; blank ones do not count."""
    if len(body) > MAX_BODY:
        raise TooLarge("El envío es demasiado grande: manda como máximo 1 MiB cada vez.")
    lines = tuple([line.rstrip(b"\r") for line in body.split(b"\n") if line.strip()])
    if len(lines) > MAX_LINES:
        raise TooLarge(f"El envío trae demasiados registros: manda como máximo {MAX_LINES} cada vez.")
    if not lines:
        raise Invalid("El envío está vacío: no trae ningún registro.")
    return lines


def write_receipts(receipts: tuple[Receipt, ...], **besides: str) -> bytes:
    """The body of the answer, as JSON: `{"results": [{id, status, reason, mark, feedback, fork}, …]}`.

    `besides` that, if it is not empty: the `receipt` that a carrier asked for, to take back; the script by which
    a page is to `ask` what this server lost.
    """
    return msgspec.json.encode(
        {"results": receipts, **{name: text for name, text in besides.items() if text}}
    )
