"""The database keeps its promises: whole transactions, reads that never wait, turns that can be cancelled."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lms.db import Database, NotUnique, open_database
from lms.errors import Invalid


@dataclass(frozen=True)
class Thing:
    id: int
    name: str


@pytest.fixture(params=["file", ":memory:"])
async def db(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    database = await open_database(tmp_path / "new" / "x.db" if request.param == "file" else ":memory:")
    await database.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
    yield database
    await database.close()


async def add(db: Database, *names: str) -> None:
    await db.execute_many("INSERT INTO things (name) VALUES (:name)", [{"name": name} for name in names])


async def test_a_row_becomes_the_dataclass_asked_for(db: Database) -> None:
    await add(db, "sol", "luna")

    assert await db.rows("SELECT id, name FROM things ORDER BY id", into=Thing) == [
        Thing(1, "sol"),
        Thing(2, "luna"),
    ]
    assert await db.row("SELECT id, name FROM things WHERE id = :id", {"id": 2}, into=Thing) == Thing(
        2, "luna"
    )
    assert await db.row("SELECT id, name FROM things WHERE id = :id", {"id": 3}, into=Thing) is None


async def test_a_value_is_the_first_column_or_none(db: Database) -> None:
    await add(db, "sol")

    assert await db.value("SELECT name FROM things") == "sol"
    assert await db.value("SELECT name FROM things WHERE id = 9") is None


async def test_a_list_stands_for_all_its_values(db: Database) -> None:
    await add(db, "a", "b", "c")
    sql = "SELECT name FROM things WHERE name IN (:names) ORDER BY name"

    assert [row["name"] for row in await db.rows(sql, {"names": ["c", "a"]})] == ["a", "c"]
    assert await db.rows(sql, {"names": []}) == []


async def test_a_change_says_how_many_rows_it_touched(db: Database) -> None:
    await add(db, "a", "b", "c")

    assert await db.execute("DELETE FROM things WHERE id < :id", {"id": 3}) == 2


async def test_a_transaction_is_whole_or_nothing(db: Database) -> None:
    async def fails() -> None:
        async with db.transaction() as work:
            await work.execute("INSERT INTO things (name) VALUES ('sol')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()

    assert await db.value("SELECT count(*) FROM things") == 0


async def test_execute_many_is_whole_or_nothing(db: Database) -> None:
    with pytest.raises(NotUnique):
        await db.execute_many("INSERT INTO things (id, name) VALUES (:id, 'x')", [{"id": 1}, {"id": 1}])

    assert await db.value("SELECT count(*) FROM things") == 0


async def test_what_was_put_off_is_done_with_the_commit_in_the_order_asked_for(db: Database) -> None:
    async with db.transaction() as work:
        work.with_commit("INSERT INTO things (id, name) VALUES (:id, :name)", [(1, "sol"), (2, "luna")])
        work.with_commit("UPDATE things SET name = :name WHERE id = :id", [{"id": 2, "name": "mar"}])
        before = await work.value("SELECT count(*) FROM things")

    assert before == 0
    assert [row["name"] for row in await db.rows("SELECT name FROM things ORDER BY id")] == ["sol", "mar"]


async def test_what_was_put_off_fails_with_the_whole_transaction(db: Database) -> None:
    async def fails() -> None:
        async with db.transaction() as work:
            await work.execute("INSERT INTO things (id, name) VALUES (1, 'sol')")
            work.with_commit("INSERT INTO things (id, name) VALUES (:id, :name)", [(2, "luna"), (1, "mar")])

    with pytest.raises(NotUnique):
        await fails()

    assert await db.value("SELECT count(*) FROM things") == 0


async def test_a_transaction_that_asks_nothing_changes_nothing(db: Database) -> None:
    async with db.transaction():
        pass
    await add(db, "sol")

    assert await db.value("SELECT count(*) FROM things") == 1


async def test_values_in_order_go_to_the_names_as_they_first_stand(db: Database) -> None:
    sql = "INSERT INTO things (name, id) VALUES (:name || ':' || :id || ':' || :name, :id)"
    assert await db.execute_many(sql, [("a", 1), ("b", 2)]) == 2

    assert [row["name"] for row in await db.rows("SELECT name FROM things ORDER BY id")] == ["a:1:a", "b:2:b"]


async def test_a_list_of_tuples_stands_for_as_many_rows(db: Database) -> None:
    await add(db, "a", "b", "c")
    sql = "WITH wanted (id, name) AS (VALUES (:wanted)) SELECT name FROM things JOIN wanted USING (id, name)"

    rows = await db.rows(sql, {"wanted": [(1, "a"), (2, "c"), (3, "c")]})

    assert [row["name"] for row in rows] == ["a", "c"]


async def test_only_the_first_of_what_is_brought_in_bulk_stands_in_line_with_the_others(db: Database) -> None:
    order: list[str] = []
    inside, go = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with db.transaction(bulk=True):
            inside.set()
            await go.wait()
            order.append("first bulk")

    async def writes(name: str, *, bulk: bool) -> None:
        async with db.transaction(bulk=bulk):
            order.append(name)

    tasks = [asyncio.create_task(first())]
    await inside.wait()
    for name in ("second bulk", "third bulk", "own", "another's own"):
        tasks.append(asyncio.create_task(writes(name, bulk=name.endswith("bulk"))))
        await asyncio.sleep(0)
    go.set()
    await asyncio.gather(*tasks)

    assert order == ["first bulk", "own", "another's own", "second bulk", "third bulk"]


async def test_a_cancelled_writer_leaves_a_clean_connection(db: Database) -> None:
    inside = asyncio.Event()

    async def writes() -> None:
        async with db.transaction() as work:
            await work.execute("INSERT INTO things (name) VALUES ('half')")
            inside.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(writes())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await add(db, "whole")

    assert [row["name"] for row in await db.rows("SELECT name FROM things")] == ["whole"]


async def test_writers_cancelled_at_any_step_never_block_the_next(db: Database) -> None:
    async def writes() -> None:
        async with db.transaction() as work:
            await work.execute("INSERT INTO things (name) VALUES ('x')")
            await work.execute("INSERT INTO things (name) VALUES ('y')")

    for steps in range(25):
        task = asyncio.create_task(writes())
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.wait_for(add(db, "next"), 5)

    assert await db.value("SELECT count(*) FROM things WHERE name = 'next'") == 25
    assert await db.value("SELECT count(*) % 2 FROM things WHERE name IN ('x', 'y')") == 0


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


async def test_another_engine_is_refused_in_words() -> None:
    with pytest.raises(Invalid, match="SQLite"):
        await open_database("postgresql://localhost/lms")
