"""Node to node without a network: parcels in a file that anybody may carry, through as many hands as it takes.

Whoever prepares one cannot ask, so it goes by what the other said last that it has; what comes back the same way
says what arrived. A file that was lost is prepared again, and one that comes twice changes nothing. Either may have
gone back to an older backup: so a file also says what its sender does not have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from lms.clock import stamp
from lms.errors import Forbidden
from lms.events.heading import bring_up_to_date
from lms.events.heads import Head, erased_after, heads_among, profiles_after
from lms.events.naming import name_owners
from lms.sync import erased, message, node_receipts, nodes
from lms.sync.giving import GROUP, Here, give, receive
from lms.sync.message import ALL, MOST_ERASED, MOST_PROFILES, Message
from lms.sync.nodes import Peer
from lms.sync.sealing import Identity
from lms.sync.spans import View, inside, place_of, views
from lms.sync.words import count

_READ_TOGETHER = 1000  # profiles, whose heads go in as many parcels as there are spans of them

_ALL = 2**31 - 1

_NOTHING = "0" * 32  # in place of the digest of a device of which there is nothing

WAITING = (
    "Este paquete es de «{name}», número {number}, que todavía no se unió a este servidor. "
    "Si lo conoces y el número es el suyo: lms node accept {name}"
)
SPENT = (
    "Este paquete es de «{name}», número {number}, que todavía no se unió a este servidor, y su invitación no vale: ya se "
    "usó, o le falta o cambió una letra, o este volvió a una copia anterior. Si lo conoces y el número es el suyo: "
    "lms node accept {name}"
)
REFUSED = "Este paquete es de «{name}», que aquí no se acepta. No se recibió nada."


class Taken(Struct, frozen=True):
    """What became of a file: the id of the node that sent it, and counts of its events.

    `untold` is how much was erased here that the node has and does not say was; `lacking` of how many devices it has
    something that is not here, nor came with the file.
    """

    sender: str
    stored: int
    known: int
    refused: int
    untold: int = 0
    lacking: int = 0

    @property
    def wants_answer(self) -> bool:
        """Whether its sender does not know yet that something of it arrived, was erased here, or is not here."""
        return self.stored + self.known + self.untold + self.lacking > 0


def words_of(taken: Taken, name: str) -> str:
    """What became of a file, for whoever brought it; `name` is the sender's."""
    new = count(taken.stored, "registro nuevo", "registros nuevos")
    said = f"De «{name}»: {new}, {count(taken.known, 'que ya estaba', 'que ya estaban')}."
    if taken.refused:
        said += (
            f" {count(taken.refused, 'no se pudo leer y quedó', 'no se pudieron leer y quedaron')} aparte."
        )
    return said


async def parcels_for(
    here: Here, identity: Identity, peer: Peer, invitation: str = ""
) -> AsyncIterator[bytes]:
    """Everything that a node lacks as far as is known here, and what this one has, as its receipt."""
    if peer.upstream:
        await name_owners(here.db, clock=here.clock)
    await bring_up_to_date(here.db)
    profiles = await _served(here, peer)
    first = Message(here.card, invitation=peer.invitation)
    for start in range(0, len(profiles), GROUP):
        async for ours in views(here.db, profiles[start : start + GROUP]):
            there, given = await _said_of(here, peer, ours), set[str]()
            while (gift := await give(here, ours.heads, there, but=given, sure=False)).lines:
                given.update(gift.ids)
                yield identity.seal(message.write(first, gift.lines), peer.key)
    for start in range(0, max(1, len(profiles)), _READ_TOGETHER):
        group = profiles[start : start + _READ_TOGETHER]
        told = replace(first, range=_range(profiles, start)) if peer.upstream else first
        async for ours in views(here.db, group):
            said = replace(told, heads=ours.heads, erased=ours.erased, span=ours.span)
            yield identity.seal(message.write(said), peer.key)
    async for places in node_receipts.said_but_absent(here.db, peer):
        heads = [Head(*place, 0, 0, 0, _NOTHING) for place in places]
        yield identity.seal(message.write(replace(first, heads=heads)), peer.key)


def _range(profiles: Sequence[str], start: int) -> tuple[str, str | None]:
    """From which profile to which a group of all there are says everything: no other is here."""
    end = start + _READ_TOGETHER
    return profiles[start - 1] if start else "", profiles[end - 1] if end < len(profiles) else None


async def lacks_something(here: Here, peer: Peer) -> bool:
    """Whether there is an event here that a node, as far as is known, does not have."""
    await bring_up_to_date(here.db)
    profiles = await _served(here, peer)
    for start in range(0, len(profiles), GROUP):
        async for ours in views(here.db, profiles[start : start + GROUP]):
            there = replace(await _said_of(here, peer, ours), room=1)
            if (await give(here, ours.heads, there, sure=False)).lines:
                return True
    return False


async def _said_of(here: Here, peer: Peer, ours: View) -> Message:
    """What a node said last that it has of devices of ours."""
    places = [place_of(head) for head in ours.heads]
    return Message(here.card, heads=await node_receipts.said_by(here.db, peer, places))


async def _served(here: Here, peer: Peer) -> list[str]:
    """Whom a node is told about: one above everybody, any other only those whom it brought."""
    if not peer.upstream:
        return await nodes.carried_by(here.db, peer)
    found: list[str] = []
    while page := await profiles_after(here.db, found[-1] if found else "", MOST_PROFILES):
        found += page
    return found


async def take_parcels(here: Here, identity: Identity, parcels: Iterable[bytes]) -> Taken:
    """Take in what a file brings; `Invalid`, `TooLarge` or `Forbidden` at the first parcel that cannot be taken."""
    kinds = Counter[str]()
    sender, known = "", await nodes.joined_ids(here.db)
    for parcel in parcels:
        content, public = identity.open(parcel, known)
        told, lines = message.read(content)
        at = stamp(here.clock())
        peer = await nodes.meet(here.db, told.sender, public, told.invitation, at=at)
        _check(peer, told.invitation)
        sender = peer.id
        known.add(sender)
        kinds.update(await _take(here, peer, told, lines, at))
        await _believe(here, peer, told, parcel, at)
    lacking = 0 if kinds["refused"] else kinds["lacking"]  # what is refused here is not asked for once more
    return Taken(sender, kinds["stored"], kinds["known"], kinds["refused"], kinds["untold"], lacking)


def _check(peer: Peer, invitation: str) -> None:
    if peer.state != "joined":
        sentence = (SPENT if invitation else WAITING) if peer.state == "waiting" else REFUSED
        raise Forbidden(sentence.format(name=peer.name, number=peer.key.number))


async def _take(here: Here, peer: Peer, told: Message, lines: Sequence[bytes], at: str) -> dict[str, int]:
    await erased.take_in(here.db, peer, told.erased, at=at)
    received = await receive(here, lines)
    await nodes.note_carried(here.db, peer, {*received.profiles, *(head.profile for head in told.heads)})
    await nodes.note_seen(here.db, peer, at=at)
    there = {head.profile for head in told.heads if head.events}
    about = sorted({*there, *(profile for profile, _ in told.erased)})
    ours = await erased_after(here.db, about, (told.span or ALL)[0], MOST_ERASED)
    untold = {one for one in ours if inside(one, told.span)}.difference(told.erased)
    counts = {"stored": received.stored, "known": received.known, "refused": received.refused}
    return {**counts, "untold": len(untold), "lacking": await _lacking(here, told.heads)}


async def _believe(here: Here, peer: Peer, told: Message, parcel: bytes, at: str) -> None:
    """Remember what a node says that it has, and has not: once, as an old file may be brought again after a newer one."""
    digest = sha256(parcel).hexdigest()
    if not await node_receipts.is_taken(here.db, digest):
        await node_receipts.note_receipts(here.db, peer, told.heads, at=at)
        if told.range:
            await node_receipts.forget_receipts(here.db, peer, told.range, told.span or ALL, at=at)
        await node_receipts.note_taken(here.db, digest, at=at)


async def _lacking(here: Here, told: Sequence[Head]) -> int:
    """Of how many of these devices whoever told has something that is not here.

    Where there is more here the answer brings that, and says what is here.
    """
    await bring_up_to_date(here.db)
    profiles, devices = {head.profile for head in told}, {head.device for head in told}
    ours = {place_of(head): head for head in await heads_among(here.db, sorted(profiles), devices, _ALL)}

    def lacks(theirs: Head) -> bool:
        mine = ours.get(place_of(theirs))
        return mine is None or (mine.digest != theirs.digest and mine.events <= theirs.events)

    return sum(lacks(head) for head in told if head.events)
