"""Whoever is asked «¿Es tuyo?» reads what it is, and what a device signed apart from what anybody could have written."""

from __future__ import annotations

import html
import re
from functools import partial

from cast import NELIDA
from starlette.testclient import TestClient

from lms.course.model import Course
from lms.people.links import unlink
from lms.sync.sealing import Public
from tests.sync.closing import Signing
from tests.sync.pasting import ROSA, token
from tests.sync.sending import links, send, sources, upload

ASKED = "/avance-por-confirmar"


def asked(browser: TestClient) -> list[str]:
    """What the page says of each part, without its marks."""
    text = html.unescape(browser.get(ASKED).text).partition("<main")[2].partition("</main>")[0]
    return [
        " ".join(re.sub(r"<[^>]+>", "", one).split()) for one in re.findall(r"<li>(.*?)</li>", text, re.S)
    ]


def carry(browser: TestClient, tablet: Signing, *lines: bytes) -> None:
    """Bring a file that a tablet signed, without a session."""
    server = Public.read(browser.get("/servidores").json()["public"])
    file = tablet.closes([tablet.announces(), *lines], server)
    given = browser.post("/mi-avance/archivo", files={"archivo": ("avance.txt", file, "text/plain")})
    assert given.status_code == 200, given.text


def test_what_a_device_signed_is_told_apart_from_what_only_says_to_be_of_it(
    browser: TestClient, other: TestClient, small: Course
) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    tablet = Signing(small)
    carry(other, tablet, tablet.identifies("Nélida", "40000002"), tablet.opens(), tablet.completes())
    device = f"Equipo {tablet.device[-4:].upper()}"
    assert asked(browser) == [
        f"4 registros: 1 lección terminada de un curso que aquí no está. Lo firmó el equipo donde se hizo. {device}."
    ]
    shown = browser.get(ASKED).text
    assert "Lo trajo alguien que no ingresó con su PIN." in shown
    assert "sin la firma del equipo" not in shown

    upload(other, [tablet.completes("dos")])
    assert asked(browser)[1:] == [
        "1 registro: 1 lección terminada de un curso que aquí no está. "
        f"Llegó en un archivo sin firma: quien lo llevó pudo cambiarlo. {device}."
    ]
    shown = browser.get(ASKED).text
    assert "5 registros" in shown
    assert "Una parte no lleva firma: cualquiera que tuvo un archivo tuyo pudo escribirla" in shown
    assert (tablet.profile, "unverified") in links(browser)


def test_of_lines_that_wait_the_same_is_said_and_the_signed_ones_stay_so(
    browser: TestClient, other: TestClient, small: Course
) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    tablet = Signing(small)
    upload(browser, [tablet.opens()])
    carry(other, tablet, tablet.completes())
    send(other, tablet.completes("dos"), door="/recibir")
    first, second = asked(browser)
    assert "2 registros: 1 lección terminada" in first
    assert "Lo firmó el equipo donde se hizo" in first
    assert "1 registro: 1 lección terminada" in second
    assert "Llegó sin firma, desde un paquete u otro programa" in second

    fields = dict(re.findall(r'name="(perfil|hasta)" value="([^"]*)"', browser.get(ASKED).text))
    browser.post(ASKED, data={**fields, "respuesta": "si"})
    assert sorted(sources(browser)) == ["file", "open", "signed", "signed"]


def test_of_others_who_brought_it_only_a_coach_is_named(
    browser: TestClient, other: TestClient, small: Course
) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    other.post("/crear-cuenta", data={**NELIDA, "documento": "40000009", "nombres": "Tito"})
    upload(other, [Signing(small).identifies("Nélida", "40000002")])
    shown = browser.get(ASKED).text
    assert "Lo trajo otra persona que ingresó con su PIN." in shown
    assert "Tito" not in shown
    ask = other.app.state.site.db.execute  # type: ignore[attr-defined]
    other.portal.call(ask, "UPDATE persons SET role = 'acompanante' WHERE given_names = 'Tito'")  # type: ignore[union-attr]
    assert "Lo trajo Tito Quispe, acompañante." in browser.get(ASKED).text


def test_what_one_brought_oneself_was_brought_by_nobody_else(browser: TestClient, small: Course) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    tablet = Signing(small)
    upload(browser, [tablet.identifies("Nélida", "40000002"), tablet.identifies("Otra", "40000077")])
    assert "Lo trajiste tú." in browser.get(ASKED).text


def test_a_code_says_its_letters_and_course(nelida: TestClient) -> None:
    nelida.post("/crear-cuenta", data=NELIDA)
    profile = "2a362bd8-272a-4f3b-9d10-53c0b7aa51ee"
    tablet = Signing(next(iter(nelida.app.state.site.courses.values())), profile)  # type: ignore[attr-defined]
    stranger = TestClient(nelida.app, headers=dict(nelida.headers))
    stranger.portal = nelida.portal
    stranger.post("/mi-avance/codigo", data={"codigo": token()})
    upload(stranger, [tablet.identifies("Nélida", "40000002")])
    stranger.portal = None
    shown = html.unescape(nelida.get(ASKED).text)
    assert f"Código {token()[:4]}…{token()[-4:]}. De «Agua para la escuela», hasta el 20 nov 2026:" in shown
    assert "Llegó en un código, que no lleva firma" in shown


def test_my_progress_leads_to_what_is_asked_and_answers_nothing_unseen(
    browser: TestClient, other: TestClient, small: Course
) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    for _ in range(2):
        upload(other, [Signing(small).identifies("Nélida", "40000002")])
    shown = browser.get("/mi-avance").text
    assert "Por confirmar (2)" in shown
    assert f'href="{ASKED}"' in shown
    assert f'action="{ASKED}"' not in shown


def test_what_somebody_sends_signed_in_is_noted_as_anybodys_unless_it_is_their_own(
    browser: TestClient, other: TestClient, small: Course
) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    other.post("/crear-cuenta", data=ROSA)
    tablet = Signing(small)
    carry(browser, tablet)
    db = browser.app.state.site.db  # type: ignore[attr-defined]
    assert browser.portal is not None

    def noted() -> int:
        assert browser.portal is not None
        return int(browser.portal.call(db.value, "SELECT count(*) FROM unsigned"))

    mine = {"chaski_documento": NELIDA["documento"], "chaski_pin": NELIDA["pin"]}
    assert "stored" in send(other, tablet.opens(), door="/recibir", **mine).text
    assert noted() == 0
    browser.portal.call(partial(unlink, db, tablet.profile, by="", at="2026-11-26T13:40:00.000Z"))
    hers = {"chaski_documento": ROSA["documento"], "chaski_pin": ROSA["pin"]}
    assert "stored" in send(other, tablet.completes(), door="/recibir", **hers).text
    assert noted() == 1
