"""What an exercise type is: the little that is written for each, and the rules that hold for all."""

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from lms.course.model import Exercise

Key = Mapping[str, Any]
"""The record that grades: `type`, `rev`, general `feedback`, and what its type's module says."""
Form = Mapping[str, list[str]]
"""A posted form: every value of each field, in the order posted."""
Worth = tuple[float, tuple[str, ...]]
"""What an answer earns before it is rounded and tidied: 1.0 for the whole mark, and its sentences."""
Solution = tuple[tuple[str, ...], tuple[str, ...]]
"""The right answer in words, part by part, and the sentences that say why."""


@dataclass(frozen=True, slots=True)
class Grade:
    """What an answer is worth: `mark` from 0 to 1 with four decimals, and the sentences it earned."""

    mark: float
    feedback: tuple[str, ...]


NOTHING = Grade(0.0, ())

SPACES = re.compile("[\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+")
"""What `\\s` means in JavaScript, which is not what it means in Python."""


class Particulars(Protocol):
    """What the module of one type says; `ExerciseType` adds what is the same for every type."""

    NAME: str

    def canonical(self, exercise: Exercise) -> dict[str, Any]:
        """Return what decides a mark beside type and prompt; never feedback."""

    def key(self, exercise: Exercise) -> dict[str, Any]:
        """Return what grading needs beside type, rev and general feedback: JSON-able values."""

    def valid(self, key: Key, answer: Any) -> bool:
        """Tell a whole answer from any other JSON value; never raises."""

    def grade(self, key: Key, answer: Any) -> Worth:
        """Judge an answer that is valid."""

    def from_form(self, exercise: Exercise, form: Form) -> Any:
        """Read the answer that a form's fields hold; what is not valid counts as none."""

    def to_form(self, answer: Any) -> dict[str, list[str]]:
        """Return the fields that hold a valid answer: what `from_form` reads back."""

    def solution(self, exercise: Exercise) -> Solution:
        """Say the right answer in words, for who checks on paper."""


@dataclass(frozen=True, slots=True)
class ExerciseType:
    """One kind of question. None of this raises, whatever JSON value or form arrives."""

    own: Particulars

    @property
    def name(self) -> str:
        """The word that names the type in keys, folders and browser scripts."""
        return self.own.NAME

    @property
    def template(self) -> str:
        """The inside of the `<fieldset>`, named from `lms/course/exercises`; it reads `exercise`."""
        return f"{self.name}/exercise.html"

    def canonical(self, exercise: Exercise) -> dict[str, Any]:
        """Return what `rev` hashes: all that decides a mark, and nothing else."""
        return {"type": self.name, "prompt": exercise.prompt, **self.own.canonical(exercise)}

    def key(self, exercise: Exercise) -> dict[str, Any]:
        """Return the record that grades, JSON-able and enough without the exercise."""
        general = {"type": self.name, "rev": exercise.rev, "feedback": exercise.feedback}
        return {**general, **self.own.key(exercise)}

    def valid(self, key: Key, answer: Any) -> bool:
        """Tell whether a JSON value is a whole answer, right or wrong."""
        return self.own.valid(key, answer)

    def grade(self, key: Key, answer: Any) -> Grade:
        """Grade any JSON value: `NOTHING` for what is not a valid answer."""
        if not self.valid(key, answer):
            return NOTHING
        worth, sentences = self.own.grade(key, answer)
        return Grade(_rounded(worth), _said(sentences))

    def from_form(self, exercise: Exercise, form: Form) -> Any:
        """Read a posted form; None when it holds no valid answer."""
        answer = self.own.from_form(exercise, form)
        return answer if self.valid(self.key(exercise), answer) else None

    def to_form(self, exercise: Exercise, answer: Any) -> Form:
        """Return the fields that hold an answer; none for what is not valid."""
        return self.own.to_form(answer) if self.valid(self.key(exercise), answer) else {}

    def solution(self, exercise: Exercise) -> Solution:
        """Say the right answer in words, and why, the question's general feedback last."""
        right, why = self.own.solution(exercise)
        return right, _said((*why, exercise.feedback))


def canonical_order(name: str, texts: Iterable[str]) -> list[int]:
    """Order texts by a hash, so that their place on the screen says nothing of the answer."""
    hashes = [_digest(f"{name}\0{text}") for text in texts]
    return sorted(range(len(hashes)), key=hashes.__getitem__)


def revision(canonical: Mapping[str, Any]) -> str:
    """Name what decides a mark: 16 hexadecimal digits that change only when a mark could."""
    text = json.dumps(canonical, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return _digest(text)[:16]


def is_position(value: Any, count: int) -> bool:
    """Tell whether a JSON value is a position among `count`; `true` is not 1 here."""
    return type(value) is int and 0 <= value < count


def one_value(form: Form, field: str) -> str | None:
    """Return a field posted exactly once."""
    values = form.get(field, [])
    return values[0] if len(values) == 1 else None


def position_in(text: str | None, count: int) -> int | None:
    """Read a position from a form field; None unless it is one of the `count` offered."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= 3):
        return None
    return int(text) if int(text) < count else None


def _rounded(worth: float) -> float:
    """Clamp to 0..1 and round to four decimals, by the very operations the browser twins use."""
    return math.floor(min(1.0, max(0.0, worth)) * 10000 + 0.5) / 10000


def _said(sentences: Iterable[str]) -> tuple[str, ...]:
    """Keep the sentences that say something, once each, in order."""
    return tuple(dict.fromkeys(sentence for sentence in sentences if sentence))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
