"""What was forged, cut or is no backup is refused in words before anything is touched."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lms.errors import Invalid, LmsError
from lms.settings import Settings
from tests.upkeep.acts import backed_up, restored, state_of

Forge = Callable[[dict[str, bytes], dict[str, Any]], None]


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
