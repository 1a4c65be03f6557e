"""A number, typed.

`options` are the accepted answers as authored (`3:0`, `2..4`, `*`), in order; `data` is
`{ranges: [[answer, tolerance] | null, …]}`, one for each option, null for `*` (anything else). The answer
is the text as typed, up to 40 characters: `"18,5"`.
Key: `accepted`, a list of `{low, high, weight, feedback}`, both ends included, null and null for `*`.

How a number is read: an optional `+`, `-` or `−`; digits, all together or in threes with a space between
(`5 000`, any kind of space); then, if wanted, one comma or one point and the decimals. `1.500` is one and
a half, as on any calculator. Nothing else may stand beside the number. Among the ranges that hold it,
the one worth most counts; among equals, the first.
"""

import re
from typing import Any

from lms.course.exercises import typed
from lms.course.exercises.exercise_type import SPACES, Key, Solution, Worth
from lms.course.model import Exercise

NAME = "numerical"
LIMIT = 40
NOT_A_NUMBER = "No pude leer un número. Escribe solo cifras, por ejemplo 18.5."

_NUMBER = re.compile("([+-]?) ?((?:[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:[.,][0-9]*)?|[.,][0-9]+)")
# What Moodle adds to a tolerance, so that 18.5 ± 0.1 holds 18.6 in binary too.
_EPSILON = 1e-14

from_form = typed.from_form


def canonical(exercise: Exercise) -> dict[str, Any]:
    """Return the ranges and what each is worth."""
    weights = [option.weight for option in exercise.options]
    return {"ranges": exercise.data["ranges"], "weights": weights}


def key(exercise: Exercise) -> dict[str, Any]:
    """Return the ranges accepted, by their ends."""
    accepted = []
    for span, option in zip(exercise.data["ranges"], exercise.options, strict=True):
        low, high = _ends(span)
        accepted.append({"low": low, "high": high, "weight": option.weight, "feedback": option.feedback})
    return {"accepted": accepted}


def valid(key: Key, answer: Any) -> bool:
    """Accept any short text that is not blank; one that is no number is an answer, worth nothing."""
    return isinstance(answer, str) and len(answer) <= LIMIT and SPACES.sub("", answer) != ""


def grade(key: Key, answer: str) -> Worth:
    """Give the weight and sentence of the range that holds the number and is worth most."""
    number = read_number(answer)
    if number is None:
        return 0.0, (NOT_A_NUMBER,)
    holding = (accepted for accepted in key["accepted"] if _holds(accepted, number))
    return typed.worth_most(holding, key["feedback"])


def to_form(answer: str) -> dict[str, list[str]]:
    """Type it again."""
    return {"answer": [answer]}


def read_number(text: str) -> float | None:
    """Read a number as people in Peru write it; None when it is not one."""
    found = _NUMBER.fullmatch(SPACES.sub(" ", text.replace("\u2212", "-")).strip(" "))
    if found is None:
        return None
    return float(found[1] + found[2].replace(" ", "").replace(",", "."))


def _ends(span: list[float] | None) -> tuple[float | None, float | None]:
    if span is None:
        return None, None
    answer, tolerance = span
    width = tolerance + _EPSILON * max(abs(tolerance), abs(answer), _EPSILON)
    return answer - width, answer + width


def _holds(accepted: Key, number: float) -> bool:
    return accepted["low"] is None or accepted["low"] <= number <= accepted["high"]


def solution(exercise: Exercise) -> Solution:
    """Return the numbers that are worth the whole mark, each with how far from it one may be, and why."""
    right = [
        (_in_words(*range_), option.feedback)
        for range_, option in zip(exercise.data["ranges"], exercise.options, strict=True)
        if range_ and option.weight == 1
    ]
    return tuple(words for words, _ in right), tuple(feedback for _, feedback in right)


def _in_words(answer: float, tolerance: float) -> str:
    if not tolerance:
        return _figures(answer)
    return f"de {_figures(answer - tolerance)} a {_figures(answer + tolerance)}"


def _figures(number: float) -> str:
    """Write all of a number's figures: 12 000 000 is no 1.2e+07 on paper."""
    return f"{number:.9f}".rstrip("0").rstrip(".")
