"""What tests share: the real course, a real server, and for what is stored an empty log and a small course."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from cast import COURSE, SECRET, Server, start_server, stop_server
from events_cast import small_course
from hypothesis import settings as hypothesis_settings
from packs_table import PacksTable
from postgres_server import PROGRAMS, Postgres

from lms.accounts.routes import signing_up
from lms.course.loader import load_course
from lms.course.model import Course
from lms.db import Database, migrate, open_database
from lms.sync.routes import lines, parcels, receipts
from lms.sync.xapi import routes as xapi

LIMITS = (
    signing_up._NEW_ACCOUNTS,
    lines.own_rate,
    lines.open_rate,
    parcels._rate,
    receipts._rate,
    xapi._rate,
)

hypothesis_settings.register_profile("quick", max_examples=60, deadline=None)
hypothesis_settings.register_profile("soak", max_examples=10_000, deadline=None)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--packs-table", type=Path, help="write what was proved about formats into this document"
    )


def pytest_configure(config: pytest.Config) -> None:
    if file := config.getoption("--packs-table"):
        config.pluginmanager.register(PacksTable(file), "packs-table")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what is long first, and the browser's tests last.

    The browser's driver keeps an event loop running, which async tests cannot share.
    """
    items.sort(key=lambda item: ("browser" in item.path.parts, item.get_closest_marker("long") is None))


@pytest.fixture(autouse=True)
def full_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for what another test sent: how often an address came is kept by the process, not by a site."""
    for limit in LIMITS:
        monkeypatch.setattr(limit, "_buckets", {})


@pytest.fixture(scope="session")
def course() -> Course:
    """«Alfabetización Digital», as it stands in courses/."""
    loaded = load_course(COURSE)
    assert loaded.course is not None, loaded.problems
    return loaded.course


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that only need some server."""
    started = start_server(tmp_path_factory.mktemp("servidor"))
    yield started
    stop_server(started)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL for all tests; it is emptied for each."""
    if not (PROGRAMS / "initdb").exists():
        pytest.skip("there is no PostgreSQL on this machine")
    started = Postgres()
    yield started
    started.stop()


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where each engine in turn keeps a database with nothing in it, as `LMS_DATABASE` says it."""
    if request.param == "sqlite":
        return str(tmp_path / "lms.db")
    server: Postgres = request.getfixturevalue("postgres")
    return server.emptied()


@pytest.fixture
def database(place: str) -> dict[str, str]:
    """The settings of a site that keeps its data there."""
    return {"LMS_DATABASE": place, "LMS_SECRET": SECRET}


@pytest.fixture
async def db(place: str) -> AsyncIterator[Database]:
    """A migrated database with nothing in it."""
    database = await open_database(place)
    await migrate(database)
    yield database
    await database.close()


@pytest.fixture(scope="session")
def small() -> Course:
    """One unit, two lessons, six exercises and an assessment that draws four of six."""
    return small_course()
