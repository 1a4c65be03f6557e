"""Progress that came with somebody's document before they had an account here waits for their answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date

import pytest
from starlette.testclient import TestClient

from lms.sync.over_file import Heading, build_progress_file
from tests.accounts.conftest import sign_in, sign_up
from tests.accounts.lines import identified, opened


def upload(client: TestClient, *lines: bytes) -> None:
    file = build_progress_file(lines, Heading("", "", date(2026, 11, 23)))
    given = client.post("/mi-avance/archivo", files={"archivo": ("avance.txt", file, "text/plain")})
    assert given.status_code == 200, given.text


@pytest.mark.parametrize(("said", "status"), [("si", ["vouched"]), ("no", [])])
def test_they_are_asked_at_the_door_about_theirs_alone(
    browser: TestClient, other_browser: Callable[..., TestClient], said: str, status: list[str]
) -> None:
    profile, others = str(uuid.uuid4()), str(uuid.uuid4())
    bearer = other_browser()
    upload(bearer, identified(profile, "Nélida", "40000002"), opened(profile))
    upload(bearer, identified(others, "Elsa", "49999999"), opened(others))

    sign_up(browser)
    assert sign_in(browser).headers["location"] == "/avance-por-confirmar"
    asked = browser.get("/avance-por-confirmar").text
    assert profile in asked
    assert others not in asked

    browser.post("/avance-por-confirmar", data={"perfil": profile, "respuesta": said})
    assert sign_in(browser).headers["location"] == "/"
    linked = browser.get("/mis-datos/archivo").json()["links"]
    assert [one["status"] for one in linked if one["profile"] == profile] == status
