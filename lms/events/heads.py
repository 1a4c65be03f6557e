"""What a log holds of each device of a profile, said in one line: enough for two nodes to find what they lack.

A head is made of the ids alone. They are chained in their order, so two logs with the same digest hold the same
events, and nobody who writes events of their own can make another's disappear behind an equal digest.
Heads are brought up to date when somebody asks for them (`lms.events.heading`), and never while events are being stored.
What was erased changes no head, as its lines keep their ids: only a profile's digest tells it.
Anybody can make a profile of a hundred thousand devices, so what is read of one is read a page at a time.
"""

from bisect import bisect_right
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from hashlib import sha256
from itertools import accumulate
from typing import Any

from msgspec import Struct

from lms.db import Statements
from lms.db.interface import Row

_A_PAGE = 5_000  # rows

_IDS = """
WITH place (profile, device) AS (VALUES (:places))
SELECT profile, device, seq, id FROM place JOIN events USING (profile, device)
ORDER BY profile, device, seq, id
"""

_HEADS = """
SELECT profile, device, upto, last, events, digest FROM heads
WHERE profile IN (:profiles) AND device > :after ORDER BY profile, device LIMIT :most
"""

_CHAINS = """
SELECT profile, digest FROM heads
WHERE profile IN (:profiles) AND digest > :after ORDER BY profile, digest LIMIT :most
"""

_ERASED = """
SELECT profile, id FROM erased
WHERE profile IN (:profiles) AND id > :after ORDER BY profile, id LIMIT :most
"""

Place = tuple[str, str]
"""A profile and one of its devices."""

Step = tuple[int, str]
"""The seq and the id of an event of a device."""


class Head(Struct, frozen=True, array_like=True):
    """What there is of one device of a profile.

    `upto` is the highest seq without a gap before it, `last` the highest of all, `events` how many there are:
    they differ where events are missing or two have one seq. `digest` is of all ids by seq and id, 32 digits.
    """

    profile: str
    device: str
    upto: int
    last: int
    events: int
    digest: str

    @property
    def plain(self) -> bool:
        """Whether every seq up to the last has exactly one event."""
        return self.upto == self.last == self.events


def head_of(place: Place, steps: Sequence[Step]) -> Head:
    """The head of a device whose events are these, by seq and id."""
    return longer(Head(*place, 0, 0, 0, ""), steps)


def follows(head: Head, steps: Sequence[Step]) -> bool:
    """Whether these events, by seq and id, all come after those of the head: then it can be made longer."""
    return not steps or steps[0][0] > head.last


def longer(head: Head, steps: Sequence[Step]) -> Head:
    """The head with more events, by seq and id, that come after those it has."""
    upto, last, chain = head.upto, head.last, bytes.fromhex(head.digest)
    for seq, id in steps:
        if seq == upto + 1:
            upto = seq
        last = seq
        chain = sha256(chain + bytes.fromhex(id.replace("-", ""))).digest()[:16]
    return Head(head.profile, head.device, upto, last, head.events + len(steps), chain.hex())


def lacking(theirs: Head | None, steps: Sequence[Step]) -> Sequence[Step] | None:
    """Of our events of a device, `steps` by seq and id, those to send to whoever has `theirs` of it (None: nothing).

    None where theirs is not the beginning of ours, as then a head does not tell what to send.
    """
    if theirs is None or not theirs.events:
        return steps
    first = [step for step in steps if step[0] <= theirs.last]
    if len(first) == theirs.events and head_of((theirs.profile, theirs.device), first) == theirs:
        return steps[len(first) :]
    return None


async def steps_at(work: Statements, places: Sequence[Place]) -> dict[Place, list[Step]]:
    """The events of these devices, by seq and id; of one that is named twice once."""
    found: dict[Place, list[Step]] = {}
    if places:
        for row in await work.rows(_IDS, {"places": list(dict.fromkeys(places))}):
            found.setdefault((row["profile"], row["device"]), []).append((row["seq"], row["id"]))
    return found


async def heads_of(db: Statements, profiles: Sequence[str]) -> list[Head]:
    """The heads of these profiles, as they were last brought up to date."""
    return await db.rows(
        "SELECT profile, device, upto, last, events, digest FROM heads"
        " WHERE profile IN (:profiles) ORDER BY profile, device",
        {"profiles": list(profiles)},
        into=Head,
    )


async def events_of(db: Statements, profiles: Sequence[str]) -> int:
    """How many events of these profiles there are, by their heads."""
    sql = "SELECT CAST(coalesce(sum(events), 0) AS BIGINT) FROM heads WHERE profile IN (:profiles)"
    return int(await db.value(sql, {"profiles": list(profiles)}))


async def heads_after(db: Statements, profiles: Sequence[str], after: Place, most: int) -> list[Head]:
    """The first so many heads of these profiles after a place."""
    rows = await _first(db, _HEADS, profiles, after, most)
    return [
        Head(row["profile"], row["device"], row["upto"], row["last"], row["events"], row["digest"])
        for row in rows
    ]


async def heads_among(
    db: Statements, profiles: Sequence[str], devices: Collection[str], most: int
) -> list[Head]:
    """The first so many heads of these profiles that are of these devices."""
    return await db.rows(
        "SELECT profile, device, upto, last, events, digest FROM heads"
        " WHERE profile IN (:profiles) AND device IN (:devices) ORDER BY profile, device LIMIT :most",
        {"profiles": list(profiles), "devices": list(devices), "most": most},
        into=Head,
    )


async def longest_heads(db: Statements, profiles: Sequence[str], most: int) -> list[Head]:
    """So many heads of these profiles, of the devices with the most events."""
    return await db.rows(
        "SELECT profile, device, upto, last, events, digest FROM heads"
        " WHERE profile IN (:profiles) ORDER BY events DESC, profile, device LIMIT :most",
        {"profiles": list(profiles), "most": most},
        into=Head,
    )


async def erased_after(db: Statements, profiles: Sequence[str], after: Place, most: int) -> list[Place]:
    """The first so many tombstones of these profiles after a place, which of one is its profile and its id."""
    return [(row["profile"], row["id"]) for row in await _first(db, _ERASED, profiles, after, most)]


async def _first(db: Statements, sql: str, profiles: Sequence[str], after: Place, most: int) -> list[Row]:
    profile, beyond = after
    begun, later = [one for one in profiles if one == profile], [one for one in profiles if one > profile]
    found: list[Row] = []
    for some, start in ((begun, beyond), (later, "")):
        if some and len(found) < most:
            found += await db.rows(sql, {"profiles": some, "after": start, "most": most - len(found)})
    return found


async def profiles_after(db: Statements, after: str, most: int) -> list[str]:
    """The first so many profiles after one of which there is anything, in order."""
    rows = await db.rows(
        "SELECT DISTINCT profile FROM heads WHERE profile > :after ORDER BY profile LIMIT :most",
        {"after": after, "most": most},
    )
    return [row["profile"] for row in rows]


async def page_of_profiles(db: Statements, after: str, most: int, most_heads: int) -> list[str]:
    """The first profiles after one: so many, and no more than have so many heads together, but one at least."""
    rows = await db.rows(
        "SELECT profile, count(*) AS heads FROM heads WHERE profile > :after"
        " GROUP BY profile ORDER BY profile LIMIT :most",
        {"after": after, "most": most},
    )
    together = list(accumulate(row["heads"] for row in rows))
    return [row["profile"] for row in rows[: max(1, bisect_right(together, most_heads))]]


def digest_of(heads: Iterable[Head], erased: Iterable[str]) -> str:
    """One digest, of 16 digits, of all these heads' digests, sorted, and then of the ids of what was erased, sorted."""
    chains = sorted(bytes.fromhex(head.digest) for head in heads)
    return sha256(b"".join((*chains, *(id.encode() for id in sorted(erased))))).hexdigest()[:16]


async def digests_of(db: Statements, profiles: Sequence[str]) -> dict[str, str]:
    """The digest of all there is, for each of these profiles of which there is anything, in order."""
    made: dict[str, Any] = {}
    async for row in _all(db, _CHAINS, profiles):
        made.setdefault(row["profile"], sha256()).update(bytes.fromhex(row["digest"]))
    async for row in _all(db, _ERASED, list(made)):
        made[row["profile"]].update(row["id"].encode())
    return {profile: digest.hexdigest()[:16] for profile, digest in made.items()}


async def _all(db: Statements, sql: str, profiles: Sequence[str]) -> AsyncIterator[Row]:
    after: Place | None = ("", "")
    while after:
        rows = await _first(db, sql, profiles, after, _A_PAGE)
        for row in rows:
            yield row
        after = (rows[-1][0], rows[-1][1]) if len(rows) == _A_PAGE else None
