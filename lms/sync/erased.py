"""What was erased on one server is erased on those that it exchanges with.

Only a server says so, in its own name, and it is believed as whatever it brings is. There is one limit: a profile that
is vouched for by an account here stays as it is, and a coach reads what the other said (`lms.accounts.review`). So a
server in wrong hands takes no words from anybody who has an account on another. Only a line that names somebody else's
document goes there too, as it is those words that they asked to erase.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from lms.db import Database, Statements
from lms.events.erasing import Tombstone, erase_lines, erase_profiles, tombstones_among, tombstones_of
from lms.events.ownership import said_by
from lms.people.documents import readings
from lms.sync.message import MOST_ERASED
from lms.sync.nodes import Peer

log = logging.getLogger(__name__)

_AT_ONCE = 50  # profiles, or lines


async def told(db: Statements, profiles: Iterable[str]) -> list[Tombstone]:
    """What to say at once was erased of some profiles, to a server that knows no spans; whole ones first.

    One message holds only so many, and else whoever erases thousands of lines of one profile would keep others from
    being heard of.
    """
    found = await tombstones_of(db, sorted(set(profiles)))
    return sorted(found, key=lambda one: one[0] != one[1])[:MOST_ERASED]


async def take_in(db: Database, peer: Peer, said: Sequence[Tombstone], *, at: str) -> None:
    """Erase here what a node says was erased, and note what is somebody's who has an account here.

    Some at a time, as all who write wait meanwhile. Stopped between, the rest is erased when the node says it again.
    """
    for start in range(0, len(said), _AT_ONCE):
        await _take_some(db, peer, said[start : start + _AT_ONCE], at)


async def _take_some(db: Database, peer: Peer, said: Sequence[Tombstone], at: str) -> None:
    if not any(await _sorted(db, said)):
        return
    async with db.transaction(bulk=True) as work:
        doomed, guarded = await _sorted(work, said)
        whole = {profile for profile, id in doomed if id == profile}
        await erase_profiles(work, whole, at=at)
        await erase_lines(work, {one for one in doomed if one[0] not in whole}, at=at)
        await work.execute_many(
            "INSERT INTO erased_elsewhere (profile, node, at) VALUES (:profile, :node, :at)"
            " ON CONFLICT (profile) DO NOTHING",
            [{"profile": profile, "node": peer.id, "at": at} for profile in sorted(guarded)],
        )
    if doomed:
        log.info("erased as another server did", extra={"node": peer.name, "count": len(doomed)})


async def _sorted(db: Statements, said: Sequence[Tombstone]) -> tuple[set[Tombstone], set[str]]:
    """What of it is to be erased, and the profiles of accounts here that are said to be, of which that is new."""
    profiles = sorted({profile for profile, _ in said})
    known = await tombstones_among(db, said)
    new = {one for one in said if known.isdisjoint((one, (one[0], one[0])))}
    vouched = await _among(db, "links WHERE status = 'vouched' AND", profiles)
    noted = await _among(db, "erased_elsewhere WHERE", profiles)
    guarded = {one for one in new if one[0] in vouched}
    doomed = new - guarded | await _of_others(db, guarded)
    return doomed, {profile for profile, id in guarded if id == profile} - noted


async def _of_others(db: Statements, lines: set[Tombstone]) -> set[Tombstone]:
    """Those lines that name a document which is not of the person who has their profile: the words are not theirs."""
    rows = await db.rows(
        "SELECT events.profile AS profile, events.id AS id, line, document FROM events"
        " JOIN links ON links.profile = events.profile JOIN persons ON persons.id = links.person"
        " WHERE events.id IN (:ids) AND type = 'profile.identified' AND links.profile IN (:profiles)",
        {"ids": sorted(id for _, id in lines), "profiles": sorted({profile for profile, _ in lines})},
    )
    found = {(row["profile"], row["id"]) for row in rows if _is_of_another(row["line"], row["document"])}
    return found & lines


def _is_of_another(line: bytes, document: str) -> bool:
    named = said_by(line).document
    return bool(named.strip()) and document not in readings(named)


async def _among(db: Statements, where: str, profiles: Sequence[str]) -> set[str]:
    sql = f"SELECT profile FROM {where} profile IN (:profiles)"  # noqa: S608 - words of ours
    return {row["profile"] for row in await db.rows(sql, {"profiles": list(profiles)})}
