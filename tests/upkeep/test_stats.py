"""`lms stats` says how a server is, in words and for programs, whichever engine keeps its data."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from disks import Disk
from events_cast import Tablet, small_course, store

from lms.clock import stamp
from lms.db import Database
from lms.events import log, wire
from lms.events.model import ProgressReported
from lms.people import links
from lms.people.queries import add_person
from lms.settings import Settings
from lms.upkeep import stats
from lms.upkeep.stats import SECTIONS, as_words, ask
from tests.sync.bringing import NELIDA
from tests.upkeep.acts import backed_up, fill, lms, settings_in


def dated(line: bytes, at: datetime) -> bytes:
    """The line as a clock that says so would have written it."""
    return line.replace(b"2026-11-23T13:40:00.123Z", stamp(at).encode())


async def found_in(db: Database, settings: Settings) -> dict[str, dict[str, Any]]:
    found = await ask(db, settings, SECTIONS)
    assert as_words(found, SECTIONS)
    return {name: {key: value for key, _, value in rows} for name, rows in found.items()}


async def test_it_counts_people_events_and_what_waits(db: Database, place: str, tmp_path: Path) -> None:
    settings = settings_in(tmp_path, LMS_DATABASE=place)
    now = datetime.now(UTC)
    tablet = Tablet(small_course())
    await add_person(db, NELIDA, pin_hash="", recovery_hash="")
    await store(db, *(dated(tablet.opens(), now) for _ in range(3)))
    await store(db, dated(tablet.answers("senal", 0), now - timedelta(days=40, minutes=5)), source="file")
    await store(
        db,
        dated(tablet.opens(), now + timedelta(days=2)),
        dated(tablet.opens(), datetime(1980, 1, 1, tzinfo=UTC)),
    )
    await store(db, b"no es un registro")

    found = await found_in(db, settings)
    assert found["people"]["persons"] == found["people"]["role_docente"] == found["people"]["profiles"] == 1
    today = (now - timedelta(hours=5)).date().isoformat()
    assert found["events"]["events"] == found["events"][today] == 6
    assert len([key for key in found["events"] if key.startswith("20")]) == stats.DAYS
    assert (found["events"]["from_session"], found["events"]["from_file"]) == (5, 1)
    assert found["waiting"]["pending"] == 1
    assert found["waiting"]["quarantine"] == 1
    assert 1 in [count for key, count in found["waiting"].items() if key.startswith("Esta línea no es")]
    assert found["storage"]["database_bytes"] > 10_000
    assert found["storage"]["last_backup"] == "ninguna"
    assert found["lateness"]["longest_seconds"] in range(40 * 86_400 + 300, 40 * 86_400 + 400)
    assert (found["lateness"]["clocks_ahead"], found["lateness"]["clocks_unset"]) == (1, 1)


async def test_of_links_only_those_of_profiles_with_progress_are_counted(
    db: Database, place: str, tmp_path: Path
) -> None:
    settings, someone, nobody = (
        settings_in(tmp_path, LMS_DATABASE=place),
        Tablet(small_course()),
        Tablet(small_course()),
    )
    await store(db, someone.opens(), nobody.opens())
    await links.vouch(db, someone.profile, NELIDA.id, by=NELIDA.id, at=stamp(datetime.now(UTC)))
    await links.vouch(db, "who-only-signed-up", "ruth", by="ruth", at=stamp(datetime.now(UTC)))
    people = (await found_in(db, settings))["people"]
    assert (people["profiles"], people["links_vouched"], people["links_unverified"]) == (2, 1, 0)


async def test_a_feature_can_add_a_section_of_its_own(db: Database, place: str, tmp_path: Path) -> None:
    async def exchanged(db: Database, settings: Settings) -> list[tuple[str, str, str]]:
        return [("last", "Último intercambio", "nunca")]

    sections = (*SECTIONS, ("exchange", "Otros servidores", exchanged))
    found = await ask(db, settings_in(tmp_path, LMS_DATABASE=place), sections)
    assert "Último intercambio" in as_words(found, sections)


async def test_an_event_with_an_impossible_date_does_not_stop_it(
    db: Database, place: str, tmp_path: Path
) -> None:
    line = Tablet(small_course()).opens().replace(b"2026-11-23", b"2026-02-31")
    assert wire.decode(line)
    await store(db, line)
    found = await found_in(db, settings_in(tmp_path, LMS_DATABASE=place))
    assert found["lateness"] == {"longest_seconds": 0, "clocks_ahead": 0, "clocks_unset": 1}


@pytest.mark.parametrize(
    ("at", "late"),
    [
        ("2026-11-23T13:40:00", True),
        ("2026-11-23", True),
        ("20261123", True),
        ("2026-11-23T08:40:00-05:00", True),
        ("9999-12-31T23:59:59-23:59", False),
        ("0001-01-01T00:00:00+23:59", False),
    ],
)
async def test_nor_one_whose_moment_is_written_as_no_device_of_ours_does(
    db: Database, place: str, tmp_path: Path, at: str, late: bool
) -> None:
    line = Tablet(small_course()).opens().replace(b"2026-11-23T13:40:00.123Z", at.encode())
    arrival = datetime(2026, 11, 24, 13, 40, tzinfo=UTC)
    await log.append(db, [line], source="open", clock=lambda: arrival)
    found = await found_in(db, settings_in(tmp_path, LMS_DATABASE=place))
    assert (found["lateness"]["longest_seconds"] >= 86_400) == late
    assert found["lateness"]["clocks_unset"] == int(not late)


async def test_a_code_says_a_day_and_nothing_of_how_late_it_came(
    db: Database, place: str, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    tablet = Tablet(small_course())
    said = ProgressReported("2ABC", now.date().isoformat(), {}, {}, {}, {})
    code = tablet.writes("progress.reported", tablet.course.id, said)
    await store(db, dated(tablet.opens(), now - timedelta(minutes=2)))
    await store(db, dated(code, now - timedelta(hours=17)), source="file")
    found = await found_in(db, settings_in(tmp_path, LMS_DATABASE=place))
    assert found["lateness"]["longest_seconds"] in range(120, 220)


@pytest.mark.parametrize("ails", ["full", "closed"])
def test_how_a_server_is_can_be_seen_on_a_disk_that_takes_nothing_more(tmp_path: Path, ails: str) -> None:
    disk = Disk(tmp_path / "disco")
    try:
        settings = settings_in(disk.folder / "data")
        fill(settings, 3)
        disk.fill()
        if ails == "closed":
            disk.close_for_writing()
        command = lms(settings, "stats", "--json")
        said = command.communicate()[0]
    finally:
        disk.remove()
    told, found = said.split("{", 1)
    assert command.returncode == 0, said
    assert "Aquí no se puede guardar nada. " in told
    assert f"Falló: {settings.database}" in told
    assert json.loads("{" + found)["events"]["events"] == 3


def test_the_command_speaks_to_people_and_to_programs(settings: Settings) -> None:
    made = backed_up(settings).file
    words = lms(settings, "stats").communicate()[0]
    found = json.loads(lms(settings, "stats", "--json").communicate()[0])
    assert "Registros en total" in words
    assert found["events"]["events"] == 40
    assert found["storage"]["backups"] == 1
    assert found["storage"]["last_backup"] == stamp(datetime.fromtimestamp(made.stat().st_mtime, UTC))
    assert re.search(r"Última copia +\d{1,2} \w{3} \d{4}, \d\d:\d\d\n", words)
