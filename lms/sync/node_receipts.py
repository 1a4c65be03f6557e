"""What other nodes said that they have of each device of a profile: by it goes what is sent where nobody can be asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from lms.clock import stamp
from lms.db import Database, Statements
from lms.events.heads import Head, Place, digests_of
from lms.sync.message import Listed, Span
from lms.sync.nodes import Peer

_ALL = 2**31 - 1
_CARRIED = timedelta(days=2 * 366)

_RECEIPT = """
INSERT INTO receipts (node, profile, device, upto, last, events, digest, at)
VALUES (:node, :profile, :device, :upto, :last, :events, :digest, :at)
ON CONFLICT (node, profile, device) DO UPDATE
SET upto = excluded.upto, last = excluded.last, events = excluded.events, digest = excluded.digest, at = excluded.at
"""

_DENIED = "DELETE FROM receipts WHERE node = :node AND profile = :profile AND device = :device"

_UNTOLD = """
DELETE FROM receipts WHERE node = :node AND at <> :at
AND profile > :first AND (:open OR profile <= :last)
AND (profile, device) > (:profile, :device) AND (:whole OR (profile, device) <= (:upto, :to_device))
"""

_ABSENT = """
SELECT receipts.profile, receipts.device FROM receipts
LEFT JOIN heads ON heads.profile = receipts.profile AND heads.device = receipts.device
WHERE node = :node AND heads.device IS NULL AND (receipts.profile, receipts.device) > (:profile, :device)
ORDER BY receipts.profile, receipts.device LIMIT :most
"""

MOST_TOGETHER = 5_000
"""How many devices at once are taken for acknowledged without a word about each, or are told to be missing."""

_UNSAID = """
SELECT profile, device, upto, last, events, digest FROM heads
WHERE profile IN (:profiles) AND NOT EXISTS (
  SELECT 1 FROM receipts WHERE receipts.node = :node AND receipts.profile = heads.profile
  AND receipts.device = heads.device AND receipts.digest = heads.digest
) ORDER BY profile, device LIMIT :most
"""


class Receipt(Struct, frozen=True):
    """What a node, by its id and its name, said that it has of one device of a profile, and when that arrived."""

    id: str
    node: str
    profile: str
    device: str
    upto: int
    events: int
    digest: str
    at: str


async def note_receipts(db: Database, peer: Peer, heads: Sequence[Head], *, at: str) -> None:
    """Remember what a node said that it has; the last word counts, as a node may lose what it had."""
    await db.execute_many(
        _RECEIPT,
        [
            (peer.id, head.profile, head.device, head.upto, head.last, head.events, head.digest, at)
            for head in heads
            if head.events
        ],
    )
    await db.execute_many(
        _DENIED, [(peer.id, head.profile, head.device) for head in heads if not head.events]
    )


async def forget_receipts(
    db: Database, peer: Peer, between: tuple[str, str | None], span: Span, *, at: str
) -> None:
    """Of profiles from after one to another a node said at that moment all that it has in a span: the rest it lost."""
    (first, last), ((profile, device), upto) = between, span
    await db.execute(
        _UNTOLD,
        {
            **{"node": peer.id, "at": at, "first": first, "last": last or "", "open": last is None},
            **{"profile": profile, "device": device, "whole": upto is None},
            **dict(zip(("upto", "to_device"), upto or ("", ""), strict=True)),
        },
    )


async def said_but_absent(db: Statements, peer: Peer) -> AsyncIterator[list[Place]]:
    """The devices of which a node said that it has something, and nothing is here; some at a time."""
    places: list[Place] = [("", "")]
    while places:
        profile, device = places[-1]
        sought = {"node": peer.id, "profile": profile, "device": device, "most": MOST_TOGETHER}
        places = [(row["profile"], row["device"]) for row in await db.rows(_ABSENT, sought)]
        if places:
            yield places


async def note_alike(db: Database, peer: Peer, alike: Sequence[Listed], *, at: str) -> None:
    """Take for acknowledged what a node has of profiles whose digest is the same there as here.

    What came into the log since that digest was made is not: so heads are read first, and then whether it still is.
    """
    said = dict(alike)
    sought = {"profiles": list(said), "node": peer.id, "most": MOST_TOGETHER}
    heads = await db.rows(_UNSAID, sought, into=Head)
    now = await digests_of(db, sorted({head.profile for head in heads}))
    if same := [head for head in heads if now.get(head.profile) == said[head.profile]]:
        await note_receipts(db, peer, same, at=at)


async def said_by(db: Statements, peer: Peer, places: Sequence[Place]) -> list[Head]:
    """What a node said last that it has of these devices."""
    if not places:
        return []
    return await db.rows(
        "WITH place (profile, device) AS (VALUES (:places))"
        " SELECT profile, device, upto, last, events, digest FROM place JOIN receipts USING (profile, device)"
        " WHERE node = :node",
        {"node": peer.id, "places": list(places)},
        into=Head,
    )


async def receipts_of(db: Statements, profiles: Sequence[str], most: int = _ALL) -> list[Receipt]:
    """What joined nodes said that they have of these profiles, as far as it is no more than so many."""
    return await db.rows(
        "SELECT nodes.id, nodes.name AS node, profile, device, upto, events, digest, at"
        " FROM receipts JOIN nodes ON nodes.id = receipts.node"
        " WHERE profile IN (:profiles) AND nodes.state = 'joined' ORDER BY node, nodes.id, profile, device LIMIT :most",
        {"profiles": list(profiles), "most": most},
        into=Receipt,
    )


async def is_taken(db: Statements, digest: str) -> bool:
    """Whether the word of a parcel, told by its SHA-256, was taken before."""
    return (
        await db.value("SELECT 1 FROM taken_parcels WHERE digest = :digest", {"digest": digest}) is not None
    )


async def note_taken(db: Database, digest: str, *, at: str) -> None:
    """Remember that a parcel's word was taken, for as long as somebody may still carry it around."""
    async with db.transaction() as work:
        old = stamp(datetime.fromisoformat(at) - _CARRIED)
        await work.execute("DELETE FROM taken_parcels WHERE at < :old", {"old": old})
        await work.execute(
            "INSERT INTO taken_parcels (digest, at) VALUES (:digest, :at) ON CONFLICT (digest) DO NOTHING",
            {"digest": digest, "at": at},
        )
