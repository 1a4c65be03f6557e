"""A server exchanges by itself: in its hours, less often while it fails, and for as long as it lives."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from lms.db import Database
from lms.errors import AWAY, Invalid, Unavailable
from lms.settings import Settings
from lms.sync import regularly
from lms.sync.regularly import LONGEST_PAUSE, exchange_with_all, hours_in, pause, rhythm


@pytest.mark.parametrize(
    ("hours", "inside", "outside"),
    [("22:00-05:00", (23, 4), (5, 21)), ("9:00-12:30", (9, 12), (8, 13)), ("", (0, 12), ())],
)
def test_it_keeps_to_its_hours(hours: str, inside: tuple[int, ...], outside: tuple[int, ...]) -> None:
    within = hours_in(Settings.load({"LMS_SYNC_HOURS": hours}).sync_hours)
    assert all(within(datetime(2026, 11, 26, hour, 15)) for hour in inside)
    assert not any(within(datetime(2026, 11, 26, hour, 15)) for hour in outside)


@pytest.mark.parametrize("hours", ["de noche", "22-5", "22:00", "22:00-", "22:00-25:00", "22:00-05:00-07:00"])
def test_hours_that_cannot_be_read_are_refused_with_how_they_are_written(hours: str) -> None:
    with pytest.raises(Invalid, match=f"LMS_SYNC_HOURS: «{hours}» no vale. .*, así: 22:00-05:00"):
        Settings.load({"LMS_SYNC_HOURS": hours})


@pytest.mark.parametrize(
    ("every", "hours", "said"),
    [
        ("0", "", "solo cuando se pide: lms sync run"),
        ("15", "", "cada 15 minutos mientras está en marcha"),
        (
            "1440",
            "22:00-05:00",
            "cada 1440 minutos mientras está en marcha, de 22:00 a 05:00; ahora no: desde las 22:00",
        ),
        ("0.5", "9:00-13:00", "cada 0.5 minutos mientras está en marcha, de 09:00 a 13:00"),
    ],
)
def test_it_says_when_it_exchanges(every: str, hours: str, said: str) -> None:
    settings = Settings.load({"LMS_SYNC_EVERY": every, "LMS_SYNC_HOURS": hours})
    assert rhythm(settings, datetime(2026, 11, 26, 10, 30)) == said


@pytest.mark.parametrize("failures", [1, 30, 2000, 100_000])
def test_however_often_it_failed_it_tries_again_within_hours(failures: int) -> None:
    assert 15 < pause(15, failures) <= 1.2 * LONGEST_PAUSE


async def test_a_database_that_is_away_is_one_more_failure(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(db: Database) -> None:
        raise Unavailable(AWAY)

    monkeypatch.setattr(regularly, "peers", away)
    assert not await exchange_with_all(Settings.load({"LMS_DATA": str(tmp_path)}), db)
