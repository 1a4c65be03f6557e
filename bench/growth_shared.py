"""As `bench.growth`, in PostgreSQL: what an event costs when its log has a hundred thousand to ten million rows.

One PostgreSQL has a database of each size, the next a copy of the one before that grew; a server stands before each.
It is set up as docs/operations.md recommends for a machine of 8 GB, and writes all to disk. Before anything is
measured every table is vacuumed and analysed, as autovacuum does while a log grows for weeks.

Ten million rows are 16 GB with what is written ahead and take six minutes, so only `GROWTH=10000000` asks for them.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg

from bench.copies import Copied, Seed
from bench.growth import COLUMNS, Figures, behind, bring_seed, measure, to_add, wanted
from bench.servers import on, ours, postgres

SETTINGS = "-c shared_buffers=2GB -c max_wal_size=4GB"


def run() -> Figures:
    """Let the log grow, from one database to the next; then bring to all of them, batch by batch in turns."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        cluster = stack.enter_context(postgres(SETTINGS))

        def served(database: str) -> Any:
            return ours(Path(folder) / database, **on(cluster.url(database)))

        before = "lms"
        with served(before) as running:
            bring_seed(running)
        seed = asyncio.run(_seed(cluster.url(before)))
        grown = []
        for size in wanted():
            name = f"log_{size}"
            asyncio.run(_done(cluster.url("postgres"), f"CREATE DATABASE {name} TEMPLATE {before}"))
            grown.append((name, size, asyncio.run(_grow(cluster.url(name), seed, size))))
            before = name
        asyncio.run(_done(cluster.url("postgres"), "CHECKPOINT"))
        logs = [
            behind(stack.enter_context(served(name)), size, teachers, stack) for name, size, teachers in grown
        ]
        return measure(logs, "PostgreSQL: ")


async def _seed(url: str) -> Seed:
    async with _connected(url) as db:
        events = await db.fetch(f"SELECT {COLUMNS} FROM events ORDER BY number")  # noqa: S608 - those of `bench.growth`
        outcomes = await db.fetch("SELECT * FROM outcomes")
        studied = await db.fetch("SELECT profile, at FROM studied")
        return Seed(map(tuple, events), map(tuple, outcomes), map(tuple, studied))


async def _grow(url: str, seed: Seed, size: int) -> list[Copied]:
    """Add teachers until there are so many rows; those that were added."""
    async with _connected(url) as db:
        number, there = await db.fetchrow("SELECT max(number), count(*) FROM events")
        teachers = to_add(size, there)
        lines = seed.events(teachers, number)
        await db.copy_records_to_table("events", records=lines, columns=COLUMNS.split(", "))
        await db.copy_records_to_table("outcomes", records=seed.outcomes(teachers))
        await db.copy_records_to_table("studied", records=seed.studied(teachers))
        await db.execute("VACUUM ANALYZE")
    return teachers


async def _done(url: str, statement: str) -> None:
    async with _connected(url) as db:
        await db.execute(statement)


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Any]:
    db = await asyncpg.connect(url)
    try:
        yield db
    finally:
        await db.close()
