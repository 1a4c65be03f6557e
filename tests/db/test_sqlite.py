"""What SQLite does of its own: a file that readers share with the one who writes, and other programs with both."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from pathlib import Path

import pytest

from lms.db import Database, open_database, sqlite
from lms.errors import Unavailable


async def add(db: Database, *names: str) -> None:
    await db.execute_many("INSERT INTO things (name) VALUES (:name)", [{"name": name} for name in names])


async def test_a_read_never_waits_for_a_write(tmp_path: Path) -> None:
    db = await open_database(tmp_path / "x.db")
    await db.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
    async with db.transaction() as work:
        await work.execute("INSERT INTO things (name) VALUES ('new')")
        begun = time.monotonic()
        seen = await db.value("SELECT count(*) FROM things")
        waited = time.monotonic() - begun
    after = await db.value("SELECT count(*) FROM things")
    await db.close()

    assert (seen, after) == (0, 1)
    assert waited < 1


async def test_a_writer_waits_for_another_process(tmp_path: Path) -> None:
    db = await open_database(tmp_path / "x.db")
    await db.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(add(db, "in a transaction"))
    await asyncio.sleep(0.1)  # longer than SQLite is told to wait
    waited = not writing.done()
    other.execute("COMMIT")
    await writing
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(db.execute("INSERT INTO things (name) VALUES ('alone')"))
    await asyncio.sleep(0.1)
    waited = waited and not writing.done()
    other.execute("COMMIT")
    await writing
    other.close()
    names = [row["name"] for row in await db.rows("SELECT name FROM things ORDER BY id")]
    await db.close()

    assert waited
    assert names == ["in a transaction", "alone"]


async def test_a_file_that_stays_busy_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "_BUSY_MS", 50)
    db = await open_database(tmp_path / "x.db")
    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="Otro programa"):
        await db.execute("CREATE TABLE things (id INTEGER PRIMARY KEY)")
    other.close()
    await db.execute("CREATE TABLE things (id INTEGER PRIMARY KEY)")
    await db.close()


async def test_a_reader_cannot_write(tmp_path: Path) -> None:
    db = await open_database(tmp_path / "x.db")
    with pytest.raises(sqlite3.OperationalError):
        await db.rows("CREATE TABLE things (id INTEGER PRIMARY KEY)")
    await db.close()


async def test_what_is_acknowledged_survives_a_power_cut(tmp_path: Path) -> None:
    db = await open_database(tmp_path / "x.db")
    async with db.transaction() as work:
        full, wal = await work.value("PRAGMA synchronous"), await work.value("PRAGMA journal_mode")
        keys = await work.value("PRAGMA foreign_keys")
    await db.close()

    assert (full, wal, keys) == (2, "wal", 1)
