"""A server whose disk is full says so, and a device keeps what it could not send."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from events_cast import Tablet, small_course
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from lms.app import create_app
from lms.errors import CLOSED, FULL, Unavailable
from lms.settings import Settings
from lms.sync.over_file import Heading, build_progress_file
from lms.web import sessions

OURS = {"sec-fetch-site": "same-origin"}
HTML = {"accept": "text/html"}


async def _full(request: Request) -> Response:
    raise OSError(errno.ENOSPC, "No space left on device")


async def _missing(request: Request) -> Response:
    raise FileNotFoundError(errno.ENOENT, "a secret detail")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings.load({"LMS_DATA": str(tmp_path), "LMS_COURSES": str(tmp_path / "none")})
    app = create_app(settings)
    app.router.routes += [Route("/prueba/lleno", _full), Route("/prueba/falta", _missing)]
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def ask(client: TestClient, sql: str) -> object:
    """Ask something of the writer of the server's database."""
    assert client.portal is not None
    return client.portal.call(client.app.state.site.db.value, sql)  # type: ignore[attr-defined]


def set_room(client: TestClient, pages: object) -> None:
    assert client.portal is not None
    client.portal.call(client.app.state.site.db.execute, f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]


def test_lines_that_find_no_room_are_sent_again_later(client: TestClient) -> None:
    tablet = Tablet(small_course())
    body = b"\n".join(tablet.opens() for _ in range(300))
    set_room(client, ask(client, "PRAGMA page_count"))

    refused = client.post("/events", content=body, headers=OURS)
    assert (refused.status_code, refused.json()) == (503, {"error": {"code": "unavailable", "message": FULL}})
    assert ask(client, "SELECT count(*) FROM events") == 0

    set_room(client, 1_000_000)
    taken = client.post("/events", content=body, headers=OURS).json()["results"]
    assert {result["status"] for result in taken} == {"stored"}


def test_a_file_that_finds_no_room_is_refused_in_words(client: TestClient) -> None:
    tablet = Tablet(small_course())
    file = build_progress_file([tablet.opens() for _ in range(300)], Heading("", "", date(2026, 11, 23)))
    set_room(client, ask(client, "PRAGMA page_count"))

    answer = client.post("/mi-avance/archivo", files={"archivo": ("avance.txt", file)}, headers=OURS)
    assert answer.status_code == 503
    assert FULL in answer.text
    assert ask(client, "SELECT count(*) FROM events") == 0


def test_who_asks_cannot_be_read_and_that_is_said_in_words(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def closed(*_: object) -> None:
        raise Unavailable(CLOSED)

    monkeypatch.setattr(sessions, "arrive", closed)

    answer = client.get("/", headers=HTML)
    assert answer.status_code == 503
    assert CLOSED in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_pages_can_be_read_while_the_disk_is_full(client: TestClient) -> None:
    set_room(client, ask(client, "PRAGMA page_count"))

    assert client.get("/", headers=HTML).status_code == 200


def test_what_the_system_refuses_is_said_and_logged(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = client.get("/prueba/lleno", headers=HTML)

    assert answer.status_code == 503
    assert "El disco está lleno" in answer.text
    assert "No space left on device" in caplog.text


def test_any_other_error_of_the_system_is_a_fault(client: TestClient) -> None:
    answer = client.get("/prueba/falta", headers=HTML)

    assert answer.status_code == 500
    assert "secret detail" not in answer.text
