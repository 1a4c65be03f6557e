"""From what somebody did to what a page says of it: progress, states, where to go on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from lms.course.model import Course, Outline
from lms.events.model import OWN
from lms.events.progress import REPORTED, Progress, is_current, progress_of
from lms.learning.queries import Outcome

States = tuple[tuple[str, str], ...]
"""(lesson, "none" | "started" | "changed" | "done"), in the course's order."""

_kept: dict[str, tuple[Course, Outline, Mapping[str, str]]] = {}


def progress_in(course: Course, outcomes: Sequence[Outcome]) -> Progress:
    """Progress in a course from outcomes of any course."""
    return progress_of(_outline(course)[1], (one.tally for one in outcomes if one.course == course.id))


def worked_first(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """What was done, the latest first; lessons that were only opened come after everything else."""
    return sorted(outcomes, key=lambda one: (one.type == "lesson.opened", -one.last))


def last_lesson(course: Course, outcomes: Iterable[Outcome]) -> str:
    """The id of the lesson where somebody worked last, or else of the one opened last, or "".

    A token says nothing of when: where no more is known, the furthest lesson that it says was worked in or opened.
    """
    lesson_of = _outline(course)[2]
    done = [
        one
        for one in worked_first(outcomes)
        if one.course == course.id and one.item in lesson_of and one.type not in OWN
    ]
    found = next((lesson_of[one.item] for one in done if not one.type.startswith(REPORTED)), "")
    opened = {lesson_of[one.item] for one in done}
    worked_in = {lesson_of[one.item] for one in done if one.type != REPORTED + "lesson.opened"}
    furthest = (lesson.id for lesson in reversed(course.lessons) if lesson.id in (worked_in or opened))
    return found or next(furthest, "")


def lesson_states(course: Course, outcomes: Sequence[Outcome]) -> States:
    """Every lesson's state: what the list beside a lesson shows."""
    if not outcomes:
        return _untouched(tuple(lesson.id for lesson in course.lessons))
    lesson_of, major = _outline(course)[2], course.changes.major
    touched = {
        lesson_of.get(one.item): "started"
        for one in outcomes
        if one.course == course.id and one.type not in OWN
    }
    for one in outcomes:
        if (
            one.course == course.id
            and one.type.removeprefix(REPORTED) == "lesson.completed"
            and touched.get(one.item) != "done"
        ):
            touched[one.item] = "done" if is_current(major.get(one.item, ""), one.version) else "changed"
    return tuple((lesson.id, touched.get(lesson.id, "none")) for lesson in course.lessons)


@lru_cache(maxsize=64)
def _untouched(lessons: tuple[str, ...]) -> States:
    return tuple((lesson, "none") for lesson in lessons)


def _outline(course: Course) -> tuple[Course, Outline, Mapping[str, str]]:
    """The course's outline and the lesson of each of its items, made once for each course loaded."""
    kept = _kept.get(course.id)
    if kept is None or kept[0] is not course:
        lesson_of = {lesson.id: lesson.id for lesson in course.lessons}
        lesson_of |= {exercise.name: lesson.id for lesson in course.lessons for exercise in lesson.exercises}
        kept = _kept[course.id] = (course, course.outline(), lesson_of)
    return kept
