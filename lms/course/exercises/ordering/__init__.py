"""Steps to put in order.

`options` is empty; `data` is `{items: [str], order: [int], all_or_nothing: bool}`: items in canonical
order, `order` their positions in the right order. The answer is the item positions in the chosen order:
`[2, 0, 1]`. Key: `order` and `all_or_nothing`; without the latter, each item in its place counts.
"""

from typing import Any

from lms.course.exercises.exercise_type import Form, Key, Solution, Worth, is_position, one_value, position_in
from lms.course.model import Exercise

NAME = "ordering"


def canonical(exercise: Exercise) -> dict[str, Any]:
    """Return the items, their right order and how it is judged."""
    return dict(exercise.data)


def key(exercise: Exercise) -> dict[str, Any]:
    """Return the right order and how it is judged."""
    return {"order": exercise.data["order"], "all_or_nothing": exercise.data["all_or_nothing"]}


def valid(key: Key, answer: Any) -> bool:
    """Accept every item once."""
    count = len(key["order"])
    if not isinstance(answer, list) or len(answer) != count:
        return False
    return all(is_position(item, count) for item in answer) and len(set(answer)) == count


def grade(key: Key, answer: list[int]) -> Worth:
    """Give the share of items in their place, or nothing short of all of them."""
    good = sum(chosen == right for chosen, right in zip(answer, key["order"], strict=True))
    share = good / len(key["order"])
    return float(share == 1) if key["all_or_nothing"] else share, (key["feedback"],)


def from_form(exercise: Exercise, form: Form) -> list[int] | None:
    """Read one select for each item, `p0`, `p1`, …, with its place from 1; None if two share a place."""
    count = len(exercise.data["items"])
    answer: list[int] = [-1] * count
    for item in range(count):
        place = position_in(one_value(form, f"p{item}"), count + 1)
        if not place or answer[place - 1] >= 0:
            return None
        answer[place - 1] = item
    return answer


def to_form(answer: list[int]) -> dict[str, list[str]]:
    """Give each item its place."""
    return {f"p{item}": [str(place)] for place, item in enumerate(answer, start=1)}


def solution(exercise: Exercise) -> Solution:
    """Return the items in their order; why, only the general feedback says."""
    items = (exercise.data["items"][position] for position in exercise.data["order"])
    return tuple(f"{place}.º {item}" for place, item in enumerate(items, 1)), ()
