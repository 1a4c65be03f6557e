"""Progress in one course: a fold over what happened, by union and maximum.

The same set of events gives the same progress in whatever order, number of copies or grouping it arrives, and
one more event never lowers anything. `lms/static/js/progress.js` is its twin; `tests/vectors/progress.json`
holds both to the same answers. A server folds rows of `outcomes`, which are such tallies already.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from msgspec import Struct, to_builtins

from lms.course.model import Outline, OutlineLesson, OutlineUnit
from lms.course.versions import UNRANKED, rank
from lms.events.model import (
    EVENTS,
    FORMS,
    AssessmentSubmitted,
    Event,
    ExerciseAnswered,
    LessonCompleted,
    ProgressReported,
)

REPORTED = "reported."
"""Before the type of a tally that a token brought: it is a maximum, not a count, and adds to nothing."""

State = Literal["none", "started", "done"]

_is_item = re.compile(FORMS["item"]).fullmatch


class Tally(Struct, frozen=True):
    """What all events of one type came to in one item: best mark (None: none yet) and how many there were.

    `version` is the rank of the newest version of the course in which a lesson was completed, -1 otherwise.
    """

    item: str
    type: str
    mark: float | None
    attempts: int
    version: int = UNRANKED


class ExerciseProgress(Struct, frozen=True):
    """Best mark (0 to 1) in an exercise; None while its answers wait to be graded."""

    mark: float | None
    attempts: int


class LessonProgress(Struct, frozen=True):
    """How far a lesson got; only the exercises that were answered are listed.

    One that was `ever_completed` and is not `completed` became another one since.
    """

    opened: bool
    completed: bool
    ever_completed: bool
    exercises: dict[str, ExerciseProgress]


class AssessmentProgress(Struct, frozen=True):
    """Best mark (0 to 20) in an assessment; None while its answers wait to be graded."""

    mark: float | None
    attempts: int
    passed: bool


class UnitProgress(Struct, frozen=True):
    """How far a unit got: done when every lesson is completed and its assessment, if any, is passed."""

    completed_lessons: int
    lessons: int
    assessment: AssessmentProgress | None
    state: State


class Progress(Struct, frozen=True):
    """How far a course got; `percent` counts completed lessons and passed assessments, rounded down."""

    lessons: dict[str, LessonProgress]
    units: dict[str, UnitProgress]
    percent: int


def progress(outline: Outline, events: Iterable[Event]) -> Progress:
    """Progress in the outlined course from events of any course, with the marks that they carry."""
    return progress_of(outline, tallies(outline["course"], events))


def tallies(course: str, events: Iterable[Event]) -> Iterable[Tally]:
    """One tally for each item and type of `course`, each event id counted once."""
    seen: set[str] = set()
    found: dict[tuple[str, str], Tally] = {}
    for event in events:
        if event.course != course or event.id in seen or event.type not in EVENTS:
            continue
        seen.add(event.id)
        data = event.data
        if isinstance(data, ProgressReported):
            for claim in claims(event, data):
                _add(found, claim)
            continue
        mark = float(data.mark) if isinstance(data, ExerciseAnswered | AssessmentSubmitted) else None
        _add(found, Tally(event.item, event.type, mark, 1, completed_version(event)))
    return found.values()


def progress_of(outline: Outline, rows: Iterable[Tally]) -> Progress:
    """Progress from tallies; several on one item and type, as linked profiles have, are added together."""
    found: dict[tuple[str, str], Tally] = {}
    for row in rows:
        _add(found, row)
    _raise(found)
    lessons = {
        lesson["id"]: _lesson(lesson, found) for unit in outline["units"] for lesson in unit["lessons"]
    }
    units = {unit["id"]: _unit(unit, lessons, found, outline["pass_mark"]) for unit in outline["units"]}
    return Progress(lessons, units, _percent(outline, units))


def claims(event: Event, data: ProgressReported) -> Iterator[Tally]:
    """What a token brings to each item, as tallies of their own type; nothing if its event is not of the whole course.

    What is named as no item can be is passed over: nothing has that name, and not every database takes it.
    """
    if event.item == event.course:
        yield from (one for one in _claimed(data, event.version) if _is_item(one.item))


def _claimed(data: ProgressReported, version: str) -> Iterator[Tally]:
    for item, state in data.lessons.items():
        yield Tally(item, REPORTED + "lesson.opened", None, 1)
        if state != "opened":
            # One that had become another since it was completed stays so: any version is later than none.
            yield Tally(
                item,
                REPORTED + "lesson.completed",
                None,
                1,
                rank(version) if state == "completed" else UNRANKED,
            )
    for type, results in (
        ("exercise.answered", data.exercises),
        ("assessment.submitted", data.assessments),
    ):
        for item, (mark, attempts) in results.items():
            yield Tally(item, REPORTED + type, mark, attempts)


def completed_version(event: Event) -> int:
    """The rank of the version in which an event says that a lesson was completed; -1 for any other event."""
    return rank(event.version) if isinstance(event.data, LessonCompleted) else UNRANKED


def is_current(major: str, version: int) -> bool:
    """Whether a lesson completed in a version of that rank still is, where it last became another one in `major`.

    A lesson that never did ("") is completed in any version, even one that cannot be read; else such a one is
    older than any.
    """
    return version >= rank(major)


def best(one: float | None, other: float | None) -> float | None:
    """The greater of two marks, where None is less than any."""
    if one is None or (other is not None and other > one):
        return other
    return one


def _add(found: dict[tuple[str, str], Tally], row: Tally) -> None:
    place = (row.item, row.type)
    old = found.get(place)
    if old:
        several = max if row.type.startswith(REPORTED) else int.__add__
        mark, attempts = best(old.mark, row.mark), several(old.attempts, row.attempts)
        row = Tally(row.item, row.type, mark, attempts, max(old.version, row.version))
    found[place] = row


def _raise(found: dict[tuple[str, str], Tally]) -> None:
    """Let what tokens brought raise what is known, by maximum."""
    for (item, type), claim in list(found.items()):
        if type.startswith(REPORTED):
            place = (item, type.removeprefix(REPORTED))
            old = found.get(place, Tally(*place, None, 0))
            mark, version = best(old.mark, claim.mark), max(old.version, claim.version)
            found[place] = Tally(*place, mark, max(old.attempts, claim.attempts), version)


def _lesson(lesson: OutlineLesson, found: dict[tuple[str, str], Tally]) -> LessonProgress:
    answered = {
        name: ExerciseProgress(row.mark, row.attempts)
        for name in lesson["exercises"]
        if (row := found.get((name, "exercise.answered")))
    }
    row = found.get((lesson["id"], "lesson.completed"))
    completed = row is not None and is_current(lesson.get("major", ""), row.version)
    opened = row is not None or (lesson["id"], "lesson.opened") in found
    return LessonProgress(opened, completed, row is not None, answered)


def _unit(
    unit: OutlineUnit, lessons: dict[str, LessonProgress], found: dict[tuple[str, str], Tally], pass_mark: int
) -> UnitProgress:
    own = [lessons[lesson["id"]] for lesson in unit["lessons"]]
    assessment = _assessment(unit, found, pass_mark)
    completed = sum(lesson.completed for lesson in own)
    state: State = "none"
    if completed == len(own) and (assessment is None or assessment.passed):
        state = "done"
    elif any(lesson.opened or lesson.exercises for lesson in own) or (assessment and assessment.attempts):
        state = "started"
    return UnitProgress(completed, len(own), assessment, state)


def _assessment(
    unit: OutlineUnit, found: dict[tuple[str, str], Tally], pass_mark: int
) -> AssessmentProgress | None:
    if unit["assessment"] is None:
        return None
    row = found.get((unit["assessment"]["id"], "assessment.submitted"))
    if row is None:
        return AssessmentProgress(None, 0, False)
    return AssessmentProgress(row.mark, row.attempts, row.mark is not None and row.mark >= pass_mark)


def _percent(outline: Outline, units: dict[str, UnitProgress]) -> int:
    total = sum(len(unit["lessons"]) + (unit["assessment"] is not None) for unit in outline["units"])
    done = sum(unit.completed_lessons + _passed(unit) for unit in units.values())
    return 100 * done // total if total else 0


def _passed(unit: UnitProgress) -> bool:
    return unit.assessment is not None and unit.assessment.passed


def as_json(value: Progress) -> dict[str, Any]:
    """The progress as plain values, in the shape that the browser's twin returns."""
    plain: dict[str, Any] = to_builtins(value)
    return plain
