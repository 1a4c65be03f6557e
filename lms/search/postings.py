"""What the index keeps of a passage: under each form of its words how much it is about it, and where."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from whoosh.fields import STORED, FieldType, Schema
from whoosh.formats import Format

from lms.course.analysis import forms, normal, words
from lms.course.ranking import HEADING, TEXT, TITLE, amount


class Posting(NamedTuple):
    """A passage that has a form: how much, whether in its own heading or text, and where in its text."""

    passage: int
    amount: float
    in_body: bool
    starts: array[int]


class Words(NamedTuple):
    """The parts of a passage that are searched, in NFC."""

    title: str
    heading: str
    text: str


class _Packed(Format):  # type: ignore[misc]  # whoosh has no types
    """Values are integers as this machine keeps them: 1 or 0 for `in_body`, then each start."""


class PassageField(FieldType):  # type: ignore[misc]  # whoosh has no types
    """A field that takes a passage's words and indexes their forms with our own weights."""

    scorable = True  # whoosh only keeps the postings of such fields
    multitoken_query = "or"

    def __init__(self) -> None:
        super().__init__(format=_Packed(), analyzer=None, scorable=True)

    def index(self, value: Words, **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield a form, its count, its amount and its packed places, for each form of the passage."""
        found: dict[str, _Mentions] = {}
        length = 0
        for text, boost in ((value.title, TITLE), (value.heading, HEADING), (value.text, TEXT)):
            for start, word in words(text):
                length += boost == TEXT
                for form in forms(word):
                    found.setdefault(form, _Mentions()).add(start, boost)
        for form, mentions in found.items():
            places = array("I", [mentions.in_body, *mentions.starts]).tobytes()
            yield form.encode(), 1, amount(mentions.weight, length), places


class _Mentions:
    __slots__ = ("in_body", "starts", "weight")

    def __init__(self) -> None:
        self.weight = 0
        self.in_body = False
        self.starts: list[int] = []

    def add(self, start: int, boost: int) -> None:
        self.weight += boost
        self.in_body = self.in_body or boost != TITLE
        if boost == TEXT:
            self.starts.append(start)


SCHEMA_FIELDS = ("course", "lesson", "lesson_title", "number", "anchor", "heading", "text")


def schema() -> Schema:
    """One indexed field, `words`; the others are only kept to be shown."""
    return Schema(words=PassageField(), **dict.fromkeys(SCHEMA_FIELDS, STORED))


def searched(title: str, heading: str, text: str) -> Words:
    """The parts of a passage as they are indexed."""
    return Words(normal(title), normal(heading), normal(text))


def unpack(passage: int, much: float, value: bytes) -> Posting:
    """Read a posting as whoosh gives it."""
    numbers = array("I", value)
    return Posting(passage, much, bool(numbers[0]), numbers[1:])


def merged(postings: Iterable[Posting]) -> list[int]:
    """All starts of several postings of one passage, each once, in order."""
    return sorted({start for posting in postings for start in posting.starts})
