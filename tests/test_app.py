"""The whole site at its start and its stop."""

from __future__ import annotations

import logging
import time
import urllib.request
from pathlib import Path

import pytest
from cast import ROOT, Server
from sample_courses import GOOD, sample
from starlette.applications import Starlette
from starlette.testclient import TestClient

from lms import app as wiring
from lms.learning.routes import shell
from lms.search import service
from lms.settings import Settings

LESSON = "/cursos/alfabetizacion-digital/conozco-mi-equipo"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Starlette:
    """A site that makes itself ready as soon as it starts."""
    monkeypatch.setattr(wiring, "FIRST_ANSWERS", 0)
    caplog.set_level(logging.INFO)
    places = {"LMS_DATA": tmp_path / "data", "LMS_COURSES": ROOT / "courses", "LMS_PACKS": tmp_path / "packs"}
    return wiring.create_app(Settings.load({name: str(path) for name, path in places.items()}))


def wait_until_said(caplog: pytest.LogCaptureFixture, message: str) -> None:
    until = time.monotonic() + 60
    while message not in caplog.messages:
        assert time.monotonic() < until, caplog.text
        time.sleep(0.02)


def test_who_comes_first_waits_for_nothing(
    site: Starlette, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TestClient(site) as client:
        wait_until_said(caplog, "warm")
        monkeypatch.setattr(shell, "lesson_shell", None)
        assert client.get(LESSON).status_code == 200
        monkeypatch.setattr(service, "prepare", None)
        assert "<mark>" in client.get("/buscar", params={"q": "batería"}).text


def test_what_cannot_be_made_ready_keeps_nothing_else_from_it(
    site: Starlette, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell, "lesson_shell", None)
    with TestClient(site) as client:
        wait_until_said(caplog, "warm")
        assert "not ready ahead: who asks first will wait" in caplog.messages
        assert client.get("/buscar", params={"q": "batería"}).status_code == 200


@pytest.mark.parametrize("seconds", [0, 0.05, 0.2])
def test_a_server_stops_while_it_makes_itself_ready(
    site: Starlette, caplog: pytest.LogCaptureFixture, seconds: float
) -> None:
    with TestClient(site):
        time.sleep(seconds)
    assert "warm" not in caplog.messages


def test_no_answer_says_what_program_gave_it(server: Server) -> None:
    with urllib.request.urlopen(server.url + LESSON) as answer:
        assert "server" not in answer.headers


def start(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> list[str]:
    """Start a server with the courses there; what it says of their glossary."""
    places = {"LMS_DATA": tmp_path / "data", "LMS_COURSES": tmp_path / "courses"}
    site = wiring.create_app(Settings.load({name: str(path) for name, path in places.items()}))
    caplog.clear()
    with TestClient(site):
        pass
    return [said for said in caplog.messages if "glosario" in said]


def test_a_glossary_that_courses_look_for_in_vain_is_told_once_at_each_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sample("no-glossary", tmp_path / "courses")
    shared = tmp_path / "content" / "glossary.toml"
    for _ in range(2):  # the second loads what the first kept
        [said] = start(tmp_path, caplog)
        assert said.startswith(f"No se encuentra «{shared}».")
        assert "una página que no está: «Agua para la escuela»." in said

    shared.parent.mkdir()
    shared.write_bytes((GOOD / "glossary.toml").read_bytes())
    assert start(tmp_path, caplog) == []


def test_nobody_is_told_of_a_glossary_that_no_course_asks_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (sample("good", tmp_path / "courses") / "glossary.toml").unlink()
    assert start(tmp_path, caplog) == []
