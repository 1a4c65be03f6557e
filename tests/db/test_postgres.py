"""What PostgreSQL does of its own: processes in one line, refusals in words, a crash in the middle."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import asyncpg
import pytest
from postgres_server import Postgres

from lms.db import Database, open_database
from lms.db import postgres as engine
from lms.errors import AWAY, BUSY, FULL, Invalid, Unavailable
from lms.settings import Settings


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.blank()


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    database = await open_database(url)
    await database.execute("CREATE TABLE things (id BIGINT PRIMARY KEY, name TEXT NOT NULL DEFAULT '')")
    yield database
    await database.close()


async def next_number(db: Database) -> None:
    """As the log numbers what arrives."""
    async with db.transaction() as work:
        newest = await work.value("SELECT coalesce(max(id), 0) FROM things")
        await asyncio.sleep(0)
        await work.execute("INSERT INTO things (id) VALUES (:id)", {"id": newest + 1})


async def test_processes_stand_in_one_line_so_numbers_have_no_gaps_and_show_in_order(
    db: Database, url: str
) -> None:
    others = [await open_database(url) for _ in range(3)]
    seen = []

    async def watch() -> None:
        while len(seen) < 1 or seen[-1][0] < 80:
            row = await db.row("SELECT count(*), coalesce(max(id), 0) FROM things")
            assert row is not None
            seen.append((row[0], row[1]))

    await asyncio.gather(watch(), *(next_number(one) for one in (db, *others) for _ in range(20)))
    for other in others:
        await other.close()

    assert seen[-1] == (80, 80)
    assert [count for count, newest in seen if count != newest] == []


async def test_inserts_put_off_for_the_commit_are_one_statement(db: Database) -> None:
    await db.execute("CREATE TABLE places (id BIGINT PRIMARY KEY)")

    async with db.transaction() as work:
        work.with_commit("INSERT INTO things (id) VALUES (:id)", [(1,), (2,)])
        work.with_commit("INSERT INTO places (id) VALUES (:id)", [(3,)])

    # The number of the command, within its transaction, that wrote each.
    wrote = await db.rows(
        "SELECT xmin::text, cmin::text FROM things UNION SELECT xmin::text, cmin::text FROM places"
    )
    assert len(wrote) == 1


async def test_who_waits_for_others_holds_one_connection_of_a_process(db: Database, url: str) -> None:
    others = [await open_database(f"{url}&pool=2") for _ in range(3)]

    async def brings_much(one: Database) -> None:
        async with one.transaction(bulk=True) as work:
            await work.execute("UPDATE things SET name = 'x'")

    async with db.transaction():
        acts = [act(one) for one in others for act in (brings_much, next_number) for _ in range(3)]
        waiting = asyncio.gather(*acts)
        await asyncio.sleep(0.2)
        read = await asyncio.gather(*(one.value("SELECT count(*) FROM things") for one in others))
        await asyncio.sleep(0)
        in_line = await db.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    await waiting
    for other in others:
        await other.close()

    assert (read, in_line) == ([0, 0, 0], 3)


async def test_a_read_never_waits_for_a_write(db: Database) -> None:
    async with db.transaction() as work:
        await work.execute("INSERT INTO things (id) VALUES (1)")
        begun = time.monotonic()
        seen = await db.value("SELECT count(*) FROM things")
        waited = time.monotonic() - begun

    assert (seen, await db.value("SELECT count(*) FROM things")) == (0, 1)
    assert waited < 1


async def test_who_writes_for_too_long_makes_others_wait_in_words(
    db: Database, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_PATIENCE", 0.2)
    other = await open_database(url)
    async with db.transaction():
        with pytest.raises(Unavailable) as refused:
            await next_number(other)
    await next_number(other)
    await other.close()

    assert refused.value.message == BUSY


async def test_a_statement_that_takes_too_long_is_given_up(url: str) -> None:
    db = await open_database(f"{url}&timeout=1")
    with pytest.raises(Unavailable) as refused:
        await db.execute("SELECT pg_sleep(30)")
    await db.close()

    assert refused.value.message == BUSY


@pytest.mark.parametrize(("state", "sentence"), [("53100", FULL), ("58030", AWAY), ("25006", AWAY)])
async def test_what_the_server_refuses_is_said_in_words(db: Database, state: str, sentence: str) -> None:
    with pytest.raises(Unavailable) as refused:
        await db.execute(f"DO $$ BEGIN RAISE EXCEPTION SQLSTATE '{state}'; END $$")

    assert refused.value.message == sentence


async def test_a_faulty_statement_stays_a_fault(db: Database) -> None:
    with pytest.raises(asyncpg.UndefinedTableError):
        await db.execute("DELETE FROM others")


async def test_many_rows_are_one_statement(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    async def execute(connection: asyncpg.Connection, sql: str, *values: object) -> str:
        asked.append(sql)
        answer: str = await plain(connection, sql, *values)
        return answer

    plain = asyncpg.Connection.execute
    monkeypatch.setattr(asyncpg.Connection, "execute", execute)
    sql = "INSERT INTO things (id, name) VALUES (:id, :name) ON CONFLICT (id) DO UPDATE SET name = excluded.name"
    touched = await db.execute_many(sql, [(number, "sol") for number in range(500)])

    assert touched == 500
    assert [sql.split()[0] for sql in asked] == ["BEGIN", "INSERT", "COMMIT"]


async def test_connections_lost_in_a_restart_are_replaced(db: Database, postgres: Postgres) -> None:
    await asyncio.gather(*(db.value("SELECT pg_sleep(0.05)") for _ in range(5)))
    await asyncio.to_thread(postgres.crash)
    await next_number(db)

    assert await asyncio.gather(*(db.value("SELECT count(*) FROM things") for _ in range(5))) == [1] * 5


async def test_a_server_that_is_not_there_is_said(postgres: Postgres) -> None:
    with pytest.raises(Unavailable) as refused:
        await open_database("postgresql://lms@/lms?host=/nowhere")

    assert refused.value.message == AWAY


async def test_an_address_that_leads_nowhere_is_refused_in_words(postgres: Postgres) -> None:
    with pytest.raises(Invalid, match="LMS_DATABASE"):
        await open_database(postgres.url("other"))
    with pytest.raises(Invalid, match="pool"):
        await open_database(f"{postgres.url('lms')}&pool=1")


async def test_a_password_that_does_not_fit_in_an_address_is_not_shown() -> None:
    with pytest.raises(Invalid, match="LMS_DATABASE") as refused:
        await open_database("postgresql://lms:dos/tres@localhost/lms")

    assert "dos" not in refused.value.message
    assert refused.value.__cause__ is None


def test_processes_that_share_a_database_must_be_given_the_key_they_share() -> None:
    with pytest.raises(Invalid, match="LMS_SECRET"):
        _ = Settings.load({"LMS_DATABASE": "postgresql://lms@/lms"}).secret
