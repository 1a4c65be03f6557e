"""What can be asked of the statements: ours, told of events, and those that were left here."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from cast import NELIDA
from events_cast import Tablet, changed
from starlette.testclient import TestClient

from lms.course.model import Course
from lms.events import unnaming, wire
from lms.sync.xapi import reading
from lms.sync.xapi.vocabulary import statement_id
from tests.sync.sending import send
from tests.sync.xapi.acts import VERSION, a_day, new_pass, statement

AT = "/xapi/statements"
COURSE = "urn:chaski:course:curso"
VERB = "http://adlnet.gov/expapi/verbs/"


class Machine:
    """A program that asks."""

    def __init__(self, browser: TestClient) -> None:
        self.browser, self.key = browser, new_pass(browser)

    def get(self, **query: Any) -> Any:
        params = {
            name: value if isinstance(value, str) else json.dumps(value) for name, value in query.items()
        }
        return self.browser.get(AT, params=params, headers=VERSION, auth=self.key)

    def post(self, *statements: Any) -> Any:
        return self.browser.post(AT, json=list(statements), headers=VERSION, auth=self.key)

    def all(self, **query: Any) -> list[Any]:
        """Every page, one after the other."""
        page = self.get(**query).json()
        found = page["statements"]
        while page["more"]:
            page = self.browser.get(page["more"], headers=VERSION, auth=self.key).json()
            found += page["statements"]
        return found


@pytest.fixture
def machine(browser: TestClient) -> Machine:
    return Machine(browser)


@pytest.fixture
def tablet(browser: TestClient, small: Course) -> Tablet:
    """A tablet whose day arrived."""
    one = Tablet(small)
    send(browser, *a_day(one))
    return one


def verbs(statements: list[Any]) -> list[str]:
    return [one["verb"]["id"].removeprefix(VERB) for one in statements]


def test_what_was_done_here_is_told(machine: Machine, tablet: Tablet) -> None:
    found = machine.all(ascending="true")

    assert verbs(found) == [
        "experienced", "completed", *["answered"] * 6, "completed", "progressed"
    ]  # fmt: skip
    assert found == machine.all()[::-1]
    assert found[0]["authority"]["account"]["name"] == "chaski"
    assert machine.get(statementId=found[3]["id"]).json() == found[3]
    assert "40000002" not in json.dumps(found)


FOUND_BY: list[tuple[dict[str, Any], int]] = [
    ({"verb": f"{VERB}completed"}, 2),
    ({"verb": f"{VERB}attended"}, 1),
    ({"verb": f"{VERB}voided"}, 0),
    ({"activity": f"{COURSE}:senal"}, 1),
    ({"activity": COURSE}, 1),
    ({"activity": COURSE, "related_activities": "true"}, 11),
    ({"activity": COURSE, "verb": f"{VERB}answered"}, 0),
    ({"activity": "urn:chaski:course:otro", "related_activities": "true"}, 0),
    ({"activity": "https://ugel.example/taller"}, 1),
    ({"agent": {"mbox": "mailto:ruth@ugel.example"}}, 1),
    ({"agent": {"mbox": "mailto:nadie@ugel.example"}}, 0),
    ({"registration": "12345678-1234-4321-8321-123456789ABC"}, 1),
    ({"since": "2020-01-01T00:00:00Z", "until": "2099-01-01T00:00:00+00:00"}, 11),
    ({"since": "2099-01-01T00:00:00Z"}, 0),
    ({"until": "2020-01-01T00:00:00Z"}, 0),
    ({"limit": 3}, 11),
    ({"limit": 0, "attachments": "false"}, 11),
]


def test_statements_are_found_by_what_they_are_of(machine: Machine, tablet: Tablet) -> None:
    around = {
        "registration": "12345678-1234-4321-8321-123456789abc",
        "contextActivities": {"grouping": [{"id": COURSE}]},
    }
    machine.post(statement(context=around))

    for query, count in FOUND_BY:
        for more in ({"ascending": "true"}, {"ascending": "false"}, {"limit": 1}):
            found = machine.all(**{**more, **query})
            assert len(found) == len({one["id"] for one in found}) == count, query


def test_a_profile_is_asked_for_by_its_account(machine: Machine, tablet: Tablet, small: Course) -> None:
    other = Tablet(small)
    send(machine.browser, other.opens())
    account = {"homePage": "https://aula.example/", "name": other.profile}

    assert verbs(machine.all(agent={"account": account})) == ["experienced"]
    assert machine.all(agent={"account": account | {"homePage": "https://x.example/"}}) == []


def test_both_kinds_stand_in_one_order_and_pages_miss_nothing(machine: Machine, small: Course) -> None:
    draw = random.Random(5)
    tablet = Tablet(small)
    for _ in range(25):
        if draw.random() < 0.5:
            send(machine.browser, *[tablet.opens() for _ in range(draw.randrange(1, 4))])
        else:
            machine.post(*[statement() for _ in range(draw.randrange(1, 4))])
    everything = machine.all(ascending="true", limit=0)

    moments = [one["stored"] for one in everything]
    assert moments == sorted(moments)
    with changed(reading, _STEP=2):
        for limit in (1, 2, 3, 7):
            assert machine.all(ascending="true", limit=limit) == everything
            assert machine.all(limit=limit) == everything[::-1]
            middle = moments[len(moments) // 2]
            later = [one for one in everything if one["stored"] > middle]
            assert machine.all(since=middle, ascending="true", limit=limit) == later


def test_a_page_reads_no_more_of_large_statements_than_it_gives(
    machine: Machine, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = {"result": {"response": "a" * 60_000}}
    for _ in range(3):
        machine.post(*[statement(**large) for _ in range(12)])
    db = browser.app.state.site.db  # type: ignore[attr-defined]
    ask, read = db.rows, list[int]()

    async def counted(*asked: Any, **how: Any) -> Any:
        found = await ask(*asked, **how)
        read.extend(len(one) for row in found if not how for one in row if isinstance(one, bytes))
        return found

    monkeypatch.setattr(db, "rows", counted)
    assert len(machine.get(limit=2).json()["statements"]) == 2
    assert sum(read) < 3 * 61_000
    with changed(reading, _MOST_BYTES=300_000):
        read.clear()
        assert 4 <= len(machine.get(limit=100).json()["statements"]) <= 6
        assert sum(read) < 7 * 61_000
        assert len(machine.all(limit=100)) == 36


def test_a_rare_statement_costs_a_bounded_walk(machine: Machine, small: Course) -> None:
    tablet = Tablet(small)
    send(machine.browser, tablet.completes(), *[tablet.opens() for _ in range(40)])

    with changed(reading, _STEP=5, WALK=10):
        page = machine.get(verb=f"{VERB}attended", limit=1).json()
        rare = machine.all(activity=f"{COURSE}:dos")
        found = machine.all(activity=f"{COURSE}:uno", limit=1)
    assert page == {"statements": [], "more": ""}
    assert rare == []
    assert len(found) == 41


def test_a_statement_of_what_was_done_here_is_known_and_another_with_its_id_is_not(
    machine: Machine, tablet: Tablet
) -> None:
    told = machine.all()

    assert machine.post(*told).status_code == 200
    changed_one = {**told[3], "result": {"success": True}}
    assert machine.post(changed_one).status_code == 409
    assert machine.post({**told[3], "timestamp": "2020-01-01T00:00:00Z"}).status_code == 409
    assert machine.all() == told


def test_a_statement_steps_aside_when_its_event_comes(machine: Machine, small: Course) -> None:
    line = Tablet(small).completes()
    id = statement_id(wire.decode(line).id)
    machine.post(statement(id=id))
    assert verbs(machine.all()) == ["attended"]

    send(machine.browser, line)

    assert verbs(machine.all()) == ["completed"]
    assert verbs([machine.get(statementId=id).json()]) == ["completed"]


def test_ids_only(machine: Machine, tablet: Tablet) -> None:
    brief = machine.get(format="ids", limit=1, activity=f"{COURSE}:senal").json()["statements"][0]

    assert brief["verb"] == {"id": f"{VERB}answered"}
    assert brief["object"] == {"objectType": "Activity", "id": f"{COURSE}:senal"}


NOT_OFFERED: list[dict[str, Any]] = [
        {"foo": "1"}, {"limit": "-1"}, {"limit": "x"}, {"since": "ayer"}, {"until": "2026"}, {"agent": "{"},
        {"agent": {"name": "x"}}, {"format": "xml"}, {"attachments": "true"}, {"related_agents": "true"},
        {"statementId": "x", "voidedStatementId": "y"}, {"statementId": "x", "limit": "1"}, {"from": "zzz"},
        {"from": "WzEsMiwzXQ=="}, {"agent": [1]}, {"agent": {"objectType": "Group", "member": []}},
    {"activity": "a:\0"},
]  # fmt: skip


def test_what_is_not_offered_or_makes_no_sense_is_said(machine: Machine) -> None:
    for query in NOT_OFFERED:
        answer = machine.get(**query)
        assert answer.status_code == 400, query
        assert answer.json()["error"]["message"]


def test_nothing_has_this_id(machine: Machine) -> None:
    assert machine.get(statementId="12345678-1234-4321-8321-123456789abc").status_code == 404
    assert machine.get(statementId="x").status_code == 404


def erase(browser: TestClient, document: str) -> None:
    async def act() -> None:
        db = browser.app.state.site.db  # type: ignore[attr-defined]
        seen = await unnaming.take_out(db, document, at="2026-11-26T00:00:00.000Z")
        async with db.transaction() as work:
            await unnaming.erase_names(work, document, [], seen, at="2026-11-26T00:00:00.000Z")

    assert browser.portal is not None
    browser.portal.call(act)


DNI = NELIDA["documento"]
THEIRS: list[dict[str, Any]] = [
    {"actor": {"account": {"homePage": "https://minedu.example/", "name": DNI}}},
    {"actor": {"mbox": f"mailto:{DNI}@ie.example"}},
    {"actor": {"mbox": "mailto:nelida@ie.example", "name": f"Nélida (DNI {DNI})"}},
    {"actor": {"objectType": "Group", "member": [{"openid": f"https://ie.example/{DNI}"}]}},
    {"context": {"instructor": {"account": {"homePage": "https://minedu.example/", "name": DNI}}}},
    {"result": {"response": f"Mi DNI es {DNI}."}},
    {"context": {"extensions": {"https://ie.example/quien": {"id": int(DNI)}}}},
]
OTHERS: list[dict[str, Any]] = [
    {"result": {"score": {"raw": int(DNI)}}},
    {"result": {"score": {"scaled": float(f"0.{DNI}")}, "response": f"0,{DNI}"}},
    {"timestamp": f"2026-11-26T10:00:00.{DNI}+00:00"},
    {"result": {"duration": f"PT{DNI}S"}},
    {"actor": {"account": {"homePage": "https://minedu.example/", "name": f"1{DNI}"}}},
    {"actor": {"account": {"homePage": f"https://minedu.example/{DNI}/", "name": "ruth"}}},
    {"context": {"registration": f"{DNI}-1234-4321-8321-123456789abc"}},
    {"object": {"objectType": "Activity", "id": f"https://ie.example/curso/{DNI}"}},
]


def test_erasing_an_account_takes_the_statements_that_name_its_document_and_no_other(
    machine: Machine, browser: TestClient
) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    left = [
        statement(**more, id=f"12345678-1234-4321-8321-{n:012}") for n, more in enumerate([*THEIRS, *OTHERS])
    ]
    assert machine.post(*left).status_code == 200

    with changed(unnaming, _AT_ONCE=2):
        erase(browser, DNI)

    assert sorted(one["id"] for one in machine.all()) == [one["id"] for one in left[len(THEIRS) :]]
