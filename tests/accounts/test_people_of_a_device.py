"""Several people on one device, and forgotten PINs."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from tests.accounts.conftest import code_on, sign_in, sign_up
from tests.accounts.lines import identified, send

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


def test_choosing_a_name_leads_to_its_pin_and_takes_nobody_off(browser: TestClient) -> None:
    sign_up(browser)
    chosen = browser.get(f"/cambiar-de-persona?persona={_id_of(browser, 'Nélida Quispe')}").text
    assert " autofocus" in chosen.split('id="pin"', 1)[1].split(">", 1)[0]
    assert 'action="/cambiar-de-persona/quitar"' not in chosen


def test_another_device_knows_nobody(browser: TestClient, other_browser: Another) -> None:
    sign_up(browser)
    nelida = _id_of(browser, "Nélida Quispe")
    other = other_browser()
    assert "Nélida" not in other.get("/cambiar-de-persona").text
    answer = other.post("/cambiar-de-persona", data={"persona": nelida, "pin": "482913"})
    assert answer.status_code == 404
    assert other.get(f"/cambiar-de-persona/quitar?persona={nelida}").status_code == 404


def test_a_name_can_be_taken_off_a_device(browser: TestClient) -> None:
    sign_up(browser)
    nelida = _id_of(browser, "Nélida Quispe")
    asked = browser.get(f"/cambiar-de-persona/quitar?persona={nelida}")
    assert "¿Quitar a Nélida Quispe de este equipo?" in asked.text
    assert "Nélida Quispe" in browser.get("/cambiar-de-persona").text
    browser.post("/cambiar-de-persona/quitar", data={"persona": nelida})
    assert "Nélida" not in browser.get("/cambiar-de-persona").text
    assert '"person":null' in browser.get("/session.js").text
    assert sign_in(browser).status_code == 303


def _profile(browser: TestClient) -> str:
    found = re.search(r'"profile":"([0-9a-f-]+)"', browser.get("/session.js").text)
    assert found
    return found[1]


def test_whose_name_was_taken_off_goes_on_with_what_the_device_holds_of_them(browser: TestClient) -> None:
    sign_up(browser)
    before, nelida = _profile(browser), _id_of(browser, "Nélida Quispe")
    sign_up(browser, **ROSA)
    browser.post("/cambiar-de-persona/quitar", data={"persona": nelida, "todo": "si"})
    assert "Nélida" not in browser.get("/cambiar-de-persona").text
    assert "Rosa" in browser.get("/session.js").text
    assert browser.post("/cambiar-de-persona", data={"persona": nelida, "pin": "482913"}).status_code == 404
    sign_in(browser)
    assert _profile(browser) == before


def test_a_person_may_have_the_device_forget_all_of_them(browser: TestClient) -> None:
    sign_up(browser)
    before, nelida = _profile(browser), _id_of(browser, "Nélida Quispe")
    browser.post("/cambiar-de-persona/quitar", data={"persona": nelida, "todo": "si"})
    sign_in(browser)
    assert _profile(browser) != before


CARD = "/codigo-de-recuperacion"


@pytest.mark.parametrize("leaving", ["by name", "by document", "by signing up", "not at all"])
def test_the_next_person_does_not_see_the_code_of_the_one_before(browser: TestClient, leaving: str) -> None:
    sign_up(browser, **ROSA)
    rosa = _id_of(browser, "Rosa Mamani")
    code = sign_up(browser)
    if leaving == "by name":
        browser.post("/cambiar-de-persona", data={"persona": rosa, "pin": "739164"})
    elif leaving == "by document":
        browser.post("/salir")
        sign_in(browser, "12345678", "739164")
    elif leaving == "by signing up":
        assert sign_up(browser, documento="12345679", nombres="Tito") != code
        browser.post("/salir")
        sign_in(browser)
    else:
        browser.post("/salir")
    shown = browser.get(CARD)
    assert shown.status_code == 404
    assert code not in shown.text


def test_a_card_that_was_left_in_the_browser_shows_only_to_its_owner(browser: TestClient) -> None:
    sign_up(browser, **ROSA)
    code = sign_up(browser)
    left = browser.cookies["chaski_card"]
    sign_in(browser, "12345678", "739164")
    browser.cookies.set("chaski_card", left, domain="testserver.local", path=CARD)
    assert code not in browser.get(CARD).text
    assert "chaski_card" not in browser.cookies


@pytest.mark.parametrize("leave", ["/salir", "/cambiar-de-persona/quitar"])
def test_leaving_takes_the_code_out_of_the_browser(browser: TestClient, leave: str) -> None:
    sign_up(browser)
    assert "chaski_card" in browser.cookies
    browser.post(leave, data={"persona": _id_of(browser, "Nélida Quispe")})
    assert "chaski_card" not in browser.cookies


@pytest.mark.parametrize("door", ["/ingresar", "/crear-cuenta"])
def test_knowing_a_profile_that_names_somebody_takes_nothing(
    browser: TestClient, other_browser: Another, door: str
) -> None:
    """An id stands in every progress file; its owner has not confirmed it yet, or has no account yet."""
    profile = str(uuid.uuid4())
    send(browser, identified(profile, "Nélida", "40000002"))
    sign_up(browser)
    stranger = other_browser()
    form = {"profile": profile, "guardar": "si"}
    if door == "/ingresar":
        sign_up(other_browser(), **ROSA)
        assert stranger.post(door, data={"documento": "12345678", "pin": "739164", **form}).status_code == 303
    else:
        sign_up(stranger, **ROSA, **form)
    assert profile not in stranger.get("/session.js").text
    assert profile not in [link["profile"] for link in stranger.get("/mis-datos/archivo").json()["links"]]


def test_the_recovery_code_gives_a_new_pin_once(browser: TestClient, other_browser: Another) -> None:
    code = sign_up(browser)
    other = other_browser()
    form = {"documento": "40000002", "codigo": code.lower(), "pin": "739164", "pin2": "739164"}
    assert other.post("/olvide-mi-pin", data=form).status_code == 303
    shown = other.get("/codigo-de-recuperacion").text
    assert code_on(shown) != code
    assert "Tu PIN cambió, Nélida" in shown
    assert "Tacha el código anterior" in shown
    assert "Tu cuenta está lista" not in shown
    again = other.post("/olvide-mi-pin", data=form)  # the answer was lost under way, say
    assert again.status_code == 401
    assert "Si ya pusiste un PIN nuevo con ese código, ingresa con ese PIN" in again.text
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
