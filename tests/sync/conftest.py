"""Browsers at a running site, and people who bring progress files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path

import pytest
from cast import Server, start_server, stop_server
from sample_courses import sample
from starlette.testclient import TestClient

from lms import remote
from lms.app import create_app
from lms.cli import main
from lms.db import Database
from lms.people.model import Person
from lms.people.queries import add_person
from lms.settings import Settings
from lms.sync import over_network
from lms.sync.over_file import Heading, build_progress_file
from lms.sync.receiving import By, Received, read_file, receive_file
from lms.sync.routes import lines
from lms.sync.sealing import Identity
from lms.web.limits import RateLimit
from tests.sync.bringing import COACH, NELIDA, RUTH, Bring, Run
from tests.sync.meeting import Node
from tests.sync.pasting import ROSA, another


@pytest.fixture
def browser(
    tmp_path: Path, database: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    """One browser at a running site without courses."""
    for rate in ("own_rate", "open_rate"):
        monkeypatch.setattr(lines, rate, RateLimit(burst=20, per_minute=60))
    places = {"LMS_DATA": str(tmp_path / "data"), "LMS_COURSES": str(tmp_path / "courses")}
    settings = Settings.load({**places, **database})
    headers = {"sec-fetch-site": "same-origin"}
    with TestClient(create_app(settings), "https://aula.example", headers=headers) as client:
        yield client


@pytest.fixture
def other(browser: TestClient) -> Iterator[TestClient]:
    """Another browser at the same site, where nobody signed in."""
    client = TestClient(browser.app, "https://aula.example", headers=dict(browser.headers))
    client.portal = browser.portal
    yield client
    client.portal = None


@pytest.fixture
async def bring(db: Database) -> Bring:
    """Brings a file with some lines."""
    for person in (NELIDA, RUTH, COACH):
        assert await add_person(db, person, pin_hash="", recovery_hash="")

    async def act(lines: list[bytes], person: Person | None, by: By) -> Received:
        data = build_progress_file(lines, Heading("", "", date(2026, 11, 23)))
        return await receive_file(db, await read_file(data, Identity.new), person, by)

    return act


@pytest.fixture
async def school(db: Database) -> Node:
    """A node below."""
    return await Node.new("Escuela", db)


@pytest.fixture
async def ugel(school: Node) -> AsyncIterator[Node]:
    """The node it joined."""
    made = await Node.new("UGEL")
    await made.knows(school)
    await school.knows(made, upstream=True)
    yield made
    await made.db.close()


@pytest.fixture
def nelida(tmp_path: Path) -> Iterator[TestClient]:
    """A browser at a site with one course, where nobody signed in yet."""
    sample("good", tmp_path / "courses")
    settings = Settings.load({"LMS_DATA": str(tmp_path / "data"), "LMS_COURSES": str(tmp_path / "courses")})
    headers = {"accept": "text/html", "sec-fetch-site": "same-origin"}
    with TestClient(create_app(settings), headers=headers, follow_redirects=False) as client:
        yield client


async def _become_coach(client: TestClient) -> None:
    await client.app.state.site.db.execute(
        "UPDATE persons SET role = 'acompanante' WHERE document = '12345678'", {}
    )


@pytest.fixture
def coach(nelida: TestClient) -> Iterator[TestClient]:
    rosa = another(nelida)
    assert rosa.post("/crear-cuenta", data=ROSA).status_code == 303
    nelida.portal.call(_become_coach, nelida)
    yield rosa
    rosa.portal = None


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `lms …` at a school whose data are in a folder; exit code and what it said."""
    monkeypatch.delenv("LMS_DATABASE", raising=False)
    monkeypatch.setenv("LMS_NODE", "escuela")
    monkeypatch.setattr(over_network, "PAUSES", (0,))
    monkeypatch.setattr(remote, "FIRST_PAUSES", (0,))

    def act(data: Path, *words: object) -> tuple[int, str]:
        monkeypatch.setenv("LMS_DATA", str(data))
        capsys.readouterr()
        code = 0
        try:
            main([str(word) for word in words])
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return code, said.out + said.err

    return act


@pytest.fixture(scope="module")
def above(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that others join."""
    data, courses = tmp_path_factory.mktemp("ugel"), tmp_path_factory.mktemp("none")
    started = start_server(data, courses=courses)
    yield started
    stop_server(started)
