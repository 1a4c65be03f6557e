"""Events stored a second in PostgreSQL through HTTP, graded and projected, against asyncpg inserting the same rows."""

from __future__ import annotations

import asyncio
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import asyncpg

from bench.ingest import BATCHES, EACH, RUNS, TEACHERS, answers
from bench.servers import Sender, on, ours, postgres
from lms.events.model import Event
from lms.events.wire import encode

_TABLE = """
CREATE TABLE raw (id TEXT PRIMARY KEY, device TEXT, profile TEXT, seq BIGINT, type TEXT, item TEXT, at TEXT, line BYTEA);
CREATE INDEX by_profile ON raw (profile, seq);
"""
_INSERT = """
INSERT INTO raw SELECT * FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::bytea[])
ON CONFLICT DO NOTHING
"""


def run() -> list[tuple[str, float, str, float, float]]:
    """Measure both in turns, batch by batch of the same lines, on one PostgreSQL that writes all to disk."""
    with tempfile.TemporaryDirectory() as folder, postgres() as cluster:
        settings = on(cluster.url("lms"))
        with (
            ours(Path(folder) / "data", **settings) as running,
            Sender(running.port) as sender,
            ours(Path(folder) / "more", **settings) as another,
            Sender(another.port) as second,
        ):
            running.wait_until_warm()
            another.wait_until_warm()
            return [*asyncio.run(_rows(sender, cluster.url("blank"))), *_two(sender, second)]


async def _rows(sender: Sender, url: str) -> list[tuple[str, float, str, float, float]]:
    raw = await asyncpg.connect(url)
    await raw.execute(_TABLE)
    rows = []
    for size in BATCHES:
        pairs = [
            await _run(sender, raw, answers(TEACHERS, EACH, seed=number), size) for number in range(RUNS)
        ]
        rate, base = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
        ratio = median(pair[0] / pair[1] for pair in pairs)
        rows.append(
            (f"PostgreSQL: events stored, batches of {size} ÷ asyncpg unnest", rate, "events/s", base, ratio)
        )
    await raw.close()
    return rows


def _two(one: Sender, other: Sender) -> list[tuple[str, float, str, float, float]]:
    """Two processes that store at the same time, in turns with one that stores alone."""
    rows = []
    for size in BATCHES:
        pairs = []
        for number in range(RUNS):
            alone, left, right = (_bodies(100 + 3 * number + more, size) for more in range(3))
            pairs.append((_together((one, alone)), _together((one, left), (other, right))))
        base, rate = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
        ratio = median(pair[1] / pair[0] for pair in pairs)
        rows.append(
            (f"PostgreSQL: from two processes at once, batches of {size} ÷ from one", rate, "events/s", base, ratio)
        )  # fmt: skip
    return rows


def _bodies(seed: int, size: int) -> list[bytes]:
    lines = list(map(encode, answers(TEACHERS, EACH, seed=seed)))
    return [b"\n".join(lines[at : at + size]) for at in range(0, len(lines), size)]


def _together(*sending: tuple[Sender, list[bytes]]) -> float:
    """Events a second of all of them."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(len(sending)) as threads:
        list(threads.map(_send, *zip(*sending, strict=True)))
    return TEACHERS * EACH * len(sending) / (time.perf_counter() - begun)


def _send(sender: Sender, bodies: list[bytes]) -> None:
    for body in bodies:
        assert sender.post("/events", body).count(b'"status":"stored"') == body.count(b"\n") + 1


async def _run(
    sender: Sender, raw: asyncpg.Connection, events: list[Event], size: int
) -> tuple[float, float]:
    """Events a second of both."""
    seconds, raw_seconds = 0.0, 0.0
    for at in range(0, len(events), size):
        batch = events[at : at + size]
        body, columns = (
            b"\n".join(map(encode, batch)),
            [list(column) for column in zip(*map(_row, batch), strict=True)],
        )
        begun = time.perf_counter()
        receipts = sender.post("/events", body)
        stored = time.perf_counter()
        await raw.execute(_INSERT, *columns)
        raw_seconds += time.perf_counter() - stored
        seconds += stored - begun
        assert receipts.count(b'"status":"stored"') == len(batch)
    return len(events) / seconds, len(events) / raw_seconds


def _row(event: Event) -> tuple[object, ...]:
    return event.id, event.device, event.profile, event.seq, event.type, event.item, event.at, encode(event)
