"""One choice among several.

`options` in canonical order; `data` is empty. The answer is a position: `2`.
Key: `weights` and `feedbacks`, one for each option in canonical order.
"""

from typing import Any

from lms.course.exercises import choices
from lms.course.exercises.exercise_type import Form, Key, Worth, is_position, one_value, position_in
from lms.course.model import Exercise

NAME = "single"

canonical = choices.canonical
key = choices.key
solution = choices.solution


def valid(key: Key, answer: Any) -> bool:
    """Accept the position of one option."""
    return is_position(answer, len(key["weights"]))


def grade(key: Key, answer: int) -> Worth:
    """Give the chosen option's weight and its sentence."""
    return key["weights"][answer], (key["feedbacks"][answer], key["feedback"])


def from_form(exercise: Exercise, form: Form) -> int | None:
    """Read the chosen radio button."""
    return position_in(one_value(form, "answer"), len(exercise.options))


def to_form(answer: int) -> dict[str, list[str]]:
    """Choose a radio button."""
    return {"answer": [str(answer)]}
