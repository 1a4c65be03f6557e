"""Questions as a test writes and reads them."""

from __future__ import annotations

from lms.course.gift import parse_gift
from lms.course.model import Exercise


def read(text: str) -> Exercise:
    """Return the only question of a text with which nothing is wrong."""
    found, problems = parse_gift(text, "banco.gift")
    assert not problems
    assert len(found) == 1
    return found[0]


def problems_of(text: str, first_line: int = 1) -> list[tuple[int, str]]:
    """Return the line and the code of each problem."""
    return [(problem.line, problem.code) for problem in parse_gift(text, "banco.gift", first_line)[1]]


def weights(exercise: Exercise) -> dict[str, float]:
    """Return what each option is worth."""
    return {option.text: option.weight for option in exercise.options}


def escaped(text: str) -> str:
    """Write a text so that all its signs are read as text; GIFT has no way to write `->` in a left side."""
    for sign in "\\~=#{}:":
        text = text.replace(sign, "\\" + sign)
    return text.replace("\n", "\\n")
