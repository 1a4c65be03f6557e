"""A node whose disk is full or closed, or whose database goes away: nothing acknowledged is lost, the rest comes later."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cast import ROOT, Server, start_server, stop_server
from disks import Disk
from events_cast import Tablet, changed, store
from postgres_server import Postgres
from starlette.testclient import TestClient

from lms.app import create_app
from lms.course.model import Course
from lms.db import Database, migrate, open_database
from lms.db import sqlite as engine
from lms.errors import AWAY, BUSY, CLOSED, FULL, Unavailable
from lms.settings import Settings
from lms.sync import giving, node_receipts
from lms.sync.over_file import Heading, build_progress_file
from lms.sync.regularly import exchange_with_all
from lms.web import limits
from tests.sync.bringing import Run
from tests.sync.meeting import Node, meet
from tests.sync.xapi.acts import VERSION, new_pass, statement


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path / "disco")
    yield made
    made.remove()


async def _log(data: Path) -> set[str]:
    db = await open_database(data / "lms.db")
    found = {row["id"] for row in await db.rows("SELECT id FROM events")}
    await db.close()
    return found


def ids(data: Path) -> set[str]:
    """Every event of a data folder's log."""
    return asyncio.run(_log(data))


def studied(data: Path, *lines: bytes) -> None:
    async def act() -> None:
        db = await open_database(data / "lms.db")
        await migrate(db)
        await store(db, *lines)
        await db.close()

    asyncio.run(act())


@pytest.fixture
def above(disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server whose data are on the small disk."""
    (tmp_path / "none").mkdir()
    monkeypatch.setenv("LMS_NODE", "ugel")
    monkeypatch.setenv("LMS_BACKUPS", "0")
    started = start_server(disk.folder, courses=tmp_path / "none")
    yield started
    stop_server(started)


@pytest.fixture
def joined(above: Server, disk: Disk, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a school that joined the server on the small disk."""
    monkeypatch.setenv("LMS_ADDRESS", above.url)
    monkeypatch.setenv("LMS_NODE", "ugel")
    invitation = run(disk.folder, "node", "invite")[1].splitlines()[0]
    monkeypatch.setenv("LMS_NODE", "escuela")
    assert run(tmp_path / "escuela", "node", "join", invitation)[0] == 0
    return tmp_path / "escuela"


def test_what_a_server_with_a_full_disk_does_not_take_is_brought_again_later(
    disk: Disk, joined: Path, run: Run, small: Course
) -> None:
    school, tablet = joined, Tablet(small)
    studied(school, *[tablet.opens() for _ in range(3000)])
    disk.fill()

    code, said = run(school, "sync", "run")
    assert code == 1
    assert re.search(rf"«127.0.0.1:\d+» responde: {re.escape(FULL)}", said)
    there = ids(disk.folder)

    async def by_itself() -> bool:
        db = await open_database(school / "lms.db")
        try:
            return await exchange_with_all(Settings.load({"LMS_DATA": str(school)}), db)
        finally:
            await db.close()

    assert not asyncio.run(by_itself()), "it is tried again at the next time"
    disk.free()
    assert run(school, "sync", "run")[0] == 0
    assert there <= ids(disk.folder) == ids(school)


@pytest.fixture
async def school(disk: Disk) -> Any:
    """A node whose log is on the small disk."""
    db = await open_database(disk.folder / "lms.db")
    await migrate(db)
    yield await Node.new("Escuela", db)
    await db.close()


async def test_who_fetches_onto_a_full_disk_gets_the_rest_when_there_is_room(
    disk: Disk, school: Node, small: Course
) -> None:
    ugel, tablet = await Node.new("UGEL"), Tablet(small)
    await school.knows(ugel, upstream=True)
    await ugel.knows(school)
    await store(school.db, tablet.opens())
    await meet(school, ugel)
    await store(ugel.db, *[tablet.opens() for _ in range(4000)])
    disk.fill()

    with changed(giving, MOST_LINES=200), pytest.raises(Unavailable) as refused:
        await meet(school, ugel)
    assert refused.value.message == FULL
    said = await node_receipts.receipts_of(ugel.db, [tablet.profile])
    assert sum(one.events for one in said) <= len(await school.lines()), "what it said it has, it has"

    disk.free()
    await meet(school, ugel)
    assert await school.lines() == await ugel.lines()
    await ugel.db.close()


@pytest.fixture
def site(disk: Disk, tmp_path: Path) -> Iterator[TestClient]:
    """A browser at a site whose data are on the small disk."""
    settings = Settings.load({"LMS_DATA": str(disk.folder), "LMS_COURSES": str(tmp_path / "none")})
    headers = {"sec-fetch-site": "same-origin", "accept": "text/html"}
    with TestClient(create_app(settings), headers=headers) as client:
        yield client


def test_statements_for_which_there_is_no_room_are_refused_whole_and_come_again(
    disk: Disk, site: TestClient
) -> None:
    key = new_pass(site)
    some = [statement(result={"response": "a" * 20_000}) for _ in range(40)]
    disk.fill()

    refused = site.post("/xapi/statements", json=some, headers=VERSION, auth=key)
    assert refused.status_code == 503
    assert refused.json()["error"]["code"] == "unavailable"
    assert "again later" in refused.json()["error"]["message"]
    disk.free()
    assert site.post("/xapi/statements", json=some, headers=VERSION, auth=key).status_code == 200


@pytest.mark.parametrize(
    ("page", "field"), [("/mi-avance/archivo", "archivo"), ("/mi-avance/codigo", "foto")]
)
def test_an_upload_that_finds_no_room_to_arrive_is_refused_in_words(
    disk: Disk, site: TestClient, monkeypatch: pytest.MonkeyPatch, page: str, field: str
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(disk.folder))
    disk.fill()

    answer = site.post(page, files={field: ("foto.jpg", b"\0" * 3_000_000, "image/jpeg")})
    assert answer.status_code == 503
    assert FULL in answer.text
    with limits.bringing.reading(16 * 1024 * 1024):
        pass


@pytest.mark.parametrize("order", [("import", "usb"), ("run",), ("export", "--to", "ugel", "usb")])
def test_on_a_disk_that_is_closed_for_writing_every_order_says_so(
    disk: Disk, run: Run, tmp_path: Path, small: Course, order: tuple[str, ...]
) -> None:
    stick = tmp_path / "usb"
    stick.mkdir()
    data = build_progress_file([Tablet(small).opens()], Heading("", "", date(2026, 11, 23)))
    (stick / "avance.txt").write_bytes(data)
    invitation = run(tmp_path / "ugel", "node", "invite")[1].splitlines()[0]
    assert run(disk.folder, "node", "join", invitation)[0] == 0
    disk.close_for_writing()

    words = [str(stick) if word == "usb" else word for word in order]
    done = subprocess.run(
        [sys.executable, "-m", "lms", "sync", *words], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 1
    assert CLOSED in done.stderr
    disk.open_for_writing()
    assert run(disk.folder, "sync", "import", stick)[0] == 0
    assert len(ids(disk.folder)) == 1


def test_a_stick_that_cannot_be_written_is_named_once(
    disk: Disk, run: Run, tmp_path: Path, small: Course
) -> None:
    for _ in range(3):
        studied(tmp_path / "escuela", Tablet(small).opens())
    disk.close_for_writing()

    code, said = run(tmp_path / "escuela", "sync", "export", "--all", disk.folder / "todos")
    assert (code, said.count(CLOSED)) == (1, 1)
    assert f"Falló: {disk.folder / 'todos'}\n" in said
    assert run(tmp_path / "escuela", "backup", disk.folder / "copias") == (
        1,
        f"{CLOSED}\nFalló: {disk.folder / 'copias'}\n",
    )


async def test_who_finds_the_log_locked_by_another_program_is_told_and_comes_again(
    disk: Disk, school: Node, small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_BUSY_MS", 50)
    ugel = await Node.new("UGEL")
    await ugel.knows(school, upstream=True)
    await school.knows(ugel)
    await store(ugel.db, *[Tablet(small).opens() for _ in range(5)])
    with sqlite3.connect(disk.folder / "lms.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable) as refused:
            await meet(ugel, school)
        other.execute("ROLLBACK")

    assert refused.value.message == BUSY
    await meet(ugel, school)
    assert await school.lines() == await ugel.lines()
    await ugel.db.close()


async def test_postgresql_that_restarts_in_the_middle_of_an_exchange_loses_nothing_acknowledged(
    postgres: Postgres, small: Course
) -> None:
    nation, ugel, tablet = (
        await Node.new("DIFODS", await _opened(postgres)),
        await Node.new("UGEL"),
        Tablet(small),
    )
    await ugel.knows(nation, upstream=True)
    await nation.knows(ugel)
    refusals: list[str] = []
    crash = threading.Thread(target=postgres.crash)
    crash.start()
    with changed(giving, MOST_LINES=50):
        while crash.is_alive() or len(await ugel.lines()) < 2000:
            await store(ugel.db, *[tablet.answers("senal", 0) for _ in range(500)])
            try:
                await meet(ugel, nation)
            except Unavailable as refused:
                refusals.append(refused.message)
    crash.join()
    said = await node_receipts.receipts_of(ugel.db, [tablet.profile])
    kept = await nation.lines()

    assert refusals, "it restarted before anything was under way"
    assert set(refusals) <= {AWAY, BUSY}
    assert sum(one.events for one in said) <= len(kept)
    await meet(ugel, nation)
    assert await nation.lines() == await ugel.lines()
    assert await nation.db.value("SELECT sum(attempts) FROM outcomes") == len(await ugel.lines())
    for node in (nation, ugel):
        await node.db.close()


async def _opened(postgres: Postgres) -> Database:
    return await open_database(postgres.emptied())
