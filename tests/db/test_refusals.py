"""A full disk, a closed one or another program in the way is said in words, and nothing is half-written."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from disks import Disk

from lms.db import Database, open_database
from lms.errors import BUSY, CLOSED, DAMAGED, FULL, Unavailable


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    """A database in which one thing is kept."""
    database = await open_database(tmp_path / "x.db")
    await database.execute("CREATE TABLE things (name TEXT NOT NULL)")
    await database.execute("INSERT INTO things (name) VALUES ('sol')")
    yield database
    await database.close()


async def fill(db: Database) -> None:
    """Let the file grow no more, which SQLite answers as it does when the disk is full."""
    pages = await db.value("PRAGMA page_count")
    await db.execute(f"PRAGMA max_page_count = {pages}")


async def add_much(db: Database) -> None:
    async with db.transaction() as work:
        await work.execute("INSERT INTO things (name) VALUES ('luna')")
        await work.execute("INSERT INTO things (name) VALUES (:name)", {"name": "x" * 100_000})


async def names(db: Database) -> list[str]:
    return [row["name"] for row in await db.rows("SELECT name FROM things")]


async def test_a_full_disk_is_said_and_leaves_nothing_half_written(db: Database) -> None:
    await fill(db)
    for _ in range(2):
        with pytest.raises(Unavailable) as refused:
            await add_much(db)
        assert refused.value.message == FULL

    assert await names(db) == ["sol"]


async def test_once_there_is_room_again_writing_goes_on(db: Database) -> None:
    await fill(db)
    with pytest.raises(Unavailable):
        await add_much(db)
    await db.execute("PRAGMA max_page_count = 1000000")
    await add_much(db)

    assert len(await names(db)) == 3


async def test_a_disk_that_cannot_be_written_is_said(db: Database) -> None:
    await db.execute("PRAGMA query_only = ON")
    with pytest.raises(Unavailable) as refused:
        await db.execute("INSERT INTO things (name) VALUES ('luna')")

    assert refused.value.message == CLOSED
    assert await names(db) == ["sol"]


async def test_another_program_in_the_way_is_said(db: Database, tmp_path: Path) -> None:
    await db.execute("PRAGMA busy_timeout = 0")
    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable) as refused:
        await add_much(db)
    other.execute("ROLLBACK")
    other.close()
    await add_much(db)

    assert refused.value.message == BUSY
    assert len(await names(db)) == 3


async def refusal(file: Path) -> str:
    """What is said of a file that cannot be opened; no thread of it is left."""
    with pytest.raises(Unavailable) as refused:
        await open_database(file)
    assert not [one for one in threading.enumerate() if "_connection_worker" in one.name]
    return refused.value.message


async def test_a_place_where_no_file_can_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.db").mkdir(mode=0o755)

    assert await refusal(tmp_path / "x.db") == CLOSED
    assert stat.S_IMODE((tmp_path / "x.db").stat().st_mode) == 0o755


async def test_a_file_that_is_no_database_is_said_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"Lista de docentes\n" * 100)

    assert await refusal(tmp_path / "x.db") == DAMAGED
    assert (tmp_path / "x.db").read_bytes() == b"Lista de docentes\n" * 100


async def test_a_damaged_database_is_said(db: Database, tmp_path: Path) -> None:
    await db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (tmp_path / "x.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096)

    with pytest.raises(Unavailable) as refused:
        await names(db)
    assert refused.value.message == DAMAGED


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path / "disco", "2m")
    yield made
    made.remove()


@pytest.mark.parametrize("name", ["x.db", "another.db"])
async def test_a_full_disk_is_said_already_when_the_file_is_opened(disk: Disk, name: str) -> None:
    database = await open_database(disk.folder / "x.db")
    await database.execute("CREATE TABLE things (name TEXT NOT NULL)")
    await database.close()
    disk.fill()

    assert await refusal(disk.folder / name) == FULL
    disk.free()
    await (await open_database(disk.folder / name)).close()


async def test_a_file_that_could_not_be_opened_is_let_go_of(disk: Disk) -> None:
    disk.fill()
    assert await refusal(disk.folder / "x.db") == FULL

    disk.close_for_writing()
    assert await refusal(disk.folder / "x.db") == CLOSED


async def test_a_faulty_statement_stays_a_fault(db: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await db.execute("DELETE FROM others")
