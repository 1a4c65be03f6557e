"""Heads brought up to date by what has come into the log since the last time, while others write.

What comes after all that a head has makes it longer. Where something comes before, the whole chain changes, so the
device is only noted (`heads_waiting`), however many more such come, and made again once, at the end. Whatever takes
long is read and hashed outside of any transaction: a short one then keeps it, unless another process was quicker.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from lms.db import Database
from lms.db.interface import Row
from lms.events.heads import Head, Place, Step, follows, head_of, longer

_AT_ONCE = 1000  # events, so that others get their turn between them

_TOGETHER = 100  # heads made again that are kept at once

_MADE_UPTO = "SELECT coalesce((SELECT number FROM heads_made), 0)"

_NEW = """
SELECT number, profile, device, seq, id FROM events WHERE number > :after ORDER BY number LIMIT :most
"""

# One statement, so one moment: a head that waits for nothing has all that `heads_made` says.
_KNOWN = """
WITH place (profile, device) AS (VALUES (:places))
SELECT profile, device, upto, last, events, digest, number AS waiting
FROM place LEFT JOIN heads USING (profile, device) LEFT JOIN heads_waiting USING (profile, device)
"""

# Nothing is ever taken out of the log, so of two heads of a device the one with more events is the newer.
_KEEP = """
INSERT INTO heads (profile, device, upto, last, events, digest)
VALUES (:profile, :device, :upto, :last, :events, :digest)
ON CONFLICT (profile, device) DO UPDATE
SET upto = excluded.upto, last = excluded.last, events = excluded.events, digest = excluded.digest
WHERE excluded.events > heads.events
"""

_WAIT = """
INSERT INTO heads_waiting (profile, device, number) VALUES (:profile, :device, :number)
ON CONFLICT (profile, device) DO UPDATE SET number = excluded.number
"""

_MADE = """
INSERT INTO heads_made (one, number) VALUES (1, :number) ON CONFLICT (one) DO UPDATE SET number = excluded.number
"""

_WAITING = """
SELECT profile, device, number FROM heads_waiting WHERE (profile, device) > (:profile, :device)
ORDER BY profile, device LIMIT :most
"""

# One of which more came meanwhile goes on waiting.
_DONE = "DELETE FROM heads_waiting WHERE profile = :profile AND device = :device AND number = :number"

_STEPS = """
SELECT seq, id FROM events WHERE profile = :profile AND device = :device AND seq > :seq AND number <= :number
ORDER BY seq LIMIT :most
"""

_ON_ONE_SEQ = """
SELECT seq, id FROM events WHERE profile = :profile AND device = :device AND seq = :seq AND number <= :number
"""

_TURNS: WeakKeyDictionary[Database, asyncio.Lock] = WeakKeyDictionary()


async def bring_up_to_date(db: Database) -> None:
    """Make the heads of whatever has come into the log since the last time; what comes meanwhile waits for the next."""
    newest = await db.value("SELECT coalesce(max(number), 0) FROM events")
    # Whoever waited finds it done, mostly. Of other processes two may make the same, to no harm.
    async with _TURNS.setdefault(db, asyncio.Lock()):
        while (made := await db.value(_MADE_UPTO)) < newest:
            await _take_in(db, made)
        await _make_again(db)


async def _take_in(db: Database, made: int) -> None:
    new = await db.rows(_NEW, {"after": made, "most": _AT_ONCE})
    steps: dict[Place, list[Step]] = {}
    last: dict[Place, int] = {}
    for row in new:
        place = (row["profile"], row["device"])
        steps.setdefault(place, []).append((row["seq"], row["id"]))
        last[place] = row["number"]
    heads: list[Head] = []
    waiting: list[Place] = []
    for known in await db.rows(_KNOWN, {"places": list(steps)}):
        place = (known["profile"], known["device"])
        if (head := _longer(known, sorted(steps[place]))) is None:
            waiting.append(place)
        else:
            heads.append(head)
    async with db.transaction(bulk=True) as work:
        if await work.value(_MADE_UPTO) == made:  # or another process was quicker
            work.with_commit(_KEEP, [_row(head) for head in heads])
            work.with_commit(_WAIT, [(*place, last[place]) for place in waiting])
            work.with_commit(_MADE, [(new[-1]["number"],)])


def _longer(known: Row, steps: Sequence[Step]) -> Head | None:
    """The head with these events too; None where it has to be made again, or waits for it already."""
    place = (known["profile"], known["device"])
    if known["waiting"] is not None:
        return None
    if known["digest"] is None:
        return head_of(place, steps)
    head = Head(*place, known["upto"], known["last"], known["events"], known["digest"])
    return longer(head, steps) if follows(head, steps) else None


async def _make_again(db: Database) -> None:
    after: Place = ("", "")
    while rows := await db.rows(_WAITING, {"profile": after[0], "device": after[1], "most": _TOGETHER}):
        heads = [await _made_again(db, row) for row in rows]
        async with db.transaction(bulk=True) as work:
            work.with_commit(_KEEP, [_row(head) for head in heads])
            work.with_commit(_DONE, [(row["profile"], row["device"], row["number"]) for row in rows])
        after = (rows[-1]["profile"], rows[-1]["device"])


async def _made_again(db: Database, row: Row) -> Head:
    """The head of all events of a device up to a number."""
    head = head_of((row["profile"], row["device"]), ())
    async for steps in _steps_of(db, {name: row[name] for name in ("profile", "device", "number")}):
        head = longer(head, steps)
    return head


async def _steps_of(db: Database, which: Mapping[str, Any]) -> AsyncIterator[list[Step]]:
    """The events of a device by seq and id, a page at a time as there may be any number of them.

    A page ends where a seq does, so the index needs no ids, which would cost each event that is stored. Where more than
    a page shares one seq, that is a page.
    """
    seq = 0
    while steps := _read(await db.rows(_STEPS, {**which, "seq": seq, "most": _AT_ONCE})):
        seq = steps[-1][0]
        if len(steps) == _AT_ONCE:
            whole = [step for step in steps if step[0] < seq]
            steps = whole or _read(await db.rows(_ON_ONE_SEQ, {**which, "seq": seq}))
            seq = steps[-1][0]
        yield steps


def _read(rows: Sequence[Row]) -> list[Step]:
    return sorted((row["seq"], row["id"]) for row in rows)


def _row(head: Head) -> tuple[str, str, int, int, int, str]:
    return (head.profile, head.device, head.upto, head.last, head.events, head.digest)
