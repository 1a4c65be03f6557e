"""The chains that one device may have where its log holds more than its own.

That may be so where two events share a seq, where some came unsigned, and where some came in its closed files and others
by anybody's hand. Which chain is the device's own, only the device knows: by the digest of its ids.
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
    CASE WHEN unsigned.id IS NULL THEN 0 ELSE 1 END AS unsigned,
    CASE WHEN source = 'signed' THEN 1 ELSE 0 END AS closed
FROM place JOIN events ON events.profile = place.profile AND events.device = place.device
LEFT JOIN unsigned ON unsigned.id = events.id
ORDER BY place.profile, place.device, seq, events.number
"""


_DOUBTED = """
SELECT DISTINCT profile, device FROM unsigned WHERE profile IN (:profiles)
UNION
SELECT profile, device FROM heads JOIN (SELECT profile, device, count(*) AS closed FROM events
    WHERE source = 'signed' AND profile IN (:profiles) GROUP BY profile, device) AS brought USING (profile, device)
WHERE closed < events
"""


class Event(Struct, frozen=True):
    """One of a device; `unsigned` says that nothing proves it its own, `closed` that it came in a closed file.

    The key of that file may be one that only announced itself, as of a profile that is nobody's: it proves nothing, but
    what one key signed was written by one hand.
    """

    profile: str
    device: str
    seq: int
    id: str
    unsigned: bool
    closed: bool


async def doubted(db: Statements, profiles: Sequence[str]) -> set[Place]:
    """The devices of these profiles in whose name something came unsigned, or some in closed files and some not.

    Heads have to be up to date, as they say how many events a device has.
    """
    rows = await db.rows(_DOUBTED, {"profiles": list(profiles)})
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
    what is unsigned; of closed files alone; and last what nobody else has a part in.
    """
    for own in (
        [event for event in events if not event.unsigned],
        [event for event in events if event.closed],
    ):
        if len(own) < len(events):
            yield clean((event.seq, event.id) for event in own)
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
