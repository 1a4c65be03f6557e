"""What calls its user by another name than the account's is answered by itself, never among others."""

from __future__ import annotations

import uuid
from functools import partial

import pytest
from starlette.testclient import TestClient

from lms.people.queries import add_person
from tests.accounts.desk import DESK, answer, first, keys, section
from tests.accounts.lines import identified
from tests.accounts.test_review import ARPI, bearer, coach, status, upload

__all__ = ["bearer", "coach"]

UNLIKE = "El nombre no coincide con el de la cuenta."


@pytest.fixture
def profiles(coach: TestClient, bearer: TestClient) -> list[str]:
    """Tito's own, and Julio's, who mistyped his document; both came before Tito had an account."""
    made = [str(uuid.uuid4()) for _ in range(2)]
    for profile, name in zip(made, ("tito  ARPI", "Julio Paz"), strict=True):
        upload(bearer, identified(profile, name, "40000009"))
    assert coach.portal.call(
        partial(add_person, coach.app.state.site.db, ARPI, pin_hash="", recovery_hash="")
    )
    return made


@pytest.mark.parametrize("how", ["todos", "marcados"])
def test_it_is_left_out_of_what_is_accepted_together_and_said(
    coach: TestClient, profiles: list[str], how: str
) -> None:
    assert section(coach, "nadie").count(UNLIKE) == 1
    listed = keys(coach, "nadie")
    field = {"todos": {"todos": "si", "lista": listed}, "marcados": {"marcados": "si", "marca": listed}}
    said = answer(coach, "nadie", **field[how])  # type: ignore[arg-type]
    assert [status(coach, profile) for profile in profiles] == ["vouched", None]
    shown = coach.get(DESK, params=said).text
    assert "Lo aceptaste. Queda uno por responder aparte" in shown
    first(coach, "nadie", "si")
    assert status(coach, profiles[1]) == "vouched"


def test_where_nothing_else_was_listed_only_that_is_said(
    browser: TestClient, coach: TestClient, bearer: TestClient
) -> None:
    profile = str(uuid.uuid4())
    upload(bearer, identified(profile, "Julio", "40000002"))
    assert UNLIKE in section(coach, "confirmar")
    said = answer(coach, "confirmar", todos="si", lista=keys(coach, "confirmar"))
    shown = coach.get(DESK, params=said).text
    assert "Queda uno por responder aparte" in shown
    assert "No cambió nada" not in shown
    assert status(coach, profile) == "unverified"
