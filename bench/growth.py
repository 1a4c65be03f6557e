"""What an event costs in batches of 100 through HTTP when the log has a hundred thousand, a million, ten million rows.

A hundred teachers' events are brought to a server, which grades them and makes their outcomes. The log then grows by
copies of what it made of them: its own tables and indexes, each copy a teacher with ids of their own, in the lines too.
A copy's events come ten at a time between those of all others, as they do week by week, so that the indexes are as
scattered as real ones. What is measured is a device of such a teacher that comes back with a hundred events more.

Ten million rows are 8 GB and take ten minutes, so only `GROWTH=10000000` asks for them.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from bench.ingest import answers
from bench.servers import Sender, ours
from lms.events.ids import new_event_id, new_random_id
from lms.events.wire import encode

SIZES = (100_000, 1_000_000, 10_000_000)
WITHOUT_ASKING = 1_000_000
TEACHERS = 100
EACH = 100  # events of a teacher
A_WEEK = 10  # events of a teacher that come together
BATCHES = 200
FIRST = 20  # batches that are not counted

_EVENT = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_OUTCOME = "INSERT INTO outcomes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

Row = tuple[Any, ...]
"""A row of `events`."""


@dataclass(frozen=True)
class Copied:
    """A teacher: the profile and the device in whose rows theirs are copied, and their own."""

    of: int
    profile: str
    device: str


def run() -> list[tuple[str, float, str, float, float]]:
    """Let the log grow and keep it at each size; then bring to all of them, batch by batch in turns."""
    sizes = [size for size in SIZES if size <= int(os.environ.get("GROWTH", WITHOUT_ASKING))]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        data = Path(folder) / "data"
        with ours(data, LMS_BACKUPS="0") as running, Sender(running.port) as sender:
            running.wait_until_warm()
            lines = list(map(encode, answers(TEACHERS, EACH, seed=0)))
            for at in range(0, len(lines), EACH):
                _bring(sender, b"\n".join(lines[at : at + EACH]))
        seed = _Seed(data / "lms.db")
        logs = []
        for size in sizes:
            teachers = seed.grow(size)
            kept = data.with_name(f"log of {size}")
            shutil.copytree(data, kept)
            running = stack.enter_context(ours(kept, LMS_BACKUPS="0"))
            running.wait_until_warm()
            sender = stack.enter_context(Sender(running.port))
            logs.append(Log(size, sender, random.Random(size).sample(teachers, FIRST + BATCHES)))
        _measure(logs)
    first = logs[0].cost
    return [
        (f"event in batches of {EACH}, log of {log.size:,} rows ÷ of {SIZES[0]:,}", log.cost, "ms", first, log.cost / first)
        for log in logs
    ]  # fmt: skip


@dataclass
class Log:
    """A log of some size, behind a server, the teachers who come back to it, and the seconds that takes."""

    size: int
    sender: Sender
    teachers: list[Copied]
    seconds: float = 0.0

    @property
    def cost(self) -> float:
        """Milliseconds an event, all in all."""
        return 1000 * self.seconds / (BATCHES * EACH)


def _measure(logs: Sequence[Log]) -> None:
    events = answers(FIRST + BATCHES, EACH, seed=1)
    for number in range(FIRST + BATCHES):
        again = events[number * EACH : (number + 1) * EACH]
        for log in logs:
            teacher = log.teachers[number]
            at = {"profile": teacher.profile, "device": teacher.device}
            body = b"\n".join(encode(replace(event, seq=EACH + event.seq, **at)) for event in again)
            begun = time.perf_counter()
            _bring(log.sender, body)
            log.seconds += time.perf_counter() - begun if number >= FIRST else 0.0


def _bring(sender: Sender, body: bytes) -> None:
    assert sender.post("/events", body).count(b'"status":"stored"') == EACH


class _Seed:
    """Makes a log longer by copies of the rows that a server made."""

    def __init__(self, database: Path) -> None:
        self._database = database
        with closing(sqlite3.connect(database)) as db:
            self._events = [
                db.execute("SELECT * FROM events WHERE profile = ? ORDER BY number", (profile,)).fetchall()
                for (profile,) in db.execute("SELECT DISTINCT profile FROM events").fetchall()
            ]
            self._outcomes = [
                db.execute("SELECT * FROM outcomes WHERE profile = ?", (rows[0][2],)).fetchall()
                for rows in self._events
            ]

    def grow(self, size: int) -> list[Copied]:
        """Add teachers until there are so many rows; those that were added."""
        with closing(sqlite3.connect(self._database, isolation_level=None)) as db:
            for statement in ("PRAGMA synchronous = OFF", "PRAGMA cache_size = -4000000", "BEGIN"):
                db.execute(statement)
            number, there = db.execute("SELECT max(number), count(*) FROM events").fetchone()
            count = max(FIRST + BATCHES, (size - there) // EACH)
            teachers = [Copied(at % TEACHERS, new_random_id(), new_random_id()) for at in range(count)]
            db.executemany(_EVENT, self._rows(teachers, number))
            made = ((teacher.profile, *row[1:]) for teacher in teachers for row in self._outcomes[teacher.of])
            db.executemany(_OUTCOME, made)
            db.execute("COMMIT")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return teachers

    def _rows(self, teachers: Sequence[Copied], number: int) -> Iterator[Row]:
        for week in range(0, EACH, A_WEEK):
            for teacher in teachers:
                for row in self._events[teacher.of][week : week + A_WEEK]:
                    number += 1
                    yield _copy(row, number, teacher)


def _copy(row: Row, number: int, teacher: Copied) -> Row:
    _, id, profile, device, *rest, line = row
    own = new_event_id()
    for old, new in ((id, own), (profile, teacher.profile), (device, teacher.device)):
        line = line.replace(old.encode(), new.encode())
    return number, own, teacher.profile, teacher.device, *rest, line
