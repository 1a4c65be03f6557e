"""Making an account."""

from __future__ import annotations

import re
import uuid

import pytest
from cast import NELIDA
from starlette.testclient import TestClient

from tests.accounts.conftest import code_on, sign_up
from tests.accounts.lines import identified, send


def test_a_teacher_makes_an_account_and_is_signed_in(browser: TestClient) -> None:
    sign_up(browser)
    assert '"name":"Nélida Quispe"' in browser.get("/session.js").text
    assert "Nélida Quispe Ñahui" in browser.get("/mis-datos").text


def test_the_recovery_code_is_gone_once_it_is_put_away(browser: TestClient) -> None:
    sign_up(browser)
    assert browser.post("/codigo-de-recuperacion").headers["location"] == "/"
    gone = browser.get("/codigo-de-recuperacion")
    assert gone.status_code == 404
    assert "ya no se puede mostrar" in gone.text


def test_a_document_keeps_its_zeros(browser: TestClient) -> None:
    sign_up(browser, documento="00000001")
    assert "00000001" in browser.get("/mis-datos").text


def test_a_wrong_check_character_only_warns(browser: TestClient) -> None:
    answer = browser.post("/crear-cuenta", data={**NELIDA, "documento": "40000002-9"})
    assert answer.status_code == 303
    assert "no corresponde al DNI 40000002" in browser.get("/codigo-de-recuperacion").text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("documento", "4000000", "El DNI tiene 8 números"),
        ("documento", "00000000", "no existe"),
        ("nombres", "", "Escribe tus nombres."),
        ("paterno", "Qu1spe", "solo con letras"),
        ("pin", "12345", "El PIN tiene 6 números"),
        ("pin", "123456", "números seguidos"),
        ("pin2", "482914", "no son iguales"),
        ("acepto", "", "marca que estás de acuerdo"),
    ],
)
def test_a_wrong_field_says_why_and_the_form_keeps_the_rest(
    browser: TestClient, field: str, value: str, sentence: str
) -> None:
    answer = browser.post("/crear-cuenta", data={**NELIDA, field: value})
    assert answer.status_code == 400
    assert sentence in answer.text
    shown = "pin" if field == "pin" else field
    assert f'id="{shown}-error"' in answer.text
    assert f"{shown}-error" in answer.text.split(f'id="{shown}-error"')[0].rsplit("aria-describedby", 1)[1]
    assert "Ñahui" in answer.text
    assert "482913" not in answer.text


def test_the_same_document_makes_one_account(browser: TestClient) -> None:
    sign_up(browser)
    answer = browser.post("/crear-cuenta", data=NELIDA)
    assert answer.status_code == 400
    assert "Ya hay una cuenta con ese documento" in answer.text


def test_a_foreigner_signs_up_with_a_carne(browser: TestClient) -> None:
    sign_up(browser, tipo="ce", documento="001234567", materno="")
    assert "Carné de extranjería" in browser.get("/mis-datos").text


def test_what_a_browser_did_without_an_account_goes_along(browser: TestClient) -> None:
    profile = str(uuid.uuid4())
    sign_up(browser, profile=profile, guardar="si")
    assert f'"profile":"{profile}"' in browser.get("/session.js").text


def test_what_a_browser_did_without_an_account_stays_a_guests_unless_one_says_it_is_ones_own(
    browser: TestClient,
) -> None:
    guest = str(uuid.uuid4())
    send(browser, identified(guest, "", ""))
    offered = browser.get("/crear-cuenta").text
    assert "<div data-guest-progress>" in offered
    assert "Guardar también lo que hice sin cuenta en este equipo" in offered
    sign_up(browser)
    assert guest not in browser.get("/session.js").text
    assert guest not in browser.get("/mis-datos/archivo").text
    browser.post("/salir")
    assert guest in browser.get("/session.js").text


def test_signing_up_asks_nothing_more_where_there_is_nothing_to_keep(browser: TestClient) -> None:
    assert "<div data-guest-progress hidden>" in browser.get("/crear-cuenta").text


@pytest.mark.parametrize(("typed", "ticked"), [({}, False), ({"guardar": "si"}, True)])
def test_the_answer_about_what_to_keep_outlives_a_mistake(
    browser: TestClient, typed: dict[str, str], ticked: bool
) -> None:
    page = browser.post("/crear-cuenta", data={**NELIDA, "pin2": "111222", **typed}).text
    box = re.search(r'<input type="checkbox" id="guardar"[^>]*>', page)
    assert box
    assert ("checked" in box[0]) == ticked


def test_a_profile_of_somebody_else_is_not_taken(browser: TestClient) -> None:
    profile = str(uuid.uuid4())
    sign_up(browser, profile=profile, guardar="si")
    sign_up(browser, documento="12345678", profile=profile, guardar="si")
    assert profile not in browser.get("/session.js").text


def test_a_profile_that_is_no_random_id_is_ignored(browser: TestClient) -> None:
    sign_up(browser, profile="00000000-0000-1000-8000-000000000000")
    assert "00000000-0000" not in browser.get("/session.js").text


def test_the_card_can_be_shown_again_until_it_is_put_away(browser: TestClient) -> None:
    code = sign_up(browser)
    assert code_on(browser.get("/codigo-de-recuperacion").text) == code


def test_the_notice_says_what_is_kept_in_about_120_words(browser: TestClient) -> None:
    page = browser.get("/que-datos-guardamos").text
    assert "Ley 29733" in page
    assert "No pedimos correo" in page
