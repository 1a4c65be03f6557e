"""A receipt: what a server says, signed, that it has. By file, chat or QR. Twin of `lms/static/js/receipt.js`.

It names nobody. A device of a profile is told by a hash of both ids, which only who has them knows; of each it says
up to which `seq` every event is here, and a hash of their ids, so that a device that shares its numbers with another
(a cloned disk) takes nothing for its own. The letters go into a QR code as they are.
"""

from __future__ import annotations

import re
from base64 import b32decode, b32encode
from binascii import Error as NotBase32
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from hashlib import sha256
from typing import NamedTuple

from msgspec import Struct

from lms.clock import day_in_words
from lms.db import Database
from lms.errors import Invalid
from lms.events import torn
from lms.events.heading import bring_up_to_date
from lms.events.heads import (
    Head,
    Place,
    Step,
    events_of,
    head_of,
    heads_after,
    heads_among,
    longest_heads,
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

MOST_COMPARED = 5_000
"""Most devices that a receipt is compared with, which is more than one has room for."""

MOST_READ = 50_000
"""Most events that are looked at one by one for a receipt: of devices that were copied, or whose receipt is brought.

Whoever likes may send as many as a log has room for, and ask for a receipt as often as a door lets them.
"""

_MOST_CHAINS = 8
"""Most that is read of one device in a receipt: more than a server says of one."""

MOST_LETTERS = 128 * 1024
"""More than the largest receipt has, with what stands around it."""

NONE = "Aquí no hay ningún recibo. Pega el texto completo, desde «CHASKI RECIBO» hasta «FIN»."
ALTERED = "El recibo cambió en el camino o está incompleto. Pide que te lo den otra vez."
NEWER = "El recibo viene de una versión más nueva. Actualiza el curso o este servidor y tráelo otra vez."


class Acknowledged(NamedTuple):
    """Of one device of a profile: the hash that stands for both, up to which `seq` all is there, a hash of the ids.

    Of one there are several where two events share a seq, or some came unsigned: one of them may be its own.
    """

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
    doubted = await torn.doubted(db, about)
    sure, unsure = list[Head](), list[Head]()
    for head in heads:
        (sure if head.plain and (head.profile, head.device) not in doubted else unsure).append(head)
    said = [_acknowledged(head) for head in sure]
    others = await torn.events_at(db, _with_room(unsure))
    for place, events in others.items():
        found = (head_of(place, steps) for steps in torn.chains(events))
        said += dict.fromkeys(_acknowledged(head) for head in found if head.upto)
    return said[:MOST_PLACES]


def _with_room(heads: Sequence[Head]) -> list[Place]:
    """The devices whose events are read, as far as there is room: without one that would exceed it."""
    room, places = MOST_READ, list[Place]()
    for head in heads:
        if head.events <= room:
            room -= head.events
            places.append((head.profile, head.device))
    return places


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


def in_one_line(letters: str, aside: str = "") -> str:
    """A receipt as a QR code holds it; `aside` is what else its reader has to know, which nobody signs."""
    return f"{aside} CHASKI RECIBO 1 {letters} FIN".strip()


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
    """How many events of these profiles a receipt acknowledges, by device, and how many of theirs are here.

    Of devices without number it looks at those that wrote most.
    """
    await bring_up_to_date(db)
    heads = await longest_heads(db, profiles, MOST_COMPARED)
    said: dict[bytes, list[Acknowledged]] = {}
    for one in dict.fromkeys(receipt.places):
        if len(said.setdefault(one.mark, [])) < _MOST_CHAINS:
            said[one.mark].append(one)
    about = _with_room([head for head in heads if mark_of(head.profile, head.device) in said])
    held = dict[Place, int]()
    for place, found in (await steps_at(db, about)).items():
        steps = torn.clean(found)
        held[place] = max(_held(one, place, steps) for one in said[mark_of(*place)])
    return {place: upto for place, upto in held.items() if upto}, await events_of(db, profiles)


def _held(said: Acknowledged, place: Place, steps: Sequence[Step]) -> int:
    return said.upto if _acknowledged(head_of(place, steps[: said.upto])) == said else 0
