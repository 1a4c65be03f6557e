"""«Por revisar»: each reason is listed with what it is and who brought it, answered in one tap, and taken back."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from starlette.testclient import TestClient

from lms.people.model import Person
from lms.people.queries import add_person
from lms.sync.over_file import Heading, build_progress_file
from tests.accounts.conftest import Hands, sign_in, sign_up
from tests.accounts.desk import DESK, answer, first, give, keys, section, take_back
from tests.accounts.lines import identified, noted, opened, send

Another = Callable[..., TestClient]
ROSA = {"documento": "12345678", "nombres": "Rosa", "paterno": "Mamani", "pin": "739164", "pin2": "739164"}
TITO = {"documento": "40000009", "nombres": "Tito", "paterno": "Arpi"}
BEFORE = "Deshecho: está otra vez por revisar."
# His account as `lms person add` makes it.
ARPI = Person("tito", "dni", "40000009", "Tito", "Arpi", "", "docente", "", "", "2026-11-23", "", "", 0)


@pytest.fixture
def coach(browser: TestClient, other_browser: Another) -> TestClient:
    """Rosa, who accompanies Nélida."""
    sign_up(browser)
    rosa = other_browser()
    sign_up(rosa, **ROSA)
    ask(browser, "UPDATE persons SET role = 'acompanante' WHERE document = '12345678'", how="execute")
    return rosa


@pytest.fixture
def bearer(coach: TestClient, other_browser: Another) -> TestClient:
    """Somebody without an account."""
    return other_browser()


def ask(client: TestClient, sql: str, how: str = "value", **params: Any) -> Any:
    return client.portal.call(getattr(client.app.state.site.db, how), sql, params)


def own_profile(client: TestClient) -> str:
    found = re.search(r'"profile":"([0-9a-f-]{36})"', client.get("/session.js").text)
    assert found
    return found[1]


def upload(client: TestClient, *lines: bytes) -> None:
    """Upload a progress file in «Mi avance», as whoever has a session there."""
    file = build_progress_file(lines, Heading("", "", date(2026, 11, 23)))
    given = client.post("/mi-avance/archivo", files={"archivo": ("avance.txt", file, "text/plain")})
    assert given.status_code == 200, given.text


def status(client: TestClient, profile: str) -> str | None:
    found: str | None = ask(client, "SELECT status FROM links WHERE profile = :profile", profile=profile)
    return found


def test_nobody_but_a_coach_sees_or_answers_it(browser: TestClient, coach: TestClient) -> None:
    for address in (DESK, f"{DESK}/enlazar?perfil=x"):
        assert browser.get(address).status_code == 403
    for address in (DESK, f"{DESK}/deshacer", f"{DESK}/enlazar"):
        assert browser.post(address).status_code == 403
    assert "No hay nada por revisar" in coach.get(DESK).text


def test_held_lines_say_whose_they_are_what_they_are_and_who_brought_them(
    browser: TestClient, coach: TestClient, other_browser: Another
) -> None:
    profile = own_profile(browser)
    tito = other_browser()
    sign_up(tito, **TITO)
    upload(tito, opened(profile), noted(profile, "mío"))
    shown = section(coach, "traido")
    assert "Quispe Ñahui, Nélida" in shown
    assert "1 lección empezada y 1 nota de un curso que aquí no está" in shown
    assert "Tito Arpi, en un archivo o un código" in shown
    assert "23 nov 2026" in shown
    assert "Por revisar (1)" in coach.get("/acompanante").text


def test_what_is_held_is_let_in_for_good(browser: TestClient, coach: TestClient, bearer: TestClient) -> None:
    send(bearer, opened(own_profile(browser)), status="held")
    said = first(coach, "traido", "si")
    assert "a" not in said
    shown = coach.get(DESK, params=said).text
    assert "Lo aceptaste. Si fue un error" in shown
    assert "Deshacer" not in shown
    assert ask(coach, "SELECT count(*) FROM events") == 1


def test_what_is_turned_away_is_asked_again_when_that_is_taken_back(
    browser: TestClient, coach: TestClient, bearer: TestClient
) -> None:
    send(bearer, opened(own_profile(browser)), status="held")
    said = first(coach, "traido", "no")
    assert "Quedó como que no es suyo." in coach.get(DESK, params=said).text
    assert keys(coach, "traido") == []
    assert BEFORE in take_back(coach, said)
    assert len(keys(coach, "traido")) == 1
    assert section(coach, "aparte") == ""


@pytest.mark.parametrize(("verb", "after"), [("si", "vouched"), ("no", None)])
def test_an_answer_about_an_unconfirmed_link_is_taken_back(
    coach: TestClient, bearer: TestClient, verb: str, after: str | None
) -> None:
    profile = str(uuid.uuid4())
    upload(bearer, identified(profile, "Nélida", "40000002"), opened(profile))
    shown = section(coach, "confirmar")
    assert "alguien que no ingresó con su PIN, en un archivo o un código" in shown
    said = first(coach, "confirmar", verb)
    assert status(coach, profile) == after
    assert BEFORE in take_back(coach, said)
    assert status(coach, profile) == "unverified"
    assert "Quispe Ñahui, Nélida" in section(coach, "confirmar")
    assert ask(coach, "SELECT count(*) FROM undone_links") == 0


def test_nobody_takes_back_what_another_answered(
    browser: TestClient, coach: TestClient, bearer: TestClient, clock: Hands
) -> None:
    profile = str(uuid.uuid4())
    upload(bearer, identified(profile, "Nélida", "40000002"))
    said = first(coach, "confirmar", "si")
    ask(browser, "UPDATE persons SET role = 'acompanante'", how="execute")
    assert "No cambió nada" in take_back(browser, said)
    clock.move(60)
    assert "No cambió nada" in take_back(coach, {"a": "2026-11-23T13:41:00.000Z"})
    assert status(coach, profile) == "vouched"


def test_a_profile_that_names_two_waits_apart_and_may_be_given_to_either(
    coach: TestClient, bearer: TestClient, other_browser: Another
) -> None:
    sign_up(other_browser(), **TITO)
    profile = str(uuid.uuid4())
    upload(bearer, identified(profile, "Nélida", "40000002"), identified(profile, "Tito", "40000009"))
    assert section(coach, "confirmar") == ""
    assert "También dice ser de <b>40000009</b>" in section(coach, "varios")
    link = {"perfil": profile, "documento": "40000009"}
    assert "Nélida, Tito" in coach.get(f"{DESK}/enlazar", params=link).text
    assert "Ahora el avance es de Tito Arpi Ñahui." in coach.get(give(coach, profile, "40000009")).text
    assert status(coach, profile) == "vouched"
    again = coach.post(f"{DESK}/enlazar", data={**link, "documento": "40000002"})
    assert again.status_code == 400
    assert "ya es de otra persona" in again.text


def test_what_is_nobodys_is_linked_in_one_tap_once_its_person_has_an_account(
    coach: TestClient, bearer: TestClient
) -> None:
    profile = str(uuid.uuid4())
    upload(bearer, identified(profile, "Tito", "40000009"), opened(profile))
    shown = section(coach, "nadie")
    assert "Su documento no tiene cuenta aquí." in shown
    assert ">Es de" not in shown
    assert coach.portal.call(
        partial(add_person, coach.app.state.site.db, ARPI, pin_hash="", recovery_hash="")
    )
    assert "Es de Tito Arpi" in section(coach, "nadie")
    said = first(coach, "nadie", "si")
    assert status(coach, profile) == "vouched"
    assert BEFORE in take_back(coach, said)
    assert status(coach, profile) is None, "as it was"
    assert "Es de Tito Arpi" in section(coach, "nadie")
    assert section(coach, "confirmar") == ""


def test_what_is_nobodys_is_linked_by_a_document_and_not_to_oneself(
    browser: TestClient, coach: TestClient, bearer: TestClient
) -> None:
    profile = str(uuid.uuid4())
    upload(bearer, identified(profile, "Nélida", ""))
    assert "Solo dice un nombre." in section(coach, "nadie")
    for document, words in (("12345678", "Tu propio avance"), ("49999999", "no hay una cuenta")):
        refused = coach.post(f"{DESK}/enlazar", data={"perfil": profile, "documento": document})
        assert refused.status_code == 400
        assert words in refused.text
    assert coach.post(f"{DESK}/enlazar", data={"perfil": "x", "documento": "40000002"}).status_code in (
        404,
        303,
    )
    give(coach, profile, "40000002")
    assert profile in browser.get("/mis-datos/archivo").text


def test_a_guest_who_says_no_name_is_no_task_for_anybody(coach: TestClient, bearer: TestClient) -> None:
    send(bearer, opened(str(uuid.uuid4())))
    assert "No hay nada por revisar" in coach.get(DESK).text


def test_a_wrong_clock_is_said_until_somebody_saw_it_and_again_if_there_is_more(
    browser: TestClient, coach: TestClient
) -> None:
    profile = own_profile(browser)
    old = opened(profile).replace(b"2026-11-23", b"2010-01-01")
    send(browser, old)
    shown = section(coach, "reloj")
    assert "Según su equipo es el 1 ene 2010" in shown
    assert "Quispe Ñahui, Nélida" in shown
    said = first(coach, "reloj", "visto")
    assert section(coach, "reloj") == ""
    assert BEFORE in take_back(coach, said)
    first(coach, "reloj", "visto")
    more = re.sub(rb'"id":"[^"]+"', b'"id":"%s"' % re.findall(rb'"id":"([^"]+)"', opened(profile))[0], old)
    send(browser, more.replace(b'"seq":1', b'"seq":2'))
    assert ">2 registros" in section(coach, "reloj")


def test_a_copied_device_is_said(browser: TestClient, coach: TestClient) -> None:
    profile = own_profile(browser)
    one = opened(profile)
    other = re.sub(rb'"id":"[^"]+"', re.search(rb'"id":"[^"]+"', opened(profile))[0], one)  # type: ignore[index]
    send(browser, one, other)
    shown = section(coach, "copia")
    assert f"Equipo {json.loads(one)['device'][-4:].upper()}" in shown
    assert section(coach, "reloj") == ""


def test_refused_lines_say_who_sent_them_and_what_to_tell_them(
    browser: TestClient, coach: TestClient
) -> None:
    profile = own_profile(browser)
    send(browser, opened(profile).replace(b'"seq":1', b'"seq":0'), status="refused")
    upload(browser, opened(profile), b"{}")
    shown = section(coach, "rechazado")
    assert "El número de orden (seq) debe ser un entero desde 1." in shown
    assert "descargue otra vez en su equipo" in shown
    assert "Su equipo envió algo que no se entiende" in shown
    assert shown.count("Nélida Quispe</span>") == 2
    assert "Llegó desde las páginas de este sitio, el 23 nov 2026" in shown
    assert "Llegó en un archivo o un código, el 23 nov 2026" in shown
    assert "del avance de Quispe Ñahui, Nélida" in shown
    answer(coach, "rechazado", todos="visto", lista=keys(coach, "rechazado"))
    assert section(coach, "rechazado") == ""


def test_whoever_waits_at_the_door_is_not_asked_after_a_coach_answered(
    browser: TestClient, coach: TestClient, bearer: TestClient
) -> None:
    upload(bearer, identified(str(uuid.uuid4()), "Nélida", "40000002"))
    first(coach, "confirmar", "si")
    assert sign_in(browser).headers["location"] == "/"
