"""A code that somebody took for theirs, and whose profile turns out to be another's, is told a coach."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from lms.events.stand_ins import stand_in_of
from tests.accounts.conftest import sign_up
from tests.accounts.desk import DESK, first, section, take_back
from tests.accounts.lines import opened, reported
from tests.accounts.test_review import BEFORE, TITO, ask, bearer, coach, upload

__all__ = ["bearer", "coach"]

NELIDA = "40000002"


@pytest.fixture
def code(browser: TestClient, coach: TestClient, other_browser: Callable[..., TestClient]) -> str:
    """What stands in for Tito's profile: Nélida said that it is hers, and then he came."""
    tito = other_browser()
    sign_up(tito, **TITO)
    return divided(browser, tito, coach)


def divided(first_one: TestClient, second: TestClient, coach: TestClient | None = None) -> str:
    profile = str(uuid.uuid4())
    upload(first_one, reported(stand_in_of(profile)))
    assert coach is None or section(coach, "dividido") == ""
    upload(second, opened(profile))
    return stand_in_of(profile)


def owner(client: TestClient, profile: str) -> tuple[str, str]:
    sql = "SELECT document, status FROM links JOIN persons ON persons.id = person WHERE profile = :profile"
    row = ask(client, sql, how="row", profile=profile)
    return row["document"], row["status"]


def test_a_coach_reads_of_both_and_gives_it_to_whose_the_profile_is(coach: TestClient, code: str) -> None:
    assert owner(coach, code) == (NELIDA, "vouched"), "nothing is taken from anybody before"
    shown = section(coach, "dividido")
    assert "Quispe Ñahui, Nélida" in shown
    assert (
        "Esta persona dijo que el código es suyo, pero el avance del que salió es de Tito Arpi Ñahui."
        in shown
    )
    assert "Código 2ABC…MNPQ" in shown
    assert "Hay una cosa que espera" in coach.get("/acompanante").text

    said = first(coach, "dividido", "si")
    assert "Es de Tito Arpi Ñahui" in shown
    assert owner(coach, code) == (TITO["documento"], "vouched")
    assert "No hay nada por revisar" in coach.get(DESK).text

    assert BEFORE in take_back(coach, said)
    assert owner(coach, code) == (NELIDA, "vouched")
    assert section(coach, "dividido")
    assert ask(coach, "SELECT count(*) FROM undone_links") == 0


def test_a_coach_who_saw_it_leaves_it_as_it_is(coach: TestClient, code: str) -> None:
    said = first(coach, "dividido", "visto")
    assert section(coach, "dividido") == ""
    assert owner(coach, code) == (NELIDA, "vouched")
    assert BEFORE in take_back(coach, said)
    assert section(coach, "dividido")


def test_several_are_never_given_away_at_once(
    browser: TestClient, coach: TestClient, other_browser: Callable[..., TestClient]
) -> None:
    tito = other_browser()
    sign_up(tito, **TITO)
    for _ in range(2):
        divided(browser, tito)
    shown = section(coach, "dividido")
    assert shown.count("Es de Tito Arpi Ñahui") >= 2
    assert "Ya vi los marcados" in shown
    assert "Aceptar" not in shown


def test_a_code_that_follows_its_profile_is_no_task(
    coach: TestClient, bearer: TestClient, browser: TestClient
) -> None:
    profile = str(uuid.uuid4())
    upload(bearer, reported(stand_in_of(profile)))
    upload(browser, opened(profile))
    first(coach, "confirmar", "si")
    assert section(coach, "dividido") == ""
