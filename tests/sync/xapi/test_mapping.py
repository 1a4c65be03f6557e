"""Each event as a statement."""

from __future__ import annotations

import json
import uuid
from typing import Any

import msgspec
import pytest
from events_cast import IN_LESSON, Tablet, right, small_course, store

from lms.course.exercises import TYPES
from lms.course.model import Course
from lms.db import Database
from lms.events import wire
from lms.events.model import EVENTS, Event, NoteWritten
from lms.events.revisions import Shelf, publish_revisions
from lms.sync.xapi.interactions import INTERACTIONS
from lms.sync.xapi.mapping import Teller
from lms.sync.xapi.vocabulary import VERBS, activity, event_id, place_of, statement_id
from tests.sync.xapi.acts import a_day

HOME = "https://aula.example/"


@pytest.fixture
async def teller(db: Database, small: Course) -> Teller:
    """A node that has the course."""
    await publish_revisions(db, small)
    return Teller(HOME, {small.id: small}, await Shelf.of(db).current(db))


def told(teller: Teller, line: bytes) -> dict[str, Any]:
    statement = teller.tell(line)
    assert statement is not None
    return statement


def test_every_event_is_a_statement_but_a_name_a_key_and_what_is_ones_own() -> None:
    own = {"profile.identified", "device.announced", "lesson.bookmarked", "note.written"}
    assert set(VERBS) == set(EVENTS) - own


def test_a_private_note_is_told_to_no_program(teller: Teller, small: Course) -> None:
    tablet = Tablet(small)
    assert teller.tell(tablet.writes("note.written", "uno", NoteWritten("Mi clave es…", ()))) is None


def test_every_type_of_exercise_is_an_interaction() -> None:
    assert set(INTERACTIONS) == set(TYPES)


def test_a_finished_lesson(teller: Teller, small: Course) -> None:
    tablet = Tablet(small)

    statement = told(teller, tablet.completes())

    assert uuid.UUID(statement["id"]).version == 4
    assert statement["actor"] == {
        "objectType": "Agent", "account": {"homePage": HOME, "name": tablet.profile}
    }  # fmt: skip
    assert statement["verb"]["id"] == "http://adlnet.gov/expapi/verbs/completed"
    assert statement["object"]["id"] == "urn:chaski:course:curso:uno"
    assert statement["object"]["definition"]["name"] == {"es-PE": "Uno"}
    assert statement["result"] == {"completion": True}
    assert statement["timestamp"] == "2026-11-23T13:40:00.123Z"
    context = statement["context"]
    assert context["contextActivities"]["grouping"][0]["id"] == "urn:chaski:course:curso"
    assert (context["revision"], context["language"]) == ("1.0.0", "es-PE")
    assert context["extensions"] == {"urn:chaski:xapi:device": tablet.device, "urn:chaski:xapi:seq": 1}


@pytest.mark.parametrize(
    "case",
    [
        ("varias", [0, 2], "choice", "0[,]2", None),
        ("verdad", False, "true-false", "false", ["true"]),
        ("palabra", "Sim", "fill-in", "Sim", ["{case_matters=false}SIM", "{case_matters=false}chip"]),
        ("cuenta", "18,50", "numeric", "18.5", ["18.4[:]18.6"]),
        ("cuenta", "no sé", "numeric", "no sé", ["18.4[:]18.6"]),
        ("parejas", [1, None, 0], "matching", "0[.]1[,]2[.]0", None),
    ],
)
def test_an_answer_says_what_was_asked_and_what_is_right(
    teller: Teller, small: Course, case: tuple[Any, ...]
) -> None:
    name, answer, kind, response, pattern = case
    statement = told(teller, Tablet(small).answers(name, answer))

    definition = statement["object"]["definition"]
    assert definition["interactionType"] == kind
    assert definition["description"]["es-PE"] == small.exercise(name).prompt
    assert statement["result"]["response"] == response
    if pattern:
        assert definition["correctResponsesPattern"] == pattern


def test_the_right_answer_is_the_pattern(teller: Teller, small: Course) -> None:
    """What is right by our own key has the response that the definition calls right."""
    pairs = small.exercise("parejas").data["pairs"]
    for name, answer in (("senal", right(small.exercise("senal"))), ("parejas", pairs)):
        statement = told(teller, Tablet(small).answers(name, answer, 1.0))
        assert statement["result"]["response"] in statement["object"]["definition"]["correctResponsesPattern"]
        assert statement["result"]["success"] is True
        assert statement["result"]["score"] == {"scaled": 1.0, "raw": 1.0, "min": 0, "max": 1}


def test_a_mark_is_the_senders_and_this_nodes_stands_beside_it(teller: Teller, small: Course) -> None:
    wrong = 1 if right(small.exercise("senal")) != 1 else 0

    result = told(teller, Tablet(small).answers("senal", wrong, 1.0))["result"]

    assert result["score"]["raw"] == 1.0
    assert result["extensions"]["urn:chaski:xapi:mark-here"] == 0.0
    assert result["extensions"]["urn:chaski:xapi:graded"] == "device"


def test_an_assessment_has_its_vigesimal_mark(teller: Teller, small: Course) -> None:
    statement = told(teller, Tablet(small).submits({"b1": 0}, attempt=2, mark=15.5))

    assert statement["result"]["score"] == {"scaled": 0.775, "raw": 15.5, "min": 0, "max": 20}
    assert statement["result"]["extensions"]["urn:chaski:xapi:attempt"] == 2
    assert statement["object"]["definition"]["extensions"] == {"urn:chaski:xapi:pass-mark": 14}


def test_a_node_that_has_not_the_course_tells_the_same_but_for_descriptions(
    teller: Teller, small: Course
) -> None:
    elsewhere = Teller(HOME, {}, type(teller.revisions)())
    for line in a_day(Tablet(small)):
        here, there = teller.tell(line), elsewhere.tell(line)
        for statement in (here, there):
            if statement:
                statement["object"].pop("definition")
                statement.get("result", {}).pop("response", None)
                statement.get("result", {}).get("extensions", {}).pop("urn:chaski:xapi:mark-here", None)
        assert here == there


def test_an_answer_to_an_older_revision_is_told_with_its_own_choices(teller: Teller, small: Course) -> None:
    newer = small_course(IN_LESSON.replace("En el cerro", "En la torre"), version="2.0.0")
    line = Tablet(small).answers("senal", 0)

    definition = told(
        Teller(HOME, {newer.id: newer}, teller.revisions), line
    )["object"]["definition"]  # fmt: skip

    assert "En el cerro" in json.dumps(definition, ensure_ascii=False)


def test_a_name_an_unknown_type_and_a_newer_envelope_are_no_statement(teller: Teller, small: Course) -> None:
    tablet = Tablet(small)
    assert teller.tell(tablet.identifies("Nélida", "40000002")) is None
    assert teller.tell(tablet.writes("video.seen", "uno", {})) is None
    newer = msgspec.structs.replace(wire.decode(tablet.opens()), v=2)
    assert teller.tell(wire.encode(newer)) is None
    assert teller.tell(b"{") is None


@pytest.mark.parametrize("at", ["2026-99-99T99:99:99Z", "0001-01-01T00:00:00+23:59", "::::"])
def test_a_clock_that_tells_no_moment_says_nothing(teller: Teller, small: Course, at: str) -> None:
    event: Event = msgspec.structs.replace(wire.decode(Tablet(small).opens()), at=at)

    assert "timestamp" not in told(teller, wire.encode(event))


@pytest.mark.parametrize("item", ["", "uno", "ñandú: 1/2", "a:b%20c"])
def test_an_activity_says_which_item_of_which_course_it_is(item: str) -> None:
    assert place_of(activity("curso", item)) == ("curso", item)


@pytest.mark.parametrize(
    "name", ["urn:chaski:course:", "urn:chaski:course:curso:", "https://x.example/", "x"]
)
def test_other_names_are_not_ours(name: str) -> None:
    assert place_of(name) is None


def test_a_statement_leads_back_to_its_event(small: Course) -> None:
    id = wire.decode(Tablet(small).opens()).id
    assert event_id(statement_id(id)) == id
    assert event_id(id) == ""


async def test_what_the_log_holds_is_told_as_it_came(db: Database, teller: Teller, small: Course) -> None:
    line = Tablet(small).completes()
    await store(db, line)

    kept = await db.value("SELECT line FROM events")
    assert teller.tell(bytes(kept)) == teller.tell(line)
