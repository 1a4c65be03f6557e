"""What an event costs in batches of 100 through HTTP when the log has a hundred thousand, a million, ten million rows.

A hundred teachers' events are brought to a server, which grades them and makes their outcomes. The log then grows by
copies of what it made of them (`bench.copies`), in its own tables and indexes. What is measured is a device of such a
teacher that comes back with a hundred events more.

Ten million rows are 8 GB and take four minutes, so only `GROWTH=10000000` asks for them.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from bench.copies import EACH, TEACHERS, Copied, Seed, copied
from bench.ingest import answers
from bench.servers import Running, Sender, ours
from lms.events.wire import encode

SIZES = (100_000, 1_000_000, 10_000_000)
WITHOUT_ASKING = 1_000_000
BATCHES = 200
FIRST = 20  # batches that are not counted

COLUMNS = "number, id, profile, device, seq, type, course, item, source, received_at, line"
"""Those of `events` that are copied, in this order: the others say what happened to a line after it came."""

_EVENT = f"INSERT INTO events ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - the columns above
_OUTCOME = "INSERT INTO outcomes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_STUDIED = "INSERT INTO studied (profile, at) VALUES (?, ?)"

Figures = list[tuple[str, float, str, float, float]]


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


def run() -> Figures:
    """Let the log grow and keep it at each size; then bring to all of them, batch by batch in turns."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        data = Path(folder) / "data"
        with ours(data, LMS_BACKUPS="0") as running:
            bring_seed(running)
        seed = _seed(data / "lms.db")
        logs = []
        for size in wanted():
            teachers = _grow(data / "lms.db", seed, size)
            kept = data.with_name(f"log of {size}")
            shutil.copytree(data, kept)
            logs.append(behind(stack.enter_context(ours(kept, LMS_BACKUPS="0")), size, teachers, stack))
        os.sync()  # or what is measured waits for gigabytes of copies, which no log that grows for years is behind
        return measure(logs)


def wanted() -> list[int]:
    """The sizes to be measured."""
    return [size for size in SIZES if size <= int(os.environ.get("GROWTH", WITHOUT_ASKING))]


def bring_seed(running: Running) -> None:
    """Bring a new server what the teachers did of whom all others are copies."""
    running.wait_until_warm()
    lines = list(map(encode, answers(TEACHERS, EACH, seed=0)))
    with Sender(running.port) as sender:
        for at in range(0, len(lines), EACH):
            _bring(sender, b"\n".join(lines[at : at + EACH]))


def to_add(size: int, there: int) -> list[Copied]:
    """Teachers enough for a log of `there` rows to have `size` of them, and to be measured with."""
    return copied(max(FIRST + BATCHES, (size - there) // EACH))


def behind(running: Running, size: int, teachers: Sequence[Copied], stack: ExitStack) -> Log:
    """The log of a server that runs, and some of the teachers with whom it grew."""
    running.wait_until_warm()
    sender = stack.enter_context(Sender(running.port))
    return Log(size, sender, random.Random(size).sample(teachers, FIRST + BATCHES))


def measure(logs: Sequence[Log], where: str = "") -> Figures:
    """Let teachers come back to all logs in turns, each first as often; what an event costs, against the smallest."""
    events = answers(FIRST + BATCHES, EACH, seed=1)
    for number in range(FIRST + BATCHES):
        again = events[number * EACH : (number + 1) * EACH]
        for log in (*logs[number % len(logs) :], *logs[: number % len(logs)]):
            teacher = log.teachers[number]
            at = {"profile": teacher.profile, "device": teacher.device}
            body = b"\n".join(encode(replace(event, seq=EACH + event.seq, **at)) for event in again)
            begun = time.perf_counter()
            _bring(log.sender, body)
            log.seconds += time.perf_counter() - begun if number >= FIRST else 0.0
    first = logs[0].cost
    what = f"{where}event in batches of {EACH}, log of"
    return [
        (f"{what} {log.size:,} rows ÷ of {SIZES[0]:,}", log.cost, "ms", first, log.cost / first)
        for log in logs
    ]


def _bring(sender: Sender, body: bytes) -> None:
    assert sender.post("/events", body).count(b'"status":"stored"') == EACH


def _seed(database: Path) -> Seed:
    with closing(sqlite3.connect(database)) as db:
        events = db.execute(f"SELECT {COLUMNS} FROM events ORDER BY number")  # noqa: S608 - the columns above
        studied = db.execute("SELECT profile, at FROM studied")
        return Seed(events, db.execute("SELECT * FROM outcomes"), studied)


def _grow(database: Path, seed: Seed, size: int) -> list[Copied]:
    """Add teachers until there are so many rows; those that were added."""
    with closing(sqlite3.connect(database, isolation_level=None)) as db:
        for statement in ("PRAGMA synchronous = OFF", "PRAGMA cache_size = -4000000", "BEGIN"):
            db.execute(statement)
        number, there = db.execute("SELECT max(number), count(*) FROM events").fetchone()
        teachers = to_add(size, there)
        db.executemany(_EVENT, seed.events(teachers, number))
        db.executemany(_OUTCOME, seed.outcomes(teachers))
        db.executemany(_STUDIED, seed.studied(teachers))
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return teachers
