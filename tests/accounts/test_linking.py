"""«Enlazar a…» asks by name before a profile is somebody's, and says the name after, until it is taken back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from lms.sync.over_file import Heading, build_progress_file
from tests.accounts.conftest import sign_up
from tests.accounts.desk import DESK, give, take_back
from tests.accounts.lines import identified, reported
from tests.accounts.test_review import BEFORE, TITO, ask, bearer, coach, status, upload

__all__ = ["bearer", "coach"]

LINK = f"{DESK}/enlazar"


@pytest.fixture
def profile(bearer: TestClient) -> str:
    """Progress of somebody who only says a name."""
    made = str(uuid.uuid4())
    upload(bearer, identified(made, "Nélida", ""))
    return made


def test_a_coach_reads_whose_the_document_is_before_anything_changes(coach: TestClient, profile: str) -> None:
    asked = coach.post(LINK, data={"perfil": profile, "documento": "40000002"})
    assert asked.status_code == 200
    assert "¿Es de Nélida Quispe Ñahui?" in asked.text
    assert status(coach, profile) is None


def test_the_name_is_said_after_it_and_no_more_once_it_was_taken_back(
    coach: TestClient, profile: str
) -> None:
    where = give(coach, profile, "40000002")
    assert status(coach, profile) == "vouched"
    assert "Nélida" not in where
    said = coach.get(where).text
    assert "Ahora el avance es de Nélida Quispe Ñahui." in said
    assert "Deshacer" in said
    moment = parse_qs(urlsplit(where).query)["a"][0]
    assert BEFORE in take_back(coach, {"a": moment})
    assert status(coach, profile) is None
    assert "Ahora el avance" not in coach.get(where).text


def test_it_asks_again_if_the_document_became_somebody_elses_before_the_answer(
    coach: TestClient, profile: str, other_browser: Callable[..., TestClient]
) -> None:
    nelida = ask(coach, "SELECT id FROM persons WHERE document = '40000002'")
    ask(coach, "UPDATE persons SET document = '40000001' WHERE document = '40000002'", how="execute")
    sign_up(other_browser(), **{**TITO, "documento": "40000002"})
    asked = coach.post(LINK, data={"perfil": profile, "documento": "40000002", "persona": nelida})
    assert "¿Es de Tito Arpi Ñahui?" in asked.text
    assert status(coach, profile) is None


def test_who_sent_a_code_goes_along_from_the_pasted_chat_and_is_kept_nowhere(
    coach: TestClient, profile: str
) -> None:
    upload(coach, reported(profile))
    where = {"perfil": profile, "donde": "+51 984 000 111 (línea 7)"}
    for fields in (where, {**where, "documento": "40000002"}, {**where, "documento": ""}):
        shown = coach.post(LINK, data=fields)
        assert shown.status_code == 200
        assert "<dd>+51 984 000 111 (línea 7)</dd>" in shown.text
    again = coach.get(LINK, params={"perfil": profile}).text
    assert "Busca esas letras en tu chat." in again
    assert "+51" not in again


def test_one_who_presses_twice_reads_that_it_is_theirs_already(coach: TestClient, profile: str) -> None:
    give(coach, profile, "40000002")
    again = coach.post(LINK, data={"perfil": profile, "documento": "40000002"})
    assert again.status_code == 400
    assert "Este avance ya es de Nélida Quispe Ñahui." in again.text


def test_a_coach_links_what_is_nobodys_from_the_answer_to_its_file(coach: TestClient) -> None:
    made = str(uuid.uuid4())
    file = build_progress_file([identified(made, "Tito <i>A</i>", "")], Heading("", "", date(2026, 11, 23)))
    said = coach.post("/acompanante/recibir", files={"archivo": ("avance.txt", file, "text/plain")}).text
    assert "Si sabes de quién es, enlázalo aquí" in said
    assert "<b>Tito &lt;i&gt;A&lt;/i&gt;</b>" in said
    assert f'action="{LINK}"><input type="hidden" name="perfil" value="{made}">' in said
    give(coach, made, "40000002")
    assert status(coach, made) == "vouched"
    again = coach.post("/acompanante/recibir", files={"archivo": ("avance.txt", file, "text/plain")}).text
    assert "Enlazar a…" not in again
