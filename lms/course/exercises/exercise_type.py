"""What every exercise type offers, and the three small things they all share."""

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lms.course.model import Exercise

Key = Mapping[str, Any]
Form = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Grade:
    """What an answer is worth: `mark` from 0 to 1 with four decimals, and the sentences it earned."""

    mark: float
    feedback: tuple[str, ...]


NOTHING = Grade(0.0, ())

SPACES = re.compile("[\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+")
"""What `\\s` means in JavaScript, which is not what it means in Python."""


@dataclass(frozen=True, slots=True)
class ExerciseType:
    """One kind of question.

    `canonical` is what `rev` hashes (never feedback); `key` is the record that grades, JSON-able and
    enough without the exercise; `grade` gives `NOTHING` for what `valid` refuses, and neither raises,
    whatever JSON value arrives; `from_form` reads a posted form, None when it holds no whole answer, and
    `to_form` is its inverse, for a valid answer; `template` is the inside of the `<fieldset>`, named from
    `lms/course/exercises`, and reads `exercise`.
    """

    name: str
    canonical: Callable[[Exercise], dict[str, Any]]
    key: Callable[[Exercise], dict[str, Any]]
    grade: Callable[[Key, Any], Grade]
    valid: Callable[[Key, Any], bool]
    from_form: Callable[[Exercise, Form], Any]
    to_form: Callable[[Any], Form]
    template: str


def canonical_order(name: str, texts: Iterable[str]) -> list[int]:
    """Order texts by a hash, so that their place on the screen says nothing of the answer."""
    hashes = [_digest(f"{name}\0{text}") for text in texts]
    return sorted(range(len(hashes)), key=hashes.__getitem__)


def revision(canonical: Mapping[str, Any]) -> str:
    """Name what decides a mark: 16 hexadecimal digits that change only when a mark could."""
    text = json.dumps(canonical, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return _digest(text)[:16]


def round_mark(mark: float) -> float:
    """Clamp to 0..1 and round to four decimals, by the very operations the browser twins use."""
    return math.floor(min(1.0, max(0.0, mark)) * 10000 + 0.5) / 10000


def key_record(exercise: Exercise, **parts: Any) -> dict[str, Any]:
    """Begin every key alike: type, rev and general feedback, then what its type needs."""
    return {"type": exercise.type, "rev": exercise.rev, "feedback": exercise.feedback, **parts}


def is_position(value: Any, count: int) -> bool:
    """Tell whether a JSON value is a position among `count`; `true` is not 1 here."""
    return type(value) is int and 0 <= value < count


def said(*sentences: str) -> tuple[str, ...]:
    """Keep the sentences that say something, once each, in order."""
    return tuple(dict.fromkeys(sentence for sentence in sentences if sentence))


def one_value(form: Form, field: str) -> str | None:
    """Return a field posted exactly once."""
    values = form.get(field, [])
    return values[0] if len(values) == 1 else None


def position_in(text: str | None, count: int) -> int | None:
    """Read a position from a form field; None unless it is one of the `count` offered."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= 3):
        return None
    return int(text) if int(text) < count else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
