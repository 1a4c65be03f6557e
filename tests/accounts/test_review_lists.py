"""«Por revisar», where much waits: answered by ticks, and a page at a time."""

from __future__ import annotations

import re
import uuid

import pytest
from starlette.testclient import TestClient

from lms.accounts.routes import reviewing
from tests.accounts.desk import DESK, answer, keys, section, take_back
from tests.accounts.lines import identified
from tests.accounts.test_review import bearer, coach, upload

__all__ = ["bearer", "coach"]


def test_those_that_are_ticked_are_accepted_and_taken_back_together(
    coach: TestClient, bearer: TestClient
) -> None:
    profiles = [str(uuid.uuid4()) for _ in range(3)]
    for profile in profiles:
        upload(bearer, identified(profile, "Nélida", "40000002"))
    listed = keys(coach, "confirmar")
    said = answer(coach, "confirmar", marcados="si", marca=listed[:2])
    assert "Aceptaste 2 de la lista." in coach.get(DESK, params=said).text
    assert keys(coach, "confirmar") == listed[2:]
    assert "Deshecho: 2 están otra vez por revisar." in take_back(coach, said)
    assert sorted(keys(coach, "confirmar")) == sorted(listed)
    assert "No cambió nada" in coach.get(DESK, params=answer(coach, "confirmar", marcados="si")).text


def test_a_long_list_has_pages_and_an_answer_stays_on_its_page(
    coach: TestClient, bearer: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reviewing, "FEW", 1)
    monkeypatch.setattr(reviewing, "MOST", 2)
    for _ in range(5):
        upload(bearer, identified(str(uuid.uuid4()), "Nélida", "40000002"))
    assert len(keys(coach, "confirmar")) == 1
    assert "Ver los 5" in section(coach, "confirmar")
    last = coach.get(DESK, params={"motivo": "confirmar", "pagina": "9"}).text
    assert "Página 3 de 3" in last
    found = re.findall(r'name="lista" value="([^"]+)"', last)
    said = answer(coach, "confirmar", todos="si", lista=found, pagina="3")
    assert (said["motivo"], said["pagina"]) == ("confirmar", "3")
    shown = coach.get(DESK, params=said).text
    assert "Página 2 de 2" in shown
    assert "Lo aceptaste." in shown


def test_enter_in_a_box_accepts_nothing_that_is_not_ticked(coach: TestClient, bearer: TestClient) -> None:
    for _ in range(2):
        upload(bearer, identified(str(uuid.uuid4()), "Nélida", "40000002"))
    buttons = re.findall(r'<button type="submit"[^>]* name="(\w+)"', section(coach, "confirmar"))
    assert buttons[0] == "marcados"
