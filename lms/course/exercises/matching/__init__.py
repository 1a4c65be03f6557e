"""Pairs to put together.

`options` is empty; `data` is `{lefts: [str], rights: [str], pairs: [int]}`: lefts as authored, rights in
canonical order (some may belong to no left), `pairs[i]` the right of `lefts[i]`. The answer gives each
left the position of a right, or null: `[1, 0, null]`. Key: `pairs` and `rights`, how many there are.
"""

from typing import Any

from lms.course.exercises.exercise_type import Form, Key, Solution, Worth, is_position, one_value, position_in
from lms.course.model import Exercise

NAME = "matching"


def canonical(exercise: Exercise) -> dict[str, Any]:
    """Return both columns and what belongs together."""
    data = exercise.data
    return {"left": data["lefts"], "right": data["rights"], "pairs": data["pairs"]}


def key(exercise: Exercise) -> dict[str, Any]:
    """Return what belongs together, and how many rights there are to choose from."""
    return {"pairs": exercise.data["pairs"], "rights": len(exercise.data["rights"])}


def valid(key: Key, answer: Any) -> bool:
    """Accept one right or null for each left, with at least one right."""
    if not isinstance(answer, list) or len(answer) != len(key["pairs"]):
        return False
    if not all(chosen is None or is_position(chosen, key["rights"]) for chosen in answer):
        return False
    return any(chosen is not None for chosen in answer)


def grade(key: Key, answer: list[int | None]) -> Worth:
    """Give the share of lefts that got their right."""
    good = sum(chosen == right for chosen, right in zip(answer, key["pairs"], strict=True))
    return good / len(key["pairs"]), (key["feedback"],)


def from_form(exercise: Exercise, form: Form) -> list[int | None]:
    """Read one select for each left: `m0`, `m1`, …"""
    lefts, rights = len(exercise.data["lefts"]), len(exercise.data["rights"])
    return [position_in(one_value(form, f"m{left}"), rights) for left in range(lefts)]


def to_form(answer: list[int | None]) -> dict[str, list[str]]:
    """Choose in each left's select."""
    return {f"m{left}": [str(right)] for left, right in enumerate(answer) if right is not None}


def solution(exercise: Exercise) -> Solution:
    """Return each left with its right; why, only the general feedback says."""
    lefts, rights, pairs = exercise.data["lefts"], exercise.data["rights"], exercise.data["pairs"]
    return tuple(f"{left} → {rights[pair]}" for left, pair in zip(lefts, pairs, strict=True)), ()
