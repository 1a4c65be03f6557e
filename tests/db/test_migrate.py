"""Migrations are applied once, in order, and whole or not at all."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lms.db import Database, migrate, open_database
from lms.errors import Invalid


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    database = await open_database(tmp_path / "x.db")
    yield database
    await database.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "migrations"
    place.mkdir()
    (place / "0001_first.sql").write_text(
        "-- One; two.\nCREATE TABLE a (x TEXT DEFAULT ';');\nCREATE INDEX i ON a (x);\n"
    )
    return place


async def test_each_file_is_applied_once_in_order(db: Database, folder: Path) -> None:
    assert await migrate(db, folder) == ("0001_first",)

    (folder / "0003_third.sql").write_text("INSERT INTO a (x) VALUES ('third');")
    (folder / "0002_second.sql").write_text("ALTER TABLE a ADD COLUMN y TEXT;")

    assert await migrate(db, folder) == ("0002_second", "0003_third")
    assert await migrate(db, folder) == ()


async def test_a_file_that_fails_leaves_nothing(db: Database, folder: Path) -> None:
    (folder / "0002_bad.sql").write_text("CREATE TABLE b (x TEXT);\nCREATE TABLE a (x TEXT);\n")

    with pytest.raises(sqlite3.OperationalError):
        await migrate(db, folder)

    assert await db.value("SELECT count(*) FROM sqlite_master WHERE name = 'b'") == 0
    assert await db.value("SELECT name FROM migrations") == "0001_first"


async def test_two_files_with_one_number_are_refused(db: Database, folder: Path) -> None:
    (folder / "0001_twin.sql").write_text("CREATE TABLE b (x TEXT);")

    with pytest.raises(Invalid, match="0001"):
        await migrate(db, folder)


async def test_a_forgotten_semicolon_is_named(db: Database, folder: Path) -> None:
    (folder / "0002_open.sql").write_text("CREATE TABLE b (x TEXT)\n-- the end\n")

    with pytest.raises(Invalid, match="CREATE TABLE b"):
        await migrate(db, folder)


async def test_two_processes_that_start_together_do_not_collide(
    db: Database, folder: Path, tmp_path: Path
) -> None:
    other = await open_database(tmp_path / "x.db")
    done = await asyncio.gather(migrate(db, folder), migrate(other, folder))
    await other.close()

    assert sorted(map(len, done)) == [0, 1]


async def test_our_own_migrations_apply(db: Database) -> None:
    assert "0001_events" in await migrate(db)
