"""A statement that is true or false.

`options` is empty; `data` is `{right: bool, when_wrong: str, when_right: str}`. The answer is `true` or
`false`. Key: the same three as `data`.
"""

from typing import Any

from lms.course.exercises.exercise_type import Form, Key, Solution, Worth, one_value
from lms.course.model import Exercise

NAME = "truefalse"


def canonical(exercise: Exercise) -> dict[str, Any]:
    """Return which of the two is right."""
    return {"right": exercise.data["right"]}


def key(exercise: Exercise) -> dict[str, Any]:
    """Return which of the two is right, and the sentence for each case."""
    return dict(exercise.data)


def valid(key: Key, answer: Any) -> bool:
    """Accept a JSON boolean."""
    return isinstance(answer, bool)


def grade(key: Key, answer: bool) -> Worth:
    """Give all or nothing, with the sentence for each case."""
    if answer == key["right"]:
        return 1.0, (key["when_right"], key["feedback"])
    return 0.0, (key["when_wrong"], key["feedback"])


def from_form(exercise: Exercise, form: Form) -> bool | None:
    """Read the chosen radio button."""
    return {"true": True, "false": False}.get(one_value(form, "answer") or "")


def to_form(answer: bool) -> dict[str, list[str]]:
    """Choose a radio button."""
    return {"answer": ["true" if answer else "false"]}


def solution(exercise: Exercise) -> Solution:
    """Return the right word, and why."""
    return ("Verdadero" if exercise.data["right"] else "Falso",), (exercise.data["when_right"],)
