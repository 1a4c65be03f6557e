"""Migrations are applied once, in order, and whole or not at all."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from postgres_server import Postgres

from lms.cli import main
from lms.db import Database, migrate, open_database, ready_database
from lms.errors import Invalid


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "x.db")
    blank: str = request.getfixturevalue("postgres").blank()
    return blank


@pytest.fixture
async def db(place: str) -> AsyncIterator[Database]:
    database = await open_database(place)
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

    with pytest.raises((sqlite3.OperationalError, asyncpg.DuplicateTableError)):
        await migrate(db, folder)

    await db.execute("CREATE TABLE b (x TEXT)")  # nothing is there by that name
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
    db: Database, folder: Path, place: str
) -> None:
    other = await open_database(place)
    done = await asyncio.gather(migrate(db, folder), migrate(other, folder))
    await other.close()

    assert sorted(map(len, done)) == [0, 1]


async def test_a_common_file_gives_way_to_one_of_the_engine(db: Database, folder: Path) -> None:
    (folder / "0002_own.sql").write_text("CREATE TABLE common (x TEXT);")
    (folder / f"0002_own.{db.engine}.sql").write_text("CREATE TABLE own (x TEXT);")
    await migrate(db, folder)

    assert await db.value("SELECT count(*) FROM own") == 0
    await db.execute("CREATE TABLE common (x TEXT)")  # nothing is there by that name


async def test_our_own_migrations_apply(db: Database) -> None:
    assert "0001_events" in await migrate(db)


async def test_a_server_that_is_not_up_to_date_is_refused_and_left_as_it_is(postgres: Postgres) -> None:
    url = postgres.blank()
    for _ in range(2):
        with pytest.raises(Invalid, match="lms migrate"):
            async with ready_database(url):
                pass


def test_a_server_is_brought_up_to_date_by_command(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LMS_DATABASE", postgres.blank())
    main(["migrate"])
    applied = capsys.readouterr().out
    main(["migrate"])

    assert applied.startswith("0001_events\n0002_people\n")
    assert capsys.readouterr().out == "La base de datos ya estaba al día.\n"
    main(["regrade"])
    assert "Registros calificados otra vez: 0." in capsys.readouterr().out
