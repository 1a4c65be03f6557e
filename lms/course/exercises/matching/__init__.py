"""Pairs to put together.

`options` is empty; `data` is `{lefts: [str], rights: [str], pairs: [int]}`: lefts as authored, rights in
canonical order (some may belong to no left), `pairs[i]` the right of `lefts[i]`. The answer gives each
left the position of a right, or null: `[1, 0, null]`. Key: `pairs` and `rights`, how many there are.
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

NAME = "matching"


def canonical(exercise: Exercise) -> dict[str, Any]:
    """Return what decides the mark."""
    return {
        "type": NAME,
        "prompt": exercise.prompt,
        "left": exercise.data["lefts"],
        "right": exercise.data["rights"],
        "pairs": exercise.data["pairs"],
    }


def key(exercise: Exercise) -> dict[str, Any]:
    """Return the record that grades."""
    return key_record(exercise, pairs=exercise.data["pairs"], rights=len(exercise.data["rights"]))


def valid(key: Key, answer: Any) -> bool:
    """Accept one right or null for each left, with at least one right."""
    if not isinstance(answer, list) or len(answer) != len(key["pairs"]):
        return False
    if not all(chosen is None or is_position(chosen, key["rights"]) for chosen in answer):
        return False
    return any(chosen is not None for chosen in answer)


def grade(key: Key, answer: Any) -> Grade:
    """Give the share of lefts that got their right."""
    if not valid(key, answer):
        return NOTHING
    good = sum(chosen == right for chosen, right in zip(answer, key["pairs"], strict=True))
    return Grade(round_mark(good / len(key["pairs"])), said(key["feedback"]))


def from_form(exercise: Exercise, form: Form) -> list[int | None] | None:
    """Read one select for each left: `m0`, `m1`, …"""
    lefts, rights = len(exercise.data["lefts"]), len(exercise.data["rights"])
    answer = [position_in(one_value(form, f"m{left}"), rights) for left in range(lefts)]
    return answer if any(chosen is not None for chosen in answer) else None


def to_form(answer: list[int | None]) -> dict[str, list[str]]:
    """Choose in each left's select."""
    return {f"m{left}": [str(right)] for left, right in enumerate(answer) if right is not None}
