"""A statement that is true or false.

`options` is empty; `data` is `{right: bool, when_wrong: str, when_right: str}`. The answer is `true` or
`false`. Key: the same three as `data`.
"""

from typing import Any

from lms.course.exercises.exercise_type import NOTHING, Form, Grade, Key, key_record, one_value, said
from lms.course.model import Exercise

NAME = "truefalse"


def canonical(exercise: Exercise) -> dict[str, Any]:
    """Return what decides the mark."""
    return {"type": NAME, "prompt": exercise.prompt, "right": exercise.data["right"]}


def key(exercise: Exercise) -> dict[str, Any]:
    """Return the record that grades."""
    return key_record(exercise, **exercise.data)


def valid(key: Key, answer: Any) -> bool:
    """Accept a JSON boolean."""
    return isinstance(answer, bool)


def grade(key: Key, answer: Any) -> Grade:
    """Give all or nothing, with the sentence for each case."""
    if not valid(key, answer):
        return NOTHING
    if answer == key["right"]:
        return Grade(1.0, said(key["when_right"], key["feedback"]))
    return Grade(0.0, said(key["when_wrong"], key["feedback"]))


def from_form(exercise: Exercise, form: Form) -> bool | None:
    """Read the chosen radio button."""
    return {"true": True, "false": False}.get(one_value(form, "answer") or "")


def to_form(answer: bool) -> dict[str, list[str]]:
    """Choose a radio button."""
    return {"answer": ["true" if answer else "false"]}
