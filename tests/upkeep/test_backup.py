"""A backup holds all that must not be lost, is made while others write, and is called one only when it is whole."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sqlite3
import zipfile
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest

from lms.errors import FULL, Conflict, Invalid, Unavailable
from lms.settings import Settings
from lms.upkeep import backup
from lms.upkeep.archive import Reading
from tests.upkeep.acts import NOW, backed_up, fill, ids_in, lms, settings_in


def names_in(file: Path) -> set[str]:
    with zipfile.ZipFile(file) as archive:
        return set(archive.namelist())


def left_in(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_it_holds_what_cannot_be_made_again_and_its_owner_alone_reads_it(settings: Settings) -> None:
    made = backed_up(settings)

    assert names_in(made.file) == {"copia.json", "lms.db", "datos/secret", "datos/keys/own/difods.pem"}
    assert made.file.stat().st_mode & 0o777 == 0o600
    assert re.fullmatch(r"chaski-[0-9A-Za-z-]+-2026-11-26-\d{6}\.zip", made.file.name)
    assert made.papers.counts.events == 40
    assert [(one.id, one.version) for one in made.papers.courses] == [("curso", "1.0.0")]
    assert left_in(made.file.parent) == [made.file.name]


def test_whatever_else_lies_there_is_in_it_and_no_name_keeps_it_from_being_made(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "nota: mía.txt",
        "Nota.txt",
        "nota.txt",
        "lms.db.bak",
        "con\\barra",
        ".borrador",
        os.fsdecode(b"\xff"),
    ):
        (settings.data / name).write_text("algo")
    (settings.data / "enlace").symlink_to("/etc/passwd")
    real = backup.files_in

    def vanishing(path: Path) -> list[Path]:
        return [*real(path), path.with_name("se-fue.txt")]

    monkeypatch.setattr(backup, "files_in", vanishing)
    found = names_in(backed_up(settings).file)
    assert {name.removeprefix("datos/") for name in found} == {
        "copia.json", "lms.db", "secret", "keys/own/difods.pem", "nota: mía.txt", "Nota.txt", "nota.txt", "lms.db.bak",
    }  # fmt: skip


def test_courses_are_copied_only_when_asked_for(settings: Settings) -> None:
    assert "cursos/curso/course.toml" in names_in(backed_up(settings, with_courses=True).file)


def test_what_others_write_between_two_steps_neither_gets_in_nor_makes_it_begin_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lms.db import copying

    steps = []
    with sqlite3.connect(settings.database, isolation_level=None) as other:

        def step(done: int, total: int) -> None:
            steps.append(done)
            other.execute("INSERT INTO failures VALUES (?, 1, '', '')", (f"paso {len(steps)}",))

        monkeypatch.setattr(copying, "STEP", 10)
        copying.copy_database(Path(settings.database), settings.data / "copy.db", step)
        copied = (
            sqlite3.connect(settings.data / "copy.db").execute("SELECT count(*) FROM failures").fetchone()
        )
    assert len(steps) > 3
    assert steps == sorted(steps)
    assert copied == (0,)


def test_the_newest_stay_and_what_others_put_there_is_not_touched(settings: Settings) -> None:
    folder = settings.data / "backups"
    folder.mkdir()
    (folder / "chaski-mía.zip").write_text("de otra persona")
    made = [backed_up(settings, now=NOW + timedelta(days=day), keep=3).file.name for day in range(5)]

    assert left_in(folder) == sorted([*made[2:], "chaski-mía.zip"])


def test_the_new_one_stays_even_if_the_clock_went_back(settings: Settings) -> None:
    backed_up(settings)
    made = backed_up(settings, now=NOW - timedelta(days=2000), keep=1)

    assert left_in(settings.data / "backups") == [made.file.name]


def test_two_in_one_second_are_two(settings: Settings) -> None:
    assert backed_up(settings).file != backed_up(settings).file


def test_nothing_new_makes_no_other_backup(settings: Settings) -> None:
    first = backed_up(settings, if_changed=True)
    same = backed_up(settings, if_changed=True, now=NOW + timedelta(days=1))
    fill(settings, 1)
    other = backed_up(settings, if_changed=True, now=NOW + timedelta(days=2))
    (settings.data / "keys" / "keys.json").write_text("{}")
    again = backed_up(settings, if_changed=True, now=NOW + timedelta(days=3))

    assert [one.new for one in (first, same, other, again)] == [True, False, True, True]
    assert same.file == first.file


def test_a_full_disk_is_said_and_nothing_half_written_stays(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = backed_up(settings).file
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9 - 10, 10))
    with pytest.raises(Unavailable, match=FULL):
        backed_up(settings)
    assert left_in(before.parent) == [before.name]


def test_a_disk_that_fills_meanwhile_is_said_and_nothing_half_written_stays(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backup.Writing, "finish", full)
    with pytest.raises(Unavailable, match=FULL):
        backed_up(settings)
    assert left_in(settings.data / "backups") == []


def test_a_damaged_database_is_not_called_a_backup(settings: Settings) -> None:
    with sqlite3.connect(settings.database) as db:
        db.execute("UPDATE events SET line = '{}' WHERE number = 40")
    with pytest.raises(Invalid, match="no se puede leer el registro 40"):
        backed_up(settings)
    assert left_in(settings.data / "backups") == []


@pytest.mark.parametrize("place", ["", "copias", "keys/copias"])
def test_one_that_would_lie_among_what_it_holds_is_not_made(settings: Settings, place: str) -> None:
    before = left_in(settings.data)
    with pytest.raises(Invalid, match="Elige una carpeta fuera de ella"):
        backed_up(settings, settings.data / place)
    assert left_in(settings.data) == before


def test_two_at_once_do_not_write_into_each_other(settings: Settings) -> None:
    (settings.data / "backups").mkdir()
    with backup._room(settings.data / "backups"), pytest.raises(Conflict, match="Otra copia está en marcha"):
        backed_up(settings)


def test_what_comes_back_from_the_file_is_what_went_in(settings: Settings) -> None:
    made = backed_up(settings)
    with Reading.of(made.file) as reading:
        assert b"".join(reading.chunks("datos/secret")) == (settings.data / "secret").read_bytes()
        reading.copy("lms.db", settings.data / "out.db", lambda _: None)
    assert ids_in(settings.data / "out.db") == ids_in(Path(settings.database))


def test_the_command_says_where_it_is_and_what_it_holds(settings: Settings, tmp_path: Path) -> None:
    process = lms(settings, "backup", str(tmp_path / "usb"))
    said = process.communicate()[0]
    assert process.returncode == 0, said
    assert "Copia hecha y comprobada" in said
    assert "Registros: 40" in said
    assert "curso 1.0.0" in said


def test_with_postgresql_it_says_what_to_do_instead(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data", LMS_DATABASE="postgresql://lms@nowhere/lms")
    with pytest.raises(Invalid, match="pg_dump"):
        backed_up(settings)
