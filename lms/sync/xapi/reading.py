"""A page of statements, of events and kept ones in one order, and where the next begins."""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from lms.db import Database
from lms.sync.xapi.mapping import Statement, Teller
from lms.sync.xapi.queries import WALK, Found, Place, Wanted, bodies, event_with, kept, kept_with, told
from lms.sync.xapi.vocabulary import event_id

_STEP = 500  # rows of each kind looked at together, at least
_MOST_BYTES = 4 * 1024 * 1024  # of what a page is made of: kept statements may be large


class Page(Struct, frozen=True):
    """Statements in order; `next` is where to go on, None at the end. There may be few and yet more after them."""

    statements: list[Statement]
    next: Place | None


async def read_page(db: Database, teller: Teller, wanted: Wanted, after: Place, limit: int) -> Page:
    """Up to `limit` of the wanted statements after a place."""
    statements: list[Statement] = []
    place, walked, step, room = after, 0, max(limit, _STEP), _MOST_BYTES
    while walked < WALK:
        rows, ended = await _window(db, wanted, place, step)
        while rows:
            group, rows = _split(rows, limit - len(statements), room)
            found = await bodies(db, [row.place for row in group if row.size is not None])
            told = [_statement(teller, row.place, found[row.place]) for row in group if row.place in found]
            statements += [one for one in told if one is not None]
            place, room = group[-1].place, room - sum(row.size or 0 for row in group)
            if len(statements) == limit or room <= 0:
                return Page(statements, None if ended and not rows else place)
        if ended:
            return Page(statements, None)
        walked += step
    return Page(statements, place)


def _split(rows: list[Found], most: int, room: int) -> tuple[list[Found], list[Found]]:
    """The first rows, with as many wanted ones as are asked for and at most one more than there is room for; the rest."""
    for count, row in enumerate(rows, 1):
        most -= row.size is not None
        room -= row.size or 0
        if most <= 0 or room <= 0:
            return rows[:count], rows[count:]
    return rows, []


async def read_one(db: Database, teller: Teller, id: str, *, voided: bool = False) -> Statement | None:
    """The statement with this id; an event's is never voided."""
    if row := await event_with(db, event_id(id)):
        return None if voided else told_here(teller, bytes(row["line"]), row["received_at"])
    body = await kept_with(db, id, voided=voided)
    return msgspec.json.decode(body) if body else None


def told_here(teller: Teller, line: bytes, stored: str) -> Statement | None:
    """An event as this record store gives it out: with when it came, and on whose word."""
    statement = teller.tell(line)
    if statement is None:
        return None
    authority = {"objectType": "Agent", "account": {"homePage": teller.home, "name": "chaski"}}
    return {"timestamp": stored, **statement, "stored": stored, "authority": authority}


def _statement(teller: Teller, place: Place, body: bytes) -> Statement | None:
    if place.kind == "event":
        return told_here(teller, bytes(body), place.stored)
    kept_as: Statement = msgspec.json.decode(body)
    return kept_as


async def _window(db: Database, wanted: Wanted, after: Place, step: int) -> tuple[list[Found], bool]:
    """What comes next of both kinds, as far as both were looked at; whether that was the end."""
    kinds = [await told(db, wanted, after, step), await kept(db, wanted, after, step)]
    cuts = [_key(rows[-1]) for rows in kinds if len(rows) == step]
    both = sorted((*kinds[0], *kinds[1]), key=_key, reverse=not wanted.ascending)
    if not cuts:
        return both, True
    seen = min(cuts) if wanted.ascending else max(cuts)
    return _up_to(both, seen, wanted.ascending), False


def _up_to(rows: Sequence[Found], seen: Any, ascending: bool) -> list[Found]:
    return [row for row in rows if (_key(row) <= seen if ascending else _key(row) >= seen)]


def _key(row: Found) -> tuple[str, str, Any]:
    place = row.place
    return place.stored, place.kind, int(place.tie) if place.kind == "event" else place.tie
