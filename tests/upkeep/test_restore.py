"""What a restore brings back, what it refuses, and that what was there is never lost."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from cast import ROOT, start_server, stop_server
from events_cast import Tablet, small_course

from lms.datafolder import ROOM, alone, using
from lms.db import ready_database
from lms.errors import Conflict, Invalid, Unavailable
from lms.events.recording import Draft, record
from lms.settings import Settings
from lms.upkeep import restore as restoring
from lms.upkeep.restore import restore
from tests.events.test_survival import PROGRAM
from tests.upkeep.acts import (
    NOW,
    backed_up,
    environment,
    fill,
    ids_in,
    lms,
    outcomes_in,
    restored,
    settings_in,
    state_of,
)  # fmt: skip


def test_the_drill_everything_acknowledged_before_the_backup_is_there(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "school" / "data")
    fill(settings, 0)
    command = [sys.executable, "-c", PROGRAM, settings.database]
    writers = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(4)]
    acknowledged = {
        line.strip().decode() for one in writers for line in [one.stdout.readline() for _ in range(60)]
    }  # type: ignore[union-attr]
    made = backed_up(settings, tmp_path / "usb")
    still_going = [one.poll() is None for one in writers]
    for one in writers:
        one.kill()
        one.communicate()

    elsewhere = settings_in(tmp_path / "box" / "data")
    result = restored(made.file, elsewhere)
    ids, log = ids_in(Path(elsewhere.database)), ids_in(Path(settings.database))
    assert still_going == [True] * 4
    assert acknowledged <= set(ids)
    assert ids == log[: len(ids)]  # as it was at one moment
    assert sum(row[5] for row in outcomes_in(Path(elsewhere.database))) == len(ids)  # type: ignore[misc]
    assert result.aside is None
    for words in (["regrade"], ["backup", str(tmp_path / "again")]):
        process = lms(elsewhere, *words)
        assert str(len(ids)) in process.communicate()[0]


def test_all_comes_back_and_what_was_there_stays_beside(settings: Settings) -> None:
    made, before, marks = backed_up(settings), state_of(settings), outcomes_in(Path(settings.database))
    fill(settings, 5)
    (settings.data / "secret").write_text("otra clave que es bastante más larga que treinta y dos")
    (settings.data / "nota.txt").write_text("mía")
    later = state_of(settings)

    result = restored(made.file, settings)
    assert state_of(settings) == before
    assert outcomes_in(Path(settings.database)) == marks
    assert not (settings.data / "nota.txt").exists()
    assert (settings.data / "search" / "index").exists()

    assert result.aside
    undone = restored(result.aside, settings)
    assert state_of(settings) == later
    assert (settings.data / "nota.txt").read_text() == "mía"
    assert undone.aside != result.aside


def test_it_is_refused_while_a_server_runs_there(settings: Settings) -> None:
    made = backed_up(settings)
    server = start_server(settings.data, courses=settings.courses)
    try:
        process = lms(settings, "restore", str(made.file), "--yes")
        assert "Detenlo y vuelve a intentarlo" in process.communicate()[0]
        assert process.returncode == 1
    finally:
        stop_server(server)
    process = lms(settings, "restore", str(made.file), "--yes")
    assert "Para deshacer: lms restore" in process.communicate()[0]
    assert process.returncode == 0


def test_who_cannot_open_the_folder_is_not_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with using(tmp_path), alone(tmp_path):
        pass


def test_nobody_begins_while_it_is_going_on(settings: Settings) -> None:
    with alone(settings.data):
        process = lms(settings, "regrade")
        assert "Se está restaurando una copia" in process.communicate()[0]
        with pytest.raises(Conflict), using(settings.data):
            pass
    assert process.returncode == 1


def test_it_asks_and_a_no_changes_nothing(settings: Settings) -> None:
    made = backed_up(settings)
    fill(settings, 3)
    before = state_of(settings)
    env = {**os.environ, **environment(settings.data)}
    command = [sys.executable, "-m", "lms", "restore", str(made.file)]
    said = subprocess.run(command, cwd=ROOT, env=env, input="\n", capture_output=True, text=True)
    assert "[s/N]" in said.stdout
    assert "Lo que se hizo después de esa copia" in said.stdout
    assert "No se cambió nada" in said.stdout
    assert state_of(settings) == before
    assert not list(settings.data.glob("antes-de-restaurar-*"))


def test_courses_come_back_where_they_are_missing_and_others_are_named(
    settings: Settings, tmp_path: Path
) -> None:
    without, with_courses = backed_up(settings), backed_up(settings, with_courses=True)
    elsewhere = settings_in(tmp_path / "box" / "data")
    assert [one.id for one in restored(without.file, elsewhere).staged.missing] == ["curso"]
    assert restored(with_courses.file, elsewhere).courses == ("curso",)
    assert (elsewhere.courses / "curso" / "course.toml").exists()
    assert restored(with_courses.file, elsewhere).courses == ()


def test_a_database_that_lies_elsewhere_is_restored_there(settings: Settings, tmp_path: Path) -> None:
    made = backed_up(settings)
    elsewhere = settings_in(tmp_path / "box" / "data", LMS_DATABASE=str(tmp_path / "big" / "events.db"))
    fill(elsewhere, 2)
    restored(made.file, elsewhere)
    assert len(ids_in(tmp_path / "big" / "events.db")) == 40
    assert [len(ids_in(one)) for one in (tmp_path / "big").glob("antes-de-restaurar-*/events.db")] == [2]


@pytest.mark.parametrize("beside_it", [True, False], ids=["its folder", "that of the rest"])
def test_and_what_was_there_comes_back_to_both_places(
    settings: Settings, tmp_path: Path, beside_it: bool
) -> None:
    made = backed_up(settings)
    elsewhere = settings_in(tmp_path / "box" / "data", LMS_DATABASE=str(tmp_path / "big" / "events.db"))
    fill(elsewhere, 2)
    assert elsewhere.secret
    before = (elsewhere.data / "secret").read_text()
    first = restored(made.file, elsewhere)
    assert first.aside
    assert (elsewhere.data / "secret").read_text() != before

    restored((tmp_path / "big" / first.aside.name) if beside_it else first.aside, elsewhere)
    assert len(ids_in(tmp_path / "big" / "events.db")) == 2
    assert (elsewhere.data / "secret").read_text() == before


def test_where_only_the_database_was_put_aside_that_is_said(settings: Settings, tmp_path: Path) -> None:
    made = backed_up(settings)
    elsewhere = settings_in(tmp_path / "box" / "data", LMS_DATABASE=str(tmp_path / "big" / "events.db"))
    fill(elsewhere, 2)
    for _ in range(2):
        first = restored(made.file, elsewhere)
        (elsewhere.data / "secret").unlink()
        assert first.aside
        assert first.aside.parent == tmp_path / "big"
        assert len(ids_in(tmp_path / "big" / "events.db")) == 40
        shutil.rmtree(elsewhere.data)
    restored(next(iter(sorted((tmp_path / "big").glob("antes-*")))), elsewhere)
    assert len(ids_in(tmp_path / "big" / "events.db")) == 2


def test_a_backup_that_would_not_fit_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    made, before = backed_up(settings), state_of(settings)
    monkeypatch.setattr(restoring, "_SPARE", 10**18)
    with pytest.raises(Unavailable, match="lleno"):
        restored(made.file, settings)
    assert state_of(settings) == before


def test_a_disk_that_fills_meanwhile_is_said_and_nothing_is_touched(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    made, before = backed_up(settings), state_of(settings)
    monkeypatch.setattr(restoring.Reading, "chunks", full)
    with pytest.raises(Unavailable, match="lleno"):
        restored(made.file, settings)
    assert state_of(settings) == before
    assert not (settings.data / ROOM).exists()


def test_the_server_is_another_device_afterwards(settings: Settings) -> None:
    tablet, devices = Tablet(small_course()), []

    async def answers() -> None:
        async with ready_database(settings.database) as db:
            draft = Draft("lesson.opened", tablet.profile, "curso", "1.0.0", "uno", {})
            receipt = await record(db, draft, sender="")
            assert not receipt.fork
            devices.append(await db.value("SELECT device FROM events WHERE id = :id", {"id": receipt.id}))

    asyncio.run(answers())
    made = backed_up(settings)
    restored(made.file, settings)
    asyncio.run(answers())
    assert len(set(devices)) == 2


def test_an_older_database_is_brought_up_to_date(settings: Settings) -> None:
    with sqlite3.connect(settings.database) as db:
        db.execute("ALTER TABLE held DROP COLUMN turned_by")
        db.execute("ALTER TABLE held DROP COLUMN reason")
        db.execute("DELETE FROM migrations WHERE name = '0006_turned_away'")
    restored(backed_up(settings).file, settings)
    with sqlite3.connect(settings.database) as db:
        assert db.execute("SELECT turned_by FROM held").fetchall() == []


def test_with_postgresql_it_says_what_to_do_instead(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data", LMS_DATABASE="postgresql://lms@nowhere/lms")
    with pytest.raises(Invalid, match="pg_restore"):
        restore(tmp_path / "x.zip", settings, NOW, lambda _: True, lambda *_: None)
