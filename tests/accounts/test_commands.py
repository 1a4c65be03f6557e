"""`lms person …`, as an administrator types it."""

from __future__ import annotations

import asyncio
import uuid
from datetime import date
from pathlib import Path

import pytest

from lms.cli import main
from lms.db import ready_database
from lms.people import links
from lms.people.queries import person_with_document
from lms.sync.over_file import Heading, build_progress_file
from tests.accounts.conftest import code_on
from tests.accounts.lines import identified, opened

ADD = ["person", "add", "40000002", "--names", "Nélida", "--paternal", "Quispe", "--pin", "482913"]


@pytest.fixture(autouse=True)
def data(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_DATABASE", place)


def run(*arguments: str) -> int:
    """The exit code of a command."""
    try:
        main(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def test_adding_somebody_prints_the_recovery_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*ADD) == 0
    assert code_on(capsys.readouterr().out)
    assert run("person", "list") == 0
    assert capsys.readouterr().out == "40000002\tdocente\tNélida Quispe\n"


def test_adding_twice_is_refused_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    run(*ADD)
    assert run(*ADD) == 1
    said = capsys.readouterr().err
    assert "Ya hay una cuenta con el documento 40000002, de Nélida Quispe." in said
    assert "lms person reset-pin 40000002" in said
    assert "tu PIN" not in said


def test_a_weak_pin_is_refused_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*ADD[:-1], "654321") == 1
    assert "fácil de adivinar" in capsys.readouterr().err


def test_a_role_is_changed_and_an_unknown_one_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    run(*ADD)
    assert run("person", "role", "40000002", "acompanante") == 0
    assert run("person", "role", "40000002", "jefa") == 2
    run("person", "list")
    assert "\tacompanante\t" in capsys.readouterr().out


def test_resetting_a_pin_prints_a_new_code(capsys: pytest.CaptureFixture[str]) -> None:
    run(*ADD)
    first = code_on(capsys.readouterr().out)
    assert run("person", "reset-pin", "40000002", "--pin", "739164") == 0
    assert code_on(capsys.readouterr().out) != first


def test_nobody_is_asked_for_a_pin_of_an_account_that_is_not_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("person", "reset-pin", "abc") == 1
    said = capsys.readouterr()
    assert "No hay una cuenta con el documento abc." in said.err
    assert "PIN" not in said.out


def test_erasing_leaves_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    run(*ADD)
    assert run("person", "erase", "40000002", "--yes") == 0
    capsys.readouterr()
    run("person", "list")
    assert capsys.readouterr().out == ""
    assert run("person", "erase", "40000002", "--yes") == 1


def test_who_has_no_account_here_is_erased_by_their_profile(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    run(*ADD)
    mine, other = str(uuid.uuid4()), str(uuid.uuid4())
    lines = [identified(mine, "Nélida", "40000002"), identified(other, "Rosa", "12345678")]
    (tmp_path / "avance.txt").write_bytes(build_progress_file(lines, Heading("", "", date(2026, 11, 23))))
    run("sync", "import", str(tmp_path / "avance.txt"))

    assert run("person", "erase", "--profile", other, "--yes") == 0
    assert run("person", "erase", "--profile", mine, "--yes") == 1, "it may be Nélida's, who has an account"
    assert run("person", "erase", "--profile", str(uuid.uuid4()), "--yes") == 1
    assert run("person", "erase", "--yes") == 2
    assert run("person", "erase", "40000002", "--profile", other, "--yes") == 2

    run("sync", "export", "--all", str(tmp_path / "todo"))
    kept = b"".join(file.read_bytes() for file in (tmp_path / "todo").iterdir())
    assert b"12345678" not in kept
    assert b"Rosa" not in kept
    assert b"40000002" in kept


def test_a_profile_is_taken_from_who_has_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, place: str
) -> None:
    run(*ADD)
    profile = str(uuid.uuid4())
    file = build_progress_file(
        [identified(profile, "Nélida", "40000002")], Heading("", "", date(2026, 11, 23))
    )
    (tmp_path / "avance.txt").write_bytes(file)
    run("sync", "import", str(tmp_path / "avance.txt"))
    capsys.readouterr()
    assert run("person", "profiles", "40000002") == 0
    assert capsys.readouterr().out == f"{profile}\tpor confirmar\t1\n"
    asyncio.run(_vouch(place, profile))
    run("person", "profiles", "40000002")
    assert capsys.readouterr().out == f"{profile}\tconfirmado\t1\n"
    assert run("person", "unlink", profile) == 0
    assert capsys.readouterr().out == f"{profile}: ya no es de Nélida Quispe.\n"
    run("person", "profiles", "40000002")
    assert capsys.readouterr().out == ""
    assert run("person", "unlink", profile) == 1


def test_a_corrected_document_leaves_the_wrong_one_in_no_file(tmp_path: Path, place: str) -> None:
    run(*ADD)
    profile, out = str(uuid.uuid4()), tmp_path / "avance.txt"
    file = tmp_path / "de-ella.txt"
    file.write_bytes(build_progress_file([opened(profile)], Heading("", "", date(2026, 11, 23))))
    run("sync", "import", str(file))
    asyncio.run(_vouch(place, profile))
    for document in ("40000002", "40000020"):
        assert run("sync", "export", "--profile", profile, str(out)) == 0
        assert f'"document":"{document}"' in out.read_text()
        run("person", "correct", "40000002", "40000020")
    assert "40000002" not in out.read_text()


async def _vouch(place: str, profile: str) -> None:
    """A coach said that a profile is Nélida's."""
    async with ready_database(place) as db:
        person = await person_with_document(db, "40000002")
        assert person is not None
        await links.vouch(db, profile, person.id, by="coach", at="2026-11-26T12:00:00.000Z")


def test_a_mistyped_document_is_corrected_unless_it_is_somebody_elses(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(*ADD)
    assert run("person", "correct", "40000002", "40000020") == 0
    capsys.readouterr()
    run("person", "list")
    assert capsys.readouterr().out == "40000020\tdocente\tNélida Quispe\n"
    run(*ADD)
    assert run("person", "correct", "40000002", "40000020") == 1
    assert "Otra persona tiene el documento" in capsys.readouterr().err
