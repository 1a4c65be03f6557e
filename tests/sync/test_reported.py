"""From somebody's progress to a token, and from a token to an event that raises the same items."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from cast import COURSE, ROOT
from events_cast import small_course
from sync.learners import PROFILE, learner

from lms.course.loader import load_course
from lms.course.model import Course
from lms.course.numbers import numbers_of
from lms.db import Database
from lms.events import log, wire
from lms.events.progress import Progress, as_json, progress
from lms.events.queries import progress_in
from lms.events.revisions import rebuild_outcomes
from lms.sync.over_token import decode, encode, fitting
from lms.sync.reported import Whose, event_of, stand_in, token_of
from lms.sync.token import ANSWERS, Result, Token, course_key

VECTORS: dict[str, Any] = json.loads((ROOT / "tests/vectors/report.json").read_text("utf-8"))
WHOSE = Whose(PROFILE, date(2026, 11, 25))


@pytest.fixture(scope="module")
def digital() -> Course:
    course = load_course(COURSE).course
    assert course is not None
    return course


def done_in(course: Course, data: bytes) -> Progress:
    return progress(course.outline(), [wire.decode(data)])


def test_what_a_token_says_is_what_was_reached(digital: Course) -> None:
    token = learner(digital, right=0.5, seed=7)
    text = encode(token)
    reached = done_in(digital, event_of(text, token, digital, PROFILE))
    answers = wire.decode(event_of(text, token, digital, PROFILE)).data.answers

    assert reached.percent == 100
    assert encode(token_of(digital, reached, WHOSE, ANSWERS, answers)) == text


@pytest.mark.parametrize("case", VECTORS["lines"], ids=lambda case: case["name"])
def test_a_token_becomes_the_same_line_as_in_a_browser(case: dict[str, str]) -> None:
    course = small_course()
    assert VECTORS["outline"] == course.outline()

    line = event_of(case["token"], decode(case["token"]), course, case["profile"])
    assert line.decode() == case["line"]


@pytest.mark.parametrize("case", VECTORS["tokens"], ids=lambda case: case["name"])
def test_what_was_done_becomes_the_same_token_as_in_a_browser(case: dict[str, Any]) -> None:
    course = small_course()
    reached = progress(course.outline(), [wire.decode(json.dumps(one).encode()) for one in case["events"]])
    whose = Whose(case["profile"], date.fromisoformat(case["day"]))

    assert encode(fitting(token_of(course, reached, whose, case["form"], case["answers"]))) == case["text"]


def test_a_token_of_an_older_version_lands_on_the_right_items() -> None:
    old = small_course()
    unit = old.units[0]
    first = replace(unit.lessons[0], id="nueva", title="Nueva", exercises=unit.lessons[0].exercises[3:4])
    kept = replace(
        unit.lessons[0], exercises=(*unit.lessons[0].exercises[4:], *unit.lessons[0].exercises[:2])
    )
    lines = tuple(
        f"{kind} {id}"
        for kind, ids in zip(("lesson", "exercise", "assessment"), numbers_of(old), strict=True)
        for id in ids
    )
    new = replace(old, version="1.1.0", units=(replace(unit, lessons=(first, kept)),), numbers=lines)
    token = Token(1, course_key(old.id), "2a362bd8272a", WHOSE.day, old.version, (2, 1), (Result(150, 1),),
                  (Result(60, 1), Result(30, 2), Result(0, 4), None, None, Result(20, 1)))  # fmt: skip
    reached = done_in(new, event_of(encode(token), token, new, PROFILE))
    before = done_in(old, event_of(encode(token), token, old, PROFILE))

    assert numbers_of(new).lessons == ("uno", "dos", "nueva")
    assert reached.lessons["uno"].completed
    assert not reached.lessons["nueva"].opened
    assert not reached.lessons["nueva"].exercises
    assert {n: before.lessons["uno"].exercises[n] for n in ("senal", "varias", "parejas")} == reached.lessons[
        "uno"
    ].exercises
    assert reached.units["u1"].assessment == before.units["u1"].assessment


async def test_two_tokens_are_known_again_and_merge_by_maximum(db: Database) -> None:
    course = small_course()
    profile = stand_in("2a362bd8272a")
    one = Token(
        1,
        course_key(course.id),
        "2a362bd8272a",
        WHOSE.day,
        "1.0.0",
        (1, 0),
        (Result(120, 2),),
        (Result(30, 4),),
    )
    other = one._replace(
        lessons=(2, 1), assessments=(Result(170, 1),), exercises=(Result(20, 5), Result(60, 1))
    )
    lines = [event_of(encode(token), token, course, profile) for token in (one, other)]

    assert [one.status for one in await log.append(db, lines, source="file")] == ["stored", "stored"]
    assert [one.status for one in await log.append(db, lines, source="file")] == ["known", "known"]
    reached = as_json(await progress_in(db, course.outline(), [profile]))
    assert reached["units"]["u1"]["assessment"] == {"mark": 17.0, "attempts": 2, "passed": True}
    assert reached["lessons"]["uno"]["exercises"]["senal"] == {"mark": 0.5, "attempts": 5}
    assert reached["lessons"]["uno"]["completed"]
    assert reached == as_json(progress(course.outline(), map(wire.decode, lines)))
    await rebuild_outcomes(db)
    assert reached == as_json(await progress_in(db, course.outline(), [profile]))
