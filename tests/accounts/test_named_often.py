"""Whoever writes somebody's document into any number of profiles hides nothing from them, nor from their coach."""

from __future__ import annotations

import json
import uuid

import pytest
from starlette.testclient import TestClient

from lms.accounts.review import queries as review
from lms.events import ownership
from tests.accounts.conftest import sign_in, sign_up
from tests.accounts.desk import first, keys, section
from tests.accounts.lines import identified, noted, opened, send
from tests.accounts.test_review import TITO, Another, ask, bearer, coach, own_profile, upload

__all__ = ["bearer", "coach"]

DOCUMENT = "40000002"


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ownership, "MOST_CLAIMS", 3)
    monkeypatch.setattr(review, "MOST_OF_ONE", 3)


def naming(count: int) -> list[bytes]:
    return [identified(str(uuid.uuid4()), "Nélida", DOCUMENT) for _ in range(count)]


def profiles_in(lines: list[bytes]) -> set[str]:
    return {json.loads(line)["profile"] for line in lines}


def test_they_are_asked_about_some_and_about_the_rest_when_these_are_answered(
    browser: TestClient, coach: TestClient, bearer: TestClient
) -> None:
    made, asked = naming(7), set[str]()
    upload(bearer, *made)
    assert ask(browser, "SELECT count(*) FROM links WHERE status = 'unverified'") == 3
    while sign_in(browser).headers["location"] == "/avance-por-confirmar":
        listed = [one for one in profiles_in(made) if one in browser.get("/avance-por-confirmar").text]
        assert 0 < len(listed) <= 3
        for profile in listed:
            browser.post("/avance-por-confirmar", data={"perfil": profile, "respuesta": "no"})
        asked.update(listed)
    assert asked == profiles_in(made)


def test_what_is_not_asked_about_yet_is_a_coachs_to_give_in_one_tap(
    browser: TestClient, coach: TestClient, bearer: TestClient
) -> None:
    upload(bearer, *naming(3))
    late = str(uuid.uuid4())
    upload(bearer, identified(late, "Nélida", DOCUMENT), opened(late))
    assert "Es de Nélida" in section(coach, "nadie")
    first(coach, "nadie", "si")
    assert ask(browser, "SELECT status FROM links WHERE profile = :profile", profile=late) == "vouched"


def test_their_own_file_is_theirs_at_once_however_much_waits(
    browser: TestClient, coach: TestClient, bearer: TestClient
) -> None:
    upload(bearer, *naming(4))
    own = str(uuid.uuid4())
    upload(browser, identified(own, "Nélida", DOCUMENT), opened(own))
    assert ask(browser, "SELECT status FROM links WHERE profile = :profile", profile=own) == "vouched"


def test_a_coach_sees_others_however_many_name_one(
    browser: TestClient,
    coach: TestClient,
    bearer: TestClient,
    other_browser: Another,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sign_up(other_browser(), **TITO)
    titos, nobodys = str(uuid.uuid4()), str(uuid.uuid4())
    upload(bearer, identified(titos, "Tito", TITO["documento"]))
    upload(bearer, identified(nobodys, "Elsa", "49999999"))
    upload(bearer, *naming(12))
    monkeypatch.setattr(review, "MOST_CLAIMS", 4)
    monkeypatch.setattr(review, "MOST_OF_NOBODY", 4)
    assert titos in " ".join(keys(coach, "confirmar"))
    assert nobodys in " ".join(keys(coach, "nadie"))
    assert len(keys(coach, "nadie")) == 4, "three of Nélida's, and Elsa's"
    first(coach, "nadie", "visto")
    assert len(keys(coach, "nadie")) == 4, "another one instead of what was seen"


def test_of_links_that_were_made_before_there_was_a_limit_a_coach_sees_some_of_each(
    browser: TestClient, coach: TestClient, bearer: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ownership, "MOST_CLAIMS", 50)
    upload(bearer, *naming(9))
    assert len(keys(coach, "confirmar")) == 3


def test_what_does_not_fit_into_their_file_is_left_out_of_it_and_said(
    browser: TestClient, coach: TestClient, bearer: TestClient
) -> None:
    profile = own_profile(browser)
    send(browser, opened(profile))
    early, much = str(uuid.uuid4()), str(uuid.uuid4())
    upload(bearer, identified(early, "Nélida", DOCUMENT))
    upload(bearer, identified(much, "Nélida", DOCUMENT), *(noted(much, "x" * 1000) for _ in range(10)))
    assert much in browser.get("/mi-avance/archivo").text
    assert "no cabe en el archivo" not in browser.get("/mi-avance").text

    browser.app.state.room_in_file = 4000
    file = browser.get("/mi-avance/archivo")
    assert file.status_code == 200
    assert profile in file.text
    assert early in file.text
    assert much not in file.text
    assert "Un avance por confirmar no cabe en el archivo" in browser.get("/mi-avance").text

    browser.post("/avance-por-confirmar", data={"perfil": much, "respuesta": "no"})
    assert "no cabe en el archivo" not in browser.get("/mi-avance").text


def test_who_has_nothing_else_reads_to_answer_first(
    browser: TestClient, coach: TestClient, bearer: TestClient
) -> None:
    much = str(uuid.uuid4())
    upload(bearer, identified(much, "Nélida", DOCUMENT), *(noted(much, "x" * 1000) for _ in range(10)))
    browser.app.state.room_in_file = 4000
    refused = browser.get("/mi-avance/archivo")
    assert refused.status_code == 413
    assert "Responde primero" in refused.text
