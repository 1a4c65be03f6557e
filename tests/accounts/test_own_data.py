"""One's own data: seen, corrected, taken along, erased."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable

from starlette.testclient import TestClient

from lms.people import links
from tests.accounts.conftest import sign_in, sign_up
from tests.accounts.lines import identified, noted, send, stored_lines

Another = Callable[..., TestClient]


def test_a_person_takes_all_their_data_along(browser: TestClient) -> None:
    profile = str(uuid.uuid4())
    send(browser, identified(profile, "Nélida Q.", "40000002"))
    sign_up(browser, profile=profile, guardar="si")
    answer = browser.get("/mis-datos/archivo")
    data = json.loads(answer.text)
    assert "attachment" in answer.headers["content-disposition"]
    assert data["person"]["document"] == "40000002"
    assert data["person"]["privacy_version"]
    assert [link["profile"] for link in data["links"]] == [profile]
    assert [event["type"] for event in data["events"]] == ["profile.identified"]
    assert "argon2" not in answer.text


def test_it_says_which_other_servers_have_what_by_their_own_word_or_by_a_receipt(browser: TestClient) -> None:
    profile = str(uuid.uuid4())
    said = identified(profile, "Nélida Q.", "40000002")
    send(browser, said)
    sign_up(browser, profile=profile, guardar="si")
    place = ("abc", "UGEL Cusco", profile, json.loads(said)["device"], 1, "2026-11-26")
    keeping = "INSERT INTO kept_receipts VALUES (:node, :name, :profile, :device, :upto, :day)"
    assert browser.portal
    browser.portal.call(browser.app.state.site.db.execute_many, keeping, [place])

    assert browser.get("/mis-datos/archivo").json()["received"] == [
        {
            "node": "UGEL Cusco",
            "events": 1,
            "all": 1,
            "day": "26 nov 2026",
            "by_receipt": True,
            "unsure": False,
        }
    ]


def test_names_can_be_corrected(browser: TestClient) -> None:
    sign_up(browser)
    form = {"nombres": "Nélida  Rosa", "paterno": "O'Higgins-Ñahui", "materno": ""}
    assert browser.post("/mis-datos/nombres", data=form).status_code == 303
    assert "Nélida Rosa O&#39;Higgins-Ñahui" in browser.get("/mis-datos").text


def test_a_name_cannot_be_taken_away(browser: TestClient) -> None:
    sign_up(browser)
    answer = browser.post("/mis-datos/nombres", data={"nombres": " ", "paterno": "Quispe"})
    assert answer.status_code == 400
    assert "Escribe tus nombres." in answer.text


def test_changing_the_pin_needs_todays_and_ends_other_sessions(
    browser: TestClient, other_browser: Another
) -> None:
    sign_up(browser)
    other = other_browser()
    sign_in(other)
    form = {"pin_actual": "111222", "pin": "739164", "pin2": "739164"}
    assert browser.post("/mis-datos/pin", data=form).status_code == 400
    assert browser.post("/mis-datos/pin", data={**form, "pin_actual": "482913"}).status_code == 303
    assert "Tu PIN cambió" in browser.get("/codigo-de-recuperacion").text
    assert "Nélida" in browser.get("/session.js").text
    assert '"person":null' in other.get("/session.js").text


def test_erasing_removes_the_person_from_tables_and_stored_lines(browser: TestClient) -> None:
    profile, elsewhere = str(uuid.uuid4()), str(uuid.uuid4())
    send(browser, identified(profile, "Nélida Quispe", "40000002"))
    send(browser, identified(elsewhere, "Nélida", "40000002"))
    send(browser, identified(str(uuid.uuid4()), "Rosa", "12345678"))
    sign_up(browser, profile=profile, guardar="si")
    shared = browser.app.state.settings.is_shared
    kept = "todavía estás en ellas" if shared else "se van cuando hay 7 más nuevas: en una semana"
    assert kept in browser.get("/mis-datos/borrar").text
    assert browser.post("/mis-datos/borrar", data={"pin_actual": "000000"}).status_code == 400
    answer = browser.post("/mis-datos/borrar", data={"pin_actual": "482913"})
    assert "Tu cuenta se borró" in answer.text
    kept = b"\n".join(stored_lines(browser))
    assert b"40000002" not in kept
    assert "Nélida".encode() not in kept
    assert b"12345678" in kept
    assert sign_in(browser).status_code == 401


def test_erasing_takes_ones_notes_and_no_copy_brings_them_back(
    browser: TestClient, other_browser: Another
) -> None:
    mine, another = str(uuid.uuid4()), str(uuid.uuid4())
    note = noted(mine, "Mi hijo está enfermo")
    send(browser, identified(mine, "Nélida", "40000002"), note)
    send(other_browser(), noted(another, "Volver al pozo"))
    sign_up(browser, profile=mine, guardar="si")
    browser.post("/mis-datos/borrar", data={"pin_actual": "482913"})
    kept = b"\n".join(stored_lines(browser))
    assert b"enfermo" not in kept
    assert b"Volver al pozo" in kept
    send(browser, note, noted(mine, "Mi hijo está enfermo todavía"), status="known")
    assert b"enfermo" not in b"\n".join(stored_lines(browser))


def _links(browser: TestClient) -> dict[str, str]:
    return {link["profile"]: link["status"] for link in browser.get("/mis-datos/archivo").json()["links"]}


def _profile(browser: TestClient) -> str:
    found = re.search(r'"profile":"([0-9a-f-]{36})"', browser.get("/session.js").text)
    assert found
    return found[1]


def test_what_somebody_else_did_is_taken_out_of_ones_account_and_may_come_back(browser: TestClient) -> None:
    guest = str(uuid.uuid4())
    send(browser, identified(guest, "Quien usó esta tableta", ""))
    sign_up(browser, profile=guest, guardar="si")
    shown = browser.get("/mis-datos").text
    assert "Este equipo · a nombre de <strong>Quien usó esta tableta</strong> · 1 registro" in shown
    assert "lo último llegó el 23" in shown

    form = {"perfil": guest, "respuesta": "no"}
    answer = browser.post("/mis-datos/equipos", data=form)
    assert answer.status_code == 303
    said = browser.get(answer.headers["location"]).text
    assert "Ese avance ya no está en tu cuenta. No se borró" in said
    assert "Quien usó esta tableta" not in said
    assert guest not in _links(browser)
    assert _profile(browser) not in (guest, "")
    assert len(stored_lines(browser)) == 1
    sign_in(browser)
    assert guest not in _links(browser)

    browser.post("/mis-datos/equipos", data={"perfil": guest, "respuesta": "si"})
    assert _links(browser)[guest] == "vouched"


def test_a_session_open_elsewhere_writes_no_more_into_what_is_not_ones_own(
    browser: TestClient, other_browser: Another
) -> None:
    sign_up(browser)
    other = other_browser()
    sign_in(other)
    undone = _profile(other)
    browser.post("/mis-datos/equipos", data={"perfil": undone, "respuesta": "no"})
    assert "Nélida" in browser.get("/session.js").text
    assert '"person":null' in other.get("/session.js").text
    sign_in(other)
    assert _profile(other) != undone


def test_other_devices_where_nothing_was_done_are_not_listed(
    browser: TestClient, other_browser: Another
) -> None:
    sign_up(browser)
    sign_in(other_browser())
    assert len(_links(browser)) == 2
    shown = browser.get("/mis-datos").text
    assert "Este equipo · 0 registros" in shown
    assert "Otro equipo" not in shown


def test_a_browser_that_still_knows_an_undone_profile_begins_another(
    browser: TestClient, other_browser: Another
) -> None:
    sign_up(browser)
    other = other_browser()
    sign_in(other)
    undone = _profile(other)
    browser.post("/mis-datos/equipos", data={"perfil": undone, "respuesta": "no"})
    sign_in(other)
    assert _profile(other) != undone
    assert undone not in _links(browser)


def test_nobody_undoes_or_takes_back_what_is_not_theirs(browser: TestClient, other_browser: Another) -> None:
    sign_up(browser)
    rosa = other_browser()
    sign_up(rosa, documento="12345678", pin="739164", pin2="739164")
    profile = _profile(browser)
    for answer in ("no", "si"):
        rosa.post("/mis-datos/equipos", data={"perfil": profile, "respuesta": answer})
        assert _links(browser) == {profile: "vouched"}


def test_a_person_confirms_progress_that_came_with_their_document(browser: TestClient) -> None:
    sign_up(browser)
    mine, not_mine = str(uuid.uuid4()), str(uuid.uuid4())
    for profile in (mine, not_mine):
        browser.portal.call(_claim, browser, profile)
    assert sign_in(browser).headers["location"] == "/avance-por-confirmar"
    browser.post("/avance-por-confirmar", data={"perfil": not_mine, "respuesta": "no"})
    last = browser.post("/avance-por-confirmar", data={"perfil": mine, "respuesta": "si"})
    assert last.headers["location"] == "/mi-avance"
    links = {link["profile"]: link["status"] for link in browser.get("/mis-datos/archivo").json()["links"]}
    assert links[mine] == "vouched"
    assert not_mine not in links


async def _claim(browser: TestClient, profile: str) -> None:
    db = browser.app.state.site.db
    person = await db.value("SELECT id FROM persons")
    await links.claim(db, profile, person, at="2026-11-20T00:00:00.000Z")
