"""Node to node over HTTP: a parcel goes, a parcel comes back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import msgspec
from msgspec import Struct

from lms.db import Statements
from lms.errors import Invalid, LmsError, NotFound, TooLarge
from lms.events.naming import name_owners
from lms.remote import LONGEST_PAUSE, PAUSES, Busy, Lost, Remote
from lms.sync import message
from lms.sync.exchange import Errand, Talk, exchange
from lms.sync.giving import Here
from lms.sync.message import Card, Message, Told
from lms.sync.nodes import Peer, shown
from lms.sync.sealing import BETWEEN_NODES, MOST_SEALED, Identity, Public

log = logging.getLogger(__name__)

CARD, DOOR = "servidores", "servidores/intercambio"
"""Where a server says who it is, and where it takes parcels."""

_LONGEST_CARD = 2000
_LEAST_ROOM = 10  # events at once: a parcel of a kilobyte or two
_BYTES_OF_A_LINE = 60  # compressed and sealed, of many together: `python -m bench ingest` prints it


class Ahead(Struct, frozen=True):
    """What an exchange will send, as far as is known before: events, and roughly how many bytes."""

    events: int
    size: int


async def ahead(db: Statements, peer: Peer) -> Ahead:
    """What a node has not said yet that it has; heads must be up to date."""
    events = await db.value(
        "SELECT CAST(coalesce(sum(heads.events - coalesce(receipts.events, 0)), 0) AS BIGINT)"
        " FROM heads LEFT JOIN receipts ON receipts.node = :node"
        " AND receipts.profile = heads.profile AND receipts.device = heads.device"
        " WHERE heads.events > coalesce(receipts.events, 0)",
        {"node": peer.id},
    )
    return Ahead(events, events * _BYTES_OF_A_LINE)


def ask_card(address: str) -> Card:
    """Who answers at an address; `NotFound` if it is no node."""
    remote = Remote(address)
    try:
        content = remote.patiently(partial(remote.small, CARD, _LONGEST_CARD))
        card = msgspec.json.decode(content or b"", type=Card)
        return Card(shown(card.name), Public.read(card.public).text, address.rstrip("/"))
    except (msgspec.MsgspecError, TooLarge):  # whatever site answers there may say a lot
        raise NotFound(
            f"En «{remote.host}» no hay un servidor de Chaski, o es anterior. Revisa la dirección."
        ) from None
    finally:
        remote.close()


async def knock(mine: Card, identity: Identity, card: Card, invitation: str) -> None:
    """Come to a server with an invitation, bringing nothing yet; `Refused`, in its words, if that is not good."""
    public = Public.read(card.public)
    peer = Peer(public.id, card.name, public.text, card.address, 1, "joined", "", "", invitation)
    remote = Remote(card.address)
    try:
        await talk_over(remote, identity, peer)(Message(mine, invitation=invitation), ())
    finally:
        remote.close()


def talk_over(remote: Remote, identity: Identity, peer: Peer) -> Talk:
    """Speak with a node at an address."""

    async def talk(said: Message, lines: Sequence[bytes]) -> Told:
        parcel = identity.seal(message.write(said, lines), peer.key)
        back = await asyncio.to_thread(remote.post, DOOR, parcel, MOST_SEALED)
        if not back.startswith(BETWEEN_NODES.magic):
            raise Invalid(
                f"En «{remote.host}» no responde un servidor de Chaski. Revisa la conexión, que puede pedir que ingreses "
                f"en otra página; si la dirección de «{peer.name}» cambió, únete otra vez: lms node join"
            )
        content, public = identity.open(back, {peer.id})
        if public.id != peer.id:
            raise Invalid(
                f"En «{remote.host}» responde otro servidor, que no es «{peer.name}». No se recibió nada."
            )
        return message.read(content)

    return talk


async def exchange_over(here: Here, identity: Identity, peer: Peer, errand: Errand) -> Remote:
    """Exchange with a node at its address; the connection, which says how many bytes went each way."""
    if not peer.address:
        raise Invalid(
            f"«{peer.name}» no tiene dirección en la red. Intercambia por archivo: lms sync export --to {peer.name} CARPETA"
        )
    if errand.gives and peer.upstream:
        await name_owners(here.db, clock=here.clock)
    remote = Remote(peer.address)
    talk = talk_over(remote, identity, peer)
    try:
        await patiently(lambda: exchange(here, peer, talk, errand), errand)
        if errand.gives and errand.takes_closed:
            await _hand_over(here, peer, talk, errand)
    finally:
        remote.close()
    return remote


async def _hand_over(here: Here, peer: Peer, talk: Talk, errand: Errand) -> None:
    """Give it the closed files that wait for it; what keeps them from going there now leaves them for the next time."""
    from lms.sync.entrusted import hand_over

    try:
        await hand_over(here, peer, talk, errand)
    except LmsError as error:
        errand.pause = error.pause if isinstance(error, Lost) else 0.0
        log.warning("closed files wait: %s", error.message, extra={"node": peer.name})


async def patiently(run: Callable[[], Awaitable[None]], errand: Errand) -> None:
    """Begin again after a cut, with less at once, as long as something gets through now and then.

    Never before the other wishes: who asks for more than a minute is left alone for now.
    """
    tries = 0
    while True:
        before = errand.got
        try:
            return await run()
        except Lost as lost:
            tries = 0 if errand.got != before else tries + 1
            if tries == len(PAUSES) or lost.pause > LONGEST_PAUSE:
                errand.pause = lost.pause
                raise
            if not isinstance(lost, Busy):  # who is busy would be asked more often for less
                errand.room = max(_LEAST_ROOM, errand.room // 3)
            await asyncio.sleep(max(PAUSES[tries], lost.pause))
