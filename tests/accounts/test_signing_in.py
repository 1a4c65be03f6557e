"""Signing in and out, and what wrong PINs meet."""

from __future__ import annotations

from collections.abc import Callable
from time import time

import pytest
from starlette.testclient import TestClient

from lms.web import sessions
from tests.accounts.conftest import Hands, sign_in, sign_up

Another = Callable[..., TestClient]


def test_document_and_pin_open_the_account(browser: TestClient, other_browser: Another) -> None:
    sign_up(browser)
    other = other_browser()
    assert sign_in(other).headers["location"] == "/"
    assert "Nélida Quispe" in other.get("/session.js").text


def test_a_document_may_be_typed_with_its_check_character(
    browser: TestClient, other_browser: Another
) -> None:
    sign_up(browser)
    assert sign_in(other_browser(), "40000002-1").status_code == 303


@pytest.mark.parametrize("typed", ["400000021", "40000002f", "40000002-9", "400000029"])
def test_whatever_signing_up_read_as_a_dni_signs_in(
    browser: TestClient, other_browser: Another, typed: str
) -> None:
    sign_up(browser, documento=typed)
    assert sign_in(other_browser(), typed).status_code == 303
    assert sign_in(other_browser(), "40000002").status_code == 303


def test_a_carne_of_nine_numbers_is_not_taken_for_somebody_elses_dni(
    browser: TestClient, other_browser: Another
) -> None:
    sign_up(browser)
    sign_up(browser, tipo="ce", documento="400000021", nombres="Ana", pin="739164", pin2="739164")
    assert sign_in(other_browser(), "400000021", "739164").status_code == 303
    assert sign_in(other_browser(), "40000002-1").status_code == 303


def test_an_unknown_document_and_a_wrong_pin_look_the_same(
    browser: TestClient, other_browser: Another
) -> None:
    sign_up(browser)
    other = other_browser()
    wrong, unknown = sign_in(other, pin="739164"), sign_in(other, "40000003", "739164")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("40000002", "") == unknown.text.replace("40000003", "")


def test_signing_in_leads_where_one_was_going(browser: TestClient) -> None:
    sign_up(browser)
    browser.post("/salir")
    away = browser.get("/mis-datos")
    assert away.status_code == 303
    assert away.headers["location"] == "/ingresar?siguiente=%2Fmis-datos"
    form = {"documento": "40000002", "pin": "482913", "siguiente": "/mis-datos"}
    assert browser.post("/ingresar", data=form).headers["location"] == "/mis-datos"


@pytest.mark.parametrize(
    "elsewhere", ["https://malo.example/", "//malo.example/", "/\\malo.example", "javascript:1"]
)
def test_signing_in_never_leads_to_another_site(browser: TestClient, elsewhere: str) -> None:
    sign_up(browser)
    form = {"documento": "40000002", "pin": "482913", "siguiente": elsewhere}
    assert browser.post("/ingresar", data=form).headers["location"] == "/"


def test_wrong_pins_wait_longer_and_longer_and_the_right_one_still_enters(
    browser: TestClient, other_browser: Another, clock: Hands
) -> None:
    sign_up(browser)
    other = other_browser()
    waits = []
    for _ in range(8):
        answer = sign_in(other, pin="739164")
        if answer.status_code == 429:
            waits.append(int(answer.headers["retry-after"]))
            assert "Espera" in answer.text
            clock.move(waits[-1])
            sign_in(other, pin="739164")
    assert waits == sorted(waits)
    assert waits[0] >= 1
    assert waits[-1] > waits[0]
    clock.move(300)
    assert sign_in(other).status_code == 303


def test_a_strangers_guesses_do_not_delay_the_owners_own_device(
    browser: TestClient, other_browser: Another
) -> None:
    sign_up(browser)
    browser.post("/salir")
    stranger = other_browser()
    while sign_in(stranger, pin="739164").status_code != 429:
        pass
    assert sign_in(browser).status_code == 303


def test_one_wrong_pin_every_five_minutes_keeps_nobody_out(
    browser: TestClient, other_browser: Another, clock: Hands
) -> None:
    sign_up(browser)
    stranger = other_browser("10.0.0.9")
    for _ in range(24):
        while sign_in(stranger, pin="739164").status_code != 429:
            pass
        assert sign_in(other_browser("10.0.0.5")).status_code == 303
        clock.move(300)


def test_a_document_written_otherwise_gives_no_more_tries(
    browser: TestClient, other_browser: Another
) -> None:
    sign_up(browser)
    stranger = other_browser()
    for typed in ("40000002", "40000002-1", "400000022", "40.000.002", "40000002-K"):
        sign_in(stranger, typed, "739164")
    assert sign_in(stranger, "40000002-3", "739164").status_code == 429


def test_a_right_pin_forgives_the_wrong_ones(browser: TestClient, other_browser: Another) -> None:
    sign_up(browser)
    other = other_browser()
    for _ in range(3):
        for _ in range(3):
            assert sign_in(other, pin="739164").status_code == 401
        assert sign_in(other).status_code == 303
        other.cookies.clear()


def test_leaving_ends_the_session_only_when_it_is_posted(browser: TestClient) -> None:
    sign_up(browser)
    assert "Salir" in browser.get("/salir").text
    assert "Nélida" in browser.get("/session.js").text
    browser.post("/salir")
    assert '"person":null' in browser.get("/session.js").text


def test_the_same_device_uses_the_same_profile_again(browser: TestClient) -> None:
    sign_up(browser)
    before = browser.get("/session.js").text
    browser.post("/salir")
    sign_in(browser)
    assert browser.get("/session.js").text == before


def test_a_cookie_that_was_tampered_with_opens_nothing(browser: TestClient) -> None:
    sign_up(browser)
    kept = browser.cookies["chaski_session"]
    browser.cookies.clear()
    browser.cookies.set("chaski_session", kept[:-3] + "abc")
    assert '"person":null' in browser.get("/session.js").text


def test_cookies_are_out_of_reach_for_scripts_and_other_sites(browser: TestClient) -> None:
    sign_up(browser)
    answer = sign_in(browser)
    cookies = answer.headers.get_list("set-cookie")
    assert len(cookies) == 3  # session, device, and the recovery card that must not stay for the next person
    assert all("HttpOnly" in cookie and "samesite=lax" in cookie.lower() for cookie in cookies)


def test_over_https_cookies_are_secure(browser: TestClient) -> None:
    sign_up(browser)
    browser.base_url = "https://testserver"  # type: ignore[assignment]
    cookies = sign_in(browser).headers.get_list("set-cookie")
    assert all("Secure" in cookie for cookie in cookies)


def test_a_post_from_another_site_signs_nobody_in(browser: TestClient) -> None:
    sign_up(browser)
    browser.post("/salir")
    form = {"documento": "40000002", "pin": "482913"}
    answer = browser.post("/ingresar", data=form, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert "no salió de una página de este sitio" in answer.text


def test_a_session_that_was_seen_before_ends_after_its_days_too(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_up(browser)
    assert "Nélida Quispe" in browser.get("/session.js").text
    monkeypatch.setattr(sessions, "time", lambda: time() + 61 * 24 * 60 * 60)
    assert "Nélida Quispe" not in browser.get("/session.js").text


@pytest.mark.parametrize("door", ["/ingresar", "/olvide-mi-pin", "/crear-cuenta"])
def test_a_document_with_letters_can_be_typed_on_a_phone_without_scripts(
    browser: TestClient, door: str
) -> None:
    field = browser.get(door).text.split('id="documento"', 1)[1].split(">", 1)[0]
    assert "inputmode" not in field


def test_signing_up_says_of_a_dni_only_what_is_so_for_a_dni(browser: TestClient) -> None:
    assert "Si es DNI, sus 8 números." in browser.get("/crear-cuenta").text
