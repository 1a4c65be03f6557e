"""Statements in the order in which they were stored here: those that events tell, and those kept as received.

Both are read a window at a time, so that a question whose answers are rare costs a bounded walk and a page with
fewer of them, never a walk through the whole log. One place says how far a reader came in both.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct

from lms.db import Database, Statements
from lms.db.interface import Row
from lms.events.outcomes import COUNTS

_LAST = 2**63 - 1
_END = "~"  # after every moment and every id
WALK = 5000
"""Most rows looked at for one page when not all of them are wanted."""


class Place(Struct, frozen=True):
    """A place in the common order: of one moment events come before kept statements, `tie` is number or id."""

    stored: str
    kind: Literal["event", "kept"]
    tie: str


class Wanted(Struct, frozen=True):
    """Which statements, as both tables are asked for them; empty or None: whatever.

    `types`, `course`, `item` and `profiles` are for events, None if no event can be meant; the rest is for kept ones.
    """

    types: Sequence[str]
    course: str = ""
    item: str | None = None
    profiles: Sequence[str] | None = None
    events: bool = True
    verb: str = ""
    activity: str = ""
    related: bool = False
    agent: str = ""
    registration: str = ""
    since: str = ""
    until: str = _END
    ascending: bool = False

    def start(self) -> Place:
        """Before the first one."""
        return Place(self.since if self.ascending else self.until, "kept", _END)


class Found(Struct, frozen=True):
    """One row: where it stands, and how many bytes its line or statement has, None if it is not wanted."""

    place: Place
    size: int | None


async def told(db: Database, wanted: Wanted, after: Place, most: int) -> list[Found]:
    """Up to `most` events after a place, and which of them are wanted."""
    if not wanted.events:
        return []
    every, some = _event_conditions(wanted)
    before = after.kind == "event"
    number = int(after.tie) if before else _LAST
    sql = f"""
    SELECT received_at, number, CASE WHEN {some} AND {COUNTS} THEN length(line) END AS size FROM events
    WHERE (received_at, number) {_way(wanted)} (:stored, :number)
    AND received_at > :since AND received_at <= :until AND {every}
    ORDER BY received_at {_order(wanted)}, number {_order(wanted)} LIMIT :most
    """  # noqa: S608 - our own words
    rows = await db.rows(sql, _params(wanted, after, most) | {"number": number})
    return [Found(Place(row["received_at"], "event", str(row["number"])), row["size"]) for row in rows]


async def kept(db: Database, wanted: Wanted, after: Place, most: int) -> list[Found]:
    """Up to `most` statements kept as received after a place; not what an event tells, or its sender voided."""
    some = _kept_conditions(wanted)
    id = after.tie if after.kind == "kept" else ""
    sql = f"""
    SELECT stored, id, CASE WHEN {some} THEN length(statement) END AS size FROM statements AS one
    WHERE (stored, id) {_way(wanted)} (:stored, :id) AND stored > :since AND stored <= :until
    AND NOT EXISTS (SELECT 1 FROM events WHERE substr(one.id, 15, 1) = '4'
        AND events.id = substr(one.id, 1, 14) || '7' || substr(one.id, 16))
    AND NOT EXISTS (SELECT 1 FROM statements AS other WHERE other.voids = one.id AND other.key = one.key AND one.voids = '')
    ORDER BY stored {_order(wanted)}, id {_order(wanted)} LIMIT :most
    """  # noqa: S608 - our own words
    rows = await db.rows(sql, _params(wanted, after, most) | {"id": id})
    return [Found(Place(row["stored"], "kept", row["id"]), row["size"]) for row in rows]


async def bodies(db: Database, places: Sequence[Place]) -> dict[Place, bytes]:
    """The lines and statements of these rows; one that was erased meanwhile is missing."""
    numbers = [int(place.tie) for place in places if place.kind == "event"]
    ids = [place.tie for place in places if place.kind == "kept"]
    lines = await db.rows("SELECT number, line FROM events WHERE number IN (:numbers)", {"numbers": numbers})
    statements = await db.rows("SELECT id, statement FROM statements WHERE id IN (:ids)", {"ids": ids})
    found = {str(row["number"]): bytes(row["line"]) for row in lines}
    found |= {row["id"]: bytes(row["statement"]) for row in statements}  # never a number: ids are UUIDs
    return {place: found[place.tie] for place in places if place.tie in found}


async def event_with(db: Statements, id: str) -> Row | None:
    """The line of the event with this id, and when it arrived."""
    return await db.row("SELECT line, received_at FROM events WHERE id = :id", {"id": id})


async def kept_with(db: Database, id: str, *, voided: bool) -> bytes | None:
    """The kept statement with this id, if it is voided or not as asked."""
    row = await db.row(
        "SELECT statement, EXISTS (SELECT 1 FROM statements AS other"
        " WHERE other.voids = one.id AND other.key = one.key AND one.voids = '') AS voided"
        " FROM statements AS one WHERE id = :id",
        {"id": id},
    )
    return bytes(row["statement"]) if row and bool(row["voided"]) == voided else None


def _params(wanted: Wanted, after: Place, most: int) -> dict[str, Any]:
    return {
        "stored": after.stored, "most": most, "since": wanted.since, "until": wanted.until,
        "types": list(wanted.types), "course": wanted.course, "item": wanted.item or "",
        "profiles": list(wanted.profiles or ()), "verb": wanted.verb, "registration": wanted.registration,
        "activity": wanted.activity, "activity_line": f"\n{wanted.activity}\n", "agent_line": f"\n{wanted.agent}\n",
    }  # fmt: skip


def _event_conditions(wanted: Wanted) -> tuple[str, str]:
    """What bounds the walk, as the log has an index for it, and what is asked of each row."""
    every = "1 = 1" if wanted.profiles is None else "profile IN (:profiles)"
    place = _all({"course = :course": wanted.course, "item = :item": wanted.item is not None})
    return every, f"type IN (:types) AND {place}"


def _kept_conditions(wanted: Wanted) -> str:
    return _all(
        {
            "verb = :verb": wanted.verb,
            "activity = :activity": wanted.activity and not wanted.related,
            "instr(activities, :activity_line) > 0": wanted.activity and wanted.related,
            "instr(agents, :agent_line) > 0": wanted.agent,
            "registration = :registration": wanted.registration,
        }
    )


def _all(conditions: Mapping[str, object]) -> str:
    return " AND ".join(text for text, asked in conditions.items() if asked) or "1 = 1"


def _way(wanted: Wanted) -> str:
    return ">" if wanted.ascending else "<"


def _order(wanted: Wanted) -> str:
    return "ASC" if wanted.ascending else "DESC"


async def names_of(db: Database, profiles: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The document and the name of whom each profile is vouched for."""
    rows = await db.rows(
        "SELECT profile, document, given_names, paternal, maternal FROM links JOIN persons ON persons.id = person"
        " WHERE status = 'vouched' AND profile IN (:profiles)",
        {"profiles": list(profiles)},
    )
    parts = ("given_names", "paternal", "maternal")
    return {
        row["profile"]: (row["document"], " ".join(row[part] for part in parts if row[part])) for row in rows
    }
