"""What can be taken back: a program's own statements, but neither what was done here nor that something was taken back."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from events_cast import Tablet
from starlette.testclient import TestClient

from lms.course.model import Course
from tests.sync.sending import send
from tests.sync.xapi.acts import a_day, new_pass, statement
from tests.sync.xapi.test_asking import Machine, verbs


@pytest.fixture
def machine(browser: TestClient) -> Machine:
    return Machine(browser)


@pytest.fixture
def tablet(browser: TestClient, small: Course) -> Tablet:
    """A tablet whose day arrived."""
    one = Tablet(small)
    send(browser, *a_day(one))
    return one


def test_what_was_done_here_cannot_be_voided(machine: Machine, tablet: Tablet) -> None:
    told = machine.all()
    void = statement("voided", object={"objectType": "StatementRef", "id": told[0]["id"]})

    assert machine.post(void).status_code == 403
    assert machine.all() == told


def test_a_key_voids_its_own_statements_only(machine: Machine) -> None:
    [id] = machine.post(statement()).json()
    void = statement("voided", object={"objectType": "StatementRef", "id": id})
    mine, machine.key = machine.key, new_pass(machine.browser, "otra")

    assert machine.post(void).status_code == 200
    assert machine.get(statementId=id).status_code == 200
    machine.key = mine
    assert machine.post(void).status_code == 200
    assert machine.get(statementId=id).status_code == 404
    assert machine.get(voidedStatementId=id).json()["id"] == id
    assert verbs(machine.all()) == ["voided", "voided"]


def test_a_statement_that_voids_cannot_be_voided_nor_void_itself(machine: Machine) -> None:
    def void(target: str, **more: str) -> dict[str, Any]:
        return statement("voided", object={"objectType": "StatementRef", "id": target}, **more)

    [id] = machine.post(statement()).json()
    [voiding] = machine.post(void(id)).json()
    assert machine.post(void(voiding)).status_code == 400
    own = str(uuid4())
    assert machine.post(void(own, id=own)).status_code == 400
    assert machine.post([void(id, id=own), void(own)]).status_code == 400
    [before] = machine.post(void(own)).json()
    assert machine.post(void(id, id=own)).status_code == 200, "what is told later than who voids it"
    for final in (voiding, before, own):
        assert machine.get(statementId=final).status_code == 200
    assert machine.get(statementId=id).status_code == 404
    assert verbs(machine.all()) == ["voided"] * 3
