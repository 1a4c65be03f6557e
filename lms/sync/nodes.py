"""The other nodes that this one knows: who they are, and what they brought."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from hashlib import sha256
from typing import Any, Literal

from msgspec import Struct

from lms.db import Database, Statements
from lms.errors import Conflict, NotFound, TooMany
from lms.sync.message import Card
from lms.sync.sealing import Public

MOST_WAITING = 100
"""How many nodes may wait to be accepted: anybody can knock."""

_LATER = 3600  # seconds
State = Literal["waiting", "joined", "refused"]

_KEEP = """
INSERT INTO nodes (id, name, public, address, upstream, state, since, invitation)
VALUES (:id, :name, :public, :address, :upstream, :state, :since, :invitation)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, address = excluded.address, upstream = excluded.upstream,
state = excluded.state, since = excluded.since, invitation = excluded.invitation
"""


class Peer(Struct, frozen=True):
    """Another node; `upstream` is 1 for one to which this node sends what it has of its own accord.

    `since` is when it came to be in its state, `seen` when something of it last arrived, empty for never.
    """

    id: str
    name: str
    public: str
    address: str
    upstream: int
    state: State
    since: str
    seen: str
    invitation: str

    @property
    def key(self) -> Public:
        """What to seal for it with."""
        return Public.read(self.public)


async def peers(db: Statements) -> list[Peer]:
    """Every node known here, upstream ones first."""
    return await db.rows("SELECT * FROM nodes ORDER BY upstream DESC, name, id", into=Peer)


async def peer_with_id(db: Statements, id: str) -> Peer | None:
    """The node with this id."""
    return await db.row("SELECT * FROM nodes WHERE id = :id", {"id": id}, into=Peer)


async def joined_ids(db: Statements) -> set[str]:
    """The ids of the nodes that this one exchanges with."""
    return {row["id"] for row in await db.rows("SELECT id FROM nodes WHERE state = 'joined'")}


async def find_peer(db: Statements, named: str) -> Peer:
    """The node with this name, or whose id or number begins so; `NotFound` or `Conflict` unless it is one."""
    found = [
        one
        for one in await peers(db)
        if named in (one.name, one.id) or (len(named) > 4 and one.key.number.startswith(named))
    ]
    if not found:
        raise NotFound(f"No conozco ningún servidor «{named}». Mira los que hay con «lms node list».")
    if len(found) > 1:
        numbers = ", ".join(one.key.number for one in found)
        raise Conflict(f"Hay varios servidores «{named}»: {numbers}. Di el número.")
    return found[0]


async def keep_peer(db: Statements, card: Card, state: State, *, at: str) -> Peer:
    """Know a node that brings what it has to this one, or know it otherwise than before."""
    return await _keep(db, card, {"upstream": 0, "state": state, "since": at, "invitation": ""})


async def join(db: Statements, card: Card, invitation: str, *, at: str) -> Peer:
    """Know a node to which this one brings what it has, with the secret that it was invited with, if any."""
    return await _keep(db, card, {"upstream": 1, "state": "joined", "since": at, "invitation": invitation})


async def _keep(db: Statements, card: Card, standing: dict[str, Any]) -> Peer:
    public = Public.read(card.public)
    name = shown(card.name) or public.id
    await db.execute(
        _KEEP, {"id": public.id, "name": name, "public": public.text, "address": card.address, **standing}
    )
    kept = await peer_with_id(db, public.id)
    assert kept is not None  # noqa: S101 - it was just written
    return kept


def shown(name: str) -> str:
    """A name as it can stand in a list at a terminal: whoever knocks chooses their own."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())


async def set_state(db: Database, peer: Peer, state: State, *, at: str) -> None:
    """Accept a node, or refuse whatever it sends from now on; what it brought stays."""
    await db.execute(
        "UPDATE nodes SET state = :state, since = :at WHERE id = :id",
        {"state": state, "at": at, "id": peer.id},
    )


async def note_seen(db: Statements, peer: Peer, *, at: str) -> None:
    """Something of this node arrived."""
    await db.execute("UPDATE nodes SET seen = :at WHERE id = :id", {"at": at, "id": peer.id})


async def invite(db: Database, name: str, *, at: str) -> str:
    """The secret of a new invitation, good for one node."""
    secret = secrets.token_urlsafe(15)
    await db.execute(
        "INSERT INTO invitations (digest, name, at) VALUES (:digest, :name, :at)",
        {"digest": _digest(secret), "name": name, "at": at},
    )
    return secret


async def meet(db: Database, card: Card, public: Public, invitation: str, *, at: str) -> Peer:
    """Whoever signed a message: a node that is known, or that an invitation brings in, or that waits from now on.

    Who was removed comes in with an invitation that was made since; none from before is used up by it.
    """
    introduced = Card(card.name, public.text, card.address)
    async with db.transaction() as work:
        known = await peer_with_id(work, public.id)
        if known and (known.state == "joined" or not invitation):
            return known
        since = known.since if known and known.state == "refused" else ""
        invited = invitation and await work.row(
            "DELETE FROM invitations WHERE digest = :digest AND at > :since RETURNING name",
            {"digest": _digest(invitation), "since": since},
        )
        if invited:
            named = Card(card.name or invited["name"], public.text, card.address)
            return await keep_peer(work, named, "joined", at=at)
        if known:
            return known
        waiting = await work.value("SELECT count(*) FROM nodes WHERE state = 'waiting'")
        if waiting >= MOST_WAITING:
            raise TooMany(
                "Hay demasiados servidores que esperan ser aceptados. Avisa a quien administra.", _LATER
            )
        return await keep_peer(work, introduced, "waiting", at=at)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


async def note_carried(db: Database, peer: Peer, profiles: Iterable[str]) -> None:
    """Remember which profiles a node brought or has."""
    sets = [(peer.id, profile) for profile in profiles]
    await db.execute_many(
        "INSERT INTO carried (node, profile) VALUES (:node, :profile) ON CONFLICT DO NOTHING", sets
    )


async def carried_by(
    db: Statements, peer: Peer, between: tuple[str, str | None] = ("", None), but: Collection[str] = ()
) -> list[str]:
    """The profiles that a node brought once, from after one to another (None: the last), without some."""
    after, upto = between
    rows = await db.rows(
        "SELECT profile FROM carried WHERE node = :node AND profile > :after AND (:open OR profile <= :upto)"
        " ORDER BY profile",
        {"node": peer.id, "after": after, "open": upto is None, "upto": upto or ""},
    )
    return [row["profile"] for row in rows if row["profile"] not in but]
