"""On whose word a line counts, and what our pages know of a browser that only sent lines."""

from __future__ import annotations

import re
from typing import Any

import pytest
from cast import NELIDA
from events_cast import Tablet
from starlette.testclient import TestClient

from lms.course.model import Course
from lms.sync.sealing import Public
from tests.sync.closing import Signing
from tests.sync.sending import PROOF, known_profile, links, send, sources, upload


def answer_shown(browser: TestClient, said: str, shown: str = "") -> Any:
    """Press «Es mío» or «No es mío» on the page as it was shown, or is now."""
    text = shown or browser.get("/avance-por-confirmar").text
    fields = dict(re.findall(r'name="(perfil|hasta)" value="([^"]*)"', text))
    return browser.post("/avance-por-confirmar", data={**fields, "respuesta": said})


def test_lines_for_somebodys_profile_wait_for_their_word(
    browser: TestClient, other: TestClient, small: Course
) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    tablet = Tablet(small)
    assert send(browser, tablet.opens()).json()["results"][0]["status"] == "stored"
    upload(browser, [tablet.opens()])
    forged = [tablet.completes() for _ in range(3)]

    for line, door in zip(forged, ("/events", "/recibir", "/mi-avance/archivo"), strict=True):
        if door == "/mi-avance/archivo":
            assert "Lo guardamos, y contará cuando la persona ingrese" in upload(other, [line])
        else:
            assert send(other, line, door=door).json()["results"][0]["status"] == "held"
    assert sources(browser) == ["session", "file"]

    assert browser.post("/ingresar", data=PROOF).url.path == "/avance-por-confirmar"
    assert "3 registros" in browser.get("/avance-por-confirmar").text
    assert "Por confirmar" in browser.get("/mi-avance").text
    answer_shown(browser, "si")
    assert sorted(sources(browser)) == ["file", "file", "open", "session", "session"]
    assert "Por confirmar" not in browser.get("/mi-avance").text


def test_ones_own_lines_with_session_or_pin_count_at_once(browser: TestClient, small: Course) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    tablet = Tablet(small)
    upload(browser, [tablet.opens()])
    proof = {"chaski_documento": "40000002", "chaski_pin": "482913"}

    assert send(browser, tablet.opens()).json()["results"][0]["status"] == "stored"
    answer = send(browser, tablet.opens(), door="/recibir", **proof)
    assert answer.json()["results"][0]["status"] == "stored"


def test_a_device_that_spoke_in_its_owners_session_counts_by_anybodys_hand(
    browser: TestClient, other: TestClient, small: Course
) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    tablet = Signing(small)
    upload(browser, [tablet.opens()])
    said = tablet.announces()
    assert send(browser, said).json()["results"][0]["status"] == "stored"
    done = tablet.completes()
    server = Public.read(browser.get("/servidores").json()["public"])

    file = tablet.closes([said, done], server)
    answer = other.post("/mi-avance/archivo", files={"archivo": ("avance.txt", file, "text/plain")})
    assert "Recibimos 1 registro nuevo" in answer.text

    known = browser.get("/mis-datos/archivo").json()["devices"]
    assert [(one["device"], one["key"]) for one in known] == [(tablet.device, tablet.key.public.text)]

    thief = Signing(small, tablet.profile, tablet.device, 90)
    file = thief.closes([thief.announces(), thief.completes("dos")], server)
    answer = other.post("/mi-avance/archivo", files={"archivo": ("avance.txt", file, "text/plain")})
    assert (answer.status_code, "otra llave que la que conocemos" in answer.text) == (400, True)


def test_what_the_owner_says_is_not_theirs_never_counts(
    browser: TestClient, other: TestClient, small: Course
) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    tablet = Tablet(small)
    upload(browser, [tablet.opens()])
    send(other, tablet.completes())
    answer_shown(browser, "no")

    assert sources(browser) == ["file"]
    assert (tablet.profile, "vouched") in links(browser)
    assert browser.post("/ingresar", data=PROOF).url.path == "/"


@pytest.mark.parametrize("said", ["si", "no"])
def test_an_answer_is_about_what_the_page_showed(
    browser: TestClient, other: TestClient, small: Course, said: str
) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    tablet = Tablet(small)
    upload(browser, [tablet.opens()])
    send(other, tablet.completes())
    shown = browser.get("/avance-por-confirmar").text
    send(other, tablet.opens("dos"))

    answer = answer_shown(browser, said, shown)
    assert answer.url.path == "/avance-por-confirmar"
    assert "1 registro" in answer.text
    assert sources(browser) == (["file", "session"] if said == "si" else ["file"])


def test_lines_held_for_a_profile_that_is_nobodys_again_are_let_in(
    browser: TestClient, other: TestClient, small: Course
) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    tablet = Tablet(small)
    upload(browser, [tablet.opens()])
    send(other, tablet.identifies("Ana", "49999999"))
    browser.post("/mis-datos/equipos", data={"perfil": tablet.profile, "respuesta": "no"})

    assert sources(browser) == ["file", "session"]


def test_the_pages_know_a_guest_from_the_first_line_that_the_browser_sent(
    browser: TestClient, small: Course
) -> None:
    first, second = Tablet(small), Tablet(small)
    assert known_profile(browser) is None
    send(browser, b"{oops", second.opens(), first.opens(), chaski_perfil=first.profile)
    assert known_profile(browser) == first.profile
    assert browser.get("/mi-avance/archivo").status_code == 200

    send(browser, second.opens(), chaski_perfil=second.profile)
    assert known_profile(browser) == first.profile


def test_what_an_earlier_guest_left_in_the_browser_makes_nobody_that_guest(
    browser: TestClient, small: Course
) -> None:
    earlier, now = Tablet(small), Tablet(small)
    send(browser, earlier.opens(), chaski_perfil=now.profile)
    assert known_profile(browser) is None
    send(browser, now.opens(), earlier.completes(), chaski_perfil=now.profile)
    assert known_profile(browser) == now.profile


@pytest.mark.parametrize("whose", ["vouched", "claimed", "named", "erased"])
def test_a_guest_does_not_become_somebody_by_sending_a_line(
    browser: TestClient, other: TestClient, small: Course, whose: str
) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    tablet = Tablet(small)
    if whose == "vouched":
        upload(browser, [tablet.opens()])
    elif whose == "claimed":
        upload(other, [tablet.identifies("Nélida", NELIDA["documento"])])
    elif whose == "named":
        send(other, tablet.identifies("Ana", "49999999"))
    else:
        upload(browser, [tablet.identifies("Nélida", NELIDA["documento"])])
        browser.post("/mis-datos/borrar", data={"pin_actual": NELIDA["pin"]})

    send(other, tablet.completes(), chaski_perfil=tablet.profile)
    assert known_profile(other) is None
    assert other.get("/mi-avance/archivo").status_code == 404


def test_a_guests_cookie_opens_nothing_once_somebody_proved_whose_the_profile_is(
    browser: TestClient, other: TestClient, small: Course
) -> None:
    tablet, next_guest = Tablet(small), Tablet(small)
    send(other, tablet.opens(), chaski_perfil=tablet.profile)
    assert known_profile(other) == tablet.profile
    browser.post("/crear-cuenta", data=NELIDA)
    upload(browser, [tablet.completes()])

    assert known_profile(other) is None
    assert other.get("/mi-avance/archivo").status_code == 404
    send(other, next_guest.opens(), chaski_perfil=next_guest.profile)
    assert known_profile(other) == next_guest.profile


def test_who_is_signed_in_stays_who_they_are(browser: TestClient, small: Course) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    before = known_profile(browser)
    tablet = Tablet(small)
    send(browser, tablet.opens(), chaski_perfil=tablet.profile)
    assert known_profile(browser) == before
    browser.post("/salir")
    assert known_profile(browser) is None


def test_the_open_door_makes_nobody_a_guest(browser: TestClient, small: Course) -> None:
    tablet = Tablet(small)
    send(browser, tablet.opens(), door="/recibir", chaski_perfil=tablet.profile)
    assert known_profile(browser) is None
