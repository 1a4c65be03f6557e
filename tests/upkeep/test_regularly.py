"""A server backs itself up once a day, and never in the way of anybody."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from pathlib import Path

import pytest

from lms.settings import Settings
from lms.upkeep import regularly
from lms.upkeep.contents import own_backups
from tests.upkeep.acts import backed_up, fill, settings_in

A_DAY = 24 * 3600


def go_on(settings: Settings, seconds: float) -> None:
    """Let a server keep its backups for so long."""

    async def work() -> None:
        task = asyncio.create_task(regularly.keep_backups(settings))
        await asyncio.wait([task], timeout=seconds)
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(work())


def until_said(settings: Settings, caplog: pytest.LogCaptureFixture, message: str) -> None:
    until = time.monotonic() + 30
    caplog.clear()
    caplog.set_level(logging.INFO)

    async def work() -> None:
        task = asyncio.create_task(regularly.keep_backups(settings))
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
    assert not regularly.is_due(folder)

    fill(settings, 1)
    os.utime(first, (time.time() - A_DAY,) * 2)
    until_said(settings, caplog, "backed up")
    assert len(own_backups(folder)) == 2


def test_a_clock_that_went_back_by_years_does_not_stop_it(settings: Settings) -> None:
    made = backed_up(settings).file
    os.utime(made, (time.time() + 900 * A_DAY,) * 2)
    assert regularly.is_due(made.parent)


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
