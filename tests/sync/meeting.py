"""Nodes in one process, and what carries their messages: well, twice, late, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lms.db import Database, migrate, open_database
from lms.events.queries import lines_of
from lms.sync import nodes
from lms.sync.answering import answer
from lms.sync.exchange import Errand, Talk, exchange
from lms.sync.giving import Here
from lms.sync.message import Card, Message, Told, read, write
from lms.sync.over_parcel import parcels_for
from lms.sync.queries import all_profiles
from lms.sync.sealing import Identity

AT = "2026-11-26T00:00:00.000Z"


class Cut(Exception):
    """The link is gone."""


@dataclass
class Node:
    """A node with its log, its key and everything that was ever sent to it."""

    here: Here
    identity: Identity
    heard: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def db(self) -> Database:
        return self.here.db

    @property
    def id(self) -> str:
        return self.identity.public.id

    @classmethod
    async def new(cls, name: str, db: Database | None = None) -> Node:
        """A node with nothing in it, with its log in a database of its own or in this one."""
        if db is None:
            db = await open_database(":memory:")
            await migrate(db)
        identity = Identity.new()
        return cls(Here(db, Card(name, identity.public.text)), identity)

    async def knows(self, other: Node, *, upstream: bool = False) -> None:
        if upstream:
            await nodes.join(self.db, other.here.card, "", at=AT)
        else:
            await nodes.keep_peer(self.db, other.here.card, "joined", at=AT)

    async def peer(self, other: Node) -> nodes.Peer:
        found = await nodes.peer_with_id(self.db, other.id)
        assert found is not None
        return found

    async def lines(self) -> list[bytes]:
        return await lines_of(self.db, await all_profiles(self.db))

    async def hears(self, parcel: bytes) -> bytes:
        """Take a parcel and give the answer, sealed for whoever signed it."""
        content, public = self.identity.open(parcel)
        peer = await nodes.peer_with_id(self.db, public.id)
        assert peer is not None
        message, lines = await answer(self.here, read(content), peer)
        return self.identity.seal(write(message, lines), public)


async def joined(*names: str) -> list[Node]:
    """Nodes that all know one another."""
    made = [await Node.new(name) for name in names]
    for node in made:
        for other in made:
            if other is not node:
                await node.knows(other)
    return made


def link(one: Node, other: Node, fate: Callable[[int], str] = lambda _: "well") -> Talk:
    """A link on which the nth message, from 0, is carried `well`, or the link is cut before or after it arrives."""
    count = -1

    async def talk(message: Message, lines: Sequence[bytes]) -> Told:
        nonlocal count
        count += 1
        parcel = one.identity.seal(write(message, lines), other.identity.public)
        happens = fate(count)
        if happens == "before":
            raise Cut
        other.heard.append((one.id, parcel))
        back = await other.hears(parcel)
        if happens == "after":
            raise Cut
        content, _ = one.identity.open(back)
        return read(content)

    return talk


async def meet(one: Node, other: Node, fate: Callable[[int], str] = lambda _: "well") -> Errand:
    """The one begins an exchange with the other."""
    errand = Errand()
    await exchange(one.here, await one.peer(other), link(one, other, fate), errand)
    return errand


async def prepared(one: Node, other: Node) -> list[bytes]:
    """The parcels of a file that the one makes for the other."""
    return [parcel async for parcel in parcels_for(one.here, one.identity, await one.peer(other))]
