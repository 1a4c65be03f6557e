"""What a coach may do for teachers."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Callable
from datetime import date

import pytest
from starlette.testclient import TestClient

from lms.people import links
from lms.sync.over_file import Heading, build_progress_file
from lms.sync.over_receipt import read
from tests.accounts.conftest import code_on, sign_in, sign_up
from tests.accounts.desk import DESK, answer, first, keys, section
from tests.accounts.lines import identified, opened, send

Another = Callable[..., TestClient]
ROSA = {"documento": "12345678", "nombres": "Rosa", "paterno": "Mamani", "pin": "739164", "pin2": "739164"}


async def _set_role(client: TestClient, document: str, role: str) -> None:
    sql = "UPDATE persons SET role = :role WHERE document = :document"
    await client.app.state.site.db.execute(sql, {"role": role, "document": document})


async def _claim(client: TestClient, document: str, profile: str) -> str:
    db = client.app.state.site.db
    person = await db.value("SELECT id FROM persons WHERE document = :document", {"document": document})
    await links.claim(db, profile, person, at="2026-11-20T00:00:00.000Z")
    return str(person)


async def _status(client: TestClient, profile: str) -> str | None:
    sql = "SELECT status FROM links WHERE profile = :profile"
    return await client.app.state.site.db.value(sql, {"profile": profile})


@pytest.fixture
def coach(browser: TestClient, other_browser: Another) -> TestClient:
    """Rosa, who accompanies Nélida."""
    sign_up(browser)
    rosa = other_browser()
    sign_up(rosa, **ROSA)
    browser.portal.call(_set_role, browser, "12345678", "acompanante")
    return rosa


def test_a_teacher_does_not_enter_the_coachs_pages(browser: TestClient) -> None:
    sign_up(browser)
    answer = browser.get("/acompanante")
    assert answer.status_code == 403
    assert "no tiene permiso" in answer.text


def test_nobody_enters_the_coachs_pages_without_signing_in(browser: TestClient) -> None:
    assert browser.get("/acompanante").headers["location"] == "/ingresar?siguiente=%2Facompanante"
    assert browser.post(DESK).status_code == 401


def test_a_coach_confirms_a_teachers_progress(browser: TestClient, coach: TestClient) -> None:
    profile = str(uuid.uuid4())
    person = browser.portal.call(_claim, browser, "40000002", profile)
    start = coach.get("/acompanante").text
    assert "Por revisar (1)" in start
    assert "Hay una cosa que espera tu respuesta:" in start
    assert 'motivo=confirmar">Avance por confirmar</a> (1)' in start
    assert start.count("?motivo=") == 1, "of what there is none of, nothing is said"
    assert "Quispe Ñahui, Nélida" in coach.get(DESK).text
    assert keys(coach, "confirmar") == [f"{profile} {person} 0"]
    first(coach, "confirmar", "si")
    assert browser.portal.call(_status, browser, profile) == "vouched"
    assert "No hay nada por revisar" in coach.get(DESK).text
    assert "No hay nada que espere" in coach.get("/acompanante").text


def test_a_coach_lets_in_the_held_lines_that_the_page_listed_and_no_later_ones(
    browser: TestClient, coach: TestClient, other_browser: Another
) -> None:
    profile = str(uuid.uuid4())
    browser.portal.call(_claim, browser, "40000002", profile)
    first(coach, "confirmar", "si")
    bearer = other_browser()
    send(bearer, identified(profile, "Nélida", "40000002"), status="held")
    assert "No cuenta hasta que respondas" in section(coach, "traido")
    listed = keys(coach, "traido")
    send(bearer, identified(profile, "Rosa", "40000002"), status="held")

    answer(coach, "traido", todos="si", lista=listed)
    sql = "SELECT count(*) FROM events"
    assert browser.portal.call(browser.app.state.site.db.value, sql) == 1
    assert ">1 registro" in section(coach, "traido")


def test_a_coach_says_that_a_profile_is_somebody_elses(browser: TestClient, coach: TestClient) -> None:
    profile = str(uuid.uuid4())
    browser.portal.call(_claim, browser, "40000002", profile)
    first(coach, "confirmar", "no")
    assert browser.portal.call(_status, browser, profile) is None


def test_a_whole_list_is_confirmed_at_once(browser: TestClient, coach: TestClient) -> None:
    profiles = [str(uuid.uuid4()) for _ in range(3)]
    person, *_ = [browser.portal.call(_claim, browser, "40000002", profile) for profile in profiles]
    assert "Aceptar todos los de esta lista" in section(coach, "confirmar")
    assert sorted(keys(coach, "confirmar")) == sorted(f"{profile} {person} 0" for profile in profiles)
    answer(coach, "confirmar", todos="si", lista=[f"{profile} {person} 0" for profile in profiles[:2]])
    assert [browser.portal.call(_status, browser, one) for one in profiles] == [
        "vouched",
        "vouched",
        "unverified",
    ]


def test_a_profile_that_names_two_people_is_confirmed_by_itself(
    browser: TestClient, coach: TestClient
) -> None:
    profiles = [str(uuid.uuid4()) for _ in range(3)]
    for profile in profiles:
        send(browser, identified(profile, "Nélida", "40000002"))
        browser.portal.call(_claim, browser, "40000002", profile)
    send(browser, identified(profiles[0], "Tito", "40000009"))

    assert sign_in(browser).headers["location"] == "/avance-por-confirmar"
    assert "También dice ser de otra persona" in browser.get("/avance-por-confirmar").text
    browser.post("/avance-por-confirmar", data={"perfil": profiles[0], "respuesta": "si"})
    assert browser.portal.call(_status, browser, profiles[0]) == "unverified"
    shown = section(coach, "varios")
    assert "Nélida, Tito" in shown
    assert "También dice ser de <b>40000009</b>" in shown
    assert "Aceptar todos" not in shown
    assert len(keys(coach, "confirmar")) == 2
    assert answer(coach, "varios", todos="si", lista=keys(coach, "varios"))["n"] == "0"
    assert browser.portal.call(_status, browser, profiles[0]) == "unverified"


def test_a_coach_does_not_confirm_their_own(browser: TestClient, coach: TestClient) -> None:
    profile = str(uuid.uuid4())
    person = browser.portal.call(_claim, browser, "12345678", profile)
    assert keys(coach, "confirmar") == []
    answer(coach, "confirmar", si=f"{profile} {person} 0")
    assert browser.portal.call(_status, browser, profile) == "unverified"


def test_a_coach_takes_a_profile_from_who_has_it_and_gives_it_to_whose_it_is(
    browser: TestClient, coach: TestClient, other_browser: Another
) -> None:
    """Tito brought Nélida's file, with the line that names her cut out, before she did."""
    profile = str(uuid.uuid4())
    tito = other_browser()
    sign_up(tito, documento="40000009", nombres="Tito", paterno="Arpi", profile=profile, guardar="si")
    file = build_progress_file(
        [identified(profile, "Nélida", "40000002")], Heading("Nélida", "", date(2026, 11, 23))
    )
    upload = {"archivo": ("avance.txt", file, "text/plain")}
    assert "Tito" not in browser.post("/mi-avance/archivo", files=upload).text
    said = coach.post("/acompanante/recibir", files=upload).text
    assert "a nombre de Tito Arpi" in said
    assert browser.portal.call(_status, browser, profile) == "vouched"

    shown = coach.post("/acompanante/avance", data={"documento": "40000009"}).text
    assert f'value="{profile}"' in shown
    coach.post("/acompanante/avance", data={"documento": "40000009", "perfil": profile, "respuesta": "no"})
    sign_in(tito, "40000009")
    assert profile not in tito.get("/mis-datos/archivo").text
    coach.post("/acompanante/recibir", files=upload)
    assert browser.portal.call(_status, browser, profile) == "vouched"
    assert profile in browser.get("/mis-datos/archivo").text


def test_what_a_coach_took_away_by_mistake_is_given_back(browser: TestClient, coach: TestClient) -> None:
    profile = browser.get("/mis-datos/archivo").json()["links"][0]["profile"]
    form = {"documento": "40000002", "perfil": profile}
    coach.post("/acompanante/avance", data={**form, "respuesta": "no"})
    sign_in(browser)
    browser.post("/mis-datos/equipos", data={"perfil": profile, "respuesta": "si"})
    assert browser.portal.call(_status, browser, profile) is None

    assert "Sí es de esta persona" in coach.post("/acompanante/avance", data={"documento": "40000002"}).text
    coach.post("/acompanante/avance", data={**form, "respuesta": "si"})
    assert browser.portal.call(_status, browser, profile) == "vouched"
    coach.post("/acompanante/avance", data={**form, "documento": "12345678", "respuesta": "si"})
    assert profile in browser.get("/mis-datos/archivo").text


def test_a_session_does_not_go_on_with_what_a_coach_took_away(browser: TestClient, coach: TestClient) -> None:
    profile = browser.get("/mis-datos/archivo").json()["links"][0]["profile"]
    coach.post("/acompanante/avance", data={"documento": "40000002", "perfil": profile, "respuesta": "no"})
    assert profile not in browser.get("/session.js").text

    sign_in(browser)
    shown = browser.get("/session.js").text
    assert "Nélida" in shown
    assert profile not in shown


def test_a_link_that_was_never_confirmed_ends_no_session(browser: TestClient, coach: TestClient) -> None:
    profile = str(uuid.uuid4())
    browser.portal.call(_claim, browser, "40000002", profile)
    first(coach, "confirmar", "no")
    assert "Nélida" in browser.get("/session.js").text


def test_a_coach_corrects_nobodys_progress_without_a_document_and_not_their_own(coach: TestClient) -> None:
    assert "Corregir de quién es un avance" in coach.get("/acompanante/avance").text
    assert coach.post("/acompanante/avance", data={"documento": "49999999"}).status_code == 400
    own = coach.post("/acompanante/avance", data={"documento": "12345678"})
    assert own.status_code == 400
    assert "Mis datos" in own.text


def test_a_coach_changes_a_teachers_pin_on_the_spot(
    coach: TestClient, browser: TestClient, other_browser: Another
) -> None:
    form = {"documento": "40000002", "pin": "620517", "pin2": "620517"}
    answer = coach.post("/acompanante/pin", data=form)
    assert answer.status_code == 200
    assert code_on(answer.text)
    assert '"person":null' in browser.get("/session.js").text
    assert sign_in(other_browser(), pin="620517").status_code == 303
    assert "por Rosa Mamani" in _signed_in(other_browser(), "620517").get("/mis-datos").text


def _signed_in(client: TestClient, pin: str) -> TestClient:
    sign_in(client, pin=pin)
    return client


def test_a_coach_does_not_change_an_administrators_pin(browser: TestClient, coach: TestClient) -> None:
    browser.portal.call(_set_role, browser, "40000002", "administrador")
    form = {"documento": "40000002", "pin": "620517", "pin2": "620517"}
    answer = coach.post("/acompanante/pin", data=form)
    assert answer.status_code == 400
    assert "Solo puedes cambiar el PIN de docentes" in answer.text


def test_a_coach_receives_a_teachers_file_and_vouches_for_it(browser: TestClient, coach: TestClient) -> None:
    profile = str(uuid.uuid4())
    line = identified(profile, "Nélida", "40000002")
    file = build_progress_file([line], Heading(name="Nélida", course="", day=date(2026, 11, 23)))
    answer = coach.post("/acompanante/recibir", files={"archivo": ("avance.txt", file, "text/plain")})
    assert answer.status_code == 200
    assert "Recibimos 1 registro nuevo" in answer.text
    assert "Nélida Quispe" in answer.text
    assert browser.portal.call(_status, browser, profile) == "vouched"


def test_a_coach_brings_many_files_and_takes_one_receipt_for_all(
    browser: TestClient, coach: TestClient
) -> None:
    profiles = [str(uuid.uuid4()), str(uuid.uuid4())]
    files = [
        (
            "archivo",
            (f"{name}.txt", build_progress_file([line], Heading(name, "", date(2026, 11, 23))), "text/plain"),
        )
        for name, line in (
            ("Nélida", identified(profiles[0], "Nélida", "40000002")),
            ("Ana", opened(profiles[1])),
        )
    ]
    answer = coach.post(
        "/acompanante/recibir", files=[*files, ("archivo", ("foto.jpg", b"\xff\xd8", "image/jpeg"))]
    )
    assert answer.status_code == 200
    assert "<b>Nélida.txt:</b> Recibimos 1 registro nuevo" in answer.text
    assert "<strong>2 archivos recibidos, 1 no.</strong>" in answer.text
    assert "Este avance todavía no es de nadie" in answer.text
    assert "<b>Ana.txt: Sin nombre</b>\n<form" in answer.text
    assert "<b>foto.jpg:</b> Este archivo no es de avance" in answer.text
    slip = re.search(r'name="recibo" value="([^"]*)"', answer.text)
    assert slip is not None
    assert len(read(html.unescape(slip[1])).places) == 2
    assert profiles[0] not in answer.text
    assert answer.text.count(profiles[1]) == 1, "only to link it, as nobody has it"


def test_a_file_that_is_none_is_refused_in_words(coach: TestClient) -> None:
    answer = coach.post("/acompanante/recibir", files={"archivo": ("foto.jpg", b"\xff\xd8", "image/jpeg")})
    assert answer.status_code == 400
    assert 'id="archivo-error"' in answer.text
    assert coach.post("/acompanante/recibir").status_code == 400


def test_a_teacher_receives_no_files_of_others(browser: TestClient) -> None:
    sign_up(browser)
    assert browser.get("/acompanante/recibir").status_code == 403
