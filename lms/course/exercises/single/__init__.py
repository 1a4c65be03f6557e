"""One choice among several.

`options` in canonical order; `data` is empty. The answer is a position: `2`.
Key: `weights` and `feedbacks`, one for each option in canonical order.
"""

from typing import Any

from lms.course.exercises.exercise_type import (
    NOTHING,
    Form,
    Grade,
    Key,
    is_position,
    key_record,
    one_value,
    position_in,
    round_mark,
    said,
)
from lms.course.model import Exercise

NAME = "single"


def canonical(exercise: Exercise) -> dict[str, Any]:
    """Return what decides the mark."""
    return {
        "type": NAME,
        "prompt": exercise.prompt,
        "options": [option.text for option in exercise.options],
        "weights": [option.weight for option in exercise.options],
    }


def key(exercise: Exercise) -> dict[str, Any]:
    """Return the record that grades."""
    return key_record(
        exercise,
        weights=[option.weight for option in exercise.options],
        feedbacks=[option.feedback for option in exercise.options],
    )


def valid(key: Key, answer: Any) -> bool:
    """Accept the position of one option."""
    return is_position(answer, len(key["weights"]))


def grade(key: Key, answer: Any) -> Grade:
    """Give the chosen option's weight and its sentence."""
    if not valid(key, answer):
        return NOTHING
    return Grade(round_mark(key["weights"][answer]), said(key["feedbacks"][answer], key["feedback"]))


def from_form(exercise: Exercise, form: Form) -> int | None:
    """Read the chosen radio button."""
    return position_in(one_value(form, "answer"), len(exercise.options))


def to_form(answer: int) -> dict[str, list[str]]:
    """Choose a radio button."""
    return {"answer": [str(answer)]}
