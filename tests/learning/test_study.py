"""Where somebody goes on; the vectors hold the browser to the same answers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from cast import ROOT

from lms.course.model import Course, OutlineUnit, Unit
from lms.learning.queries import Outcome
from lms.learning.study import last_lesson, progress_in, worked_first
from lms.learning.views import resume

VECTORS: dict[str, Any] = json.loads((ROOT / "tests/vectors/resume.json").read_text("utf-8"))
OUTLINES: dict[str, Any] = json.loads((ROOT / "tests/vectors/progress.json").read_text("utf-8"))["outlines"]


@pytest.fixture
def small(course: Course) -> Course:
    """A course with the usual outline of the vectors."""
    return _with_outline(course, VECTORS["outline"])


def _with_outline(course: Course, name: str) -> Course:
    outline = OUTLINES[name]
    units = tuple(_unit(course, unit) for unit in outline["units"])
    return replace(course, id=outline["course"], units=units)


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
    return [
        Outcome(course.id, item, type, mark[0] if mark else None, 1, 0, last)
        for last, (type, item, *mark) in enumerate(done)
    ][::-1]


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_the_vectors(course: Course, case: dict[str, Any]) -> None:
    asked = _with_outline(course, case.get("outline", VECTORS["outline"]))
    done = _outcomes(asked, case["done"])
    found = resume(asked, progress_in(asked, done), last_lesson(asked, done))
    assert (found.href.rpartition("/")[2] if found and found.started else "") == case["lesson"]


def test_a_course_not_begun_begins_at_its_first_lesson(small: Course) -> None:
    found = resume(small, progress_in(small, ()), "")
    assert found is not None
    assert (found.href, found.started) == (f"/cursos/{small.id}/uno", False)


def test_work_comes_before_what_was_only_opened(small: Course) -> None:
    done = _outcomes(
        small, [["exercise.answered", "a"], ["lesson.completed", "uno"], ["lesson.opened", "dos"]]
    )
    assert [one.item for one in worked_first(done)] == ["uno", "a", "dos"]
