"""A site of its own for each test, and a browser that behaves like one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cast import NELIDA
from starlette.testclient import TestClient

from lms.app import create_app
from lms.settings import Settings


class Hands:
    """A clock whose hands a test can move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 13, 40, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def browser(tmp_path: Path, database: dict[str, str], clock: Hands) -> Iterator[TestClient]:
    """One browser at a running site without courses."""
    places = {"LMS_DATA": str(tmp_path / "data"), "LMS_COURSES": str(tmp_path / "courses")}
    settings = Settings.load({**places, **database})
    headers = {"accept": "text/html", "sec-fetch-site": "same-origin"}
    with TestClient(create_app(settings, clock=clock), headers=headers, follow_redirects=False) as client:
        yield client


@pytest.fixture
def other_browser(browser: TestClient) -> Iterator[Callable[..., TestClient]]:
    """Further browsers at the same site, each with its own cookies; an address may be given."""
    with ExitStack() as stack:
        yield lambda address="testclient": stack.enter_context(_second(browser, address))


class _second:
    """A client that shares the running site, without starting it again."""

    def __init__(self, first: TestClient, address: str) -> None:
        self._client = TestClient(
            first.app, headers=dict(first.headers), follow_redirects=False, client=(address, 50000)
        )
        self._client.portal = first.portal

    def __enter__(self) -> TestClient:
        return self._client

    def __exit__(self, *_: object) -> None:
        self._client.portal = None


def code_on(text: str) -> str:
    """The recovery code that a page shows."""
    found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", text)
    assert found, text
    return found[0]


def sign_up(client: TestClient, **changes: str) -> str:
    """Make an account; the recovery code."""
    answer = client.post("/crear-cuenta", data={**NELIDA, **changes})
    assert answer.status_code == 303, answer.text
    return code_on(client.get("/codigo-de-recuperacion").text)


def sign_in(client: TestClient, document: str = "40000002", pin: str = "482913"):
    """Try to sign in; the answer."""
    return client.post("/ingresar", data={"documento": document, "pin": pin})
