"""Between a token's numbers and a course's names: the token of somebody's progress, and the event of a token."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal

import msgspec
from msgspec import Struct

from lms.course.model import Course
from lms.course.numbers import numbers_of
from lms.events import wire
from lms.events.model import VERSION, Event, ProgressReported
from lms.events.progress import AssessmentProgress, ExerciseProgress, LessonProgress, Progress
from lms.events.stand_ins import stand_in_of
from lms.sync.over_token import plain
from lms.sync.token import ANSWERS, CHANGED, COMPLETED, FULL, NOTHING, OPENED, Form, Result, Token, course_key

_STATES: dict[int, Literal["opened", "completed", "changed"]] = {
    OPENED: "opened",
    COMPLETED: "completed",
    CHANGED: "changed",
}
_A_LITTLE = 1e-6  # so that a third of sixty is twenty

Answers = Mapping[str, Any]
"""The answer by which each exercise got its mark, for those that are not fully right."""


class Whose(Struct, frozen=True):
    """Whose a token is and when it was made."""

    profile: str
    day: date


def token_of(course: Course, progress: Progress, whose: Whose, form: Form, answers: Answers) -> Token:
    """What a token says of somebody's progress in a course."""
    numbers = numbers_of(course)
    found = {name: one for lesson in progress.lessons.values() for name, one in lesson.exercises.items()}
    exams = (unit.assessment for unit in course.units)
    reached = (unit.assessment for unit in progress.units.values())
    tried = {exam.id: one for exam, one in zip(exams, reached, strict=True) if exam and one and one.attempts}
    told = answers if form == ANSWERS else {}
    exercises = tuple(_exercise(found.get(id), told.get(id)) for id in numbers.exercises) if form else ()
    return Token(
        form,
        course_key(course.id),
        whose.profile.replace("-", "")[:12],
        whose.day,
        course.version,
        tuple(_state(progress.lessons.get(id)) for id in numbers.lessons),
        tuple(_exam(tried.get(id)) for id in numbers.assessments),
        exercises,
    )


def event_of(text: str, token: Token, course: Course, profile: str) -> bytes:
    """The line of the event that a token of this course becomes; the same wherever the same is understood of it.

    Its device is one of its own, so it takes no place in anybody's order. `lms.report.record` in report.js writes the
    same bytes, so a token that a device took in and sends on is known where the token itself was brought.
    """
    data = _data(plain(text), token, course)
    line = wire.encode(_event(data, token, course, profile))
    if len(line) > wire.MAX_LINE:
        line = wire.encode(_event(msgspec.structs.replace(data, answers={}), token, course, profile))
    return line


def stand_in(prefix: str) -> str:
    """What stands in for a profile of which a token knows no more than the beginning."""
    return stand_in_of(f"{prefix[:8]}-{prefix[8:]}")


def _state(lesson: LessonProgress | None) -> int:
    if lesson is None:
        return NOTHING
    if lesson.ever_completed:
        return COMPLETED if lesson.completed else CHANGED
    return OPENED if lesson.opened else NOTHING


def _exam(reached: AssessmentProgress | None) -> Result | None:
    return Result(_units(reached.mark, 10), reached.attempts) if reached else None


def _exercise(reached: ExerciseProgress | None, answer: Any) -> Result | None:
    if reached is None:
        return None
    mark = _units(reached.mark, FULL) or 0
    return Result(mark, reached.attempts, None if mark == FULL or isinstance(answer, str) else answer)


def _units(mark: float | None, of_one: int) -> int | None:
    return None if mark is None else int(mark * of_one + _A_LITTLE)


def _data(text: str, token: Token, course: Course) -> ProgressReported:
    numbers = numbers_of(course)
    exercises = dict(_named(numbers.exercises, token.exercises))
    return ProgressReported(
        token=text,
        day=token.day.isoformat(),
        lessons={
            id: _STATES[state] for id, state in zip(numbers.lessons, token.lessons, strict=False) if state
        },
        exercises={id: (_plain((one.mark or 0) / FULL), one.attempts) for id, one in exercises.items()},
        assessments={
            id: (None if one.mark is None else _plain(one.mark / 10), one.attempts)
            for id, one in _named(numbers.assessments, token.assessments)
        },
        answers={id: one.answer for id, one in exercises.items() if one.answer is not None},
    )


def _named(ids: Sequence[str], results: Sequence[Result | None]) -> Iterator[tuple[str, Result]]:
    """Each result with its item's name; what this version of the course does not have is passed over."""
    return ((id, one) for id, one in zip(ids, results, strict=False) if one)


def _event(data: ProgressReported, token: Token, course: Course, profile: str) -> Event:
    digest = hashlib.sha256(f"{profile}\n{course.id}\n".encode() + msgspec.json.encode(data)).hexdigest()
    day = token.day.isoformat()
    time = f"{(token.day - date(1970, 1, 1)).days * 86_400_000:012x}"
    return Event(
        VERSION, _uuid(f"{time}7{digest[:3]}8{digest[3:18]}"), "progress.reported", f"{day}T00:00:00.000Z",
        _uuid(f"{digest[18:30]}4{digest[30:33]}9{digest[33:48]}"), profile, 1,
        course.id, token.version, course.id, data,
    )  # fmt: skip


def _uuid(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _plain(number: float) -> float:
    """The number as JavaScript writes it: a whole one without decimals, so that both make the same bytes."""
    return int(number) if number == int(number) else number
