"""Several choices, some of them right.

`options` in canonical order, wrong ones usually below zero; `data` is empty. The answer is the sorted
positions chosen, at least one: `[0, 3]`. Key: `weights` and `feedbacks`, one for each option.
"""

from itertools import pairwise
from typing import Any

from lms.course.exercises import choices
from lms.course.exercises.exercise_type import Form, Key, Worth, is_position, position_in
from lms.course.model import Exercise

NAME = "multiple"

canonical = choices.canonical
key = choices.key
solution = choices.solution


def valid(key: Key, answer: Any) -> bool:
    """Accept positions in rising order, each once."""
    if not isinstance(answer, list) or not 0 < len(answer) <= len(key["weights"]):
        return False
    if not all(is_position(position, len(key["weights"])) for position in answer):
        return False
    return all(before < after for before, after in pairwise(answer))


def grade(key: Key, answer: list[int]) -> Worth:
    """Add the weights of what was chosen; a wrong choice takes away, never below zero."""
    total = 0.0
    for position in answer:  # not sum(): from Python 3.12 it adds floats differently from browsers
        total += key["weights"][position]
    return total, (*(key["feedbacks"][position] for position in answer), key["feedback"])


def from_form(exercise: Exercise, form: Form) -> list[int] | None:
    """Read the ticked boxes."""
    found = {position_in(text, len(exercise.options)) for text in form.get("answer", [])}
    positions = sorted(position for position in found if position is not None)
    return positions if positions and len(positions) == len(found) else None


def to_form(answer: list[int]) -> dict[str, list[str]]:
    """Tick the boxes."""
    return {"answer": [str(position) for position in answer]}
