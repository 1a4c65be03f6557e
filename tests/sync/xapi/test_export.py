"""`lms sync export --xapi` and `lms xapi key`, at the terminal."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from pathlib import Path

import pytest
from events_cast import Tablet

from lms.cli import main
from lms.course.model import Course
from lms.db import ready_database
from lms.people.links import vouch
from lms.people.queries import add_person
from lms.sync.over_file import Heading, build_progress_file
from lms.sync.xapi import exporting
from tests.sync.bringing import RUTH
from tests.sync.xapi.acts import a_day


@pytest.fixture(autouse=True)
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server with nothing in it."""
    monkeypatch.setenv("LMS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("LMS_COURSES", str(tmp_path / "courses"))
    monkeypatch.setenv("LMS_ADDRESS", "https://aula.example")


def run(*arguments: object) -> int:
    """Run `lms …`; its exit code."""
    try:
        main([*map(str, arguments)])
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


@pytest.fixture
def tablet(tmp_path: Path, small: Course) -> Tablet:
    """A tablet whose day arrived."""
    one = Tablet(small)
    file = tmp_path / "avance.txt"
    file.write_bytes(build_progress_file(a_day(one), Heading("", "", date(2026, 11, 23))))
    assert run("sync", "import", file) == 0
    return one


def test_statements_are_one_list_or_one_a_line(
    tmp_path: Path, tablet: Tablet, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_AT_ONCE", 3)
    listed, lined = tmp_path / "d.json", tmp_path / "d.jsonl"
    capsys.readouterr()

    assert run("sync", "export", "--xapi", "--all", listed) == 0
    assert run("sync", "export", "--xapi", "--profile", tablet.profile, lined) == 0

    assert capsys.readouterr().out == f"{listed}\t10\n{lined}\t10\n"
    statements = json.loads(listed.read_text("utf-8"))
    assert statements == [json.loads(line) for line in lined.read_text("utf-8").splitlines()]
    assert {one["actor"]["account"]["name"] for one in statements} == {tablet.profile}
    assert {one["actor"]["account"]["homePage"] for one in statements} == {"https://aula.example/"}
    assert not any("stored" in one or "authority" in one for one in statements)
    assert "40000002" not in listed.read_text("utf-8")


def test_documents_stand_in_it_only_if_asked_for_and_confirmed(
    tmp_path: Path, tablet: Tablet, small: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "otra.txt"
    other.write_bytes(build_progress_file([Tablet(small).opens()], Heading("", "", date(2026, 11, 23))))
    run("sync", "import", other)
    asyncio.run(_confirm(tmp_path / "data" / "lms.db", tablet.profile))

    assert run("sync", "export", "--xapi", "--with-documents", "--all", tmp_path / "d.json") == 0

    *hers, nobodys = json.loads((tmp_path / "d.json").read_text("utf-8"))
    assert {(one["actor"]["account"]["name"], one["actor"]["name"]) for one in hers} == {
        (RUTH.document, "Ruth Quispe")
    }
    assert len(nobodys["actor"]["account"]["name"]) == 36
    assert "Ley 29733" in capsys.readouterr().err


async def _confirm(file: Path, profile: str) -> None:
    async with ready_database(str(file)) as db:
        assert await add_person(db, RUTH, pin_hash="", recovery_hash="")
        await vouch(db, profile, RUTH.id, by=RUTH.id, at="2026-11-24T00:00:00.000Z")


def test_nothing_here_is_an_empty_list(tmp_path: Path) -> None:
    assert run("sync", "export", "--xapi", "--all", tmp_path / "d.json") == 0
    assert json.loads((tmp_path / "d.json").read_text()) == []


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path, tablet: Tablet) -> None:
    (tmp_path / "d.json").mkdir()

    assert run("sync", "export", "--xapi", "--all", tmp_path / "d.json") == 1
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_without_an_address_nobody_knows_whose_statements_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("LMS_ADDRESS")

    assert run("sync", "export", "--xapi", "--all", tmp_path / "d.json") == 1
    assert "LMS_ADDRESS" in capsys.readouterr().err


def test_documents_without_statements_are_a_mistake(tmp_path: Path) -> None:
    assert run("sync", "export", "--with-documents", "--all", tmp_path / "d") == 2


def test_keys_are_made_shown_once_and_revoked(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("xapi", "key", "new", "lrs-difods", "--only", "read") == 0
    secret = capsys.readouterr().out.strip().partition(":")[2]
    assert len(secret) == 32
    assert run("xapi", "key", "new", "lrs-difods") == 1
    assert run("xapi", "key", "new", "Lrs") == 1
    capsys.readouterr()

    assert run("xapi", "key", "list") == 0
    listed = capsys.readouterr().out
    assert listed.startswith("lrs-difods\tleer\t")
    assert "en uso" in listed
    assert secret not in listed
    assert run("xapi", "key", "revoke", "lrs-difods") == 0
    assert run("xapi", "key", "revoke", "lrs-difods") == 1
    run("xapi", "key", "list")
    assert "anulada" in capsys.readouterr().out
