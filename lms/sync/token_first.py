"""How tokens of format 1 were laid out after their version: they are read for ever, and no longer written."""

from typing import Any

from lms.sync.bits import Reader
from lms.sync.token import (
    ANSWERS,
    CHANGED,
    COMPLETED,
    FULL,
    MOST_ITEMS,
    NOTHING,
    OPENED,
    SHORT,
    TENTHS,
    Form,
    Result,
)
from lms.sync.token_items import Items

_UNMARKED = 255


def read_items(bits: Reader, form: Form) -> Items:
    """All items; ValueError for what nobody wrote."""
    lessons = tuple(_lesson(bits) for _ in range(_count(bits)))
    assessments = tuple(_assessment(bits) for _ in range(_count(bits)))
    exercises = () if form == SHORT else tuple(_exercise(bits, form) for _ in range(_count(bits)))
    if not bits.is_spent():
        raise ValueError("something follows")
    return Items(lessons, assessments, exercises)


def _count(bits: Reader) -> int:
    count = bits.gamma() - 1
    if count > MOST_ITEMS:
        raise ValueError(count)
    return count


def _lesson(bits: Reader) -> int:
    if bits.fixed(1):
        return COMPLETED
    return (CHANGED if bits.fixed(1) else OPENED) if bits.fixed(1) else NOTHING


def _assessment(bits: Reader) -> Result | None:
    if not bits.fixed(1):
        return None
    tenths = bits.fixed(8)
    if TENTHS < tenths < _UNMARKED:
        raise ValueError(tenths)
    return Result(None if tenths == _UNMARKED else tenths, bits.gamma())


def _exercise(bits: Reader, form: Form) -> Result | None:
    if not bits.fixed(1):
        return None
    mark = FULL if bits.fixed(1) else (bits.fixed(6) if bits.fixed(1) else 0)
    if mark > FULL:
        raise ValueError(mark)
    attempts = bits.gamma()
    return Result(mark, attempts, _answer(bits) if form == ANSWERS and mark < FULL else None)


def _answer(bits: Reader) -> Any:
    kind = bits.fixed(2)
    if kind == 0:
        return None
    if kind == 1:
        return bits.rice()
    if kind == 2:
        return [bits.rice() - 1 if bits.fixed(1) else None for _ in range(_count(bits))]
    return bool(bits.fixed(1))
