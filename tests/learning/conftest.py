"""A site with the real course, and a browser without JavaScript at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cast import NELIDA, ROOT
from starlette.testclient import TestClient

from lms.app import create_app
from lms.settings import Settings


@pytest.fixture
def database() -> dict[str, str]:
    """SQLite: most of these tests are about pages. Those about progress choose otherwise."""
    return {}


@pytest.fixture
def browser(tmp_path: Path, database: dict[str, str]) -> Iterator[TestClient]:
    """A browser that keeps cookies and follows no redirect by itself."""
    settings = Settings.load(
        {
            "LMS_DATA": str(tmp_path / "data"),
            "LMS_COURSES": str(ROOT / "courses"),
            "LMS_PACKS": str(tmp_path / "packs"),
            **database,
        }
    )
    headers = {"accept": "text/html", "sec-fetch-site": "same-origin"}
    with TestClient(create_app(settings), headers=headers, follow_redirects=False) as client:
        yield client


@pytest.fixture
def sign_up(browser: TestClient) -> Callable[[], None]:
    """Makes Nélida an account in this browser, with what was done in it before."""

    def act() -> None:
        form = {**NELIDA, "guardar": "si"}
        assert browser.post("/crear-cuenta", data=form).status_code == 303

    return act
