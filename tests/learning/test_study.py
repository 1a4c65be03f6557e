"""Where somebody goes on; the vectors hold the browser to the same answers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from cast import ROOT

from lms.course.model import Changes, Course, OutlineUnit, Unit
from lms.course.versions import rank
from lms.events import wire
from lms.events.model import Event, ProgressReported
from lms.events.progress import claims
from lms.learning.queries import Outcome
from lms.learning.study import last_lesson, lesson_states, progress_in, worked_first
from lms.learning.views import course_view, lesson_state, resume

VECTORS: dict[str, Any] = json.loads((ROOT / "tests/vectors/resume.json").read_text("utf-8"))
PROGRESS: dict[str, Any] = json.loads((ROOT / "tests/vectors/progress.json").read_text("utf-8"))
OUTLINES: dict[str, Any] = PROGRESS["outlines"]


@pytest.fixture
def small(course: Course) -> Course:
    """A course with the usual outline of the vectors."""
    return _with_outline(course, VECTORS["outline"])


def _with_outline(course: Course, name: str) -> Course:
    outline = OUTLINES[name]
    units = tuple(_unit(course, unit) for unit in outline["units"])
    lessons = [lesson for unit in outline["units"] for lesson in unit["lessons"]]
    major = {lesson["id"]: lesson["major"] for lesson in lessons if "major" in lesson}
    return replace(course, id=outline["course"], units=units, changes=Changes(major=major))


def _unit(course: Course, outline: OutlineUnit) -> Unit:
    unit, lesson, exercise = course.units[0], course.lessons[0], course.lessons[0].exercises[0]
    lessons = tuple(
        replace(
            lesson,
            id=one["id"],
            unit=outline["id"],
            exercises=tuple(replace(exercise, name=name) for name in one["exercises"]),
        )
        for one in outline["lessons"]
    )
    assessment = None
    if outline["assessment"] and unit.assessment:
        assessment = replace(unit.assessment, id=outline["assessment"]["id"], unit=outline["id"])
    return replace(unit, id=outline["id"], lessons=lessons, assessment=assessment)


def _outcomes(course: Course, done: list[list[Any]]) -> list[Outcome]:
    """What was done, as the database gives it: the latest first."""
    rows: list[Outcome] = []
    for last, (type, item, *rest) in enumerate(done):
        if type == "progress.reported":
            said = {"token": "", "day": "", "answers": {}, **rest[1]}
            data = msgspec.convert(said, ProgressReported)
            rows += [
                Outcome(course.id, one.item, one.type, one.mark, one.attempts, 0, last, one.version)
                for one in claims(
                    Event(1, "", type, "", "", "", 1, course.id, course.version, item, data), data
                )
            ]
        else:
            rows.append(Outcome(course.id, item, type, rest[0] if rest else None, 1, 0, last))
    return rows[::-1]


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_the_vectors(course: Course, case: dict[str, Any]) -> None:
    asked = _with_outline(course, case.get("outline", VECTORS["outline"]))
    done = _outcomes(asked, case["done"])
    progress, last = progress_in(asked, done), last_lesson(asked, done)
    found = resume(asked, progress, last)
    assert (found.href.rpartition("/")[2] if found and found.started else "") == case["lesson"]
    assert course_view(asked, progress, last).begun == case.get("begun", bool(case["lesson"]))


def _rows_of(course: str, event: dict[str, Any], last: int) -> list[Outcome]:
    """What the read model has of an event: a row, or what a token brings to each item."""
    read = wire.decode(json.dumps(event).encode())
    if isinstance(read.data, ProgressReported):
        found = claims(read, read.data)
        return [
            Outcome(course, one.item, one.type, None, one.attempts, 0, last, one.version) for one in found
        ]
    return [Outcome(course, event["item"], event["type"], None, 1, 0, last, rank(event["version"]))]


@pytest.mark.parametrize(
    "case",
    [case for case in PROGRESS["cases"] if case["outline"] == "changed"],
    ids=lambda case: case["name"],
)
def test_the_list_beside_a_lesson_says_what_progress_says(course: Course, case: dict[str, Any]) -> None:
    asked = _with_outline(course, "changed")
    done = [one for last, event in enumerate(case["events"]) for one in _rows_of(asked.id, event, last)]
    progress = progress_in(asked, done)
    states = {lesson.id: lesson_state(progress, lesson.id) for lesson in asked.lessons}
    assert dict(lesson_states(asked, done)) == states
    reached = case["progress"]["lessons"]
    assert [state == "done" for state in states.values()] == [one["completed"] for one in reached.values()]


def test_a_course_not_begun_begins_at_its_first_lesson(small: Course) -> None:
    found = resume(small, progress_in(small, ()), "")
    assert found is not None
    assert (found.href, found.started) == (f"/cursos/{small.id}/uno", False)


def test_work_comes_before_what_was_only_opened(small: Course) -> None:
    done = _outcomes(
        small, [["exercise.answered", "a"], ["lesson.completed", "uno"], ["lesson.opened", "dos"]]
    )
    assert [one.item for one in worked_first(done)] == ["uno", "a", "dos"]
