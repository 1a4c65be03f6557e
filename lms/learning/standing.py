"""How far somebody has come in each course, as «Mi avance» shows it to them, and a teacher's page to a coach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.course.model import Course
from lms.events.own import Own
from lms.learning.queries import Outcome
from lms.learning.study import last_lesson, progress_in
from lms.learning.views import CourseView, Row, course_view


@dataclass(frozen=True, slots=True)
class Standing:
    """A course in «Mi avance»: `unconfirmed` names items whose results stand on loose profiles alone.

    `own` are the lessons with a bookmark or a note, which nobody else is shown.
    """

    view: CourseView
    unconfirmed: frozenset[str]
    own: tuple[tuple[Row, Own], ...] = ()


def standings(
    courses: Mapping[str, Course], done: Sequence[Outcome], loose: set[tuple[str, str]]
) -> list[Standing]:
    """Of the courses that are here those worked in, the last one first; of courses only looked at, the last."""
    worked = dict.fromkeys(one.course for one in done if one.type != "lesson.opened")
    begun = list(worked) or [one.course for one in done[:1]]
    return [_standing(courses[id], done, loose) for id in begun if id in courses]


def _standing(course: Course, done: Sequence[Outcome], loose: set[tuple[str, str]]) -> Standing:
    view = course_view(course, progress_in(course, done), last_lesson(course, done))
    return Standing(view, frozenset(item for place, item in loose if place == course.id))
