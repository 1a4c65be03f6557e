"""A receipt: what a server says, signed, that it has. By file, chat or QR. Twin of `lms/static/js/receipt.js`.

It names nobody. A device of a profile is told by a hash of both ids, which only who has them knows; of each it says
up to which `seq` every event is here, and a hash of their ids, so that a device that shares its numbers with another
(a cloned disk) takes nothing for its own. The letters go into a QR code as they are.
"""

from __future__ import annotations

import re
from base64 import b32decode, b32encode
from binascii import Error as NotBase32
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from hashlib import sha256
from itertools import takewhile
from typing import NamedTuple

from msgspec import Struct

from lms.clock import day_in_words
from lms.db import Database
from lms.errors import Invalid
from lms.events.heads import (
    Head,
    Place,
    Step,
    bring_up_to_date,
    events_of,
    head_of,
    heads_after,
    heads_among,
    steps_at,
)
from lms.sync.sealing import SIGNATURE_BYTES, Identity, Public

_NEWER = re.compile(r"CHASKI RECIBO [2-9]")
_FOUND = re.compile(r"CHASKI RECIBO 1([0-9A-Z\s]+)", re.ASCII | re.IGNORECASE)
_END = "FIN"  # there is no letter I in a receipt
_BEGINS = "CHASKI RECIBO"
_SIGNED_FOR = b"chaski receipt 1"
_POINT, _HEAD, _MARK, _UPTO, _DIGEST = 65, 3, 8, 4, 8
_PLACE = _MARK + _UPTO + _DIGEST
_LONGEST_NAME = 60  # bytes
_WIDTH = 60
_FIRST_DAY = date(2024, 1, 1)
_TO_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
_FROM_CROCKFORD = str.maketrans("0123456789ABCDEFGHJKMNPQRSTVWXYZ", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

MOST_PLACES = 2000
"""Most devices in one receipt: a coach's whole list, several times."""

_A_PAGE = 2_000  # heads

MOST_READ = 50_000
"""Most events that are looked at one by one for a receipt: of devices that were copied, or whose receipt is brought.

Whoever likes may send as many as a log has room for, and ask for a receipt as often as a door lets them.
"""

MOST_LETTERS = 128 * 1024
"""More than the largest receipt has, with what stands around it."""

NONE = "Aquí no hay ningún recibo. Pega el texto completo, desde «CHASKI RECIBO» hasta «FIN»."
ALTERED = "El recibo cambió en el camino o está incompleto. Pide que te lo den otra vez."
NEWER = "El recibo viene de una versión más nueva. Actualiza el curso o este servidor y tráelo otra vez."


class Acknowledged(NamedTuple):
    """Of one device of a profile: the hash that stands for both, up to which `seq` all is there, a hash of the ids."""

    mark: bytes
    upto: int
    digest: bytes


class Receipt(Struct, frozen=True):
    """What a server said on a day that it has; the name is its own choice, the key proves it."""

    key: Public
    name: str
    day: date
    places: tuple[Acknowledged, ...]

    def is_dated(self, today: date) -> bool:
        """Whether its day can be: it has come, and is not the first, which a clock says that nobody set."""
        return _FIRST_DAY < self.day <= today


def mark_of(profile: str, device: str) -> bytes:
    """What stands for a device of a profile."""
    return sha256(f"{profile} {device}".encode()).digest()[:_MARK]


async def acknowledged(
    db: Database, profiles: Sequence[str], devices: Collection[str] = ()
) -> list[Acknowledged]:
    """What this server has of each device of these profiles (of these alone, if any are named), as far as there is room."""
    await bring_up_to_date(db)
    about = profiles[:MOST_PLACES]
    heads = await (
        heads_among(db, about, devices, MOST_PLACES)
        if devices
        else heads_after(db, about, ("", ""), MOST_PLACES)
    )
    torn = await _steps_of(db, [head for head in heads if not head.plain])
    whole = [head_of(place, _clean(steps)) for place, steps in torn.items()]
    plain = [head for head in heads if head.plain]
    return [_acknowledged(head) for head in (*plain, *whole) if head.upto]


async def _steps_of(db: Database, heads: Sequence[Head]) -> dict[Place, list[Step]]:
    """The events of these devices, as far as there is room: without those of a device that would exceed it."""
    room, places = MOST_READ, list[Place]()
    for head in heads:
        if head.events <= room:
            room -= head.events
            places.append((head.profile, head.device))
    return await steps_at(db, places)


def _clean(steps: Sequence[Step]) -> list[Step]:
    """The beginning in which every seq has one event."""
    count = Counter(seq for seq, _ in steps)
    return list(takewhile(lambda step: count[step[0]] == 1, _unbroken(steps)))


def _unbroken(steps: Sequence[Step]) -> Iterator[Step]:
    upto = 0
    for seq, id in steps:
        if seq > upto + 1:
            return
        upto = seq
        yield seq, id


def _acknowledged(head: Head) -> Acknowledged:
    return Acknowledged(mark_of(head.profile, head.device), head.upto, bytes.fromhex(head.digest)[:_DIGEST])


def write(identity: Identity, receipt: Receipt) -> str:
    """The letters of a receipt, signed by the server that gives it."""
    name = receipt.name.encode()[:_LONGEST_NAME].decode("utf-8", "ignore").encode()
    days = min(max((receipt.day - _FIRST_DAY).days, 0), 2**16 - 1)
    places = b"".join(mark + upto.to_bytes(_UPTO) + digest for mark, upto, digest in receipt.places)
    body = days.to_bytes(2) + bytes([len(name)]) + name + places
    point = identity.public.point
    signature = identity.sign(_SIGNED_FOR + point + body)
    return b32encode(point + signature + body).decode().rstrip("=").translate(_TO_CROCKFORD)


def in_one_line(letters: str) -> str:
    """A receipt as a QR code holds it."""
    return f"CHASKI RECIBO 1 {letters} FIN"


def as_text(receipt: Receipt, letters: str, aside: str = "") -> str:
    """A receipt as a file, or to be pasted; `aside` is what else its reader has to know, which nobody signs."""
    lines = [letters[at : at + _WIDTH] for at in range(0, len(letters), _WIDTH)]
    title = f"«{receipt.name}» recibió este avance ({day_in_words(receipt.day)})"
    advice = "Lleva este recibo al equipo donde estudiaste y elige «Traer mi avance» o «Traer con un código»."
    head = " ".join(f"{title}. {aside} {advice}".split())
    return "\n".join((head, "", "CHASKI RECIBO 1", *lines, "FIN", ""))


def read(text: str) -> Receipt:
    """The receipt in a text; `Invalid` if there is none, or nobody signed it as it is."""
    found = _FOUND.search(text[:MOST_LETTERS])
    if found is None:
        raise Invalid(NEWER if _NEWER.search(text) else ALTERED if _BEGINS in text.upper() else NONE)
    letters, end, _ = "".join(found[1].split()).upper().partition(_END)
    if not end:
        raise Invalid(ALTERED)
    try:
        content = b32decode(letters.translate(_FROM_CROCKFORD) + "=" * (-len(letters) % 8))
    except (NotBase32, ValueError):
        raise Invalid(ALTERED) from None
    key, signature, body = (
        Public(content[:_POINT]),
        content[_POINT : _POINT + SIGNATURE_BYTES],
        content[_POINT + SIGNATURE_BYTES :],
    )
    if len(body) < _HEAD or not key.signed(signature, _SIGNED_FOR + key.point + body):
        raise Invalid(ALTERED)
    return _read(key, body)


def _read(key: Public, body: bytes) -> Receipt:
    end = _HEAD + body[2]
    name, places = body[_HEAD:end], body[end:]
    if len(places) % _PLACE:
        raise Invalid(ALTERED)
    return Receipt(
        key,
        name.decode("utf-8", "replace"),
        _FIRST_DAY + timedelta(int.from_bytes(body[:2])),
        tuple(_place(places[at : at + _PLACE]) for at in range(0, len(places), _PLACE)),
    )


def _place(content: bytes) -> Acknowledged:
    end = _MARK + _UPTO
    return Acknowledged(content[:_MARK], int.from_bytes(content[_MARK:end]), content[end:])


async def arrived(db: Database, receipt: Receipt, profiles: Sequence[str]) -> tuple[dict[Place, int], int]:
    """How many events of these profiles a receipt acknowledges, by device, and how many of theirs are here."""
    await bring_up_to_date(db)
    said = {place.mark: place for place in receipt.places}
    steps = await _steps_of(db, await _meant(db, profiles, said))
    held = {place: _held(said[mark_of(*place)], place, found) for place, found in steps.items()}
    return {place: upto for place, upto in held.items() if upto}, await events_of(db, profiles)


async def _meant(db: Database, profiles: Sequence[str], said: Collection[bytes]) -> list[Head]:
    """The heads whose mark a receipt says, looked for a page at a time."""
    ordered, found, after = sorted(profiles), list[Head](), ("", "")
    while heads := await heads_after(db, ordered, after, _A_PAGE):
        found += [head for head in heads if mark_of(head.profile, head.device) in said]
        after = heads[-1].profile, heads[-1].device
    return found


def _held(said: Acknowledged, place: tuple[str, str], steps: Sequence[Step]) -> int:
    first = _clean(steps)[: said.upto]
    return said.upto if _acknowledged(head_of(place, first)) == said else 0
