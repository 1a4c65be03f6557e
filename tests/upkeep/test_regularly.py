"""A server backs itself up once a day, and never in the way of anybody."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lms.clock import system_clock
from lms.settings import Settings
from lms.upkeep import regularly
from lms.upkeep.contents import own_backups
from lms.upkeep.shelf import in_order
from tests.upkeep.acts import NOW, backed_up, fill, restored, settings_in

A_DAY = 24 * 3600


def is_due(settings: Settings, now: datetime | None = None) -> bool:
    return regularly.is_due(settings.data / "backups", settings.node_name, now or system_clock())


def go_on(settings: Settings, seconds: float) -> None:
    """Let a server keep its backups for so long."""

    async def work() -> None:
        task = asyncio.create_task(regularly.keep_backups(settings))
        await asyncio.wait([task], timeout=seconds)
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(work())


def until_said(
    settings: Settings, caplog: pytest.LogCaptureFixture, message: str, now: datetime | None = None
) -> None:
    until = time.monotonic() + 30
    caplog.clear()
    caplog.set_level(logging.INFO)

    async def work() -> None:
        clock = (lambda: now) if now else system_clock
        task = asyncio.create_task(regularly.keep_backups(settings, clock))
        while not any(message in one for one in caplog.messages):
            assert time.monotonic() < until, caplog.text
            await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(work())


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regularly, "FIRST", 0)


def test_a_day_later_what_changed_is_backed_up_and_what_did_not_is_not(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    folder = settings.data / "backups"
    until_said(settings, caplog, "backed up")
    (first,) = own_backups(folder)

    go_on(settings, 1)  # the same day
    assert own_backups(folder) == [first]

    os.utime(first, (time.time() - A_DAY,) * 2)
    until_said(settings, caplog, "backed up")
    assert own_backups(folder) == [first]
    assert not is_due(settings)

    fill(settings, 1)
    os.utime(first, (time.time() - A_DAY,) * 2)
    until_said(settings, caplog, "backed up")
    assert len(own_backups(folder)) == 2


def test_a_clock_that_went_back_by_years_does_not_stop_it(settings: Settings) -> None:
    made = backed_up(settings).file
    os.utime(made, (time.time() + 900 * A_DAY,) * 2)
    assert is_due(settings)


def kept_through(settings: Settings, hours: list[datetime]) -> list[datetime]:
    """At which of these hours a backup was made; something is done before each, and three are kept."""
    made = []
    for now in hours:
        fill(settings, 1)
        if is_due(settings, now):
            backed_up(settings, now=now, keep=3, if_changed=True)
            made.append(now)
    return made


def days_in(settings: Settings) -> list[str]:
    return [one.papers.made[:10] for one in in_order(settings.data / "backups")]


def test_wherever_a_clock_leaps_there_is_one_a_day_and_the_newest_stay(settings: Settings) -> None:
    right, wrong = datetime(2026, 11, 20, 12, tzinfo=UTC), datetime(2019, 1, 1, tzinfo=UTC)
    days = [right + timedelta(days=day) for day in range(4)]
    assert kept_through(settings, days) == days

    half_hours = [wrong + timedelta(minutes=30 * look) for look in range(8)]
    assert kept_through(settings, half_hours) == half_hours[:1]
    assert days_in(settings) == ["2026-11-22", "2026-11-23", "2019-01-01"]
    assert kept_through(settings, [wrong + timedelta(days=1)])
    assert days_in(settings) == ["2026-11-23", "2019-01-01", "2019-01-02"]

    half_hours = [right + timedelta(days=9, minutes=30 * look) for look in range(8)]
    assert kept_through(settings, half_hours) == half_hours[:1]
    assert days_in(settings) == ["2019-01-01", "2019-01-02", "2026-11-29"]


def test_what_is_made_after_a_restore_is_newer_than_what_was_made_before(settings: Settings) -> None:
    days = [NOW + timedelta(days=day) for day in range(5)]
    made = []
    for now in days[:3]:
        fill(settings, 10)
        made.append(backed_up(settings, now=now, keep=3).file)
    restored(made[0], settings)
    assert kept_through(settings, days[3:]) == days[3:]
    assert days_in(settings) == [f"{now:%Y-%m-%d}" for now in days[2:]]


def test_where_the_clock_begins_anew_with_the_machine_each_start_is_a_day(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    folder, now = settings.data / "backups", datetime(2019, 1, 1, 0, 5, tzinfo=UTC)
    backed_up(settings, now=now - timedelta(minutes=1))
    assert not is_due(settings, now)

    fill(settings, 1)
    until_said(settings, caplog, "backed up", now)
    assert len(own_backups(folder)) == 2


def test_what_another_server_put_there_does_not_say_when_this_one_is_due(settings: Settings) -> None:
    other = settings_in(settings.data, LMS_NODE="otra escuela")
    backed_up(other)
    assert is_due(settings, NOW)
    backed_up(settings)
    backed_up(other, now=NOW - timedelta(days=9))
    assert not is_due(settings, NOW)


def test_a_failure_is_said_and_the_server_goes_on(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    (settings.data / "backups").write_text("no es una carpeta")
    until_said(settings, caplog, "no backup was made")


def test_the_first_minutes_are_for_answers(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regularly, "FIRST", 300)
    go_on(settings, 0.5)
    assert not (settings.data / "backups").exists()


def test_none_is_made_if_none_is_wanted_or_postgresql_keeps_the_data(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    go_on(settings_in(settings.data, LMS_BACKUPS="0"), 1)
    until_said(settings_in(settings.data, LMS_DATABASE="postgresql://lms@nowhere/lms"), caplog, "pg_dump")
    assert not (settings.data / "backups").exists()
