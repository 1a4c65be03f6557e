"""Parcels as text, since phones and chats let texts through: one file holds as many as fit.

Nothing in the text proves anything; each parcel proves itself. Whoever carries it sees who sent it to whom.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from lms.clock import day_in_words
from lms.errors import Invalid, TooLarge
from lms.sync.over_file import BOM, MAX_FILE, RECODED, UTF_16, beginning

_FIRST = b"CHASKI PAQUETE 1"
_NEWER = re.compile(rb"CHASKI PAQUETE [0-9]{1,4}")
_ADVICE = "# Solo ese servidor puede abrirlo. No cambies este archivo: entrégalo allí tal como está."
_END = b"FIN"
_WIDTH = 76

NEWER = "Este archivo viene de una versión más nueva. Actualiza este servidor y tráelo otra vez."
CUT = "El archivo está incompleto. Cópialo o pídelo otra vez."
ALTERED = "El archivo cambió después de guardarse. Pide que lo preparen otra vez."
LARGE = "El archivo es demasiado grande: pasa de 8 MB. Pide que lo preparen en partes."


class Label(Struct, frozen=True):
    """What a file says for people at its top."""

    sender: str
    receiver: str
    day: date


def is_armoured(data: bytes) -> bool:
    """Whether a file holds parcels between servers, whatever became of it since."""
    return beginning(data).startswith(_FIRST[:-1])


def armoured(parcels: Sequence[bytes], label: Label, part: tuple[int, int] = (1, 1)) -> bytes:
    """A file with these parcels; `part` is its number and how many files there are."""
    title = f"# De «{label.sender}» para «{label.receiver}» · {day_in_words(label.day)}"
    if part[1] > 1:
        title += f" · archivo {part[0]} de {part[1]}"
    blocks = b"\n".join(_block(parcel) for parcel in parcels)
    head = b"\n".join((_FIRST, " ".join(title.split()).encode(), _ADVICE.encode(), b""))
    return b"\n".join((head, blocks + _END, b""))


def _block(parcel: bytes) -> bytes:
    text = b64encode(parcel)
    return b"".join(text[at : at + _WIDTH] + b"\n" for at in range(0, len(text), _WIDTH))


def in_files(parcels: Iterable[bytes], label: Label) -> list[bytes]:
    """Files with all of the parcels, in order, as few as every receiver takes."""
    groups: list[list[bytes]] = [[]]
    room = left = MAX_FILE - 2000  # the heading is far smaller
    for parcel in parcels:
        size = len(_block(parcel)) + 1
        if size > left and groups[-1]:
            groups.append([])
            left = room
        groups[-1].append(parcel)
        left -= size
    return [armoured(group, label, (number, len(groups))) for number, group in enumerate(groups, 1)]


def parcels_in(data: bytes) -> Iterator[bytes]:
    """The parcels of a file, one at a time; `Invalid` or `TooLarge` says in Spanish what is wrong with it."""
    if len(data) > MAX_FILE:
        raise TooLarge(LARGE)
    if data.startswith(UTF_16):
        raise Invalid(RECODED)
    lines = [line.strip() for line in data.removeprefix(BOM).strip().splitlines()]
    if lines[:1] != [_FIRST]:
        raise Invalid(NEWER if lines and _NEWER.fullmatch(lines[0]) else ALTERED)
    if lines[-1] != _END:
        raise Invalid(CUT)
    yield from _blocks(line for line in lines[1:-1] if not line.startswith(b"#"))


def _blocks(lines: Iterable[bytes]) -> Iterator[bytes]:
    block = bytearray()
    for line in (*lines, b""):
        if line:
            block += line
        elif block:
            try:
                yield b64decode(bytes(block), validate=True)
            except NotBase64:
                raise Invalid(ALTERED) from None
            block.clear()
