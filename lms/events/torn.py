"""The chains that one device may have where its log holds more than its own: two events on one seq, or unsigned ones.

Which of them is the device's own, only the device knows: by the digest of its ids.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from msgspec import Struct

from lms.db import Statements
from lms.events.heads import Place, Step

_EVENTS = """
WITH place (profile, device) AS (VALUES (:places))
SELECT place.profile AS profile, place.device AS device, seq, events.id AS id,
    CASE WHEN unsigned.id IS NULL THEN 0 ELSE 1 END AS unsigned
FROM place JOIN events ON events.profile = place.profile AND events.device = place.device
LEFT JOIN unsigned ON unsigned.id = events.id
ORDER BY place.profile, place.device, seq, events.number
"""


class Event(Struct, frozen=True):
    """One of a device; `unsigned` says that nothing proves it its own."""

    profile: str
    device: str
    seq: int
    id: str
    unsigned: bool


async def doubted(db: Statements, profiles: Sequence[str]) -> set[Place]:
    """The devices of these profiles in whose name something came unsigned."""
    rows = await db.rows(
        "SELECT DISTINCT profile, device FROM unsigned WHERE profile IN (:profiles)",
        {"profiles": list(profiles)},
    )
    return {(row["profile"], row["device"]) for row in rows}


async def events_at(db: Statements, places: Sequence[Place]) -> dict[Place, list[Event]]:
    """The events of these devices, by seq and then as they arrived."""
    found: dict[Place, list[Event]] = {}
    if places:
        for event in await db.rows(_EVENTS, {"places": list(dict.fromkeys(places))}, into=Event):
            found.setdefault((event.profile, event.device), []).append(event)
    return found


def chains(events: Sequence[Event]) -> Iterator[list[Step]]:
    """What may be the device's own, of all its `events`: unbroken from 1, with one event on each seq.

    What came first, or last, on each; both also no longer than two share a seq, as more may be added behind; without
    what is unsigned; and last what nobody else has a part in.
    """
    if any(event.unsigned for event in events):
        yield clean((event.seq, event.id) for event in events if not event.unsigned)
    steps = [(event.seq, event.id) for event in events]
    count = Counter(seq for seq, _ in steps)
    shared = max((seq for seq, many in count.items() if many > 1), default=0)
    for some in (steps[::-1], steps):
        one = list(_unbroken(sorted({seq: (seq, id) for seq, id in some}.values())))
        yield one
        yield one[:shared]
    yield clean(steps)


def clean(steps: Iterable[Step]) -> list[Step]:
    """The beginning in which every seq has one event."""
    steps = list(steps)
    count = Counter(seq for seq, _ in steps)
    return list(takewhile(lambda step: count[step[0]] == 1, _unbroken(steps)))


def _unbroken(steps: Iterable[Step]) -> Iterator[Step]:
    upto = 0
    for seq, id in steps:
        if seq > upto + 1:
            return
        upto = seq
        yield seq, id
