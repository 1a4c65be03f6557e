"""What a log holds of each device of a profile, said in one line: enough for two nodes to find what they lack.

A head is made of the ids alone. They are chained in their order, so two logs with the same digest hold the same
events, and nobody who writes events of their own can make another's disappear behind an equal digest.
Heads are brought up to date when somebody asks for them, and never while events are being stored.
What was erased changes no head, as its lines keep their ids: only a profile's digest tells it.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import groupby

from msgspec import Struct

from lms.db import Database, Statements
from lms.db.interface import Row

_AT_ONCE = 2000  # events, so that others get their turn between them

_BEHIND = """
SELECT 1 FROM events WHERE number > coalesce((SELECT number FROM heads_made), 0) LIMIT 1
"""

_NEW = """
SELECT number, profile, device, seq, id FROM events
WHERE number > coalesce((SELECT number FROM heads_made), 0) ORDER BY number LIMIT :most
"""

_MADE = """
INSERT INTO heads_made (one, number) VALUES (1, :number) ON CONFLICT (one) DO UPDATE SET number = excluded.number
"""

_KEEP = """
INSERT INTO heads (profile, device, upto, last, events, digest)
VALUES (:profile, :device, :upto, :last, :events, :digest)
ON CONFLICT (profile, device) DO UPDATE
SET upto = excluded.upto, last = excluded.last, events = excluded.events, digest = excluded.digest
"""

_IDS = """
WITH place (profile, device) AS (VALUES (:places))
SELECT profile, device, seq, id FROM place JOIN events USING (profile, device)
ORDER BY profile, device, seq, id
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
    return _longer(Head(*place, 0, 0, 0, ""), steps)


def follows(head: Head, steps: Sequence[Step]) -> bool:
    """Whether these events, by seq and id, all come after those of the head: then it can be made longer."""
    return not steps or steps[0][0] > head.last


def _longer(head: Head, steps: Sequence[Step]) -> Head:
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


def digest_of(heads: Iterable[Head], erased: Iterable[str] = ()) -> str:
    """One digest, of 16 digits, for all heads of a profile and the ids of what was erased of it, if anything was."""
    chains = sorted(bytes.fromhex(head.digest) for head in heads)
    return sha256(b"".join((*chains, *(id.encode() for id in sorted(erased))))).hexdigest()[:16]


async def bring_up_to_date(db: Database) -> None:
    """Make the heads of whatever has come into the log since the last time."""
    while await db.value(_BEHIND):
        async with db.transaction(bulk=True) as work:
            new = await work.rows(_NEW, {"most": _AT_ONCE})
            if not new:  # another process was quicker
                return
            await _take_in(work, new)
            await work.execute(_MADE, {"number": new[-1]["number"]})


async def _take_in(work: Statements, new: Sequence[Row]) -> None:
    by_place: dict[Place, list[Step]] = {}
    for row in new:
        by_place.setdefault((row["profile"], row["device"]), []).append((row["seq"], row["id"]))
    known = {(head.profile, head.device): head for head in await _heads_at(work, list(by_place))}
    made: list[Head] = []
    again: list[Place] = []
    for place, steps in by_place.items():
        steps.sort()
        head = known.get(place, Head(*place, 0, 0, 0, ""))
        if follows(head, steps):
            made.append(_longer(head, steps))
        else:
            again.append(place)
    found = await steps_at(work, again)
    made += [head_of(place, found.get(place, ())) for place in again]
    await work.execute_many(_KEEP, [_row(head) for head in made])


def _row(head: Head) -> tuple[str, str, int, int, int, str]:
    return (head.profile, head.device, head.upto, head.last, head.events, head.digest)


async def _heads_at(work: Statements, places: list[Place]) -> list[Head]:
    return await work.rows(
        "WITH place (profile, device) AS (VALUES (:places))"
        " SELECT profile, device, upto, last, events, digest FROM place JOIN heads USING (profile, device)",
        {"places": places},
        into=Head,
    )


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


async def digests(db: Statements, after: str = "", most: int = 5_000) -> dict[str, str]:
    """The digest of every profile that comes after one, in order, up to so many heads' worth of whole profiles."""
    rows = await db.rows(
        "SELECT profile, device, upto, last, events, digest FROM heads WHERE profile > :after"
        " ORDER BY profile LIMIT :most",
        {"after": after, "most": most},
        into=Head,
    )
    found = {profile: list(heads) for profile, heads in groupby(rows, key=lambda head: head.profile)}
    if len(rows) == most and len(found) > 1:  # the last one may have been cut in two
        found.popitem()
    erased = await _erased_between(db, after, max(found, default=""))
    return {profile: digest_of(heads, erased.get(profile, ())) for profile, heads in found.items()}


async def _erased_between(db: Statements, after: str, last: str) -> dict[str, list[str]]:
    """The ids of what was erased, by profile, of those after one up to another."""
    rows = await db.rows(
        "SELECT profile, id FROM erased WHERE profile > :after AND profile <= :last ORDER BY profile",
        {"after": after, "last": last},
    )
    return {
        profile: [row["id"] for row in group]
        for profile, group in groupby(rows, key=lambda row: row["profile"])
    }
