"""What a browser's cookies are worth when the server's clock is not."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cast import NELIDA
from itsdangerous import TimestampSigner
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from lms.app import create_app
from lms.settings import Settings
from lms.web import sessions

DAY = 24 * 60 * 60

Shift = Callable[[float], None]


async def _guest(request: Request) -> Response:
    return Response(sessions.profile_to_write(request))


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[TestClient]:
    """One browser at a running site where a visit to /prueba/invitado makes a guest."""
    settings = Settings.load({"LMS_DATA": str(tmp_path), "LMS_COURSES": str(tmp_path / "none")})
    app = create_app(settings)
    app.router.routes.append(Route("/prueba/invitado", _guest))
    with TestClient(app, headers={"sec-fetch-site": "same-origin"}) as client:
        yield client


@pytest.fixture
def shift(monkeypatch: pytest.MonkeyPatch) -> Shift:
    """Sets the clock by which the server signs wrong by some seconds; browsers keep their own time."""

    def wrong_by(seconds: float) -> None:
        monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: int(time.time() + seconds))

    return wrong_by


def session_of(browser: TestClient) -> dict[str, object]:
    """What the server tells a page about who uses it."""
    found: dict[str, object] = json.loads(
        browser.get("/session.js").text.split("session = ", 1)[1].rstrip(";\n")
    )
    return found


@pytest.mark.parametrize("wrong", [900 * DAY, 3600, -900 * DAY])
def test_a_guest_goes_on_whatever_the_clock_said(browser: TestClient, shift: Shift, wrong: float) -> None:
    shift(wrong)
    profile = browser.get("/prueba/invitado").text
    shift(0)

    assert session_of(browser)["profile"] == profile


@pytest.mark.parametrize("wrong", [900 * DAY, 3600])
def test_a_clock_that_goes_back_signs_nobody_out(browser: TestClient, shift: Shift, wrong: float) -> None:
    shift(wrong)
    browser.post("/crear-cuenta", data=NELIDA)
    shift(0)

    assert session_of(browser)["person"] == {"name": "Nélida Quispe"}


def test_a_session_ends_after_its_days_and_the_device_still_knows_the_person(
    browser: TestClient, shift: Shift
) -> None:
    shift(-61 * DAY)
    browser.post("/crear-cuenta", data=NELIDA)
    shift(0)

    assert session_of(browser)["person"] is None
    assert "Nélida Quispe" in browser.get("/cambiar-de-persona").text
