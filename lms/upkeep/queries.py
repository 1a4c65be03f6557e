"""What the database says of itself, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from msgspec import Struct

from lms.clock import day_in_peru, moment_said, stamp
from lms.db import Database
from lms.settings import Settings
from lms.upkeep.contents import BESIDE

LOOKED_AT = 10_000
"""Newest events whose clocks are looked at."""

_OLDEST = "2024"  # an earlier clock was never set
_AHEAD = timedelta(hours=1)


class _Said(Struct):
    at: str


class Clocks(Struct, frozen=True):
    """How late the newest events came, and how many of them were written under a wrong clock; codes say only a day."""

    longest: int
    ahead: int
    unset: int


async def counts(db: Database, sql: str) -> list[tuple[str, int]]:
    """The two columns of a query as names and numbers."""
    return [(str(row[0]), int(row[1])) for row in await db.rows(sql)]


async def events_since(db: Database, moment: datetime) -> tuple[Counter[str], Counter[str]]:
    """Events received since then, by day in Peru and by the way they came."""
    rows = await db.rows(
        "SELECT substr(received_at, 1, 13) AS hour, source, count(*) AS events FROM events"
        " WHERE received_at >= :since GROUP BY 1, 2",
        {"since": stamp(moment)},
    )
    days: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    for row in rows:
        days[day_in_peru(f"{row['hour']}:00Z").isoformat()] += row["events"]
        sources[row["source"]] += row["events"]
    return days, sources


async def clocks(db: Database) -> Clocks:
    """The longest that one of the newest events took to arrive, those with a wrong clock apart."""
    rows = await db.rows(
        "SELECT received_at, line FROM (SELECT received_at, type, line FROM events ORDER BY number DESC LIMIT :most)"
        " AS newest WHERE type <> 'progress.reported'",
        {"most": LOOKED_AT},
    )
    longest, ahead, unset = timedelta(), 0, 0
    for at, late in _lags((row["received_at"], bytes(row["line"])) for row in rows):
        unset += at < _OLDEST
        ahead += late < -_AHEAD
        longest = longest if at < _OLDEST else max(longest, late)
    return Clocks(int(longest.total_seconds()), ahead, unset)


def _lags(received: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, timedelta]]:
    decode = msgspec.json.Decoder(_Said).decode
    for received_at, line in received:
        at = decode(line).at
        if moment := moment_said(at):
            yield at, datetime.fromisoformat(received_at) - moment
        else:  # a 30th of February: a clock that was never set
            yield "", timedelta()


async def database_bytes(db: Database, settings: Settings) -> int:
    """How much room the database takes."""
    if db.engine == "postgres":
        return int(await db.value("SELECT pg_database_size(current_database())"))
    file = Path(settings.database.removeprefix("sqlite:///"))
    beside = (file.with_name(file.name + end) for end in BESIDE)
    return sum(one.stat().st_size for one in beside if one.exists())
