"""«Por revisar» lists codes whose owner nobody knows, until somebody links them or saw them."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from lms.events.stand_ins import stand_in_of, unowned_codes
from tests.accounts.conftest import sign_up
from tests.accounts.desk import DESK, first, give, section, take_back
from tests.accounts.lines import identified, opened, reported
from tests.accounts.test_review import BEFORE, bearer, coach, status, upload

__all__ = ["bearer", "coach"]

NELIDA = "40000002"
CODE = (
    "Código 2ABC…MNPQ. De un curso que aquí no está, hasta el 20 nov 2026: 1 lección terminada y 1 ejercicio."
)


@pytest.fixture
def profile() -> str:
    return str(uuid.uuid4())


def count(client: TestClient) -> int:
    return client.portal.call(unowned_codes, client.app.state.site.db)


def test_a_code_of_nobody_waits_with_what_it_says_and_is_linked(
    coach: TestClient, bearer: TestClient, profile: str
) -> None:
    stand_in = stand_in_of(profile)
    upload(bearer, reported(stand_in))
    shown = section(coach, "codigo")
    assert "Código 2ABC…MNPQ" in shown
    assert "hasta el 20 nov 2026: 1 lección terminada y 1 ejercicio." in shown
    assert "alguien que no ingresó con su PIN" in shown
    assert "Hay una cosa que espera" in coach.get("/acompanante").text
    assert (count(coach), section(coach, "nadie")) == (1, "")

    assert f"perfil={stand_in}" in shown
    asked = coach.get(f"{DESK}/enlazar?perfil={stand_in}").text
    assert "1 código de avance" in asked
    assert CODE in asked
    give(coach, stand_in, NELIDA)
    assert (status(coach, stand_in), section(coach, "codigo"), count(coach)) == ("vouched", "", 0)


def test_a_profile_with_a_name_says_the_codes_that_came_of_it(
    coach: TestClient, bearer: TestClient, profile: str
) -> None:
    upload(bearer, identified(profile, "Nélida", ""), reported(profile))
    assert CODE in section(coach, "nadie")
    assert CODE in coach.get(f"{DESK}/enlazar?perfil={profile}").text


def test_who_links_a_nameless_profile_reads_the_codes_that_came_before_it(
    coach: TestClient, bearer: TestClient, profile: str
) -> None:
    upload(bearer, reported(stand_in_of(profile)), opened(profile))
    assert CODE in coach.get(f"{DESK}/enlazar?perfil={profile}").text


def test_a_code_that_was_seen_comes_again_when_there_is_more_of_it(
    coach: TestClient, bearer: TestClient, profile: str
) -> None:
    upload(bearer, reported(stand_in_of(profile)))
    said = first(coach, "codigo", "visto")
    assert section(coach, "codigo") == ""
    assert BEFORE in take_back(coach, said)
    first(coach, "codigo", "visto")
    upload(bearer, reported(stand_in_of(profile), "2ZZZZZZZZZZZZZZ"))
    assert "Código 2ZZZ…ZZZZ" in section(coach, "codigo")


def test_a_code_is_linked_with_the_nameless_profile_it_is_of(
    coach: TestClient, bearer: TestClient, profile: str
) -> None:
    stand_in = stand_in_of(profile)
    upload(bearer, reported(stand_in), opened(profile))
    assert f"perfil={profile}" in section(coach, "codigo")

    where = give(coach, profile, NELIDA)
    assert (status(coach, profile), status(coach, stand_in)) == ("vouched", "unverified"), (
        "a stranger brought it"
    )
    assert "Llegó en un código, sin documento" in section(coach, "confirmar")
    first(coach, "confirmar", "si")
    assert status(coach, stand_in) == "vouched"

    take_back(coach, {"a": where.partition("&a=")[2].replace("%3A", ":")})
    assert status(coach, profile) is None


def test_the_codes_of_a_profile_that_says_a_name_are_listed_by_it_alone(
    coach: TestClient, bearer: TestClient, profile: str, other_browser: Callable[..., TestClient]
) -> None:
    upload(bearer, reported(stand_in_of(profile)), identified(profile, "Marta", ""))
    assert section(coach, "codigo") == ""
    assert "Marta" in section(coach, "nadie")

    marta = other_browser()
    sign_up(marta, documento="40000009", nombres="Marta", paterno="Arpi")
    upload(marta, opened(profile))
    assert (status(coach, profile), status(coach, stand_in_of(profile))) == ("vouched", "unverified")
    assert "Llegó en un código de mensaje" in marta.get("/avance-por-confirmar").text
