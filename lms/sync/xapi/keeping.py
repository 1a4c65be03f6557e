"""Statements that come in: all of a request are kept, or none; what is known already changes nothing.

None becomes an event. A statement holds no line's bytes, so an event made of one would stand under the id of the
true line and have it refused when it comes. Progress comes home as lines, by the carriers of `docs/sync.md`; a
statement of an event that is here is known, and one of an event that is not yet steps aside when it comes.
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from lms.clock import Clock, stamp, system_clock
from lms.db import Database, Statements
from lms.errors import Conflict, Forbidden, Invalid, TooLarge
from lms.sync.xapi.agents import agents_in
from lms.sync.xapi.checking import check
from lms.sync.xapi.comparing import same
from lms.sync.xapi.mapping import Statement, Teller
from lms.sync.xapi.vocabulary import VOIDED, event_id, statement_id

MOST_AT_ONCE = 500
"""Most statements in one request."""
LARGEST = 64 * 1024
"""Largest statement, in bytes."""
MOST = 100_000
"""Most statements kept of one key."""

_KEEP = """
INSERT INTO statements
(id, stored, key, verb, activity, activities, agents, registration, voids, statement)
VALUES (:id, :stored, :key, :verb, :activity, :activities, :agents, :registration, :voids, :statement)
"""


class Giver(Struct, frozen=True):
    """Who brings statements: the name of a key, and the version of xAPI that is spoken."""

    key: str
    version: str


async def keep(
    db: Database, teller: Teller, brought: Sequence[Any], giver: Giver, clock: Clock = system_clock
) -> list[str]:
    """Keep what is new, and return the ids in order; `Invalid`, `Conflict` or `Forbidden`: nothing is kept."""
    statements = _checked(brought)
    ids = [statement["id"] for statement in statements]
    async with db.transaction(bulk=True) as work:
        known = await _known(work, teller, statements)
        for statement in statements:
            other = known.get(statement["id"])
            if other is not None and not (other and same(other, statement)):
                raise Conflict(f"Another statement has the id {statement['id']}. Nothing was kept.")
        new = [statement for statement in statements if statement["id"] not in known]
        await _check_room(work, giver, len(new))
        await _check_voids(work, new)
        at = stamp(clock())
        work.with_commit(_KEEP, [as_kept(statement, teller, giver, at) for statement in new])
    return ids


def _checked(brought: Sequence[Any]) -> list[Statement]:
    if len(brought) > MOST_AT_ONCE:
        raise TooLarge(f"Too many statements: send {MOST_AT_ONCE} at most in one request.")
    statements = []
    for one in brought:
        check(one)
        if len(msgspec.json.encode(one)) > LARGEST:
            raise TooLarge(f"A statement is too large: {LARGEST // 1024} KiB at most.")
        statements.append({**one, "id": one.get("id", str(uuid.uuid4())).lower()})
    ids = {statement["id"] for statement in statements}
    if len(ids) < len(statements):
        raise Invalid("Two statements of one request have the same id.")
    return statements


async def _known(work: Statements, teller: Teller, statements: Sequence[Statement]) -> dict[str, Statement]:
    """Those ids that stand here already, with their statement; an event's told as from the address it came with."""
    ids = {"ids": [statement["id"] for statement in statements]}
    rows = await work.rows("SELECT id, statement FROM statements WHERE id IN (:ids)", ids)
    known: dict[str, Statement] = {row["id"]: msgspec.json.decode(row["statement"]) for row in rows}
    homes = {statement["id"]: _home(statement) for statement in statements}
    events = {"ids": [event_id(id) for id in homes]}
    for row in await work.rows("SELECT id, line FROM events WHERE id IN (:ids)", events):
        id = statement_id(row["id"])
        away = msgspec.structs.replace(teller, home=homes.get(id) or teller.home)
        known[id] = _as_sent(away.tell(bytes(row["line"])))
    return known


def _as_sent(statement: Statement | None) -> Statement:
    """As it comes out of JSON; empty, and like no other, for an event that is no statement."""
    return msgspec.json.decode(msgspec.json.encode(statement or {}), type=dict[str, Any])


def _home(statement: Statement) -> str:
    home: str = statement["actor"].get("account", {}).get("homePage", "")
    return home


async def _check_room(work: Statements, giver: Giver, more: int) -> None:
    there = await work.value("SELECT count(*) FROM statements WHERE key = :key", {"key": giver.key})
    if there + more > MOST:
        raise TooLarge(f"This key has left {MOST} statements here: there is no room for more.")


async def _check_voids(work: Statements, statements: Sequence[Statement]) -> None:
    """Nobody voids what was done here: an event is never taken back. Nor is a statement that voids (xAPI 1.0.3, 2.3.2)."""
    voiding = [one for one in statements if one["verb"]["id"] == VOIDED]
    voided = [one["object"]["id"].lower() for one in voiding]
    if await work.value("SELECT 1 FROM events WHERE id IN (:ids)", {"ids": list(map(event_id, voided))}):
        raise Forbidden("What was done here cannot be voided. Nothing was kept.")
    final = await work.value("SELECT 1 FROM statements WHERE voids <> '' AND id IN (:ids)", {"ids": voided})
    if final or {one["id"] for one in voiding} & set(voided):
        raise Invalid("A statement that voids another cannot be voided. Nothing was kept.")


def as_kept(sent: Statement, teller: Teller, giver: Giver, at: str) -> Mapping[str, Any]:
    """The row of a statement that was checked, completed with what a record store adds."""
    authority = {"objectType": "Agent", "account": {"homePage": teller.home, "name": giver.key}}
    added = {"stored": at, "authority": authority}
    statement = {"timestamp": at, "version": giver.version, **sent, **added}
    target = statement["object"]
    activity = target["id"] if target.get("objectType", "Activity") == "Activity" else ""
    return {
        "id": statement["id"],
        "stored": statement["stored"],
        "key": giver.key,
        "verb": statement["verb"]["id"],
        "activity": activity,
        "activities": _lines([activity, *_around(statement)]),
        "agents": _lines(agents_in(statement)),
        "registration": statement.get("context", {}).get("registration", "").lower(),
        "voids": target["id"].lower() if statement["verb"]["id"] == VOIDED else "",
        "statement": msgspec.json.encode(statement),
    }


def _around(statement: Statement) -> list[str]:
    groups = statement.get("context", {}).get("contextActivities", {}).values()
    return [one["id"] for group in groups for one in (group if isinstance(group, list) else [group])]


def _lines(texts: Sequence[str]) -> str:
    """Each between line ends, as none of them holds one, so that a whole one can be looked for."""
    return "\n" + "".join(f"{text}\n" for text in texts if text)
