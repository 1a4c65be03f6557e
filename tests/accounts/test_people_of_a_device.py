"""Several people on one device, and forgotten PINs."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.testclient import TestClient

from tests.accounts.conftest import code_on, sign_in, sign_up

Another = Callable[..., TestClient]
ROSA = {"documento": "12345678", "nombres": "Rosa", "paterno": "Mamani", "pin": "739164", "pin2": "739164"}


def _id_of(browser: TestClient, name: str) -> str:
    found = re.search(rf'persona=([0-9a-f-]+)"[^\n]*{name}', browser.get("/cambiar-de-persona").text)
    assert found
    return found[1]


def test_a_device_lists_who_used_it_and_asks_for_the_pin(browser: TestClient) -> None:
    sign_up(browser)
    sign_up(browser, **ROSA)
    page = browser.get("/cambiar-de-persona").text
    assert "Nélida Quispe" in page
    assert "Rosa Mamani" in page
    nelida = _id_of(browser, "Nélida Quispe")
    assert 'name="pin"' in browser.get(f"/cambiar-de-persona?persona={nelida}").text
    wrong = browser.post("/cambiar-de-persona", data={"persona": nelida, "pin": "739164"})
    assert wrong.status_code == 401
    right = browser.post("/cambiar-de-persona", data={"persona": nelida, "pin": "482913"})
    assert right.status_code == 303
    assert "Nélida" in browser.get("/session.js").text


def test_another_device_knows_nobody(browser: TestClient, other_browser: Another) -> None:
    sign_up(browser)
    nelida = _id_of(browser, "Nélida Quispe")
    other = other_browser()
    assert "Nélida" not in other.get("/cambiar-de-persona").text
    answer = other.post("/cambiar-de-persona", data={"persona": nelida, "pin": "482913"})
    assert answer.status_code == 404


def test_a_name_can_be_taken_off_a_device(browser: TestClient) -> None:
    sign_up(browser)
    nelida = _id_of(browser, "Nélida Quispe")
    browser.post("/cambiar-de-persona/quitar", data={"persona": nelida})
    assert "Nélida" not in browser.get("/cambiar-de-persona").text
    assert '"person":null' in browser.get("/session.js").text
    assert sign_in(browser).status_code == 303


def test_the_recovery_code_gives_a_new_pin_once(browser: TestClient, other_browser: Another) -> None:
    code = sign_up(browser)
    other = other_browser()
    form = {"documento": "40000002", "codigo": code.lower(), "pin": "739164", "pin2": "739164"}
    assert other.post("/olvide-mi-pin", data=form).status_code == 303
    assert code_on(other.get("/codigo-de-recuperacion").text) != code
    assert other.post("/olvide-mi-pin", data=form).status_code == 401
    assert sign_in(other_browser(), pin="739164").status_code == 303
    assert sign_in(other_browser()).status_code == 401


def test_the_recovery_code_works_while_somebody_guesses_the_pin(
    browser: TestClient, other_browser: Another
) -> None:
    code = sign_up(browser)
    other = other_browser()
    while sign_in(other, pin="739164").status_code != 429:
        pass
    form = {"documento": "40000002", "codigo": code, "pin": "620517", "pin2": "620517"}
    assert other.post("/olvide-mi-pin", data=form).status_code == 303
    assert sign_in(other_browser(), pin="620517").status_code == 303


def test_a_new_pin_ends_the_sessions_elsewhere(browser: TestClient, other_browser: Another) -> None:
    code = sign_up(browser)
    form = {"documento": "40000002", "codigo": code, "pin": "739164", "pin2": "739164"}
    other_browser().post("/olvide-mi-pin", data=form)
    assert '"person":null' in browser.get("/session.js").text


def test_a_wrong_code_and_an_unknown_document_look_the_same(browser: TestClient) -> None:
    sign_up(browser)
    form = {"documento": "40000002", "codigo": "AAAA-AAAA-AAAA", "pin": "739164", "pin2": "739164"}
    wrong = browser.post("/olvide-mi-pin", data=form)
    unknown = browser.post("/olvide-mi-pin", data={**form, "documento": "40000003"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("40000002", "") == unknown.text.replace("40000003", "")
