"""What a token says: one profile's progress in one course, by the numbers of its items."""

from binascii import crc32
from datetime import date
from typing import Any, Literal, NamedTuple

Form = Literal[0, 1, 2]
"""0: lessons and assessments, for an SMS; 1: exercises too; 2: the choices in them too."""

SHORT: Literal[0] = 0
MARKS: Literal[1] = 1
ANSWERS: Literal[2] = 2
FORMS: tuple[Form, ...] = (SHORT, MARKS, ANSWERS)
NOTHING, OPENED, COMPLETED, CHANGED = range(4)
"""What a lesson can be; `CHANGED` is one completed before it became another."""

FULL = 60
"""Marks of exercises are sixtieths, so that halves, thirds, quarters, fifths and sixths are exact."""

TENTHS = 200
"""The full mark of an assessment."""

MOST_ATTEMPTS = 255
MOST_ITEMS = 4095


class Result(NamedTuple):
    """What somebody reached in an item: sixtieths of an exercise, tenths of an assessment, None: no mark yet.

    `answer` is of an exercise that is not fully right: a position, a list of them with nulls, or a boolean.
    """

    mark: int | None
    attempts: int
    answer: Any = None


class Token(NamedTuple):
    """What a token says. Items stand at their numbers; None is one that was not touched.

    What did not fit was left out: with `uncounted` each exercise stands as tried once, and the first `unanswered`
    exercises stand without their answer.
    """

    form: Form
    course: int
    profile: str
    day: date
    version: str
    lessons: tuple[int, ...]
    assessments: tuple[Result | None, ...]
    exercises: tuple[Result | None, ...] = ()
    uncounted: bool = False
    unanswered: int = 0


def course_key(course: str) -> int:
    """The 24 bits by which a token names a course."""
    return crc32(course.encode()) & 0xFFFFFF
