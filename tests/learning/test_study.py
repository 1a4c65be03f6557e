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
OUTLINE: dict[str, Any] = json.loads((ROOT / "tests/vectors/progress.json").read_text("utf-8"))["outlines"][
    VECTORS["outline"]
]


@pytest.fixture
def small(course: Course) -> Course:
    """A course with the outline of the vectors."""
    units = tuple(_unit(course, unit) for unit in OUTLINE["units"])
    return replace(course, id=OUTLINE["course"], units=units)


def _unit(course: Course, outline: OutlineUnit) -> Unit:
    lesson, exercise = course.lessons[0], course.lessons[0].exercises[0]
    lessons = tuple(
        replace(
            lesson,
            id=one["id"],
            unit=outline["id"],
            exercises=tuple(replace(exercise, name=name) for name in one["exercises"]),
        )
        for one in outline["lessons"]
    )
    return replace(course.units[0], id=outline["id"], lessons=lessons, assessment=None)


def _outcomes(course: Course, done: list[list[str]]) -> list[Outcome]:
    """What was done, as the database gives it: the latest first."""
    return [Outcome(course.id, item, type, None, 1, 0, last) for last, (type, item) in enumerate(done)][::-1]


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_the_vectors(small: Course, case: dict[str, Any]) -> None:
    done = _outcomes(small, case["done"])
    found = resume(small, progress_in(small, done), last_lesson(small, done))
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
