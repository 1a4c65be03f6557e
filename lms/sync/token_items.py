"""How a token's items are laid out, from the version on; twin of token-items.js.

Nothing of the course is needed to read it, as whoever reads may have another version: which kind of answer
follows is said with each, and what is common becomes cheap by itself (`lms/sync/ranges.py`).
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from lms.sync.ranges import RangeReader, RangeWriter
from lms.sync.token import ANSWERS, FULL, MOST_ATTEMPTS, MOST_ITEMS, SHORT, TENTHS, Form, Result, Token

UNKNOWN, NO, YES, ONE, SOME, ORDER, LIST = range(7)
"""What an answer is: not told, no, yes, one position, rising ones, all of them in an order, any with nulls."""

_MOST_POSITIONS = 64
_UNMARKED = TENTHS + 1


class Items(NamedTuple):
    """What a token says of the items of a course."""

    lessons: tuple[int, ...]
    assessments: tuple[Result | None, ...]
    exercises: tuple[Result | None, ...]
    uncounted: bool = False
    unanswered: int = 0


def write_items(token: Token) -> str:
    """All items as zeros and ones."""
    code = RangeWriter()
    code.even(len(token.lessons), MOST_ITEMS + 1)
    before = 0
    for state in token.lessons:
        code.tree(("lesson", before), state, 2)
        before = state
    code.even(len(token.assessments), MOST_ITEMS + 1)
    for exam in token.assessments:
        code.bit("exam", exam is not None)
        if exam:
            code.even(_UNMARKED if exam.mark is None else exam.mark, _UNMARKED + 1)
            code.number("tries", _tries(exam))
    if token.form != SHORT:
        _write_exercises(code, token)
    return code.bits()


def read_items(bits: str, form: Form) -> Items:
    """All items; ValueError for what nobody wrote."""
    code = RangeReader(bits)
    lessons: list[int] = []
    for _ in range(code.even(MOST_ITEMS + 1)):
        lessons.append(code.tree(("lesson", lessons[-1] if lessons else 0), 2))
    exams = tuple(_read_exam(code) for _ in range(code.even(MOST_ITEMS + 1)))
    return Items(tuple(lessons), exams, *(_read_exercises(code, form) if form != SHORT else ((),)))


def shape_of(answer: Any) -> int:
    """What kind of answer it is; `UNKNOWN` for one that a token does not tell."""
    if isinstance(answer, bool):
        return YES if answer else NO
    if isinstance(answer, int):
        return ONE if 0 <= answer < _MOST_POSITIONS else UNKNOWN
    if not isinstance(answer, list) or len(answer) > _MOST_POSITIONS:
        return UNKNOWN
    chosen = [one for one in answer if one is not None]
    if not all(type(one) is int and 0 <= one < _MOST_POSITIONS for one in chosen):
        return UNKNOWN
    if not chosen or len(chosen) < len(answer):
        return LIST
    if all(one < other for one, other in pairwise(chosen)):
        return SOME
    return ORDER if sorted(chosen) == list(range(len(chosen))) else LIST


def _write_exercises(code: RangeWriter, token: Token) -> None:
    code.even(int(token.uncounted), 2)
    code.number("unanswered", token.unanswered)
    code.even(len(token.exercises), MOST_ITEMS + 1)
    before = True
    for place, one in enumerate(token.exercises):
        code.bit(("tried", before), one is not None)
        before = one is not None
        if one is not None:
            told = token.form == ANSWERS and place >= token.unanswered
            _write_exercise(code, one, told, token.uncounted)


def _write_exercise(code: RangeWriter, one: Result, told: bool, uncounted: bool) -> None:
    right, shape = one.mark == FULL, shape_of(one.answer) if told else UNKNOWN
    code.bit("right", right)
    if not right:
        if told:
            code.number("shape", shape)
        code.bit(("nothing", shape), not one.mark)
        if one.mark:
            code.tree(("mark", shape), one.mark, 6)
    if not uncounted:
        code.number(("attempts", right), _tries(one))
    if not right:
        _write_answer(code, shape, one.answer)


def _write_answer(code: RangeWriter, shape: int, answer: Any) -> None:
    if shape == ONE:
        code.number("one", answer)
    elif shape == SOME:
        for place in range(answer[-1] + 1):
            code.bit(("some", place), place in answer)
            if place in answer:
                code.bit(("more", place), place < answer[-1])
    elif shape == ORDER:
        code.number("steps", len(answer))
        left = list(range(len(answer)))
        for place in answer:
            code.even(left.index(place), len(left))
            left.remove(place)
    elif shape == LIST:
        code.number("length", len(answer))
        for place in answer:
            code.number("pair", 0 if place is None else place + 1)


def _read_exam(code: RangeReader) -> Result | None:
    if not code.bit("exam"):
        return None
    mark = code.even(_UNMARKED + 1)
    return Result(None if mark == _UNMARKED else mark, code.number("tries") + 1)


def _read_exercises(code: RangeReader, form: Form) -> tuple[tuple[Result | None, ...], bool, int]:
    uncounted = code.even(2) == 1
    unanswered = code.number("unanswered")
    found: list[Result | None] = []
    for place in range(code.even(MOST_ITEMS + 1)):
        before = not found or found[-1] is not None
        told = form == ANSWERS and place >= unanswered
        found.append(_read_exercise(code, told, uncounted) if code.bit(("tried", before)) else None)
    return tuple(found), uncounted, unanswered


def _read_exercise(code: RangeReader, told: bool, uncounted: bool) -> Result:
    right = code.bit("right")
    mark, shape = FULL, UNKNOWN
    if not right:
        shape = code.number("shape") if told else UNKNOWN
        mark = 0 if code.bit(("nothing", shape)) else code.tree(("mark", shape), 6)
        if mark > FULL:
            raise ValueError(mark)
    attempts = 1 if uncounted else code.number(("attempts", right)) + 1
    return Result(mark, attempts, None if right else _read_answer(code, shape))


def _read_answer(code: RangeReader, shape: int) -> Any:
    if shape == ONE:
        return code.number("one")
    if shape == SOME:
        return _read_some(code)
    if shape == ORDER:
        left = list(range(_length(code.number("steps"))))
        return [left.pop(code.even(len(left))) for _ in range(len(left))]
    if shape == LIST:
        places = [code.number("pair") for _ in range(_length(code.number("length")))]
        return [place - 1 if place else None for place in places]
    return {NO: False, YES: True}.get(shape)


def _read_some(code: RangeReader) -> Sequence[int]:
    chosen: list[int] = []
    for place in range(_MOST_POSITIONS):
        if code.bit(("some", place)):
            chosen.append(place)
            if not code.bit(("more", place)):
                return chosen
    raise ValueError("no end")


def _length(count: int) -> int:
    if count > _MOST_POSITIONS:
        raise ValueError(count)
    return count


def _tries(one: Result) -> int:
    return min(max(one.attempts, 1), MOST_ATTEMPTS) - 1
