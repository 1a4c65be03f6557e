"""What follows each lesson and each assessment, with and without a final assessment."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sample_courses import FINAL, sample

from lms.course.loader import load_course
from lms.course.model import Assessment, Course, Lesson, Unit
from lms.course.way import after_assessment, after_lesson


@pytest.fixture
def final(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """«El agua» with a final assessment in a unit of its own."""
    loaded = load_course(sample(FINAL.name, tmp_path_factory.mktemp("final")))
    assert loaded.course is not None, loaded.problems
    return loaded.course


def ids(course: Course) -> list[str]:
    found: list[Lesson | Assessment | None] = [after_lesson(course, lesson) for lesson in course.lessons]
    found += [after_assessment(course, unit.assessment) for unit in course.units if unit.assessment]
    return [one.id if one else "" for one in found]


def without_assessments(course: Course) -> Course:
    def bare(unit: Unit) -> Unit:
        return replace(unit, assessment=None) if unit.lessons else unit

    return replace(course, units=tuple(map(bare, course.units)))


def test_a_last_unit_may_be_an_assessment_alone(final: Course) -> None:
    assert final.final is not None
    assert final.final.id == "evaluacion-final"
    assert [unit.product for unit in final.units] == ["Plan de agua", ""]
    assert [len(unit["lessons"]) for unit in final.outline()["units"]] == [2, 0]


def test_the_final_assessment_follows_that_of_the_last_unit(final: Course) -> None:
    assert ids(final) == ["la-lluvia", "evaluacion-el-agua", "evaluacion-final", ""]


def test_it_follows_the_last_lesson_where_its_unit_has_no_assessment(final: Course) -> None:
    assert ids(without_assessments(final)) == ["la-lluvia", "evaluacion-final", ""]


def test_without_a_final_assessment_the_way_ends(good: Course) -> None:
    assert good.final is None
    assert ids(good) == ["la-lluvia", "evaluacion-el-agua", ""]
    assert ids(without_assessments(good)) == ["la-lluvia", ""]


def test_a_unit_without_assessment_leads_on_to_the_next_unit(good: Course) -> None:
    one, two = good.lessons
    units = (
        replace(good.units[0], lessons=(one,), assessment=None),
        replace(good.units[0], id="otra", number=2, lessons=(replace(two, unit="otra"),), assessment=None),
    )
    assert ids(replace(good, units=units)) == ["la-lluvia", ""]
