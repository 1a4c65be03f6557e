"""Grading again goes on past what cannot be graded, and says so while the server runs."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path

import pytest
from events_cast import Tablet, all_outcomes, right, small_course, store
from starlette.testclient import TestClient

from lms.app import create_app
from lms.cli import main
from lms.course.model import Course
from lms.db import Database, ready_database
from lms.events.regrading import regrade_stale
from lms.events.revisions import publish_revisions, rebuild_outcomes
from lms.settings import Settings


async def damage(db: Database, profile: str) -> None:
    """Spoil what the log keeps of a profile, as a failing disk does."""
    await db.execute(
        "UPDATE events SET line = :line WHERE profile = :profile", {"line": b"\0", "profile": profile}
    )


async def test_a_line_that_cannot_be_read_holds_up_no_other(
    db: Database, small: Course, caplog: pytest.LogCaptureFixture
) -> None:
    whole, damaged = Tablet(small), Tablet(small)
    place = right(small.exercise("senal"))
    await store(db, damaged.answers("senal", place), whole.answers("senal", place))
    await damage(db, damaged.profile)
    await publish_revisions(db, small)
    await regrade_stale(db)

    assert [(row[0], row[4]) for row in await all_outcomes(db)] == [(whole.profile, 1.0)]
    assert await db.value("SELECT count(*) FROM stale_outcomes") == 0
    assert "line 1 " in caplog.text


async def test_a_rebuild_passes_over_a_line_that_cannot_be_read(db: Database, small: Course) -> None:
    whole, damaged = Tablet(small), Tablet(small)
    await store(db, damaged.opens(), whole.opens())
    await damage(db, damaged.profile)

    assert await rebuild_outcomes(db) == 2
    assert [row[0] for row in await all_outcomes(db)] == [whole.profile]


async def test_two_processes_that_grade_again_at_once_count_nothing_twice(
    db: Database, small: Course, place: str
) -> None:
    correct = right(small.exercise("senal"))
    for _ in range(30):
        tablet = Tablet(small)
        await store(db, tablet.answers("senal", correct), tablet.answers("senal", correct))
    await publish_revisions(db, small)
    async with ready_database(place) as other:
        await asyncio.gather(regrade_stale(db), regrade_stale(other))

    assert [(row[4], row[5]) for row in await all_outcomes(db)] == [(1.0, 2)] * 30
    assert await db.value("SELECT count(*) FROM stale_outcomes") == 0


async def _spoilt(place: str) -> None:
    """A database in which something waits to be graded again with revisions that cannot be read."""
    course = small_course()
    async with ready_database(place) as db:
        await store(db, Tablet(course).answers("senal", 0))
        await publish_revisions(db, course)
        await db.execute("UPDATE revisions SET source = '{'")


def test_a_regrading_that_fails_is_in_the_log_while_the_server_goes_on(
    tmp_path: Path, database: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    asyncio.run(_spoilt(database["LMS_DATABASE"]))
    settings = Settings.load({"LMS_DATA": str(tmp_path), "LMS_COURSES": str(tmp_path / "none"), **database})
    with caplog.at_level(logging.ERROR), TestClient(create_app(settings)) as client:
        deadline = time.monotonic() + 5
        while "graded again" not in caplog.text and time.monotonic() < deadline:
            assert client.get("/").status_code == 200
        assert "graded again" in caplog.text


def test_whoever_keeps_the_server_can_have_everything_graded_again(
    place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LMS_DATABASE", place)
    asyncio.run(_emptied(place))
    main(["regrade"])

    assert capsys.readouterr().out == "Registros calificados otra vez: 2.\n"
    assert asyncio.run(_marks(place)) == [1.0]


async def _emptied(place: str) -> None:
    """A database whose outcomes were lost."""
    tablet = Tablet(small_course())
    async with ready_database(place) as db:
        await publish_revisions(db, tablet.course)
        await store(db, tablet.answers("senal", 0), tablet.answers("senal", 1))
        await db.execute("DELETE FROM outcomes")


async def _marks(place: str) -> list[float | None]:
    async with ready_database(place) as db:
        return [row[4] for row in await all_outcomes(db)]
