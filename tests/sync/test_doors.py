"""The two doors for events: one for our own pages, one for packs, which knows no cookies."""

from __future__ import annotations

import json
from datetime import date

import pytest
from cast import NELIDA
from events_cast import Tablet
from starlette.testclient import TestClient

from lms.course.model import Course
from lms.errors import Invalid, TooLarge, TooMany
from lms.sync import over_http
from lms.sync.over_file import Heading, build_progress_file
from lms.sync.routes import lines as door
from lms.sync.routes.lines import BURST, LINES_FOR_ONE, PER_MINUTE
from lms.web.limits import RateLimit
from tests.sync.sending import links, send, sources


def test_each_line_has_its_receipt_in_order(browser: TestClient, small: Course) -> None:
    tablet = Tablet(small)
    lines = [tablet.opens(), b"{oops", tablet.answers("senal", 0)]

    answer = send(browser, *lines)

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    results = answer.json()["results"]
    assert [result["status"] for result in results] == ["stored", "refused", "stored"]
    assert results[1] == {
        "id": "", "status": "refused", "reason": "Esta línea no es un registro de avance.",
        "mark": None, "feedback": [], "fork": False,
    }  # fmt: skip
    assert [one["status"] for one in send(browser, *lines).json()["results"]] == ["known", "refused", "known"]


def test_a_profile_that_nobody_can_have_keeps_no_other_line_from_its_answer(
    browser: TestClient, small: Course
) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    hers, other = Tablet(small), Tablet(small)
    proof = {"chaski_documento": "40000002", "chaski_pin": "482913"}
    send(browser, hers.opens(), door="/recibir", **proof)
    odd = json.dumps({**json.loads(other.opens()), "profile": "a\0b"}).encode()

    answer = send(browser, odd, hers.completes(), other.completes(), door="/recibir", chaski_recibo="si")

    assert [one["status"] for one in answer.json()["results"]] == ["refused", "held", "stored"]


def test_our_door_is_for_our_own_pages(browser: TestClient, small: Course) -> None:
    line = Tablet(small).opens()

    assert send(browser, line, sec_fetch_site="cross-site").status_code == 403
    assert send(browser, line, door="/recibir", sec_fetch_site="cross-site").status_code == 200
    assert sources(browser) == ["open"]


def test_the_open_door_lets_any_page_in_and_read_the_answer(browser: TestClient, small: Course) -> None:
    answer = send(browser, Tablet(small).opens(), door="/recibir", origin="null", sec_fetch_site="cross-site")

    assert answer.headers["access-control-allow-origin"] == "*"
    assert "set-cookie" not in answer.headers


def test_the_open_door_answers_a_preflight(browser: TestClient) -> None:
    answer = browser.options("/recibir", headers={"origin": "null", "access-control-request-method": "POST"})

    assert answer.status_code == 204
    assert answer.headers["access-control-allow-methods"] == "POST"
    assert "Chaski-Pin" in answer.headers["access-control-allow-headers"]
    assert answer.headers["access-control-allow-private-network"] == "true"


def test_the_open_door_ignores_who_is_signed_in(browser: TestClient, small: Course) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    before = links(browser)

    send(browser, Tablet(small).opens(), door="/recibir")

    assert links(browser) == before


def test_a_document_with_its_pin_links_what_was_sent(browser: TestClient, small: Course) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    tablet = Tablet(small)
    proof = {"chaski_documento": "40000002", "chaski_pin": "482913"}

    assert send(browser, tablet.opens(), door="/recibir", **proof).status_code == 200
    assert (tablet.profile, "vouched") in links(browser)


def test_a_wrong_pin_stores_nothing_and_says_so(browser: TestClient, small: Course) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    proof = {"chaski_documento": "40000002", "chaski_pin": "111111"}

    answer = send(browser, Tablet(small).opens(), door="/recibir", **proof)

    assert answer.status_code == 401
    assert answer.headers["access-control-allow-origin"] == "*"
    assert sources(browser) == []


def test_a_pin_over_plain_http_is_not_even_looked_at(browser: TestClient, small: Course) -> None:
    browser.base_url = "http://aula.example"
    proof = {"chaski_documento": "40000002", "chaski_pin": "482913"}

    answer = send(browser, Tablet(small).opens(), door="/recibir", **proof)

    assert answer.status_code == 401
    assert "https" in answer.json()["error"]["message"]


@pytest.mark.parametrize("door", ["/events", "/recibir"])
def test_a_door_slows_down_who_knocks_too_often(browser: TestClient, small: Course, door: str) -> None:
    tablet = Tablet(small)
    answers = [send(browser, tablet.opens(), door=door) for _ in range(21)]

    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert answers[-1].headers.get("access-control-allow-origin") == ("*" if door == "/recibir" else None)


def test_many_lines_cost_more_than_one_and_nothing_of_what_was_slowed_down_is_stored(
    browser: TestClient, small: Course
) -> None:
    tablet = Tablet(small)
    lines = [tablet.opens() for _ in range(300)]

    assert send(browser, *lines).status_code == 429
    assert sources(browser) == []
    assert send(browser, *lines[:100]).status_code == 200


def test_a_file_without_a_session_costs_as_much_as_its_lines_would(
    browser: TestClient, small: Course
) -> None:
    lines = [Tablet(small).opens() for _ in range(150)]
    form = {"archivo": ("avance.txt", build_progress_file(lines, Heading("", "", date(2026, 11, 23))))}

    assert browser.post("/mi-avance/archivo", files=form).status_code == 200
    slowed = browser.post("/mi-avance/archivo", files=form)
    assert slowed.status_code == 429
    assert "Espera" in slowed.text
    assert int(slowed.headers["retry-after"]) >= 1
    assert send(browser, *lines[:100]).status_code == 429

    browser.post("/crear-cuenta", data=NELIDA)
    assert browser.post("/mi-avance/archivo", files=form).status_code == 200


def test_a_whole_file_passes_at_once_and_a_second_one_waits() -> None:
    rate = RateLimit(burst=BURST, per_minute=PER_MINUTE, clock=lambda: 0.0)
    rate.take("home", 1)
    rate.take("home", 25_000 // LINES_FOR_ONE)
    with pytest.raises(TooMany):
        rate.take("home", 25_000 // LINES_FOR_ONE)


def test_a_class_of_sixty_tablets_behind_one_address_passes() -> None:
    """The power returns and each brings a week; then all of them study, a line every six seconds each."""
    now = [0.0]
    rate = RateLimit(burst=BURST, per_minute=PER_MINUTE, clock=lambda: now[0])
    for _ in range(60 * 3):
        rate.take("school")
        rate.take("school", 100 // LINES_FOR_ONE)
    for _ in range(60 * 60):
        now[0] += 6 / 60
        rate.take("school")


@pytest.mark.parametrize("door", ["/events", "/recibir"])
def test_an_empty_or_an_enormous_body_is_refused_in_words(browser: TestClient, door: str) -> None:
    assert send(browser, b"", door=door).status_code == 400
    large = send(browser, b"x" * over_http.MAX_BODY, door=door)
    assert large.status_code == 413
    assert "1 MiB" in large.json()["error"]["message"]


@pytest.mark.parametrize("door", ["/events", "/recibir"])
def test_doors_are_for_sending_only(browser: TestClient, door: str) -> None:
    assert browser.get(door).status_code == 405


def test_an_uploaded_file_is_received_in_words(browser: TestClient, small: Course) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    tablet = Tablet(small)
    lines = [tablet.opens(), tablet.completes()]
    data = build_progress_file(lines, Heading("", "", date(2026, 11, 23)))

    answer = browser.post("/mi-avance/archivo", files={"archivo": ("avance.txt", data, "text/plain")})

    assert answer.status_code == 200
    assert "Recibimos 2 registros nuevos de «curso»." in answer.text
    assert (tablet.profile, "vouched") in links(browser)


def test_lines_are_read_whatever_ends_them() -> None:
    assert over_http.read_lines(b"one\r\n\n  \ntwo") == (b"one", b"two")
    with pytest.raises(Invalid):
        over_http.read_lines(b"\n\n")
    with pytest.raises(TooLarge, match="1000"):
        over_http.read_lines(b"x\n" * (over_http.MAX_LINES + 1))


def test_a_page_may_ask_what_the_server_has(browser: TestClient, small: Course) -> None:
    tablet = Tablet(small)
    send(browser, tablet.opens(), tablet.completes())

    answer = browser.post("/recibos", content=tablet.profile)

    [head] = answer.json()["heads"]
    assert head[:5] == [tablet.profile, tablet.device, 2, 2, 2]
    for nobody in ("nadie", "na\0die", ""):
        told = browser.post("/recibos", content=nobody).json()
        assert (told["heads"], told["receipts"]) == ([], [])


def test_whoever_asks_of_a_profile_of_very_many_devices_is_told_of_some(
    browser: TestClient, small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "MOST_TOLD", 3)
    first = Tablet(small)
    tablets = [first, *(Tablet(small, first.profile) for _ in range(5))]
    send(browser, *(tablet.opens() for tablet in tablets))

    heads = browser.post("/recibos", content=first.profile).json()["heads"]

    assert [head[1] for head in heads] == sorted(tablet.device for tablet in tablets)[:3]
