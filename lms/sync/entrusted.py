"""Files closed to a server above this one, that somebody left here to be carried on with the next exchange.

This server can open none, so it learns for whom they are and nothing else: neither whose, nor what. Nor does it when
that server answers: whoever only carries is given no profile's id, and a receipt names nobody. It waits here for who
brings the same file again; a day later it goes again too, as that server may have gone back to an older backup, or
refused it for what has passed. Each is told apart by its bytes, and no file is kept for longer than half a year.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal, NamedTuple

from msgspec import Struct

from lms.clock import day_in_peru, day_in_words, stamp
from lms.db import Database, Statements
from lms.errors import Invalid, LmsError, TooMany, Unavailable
from lms.remote import Busy, Lost
from lms.sync.exchange import Errand, Talk
from lms.sync.giving import Here
from lms.sync.message import MOST_CLOSED, Answered, Message, Nobodys
from lms.sync.nodes import Peer, peer_with_id, shown
from lms.sync.over_closed_file import parcel_in, receiver_of
from lms.sync.over_receipt import in_one_line, read

log = logging.getLogger(__name__)

MOST_WAITING, MOST_TOGETHER = 300, 64 * 1024 * 1024
"""How many may wait, and how many bytes of them: anybody can leave one."""

MOST_ANSWERED = 2_000
"""How many are remembered after they were answered."""

LONGEST = timedelta(days=180)
AGAIN = timedelta(days=1)
"""How long after its answer a file that is brought again goes there again: taken twice it counts once."""

_LONGEST_SAID = 500

_WAITING = (
    "Este archivo está cerrado para {server}: aquí no se abre. {kept} Se envía con el próximo intercambio. Todavía "
    "no sabemos si allí lo recibieron, así que conserva tu archivo. Para saber si llegó, y llevarte su recibo, "
    "súbelo aquí otra vez."
)
_KEPT = ("Lo guardamos y va en camino.", "Ya lo teníamos y va en camino desde el {day}.")
_TAKEN = "Este archivo, cerrado para {server}, llegó allí el {day}. Respondió: {said}"
_REFUSED = "Este archivo, cerrado para {server}, llegó allí el {day}, y no se pudo recibir. Respondió: {said}"

_AGAIN = (
    "Este archivo, cerrado para {server}, llegó allí el {day}. Respondió: {said} Se envía otra vez con el próximo "
    "intercambio, por si allí ya no está: lo que está no cuenta dos veces. Conserva tu archivo. Para saber qué responde "
    "ahora, súbelo aquí otra vez."
)

_FORGET = """
DELETE FROM entrusted WHERE at < :old OR digest IN (
  SELECT digest FROM entrusted WHERE state <> 'waiting' ORDER BY answered DESC, digest LIMIT :all OFFSET :most
)
"""

_LEAVE = """
INSERT INTO entrusted (digest, node, at, size, parcel) VALUES (:digest, :node, :at, :size, :parcel)
ON CONFLICT (digest) DO UPDATE SET state = 'waiting', at = excluded.at, size = excluded.size, parcel = excluded.parcel
"""

_ANSWER = """
UPDATE entrusted SET state = :state, answered = :at, said = :said, receipt = :receipt, nobodys = :nobodys,
size = 0, parcel = :nothing
WHERE digest = :digest AND node = :node AND state = 'waiting'
"""


class Entrusted(Struct, frozen=True):
    """A file that was left here `at` a moment, and what its server said of it, once it `answered`.

    One that waits though it was answered goes there again.
    """

    digest: str
    at: str
    state: Literal["waiting", "taken", "refused"]
    answered: str
    said: str
    receipt: str
    nobodys: Nobodys


class Left(NamedTuple):
    """A file that was brought, as it is kept, the server that it is for, and whether it was here before."""

    file: Entrusted
    peer: Peer
    before: bool


async def leave(db: Database, data: bytes, *, at: str) -> Left | None:
    """Keep a closed file for the server above that it is closed to; None if it is for none, or there is no room.

    One that was answered a day ago or more waits again, if there is room.
    """
    parcel = parcel_in(data)
    peer = await peer_with_id(db, receiver_of(parcel))
    if not (peer and peer.upstream and peer.state == "joined") or len(parcel) > MOST_CLOSED:
        return None
    digest = sha256(parcel).hexdigest()
    async with db.transaction() as work:
        known = await _file(work, digest)
        if known and not _goes_again(known, at):
            return Left(known, peer, before=True)
        await _forget(work, at)
        room = await work.row(
            "SELECT count(*) AS files, CAST(coalesce(sum(size), 0) AS BIGINT) AS bytes FROM entrusted"
            " WHERE state = 'waiting'"
        )
        if room is None or room["files"] >= MOST_WAITING or room["bytes"] + len(parcel) > MOST_TOGETHER:
            return Left(known, peer, before=True) if known else None
        await work.execute(
            _LEAVE,
            {"digest": digest, "node": peer.id, "at": at, "size": len(parcel), "parcel": parcel},
        )
        kept = await _file(work, digest)
    return Left(kept, peer, before=kept.answered != "") if kept else None


def _goes_again(known: Entrusted, at: str) -> bool:
    """Whether a file that is brought again was answered long enough ago."""
    answered = known.answered if known.state != "waiting" else at
    return datetime.fromisoformat(at) - datetime.fromisoformat(answered) >= AGAIN


async def _file(db: Statements, digest: str) -> Entrusted | None:
    return await db.row(
        "SELECT digest, at, state, answered, said, receipt, nobodys FROM entrusted WHERE digest = :digest",
        {"digest": digest},
        into=Entrusted,
    )


async def _forget(work: Statements, at: str) -> None:
    old = stamp(datetime.fromisoformat(at) - LONGEST)
    await work.execute(_FORGET, {"old": old, "most": MOST_ANSWERED, "all": MOST_ANSWERED + MOST_WAITING})


async def waiting(db: Statements, peer: Peer) -> list[str]:
    """The digests of the files that wait for a server, the smallest first, but last those that were sent in vain."""
    rows = await db.rows(
        "SELECT digest FROM entrusted WHERE node = :node AND state = 'waiting' ORDER BY tried, size, at, digest",
        {"node": peer.id},
    )
    return [row["digest"] for row in rows]


async def parcel_of(db: Statements, digest: str) -> bytes:
    """A file that waits, as the parcel that it is; nothing if meanwhile it became too old."""
    return bytes(
        await db.value("SELECT parcel FROM entrusted WHERE digest = :digest", {"digest": digest}) or b""
    )


async def hand_over(here: Here, peer: Peer, talk: Talk, errand: Errand) -> None:
    """Give a server the files that wait for it, one in a message, and keep what it says of each.

    One that does not get through waits for the next time and keeps none behind it: only a link that is cut twice in a
    row, or a server that fails or asks to wait, ends it, and the next time begins with the others.
    """
    cut: Lost | None = None
    for digest in await waiting(here.db, peer):
        if not (parcel := await parcel_of(here.db, digest)):
            continue
        try:
            reply, _ = await talk(Message(here.card, invitation=peer.invitation, closed=[parcel]), ())
        except (TooMany, Unavailable) as error:
            await _note_tried(here, digest)
            if cut or isinstance(error, Busy) or not isinstance(error, Lost):
                raise
            cut = error
            continue
        except LmsError as error:
            log.warning("a closed file waits: %s", error.message, extra={"node": peer.name, "file": digest})
            cut = None
            continue
        for said in reply.answered:
            errand.handed += await note(here.db, peer, said, at=stamp(here.clock())) and said.taken
        cut = None
    if cut:
        raise cut


async def _note_tried(here: Here, digest: str) -> None:
    await here.db.execute(
        "UPDATE entrusted SET tried = :at WHERE digest = :digest",
        {"at": stamp(here.clock()), "digest": digest},
    )


async def note(db: Database, peer: Peer, said: Answered, *, at: str) -> bool:
    """Keep what a server says became of a file that waited for it; whether one did."""
    answer = {
        "digest": said.digest,
        "node": peer.id,
        "state": "taken" if said.taken else "refused",
        "at": at,
        "said": shown(said.said)[:_LONGEST_SAID],
        "receipt": said.receipt if _is_of(peer, said.receipt) else "",
        "nobodys": said.nobodys,
        "nothing": b"",
    }
    return await db.execute(_ANSWER, answer) > 0


def _is_of(peer: Peer, letters: str) -> bool:
    """Whether these are the letters of a receipt that this server signed."""
    try:
        return letters.isascii() and letters.isalnum() and read(in_one_line(letters)).key == peer.key
    except Invalid:
        return False


def words_of(left: Left) -> str:
    """What whoever brought a file for another server has to know."""
    file, server = left.file, f"«{left.peer.name}», número {left.peer.key.number}"
    if file.state == "waiting" and not file.answered:
        kept = _KEPT[left.before].format(day=day_in_words(day_in_peru(file.at)))
        return _WAITING.format(server=server, kept=kept)
    sentence = {"waiting": _AGAIN, "taken": _TAKEN, "refused": _REFUSED}[file.state]
    return sentence.format(server=server, day=day_in_words(day_in_peru(file.answered)), said=file.said)
