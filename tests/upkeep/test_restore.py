"""What a restore brings back, what it refuses, and that what was there is never lost."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cast import ROOT, start_server, stop_server
from events_cast import Tablet, small_course

from lms.datafolder import alone, using
from lms.db import ready_database
from lms.errors import Conflict, Invalid, LmsError, Unavailable
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

Forge = Callable[[dict[str, bytes], dict[str, Any]], None]


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


def forged(made: Path, forge: Forge) -> Path:
    """The backup with other files or papers in it; the hashes of its files fit, unless it says so itself."""
    with zipfile.ZipFile(made) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    papers = json.loads(files.pop("copia.json"))
    before = dict(files)
    forge(files, papers)
    for name in files.keys() - papers["files"].keys() | {
        one for one in before if files.get(one) != before[one]
    }:
        if name in files and not papers.get("lies"):
            digest = hashlib.sha256(files[name]).hexdigest()
            papers["files"][name] = {"size": len(files[name]), "sha256": digest}
    result = made.with_name("forged.zip")
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**files, "copia.json": json.dumps(papers).encode()}.items():
            archive.writestr(name, data)
    return result


def puts(name: str, data: bytes = b"x") -> Forge:
    return lambda files, papers: files.update({name: data})


def says(**more: object) -> Forge:
    return lambda files, papers: papers.update(more)


def claims(**more: object) -> Forge:
    return lambda files, papers: papers["counts"].update(more)


def alters(name: str) -> Forge:
    return lambda files, papers: (files.update({name: files[name][:-1] + b"?"}), papers.update(lies=True))  # type: ignore[return-value]


def changes_tables(sql: str) -> Forge:
    def forge(files: dict[str, bytes], papers: dict[str, Any]) -> None:
        place = Path(os.environ["PYTEST_FORGED"])
        place.write_bytes(files["lms.db"])
        with sqlite3.connect(place) as db:
            db.executescript(sql)
        db.close()
        files["lms.db"] = place.read_bytes()

    return forge


def from_the_future(files: dict[str, bytes], papers: dict[str, Any]) -> None:
    changes_tables("INSERT INTO migrations VALUES ('9999_future', '')")(files, papers)
    papers["counts"]["migrations"].append("9999_future")


@pytest.mark.parametrize(
    ("forge", "said"),
    [
        (puts("../afuera"), "nombres que una copia no usa"),
        (puts("datos/../../afuera"), "nombres que una copia no usa"),
        (puts("/etc/passwd"), "nombres que una copia no usa"),
        (puts("datos/lms.db-wal"), "nombres que una copia no usa"),
        (puts("datos/backups/chaski.zip"), "nombres que una copia no usa"),
        (puts("datos/.restoring/plan.json"), "nombres que una copia no usa"),
        (puts("datos/LMS.DB-wal"), "nombres que una copia no usa"),
        (puts("datos/con\\barra"), "nombres que una copia no usa"),
        (lambda files, papers: files.pop("datos/secret"), "no trae los archivos que dice traer"),
        (lambda files, papers: (files.pop("lms.db"), papers["files"].pop("lms.db")), "no trae la base de datos"),
        (alters("datos/secret"), "datos/secret no es lo que se guardó"),
        (alters("lms.db"), "lms.db no es lo que se guardó"),
        (says(format="chaski-copia 9"), "versión más nueva"),
        (claims(events=41), "no guarda lo que dice"),
        (says(made=3), "dañada o incompleta"),
        (puts("lms.db", b"SQLite format 3\0" + bytes(4096)), "dañada"),
        (changes_tables("CREATE TRIGGER x AFTER INSERT ON events BEGIN DELETE FROM persons; END"), "órdenes que no son"),
        (changes_tables("DROP TABLE links"), "dice guardar|falta links"),
        (from_the_future, "versión más nueva"),
    ],
)  # fmt: skip
def test_what_was_forged_is_refused_and_nothing_is_touched(
    settings: Settings, forge: Forge, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PYTEST_FORGED", str(tmp_path / "forged.db"))
    made = backed_up(settings, tmp_path / "usb")
    before, names = state_of(settings), sorted(settings.data.rglob("*"))
    with pytest.raises(LmsError, match=said):
        restored(forged(made.file, forge), settings)
    assert state_of(settings) == before
    assert [one for one in sorted(settings.data.rglob("*")) if not one.name.startswith("lms.db-")] == names
    assert not (tmp_path / "afuera").exists()


@pytest.mark.parametrize("length", [0, 10, 21, 1000])
def test_what_is_cut_or_no_backup_is_refused(settings: Settings, length: int) -> None:
    file = backed_up(settings).file
    file.write_bytes(file.read_bytes()[:length])
    with pytest.raises(Invalid, match="no es una copia de Chaski"):
        restored(file, settings)


def test_a_list_of_files_that_would_fill_the_memory_is_not_read(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "chaski.zip"
    with file.open("wb") as out:
        out.truncate(50_000_000)
        out.seek(0, 2)
        out.write(b"PK\5\6" + bytes(8) + (49_000_000).to_bytes(4, "little") + bytes(6))
    with pytest.raises(LmsError, match="demasiados archivos"):
        restored(file, settings)


def test_a_backup_that_would_not_fit_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    made, before = backed_up(settings), state_of(settings)
    monkeypatch.setattr(restoring, "_SPARE", 10**18)
    with pytest.raises(Unavailable, match="lleno"):
        restored(made.file, settings)
    assert state_of(settings) == before


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
