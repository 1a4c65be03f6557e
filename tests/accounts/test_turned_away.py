"""Lines that were held and did not come to count: a coach sees them with the reason, and may ask again."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from lms.events.batch import OTHER_BYTES
from lms.people import links
from tests.accounts.conftest import sign_up
from tests.accounts.desk import DESK, first, keys, section
from tests.accounts.lines import opened, send

Another = Callable[..., TestClient]
ROSA = {"documento": "12345678", "nombres": "Rosa", "paterno": "Mamani", "pin": "739164", "pin2": "739164"}
AGAIN = "Volver a ponerlo por confirmar"


@pytest.fixture
def coach(browser: TestClient, other_browser: Another) -> TestClient:
    """Rosa, who accompanies Nélida."""
    sign_up(browser)
    rosa = other_browser()
    sign_up(rosa, **ROSA)
    _ask(browser, "execute", "UPDATE persons SET role = 'acompanante' WHERE document = '12345678'")
    return rosa


@pytest.fixture
def profile(browser: TestClient, coach: TestClient, other_browser: Another) -> str:
    """Nélida's, for which somebody without a session sent two versions of a line and one more."""
    found = re.search(r'"profile":"([0-9a-f-]{36})"', browser.get("/session.js").text)
    assert found
    line = opened(found[1])
    send(other_browser(), line, line.replace(b"13:40", b"13:41"), opened(found[1]), status="held")
    return found[1]


def _ask(browser: TestClient, how: str, sql: str) -> Any:
    return browser.portal.call(getattr(browser.app.state.site.db, how), sql)


def _events(browser: TestClient) -> int:
    return int(_ask(browser, "value", "SELECT count(*) FROM events"))


def _answer(client: TestClient, address: str, **more: str) -> None:
    """Send the first form of a page that has the fields of an answer."""
    form = client.get(address).text
    fields = dict(re.findall(r'<input type="hidden" name="(perfil|hasta)" value="([^"]+)"', form))
    assert client.post(address, data={**fields, **more}).status_code == 303


def _take_up(coach: TestClient) -> None:
    first(coach, "aparte", "vuelve")


def test_a_coach_sees_what_a_person_turned_away_and_may_have_it_asked_again(
    browser: TestClient, coach: TestClient, profile: str
) -> None:
    assert "Avance que no se aceptó" not in coach.get(DESK).text
    _answer(browser, "/avance-por-confirmar", respuesta="no")
    shown = coach.get(DESK).text
    assert "Avance que no se aceptó" in shown
    assert "Quispe Ñahui, Nélida" in shown
    assert ">3 registros" in shown
    assert "Esta persona dijo que no es suyo" in shown

    _take_up(coach)
    again = coach.get(DESK).text
    assert "No cuenta hasta que respondas" in again
    assert AGAIN not in again
    first(coach, "traido", "si")
    assert _events(browser) == 2


def test_what_the_log_refused_says_why_and_is_not_asked_again(
    browser: TestClient, coach: TestClient, profile: str
) -> None:
    first(coach, "traido", "si")
    assert _events(browser) == 2
    shown = section(coach, "aparte")
    assert ">1 registro" in shown
    assert f"<p>{OTHER_BYTES}</p>" in shown
    assert AGAIN not in shown
    _take_up(coach)
    assert _ask(browser, "value", "SELECT count(*) FROM held WHERE status = 'waiting'") == 0


def test_a_coachs_own_mistake_is_said_so_and_what_is_nobodys_by_now_counts_as_theirs_who_has_it(
    browser: TestClient, coach: TestClient, profile: str
) -> None:
    first(coach, "traido", "no")
    assert "Un acompañante dijo que no es de esta persona" in coach.get(DESK).text
    unlink = links.unlink
    db = browser.app.state.site.db

    async def undo() -> None:
        await unlink(db, profile, by="", at="2026-11-24T00:00:00.000Z")

    browser.portal.call(undo)
    assert "Sin nombre" in section(coach, "aparte")
    assert "Aceptarlo" in section(coach, "aparte")
    _take_up(coach)
    assert _events(browser) == 2


def test_nobody_but_a_coach_asks_again_and_no_coach_about_their_own(
    browser: TestClient, coach: TestClient, profile: str
) -> None:
    _answer(browser, "/avance-por-confirmar", respuesta="no")
    fields = {"motivo": "aparte", "vuelve": f"{profile} - 99"}
    assert browser.post(DESK, data=fields).status_code == 403
    _ask(browser, "execute", "UPDATE persons SET role = 'acompanante'")
    assert browser.post(DESK, data=fields).status_code == 303
    assert AGAIN not in browser.get(DESK).text
    assert _ask(browser, "value", "SELECT count(*) FROM held WHERE status = 'waiting'") == 0
    assert AGAIN in coach.get(DESK).text


def test_a_profile_that_nobody_has_lines_of_is_no_fault(coach: TestClient) -> None:
    for fields in ({}, {"motivo": "aparte", "vuelve": f"{uuid.uuid4()} no"}, {"motivo": "otro", "si": "x"}):
        assert coach.post(DESK, data=fields).status_code == 303
    assert keys(coach, "aparte") == []
