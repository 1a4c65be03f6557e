"""What the index keeps of a course under each form of its words: which passages, how much, and where.

One whoosh document is one course, and a posting is one packed list: reading it is one copy, where a posting a
passage took twenty times as long.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from whoosh.fields import STORED, FieldType, Schema
from whoosh.formats import Format

from lms.course.analysis import forms, normal, words
from lms.course.ranking import HEADING, ONE, TEXT, TITLE, amount

if TYPE_CHECKING:
    from lms.course.texts import Passage

SHOWN = ("lesson", "lesson_title", "number", "anchor", "heading", "keywords", "text")


class Words(NamedTuple):
    """The parts of a passage that are searched, in NFC."""

    title: str
    heading: str
    keywords: str
    text: str


class Postings(NamedTuple):
    """The passages of one course that have a form, in order; for each how much (in 1/`ONE`) and where.

    `body` are those that have it in their own heading or text; the starts of the passage i are
    `starts[ends[i - 1] : ends[i]]`.
    """

    passages: Sequence[int]
    amounts: Sequence[int]
    body: Sequence[int]
    ends: Sequence[int]
    starts: Sequence[int]

    def starts_in(self, passage: int) -> Sequence[int]:
        """Where the form begins in a passage's text; nothing when the passage does not have it."""
        i = bisect_left(self.passages, passage)
        if i == len(self.passages) or self.passages[i] != passage:
            return ()
        return self.starts[self.ends[i - 1] if i else 0 : self.ends[i]]


class _Packed(Format):  # type: ignore[misc]  # whoosh has no types
    """Values are lists of integers as this machine keeps them."""


class CourseField(FieldType):  # type: ignore[misc]  # whoosh has no types
    """A field that takes a course's passages and indexes their forms; a weight is a number of passages."""

    scorable = True  # whoosh only keeps the postings of such fields

    def __init__(self) -> None:
        super().__init__(format=_Packed(), analyzer=None, scorable=True)

    def index(self, value: Iterable[Words], **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield each form with its packed postings."""
        found: dict[str, _List] = {}
        for number, passage in enumerate(value):
            length = sum(1 for _ in words(passage.text))
            for form, mentions in _mentions(passage).items():
                found.setdefault(form, _List()).add(number, amount(mentions.weight, length), mentions)
        for form, postings in found.items():
            yield form.encode(), 1, float(len(postings.passages)), postings.pack()


def schema() -> Schema:
    """`words` is indexed, in documents of courses; the others are kept to be shown, in those of passages."""
    return Schema(words=CourseField(), **dict.fromkeys(SHOWN, STORED))


def searched(passage: Passage) -> Words:
    """The parts of a passage as they are indexed."""
    return Words(*map(normal, (passage.lesson_title, passage.heading, passage.keywords, passage.text)))


def unpack(value: bytes) -> Postings:
    """Read what `_List.pack` wrote."""
    numbers = array("I")
    numbers.frombytes(value)
    n, in_body = numbers[0], numbers[1]
    a, b = 2 + n, 2 + 2 * n
    c, d = b + in_body, b + in_body + n
    return Postings(numbers[2:a], numbers[a:b], numbers[b:c], numbers[c:d], numbers[d:])


class _Mentions:
    """One form in one passage."""

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


def _mentions(passage: Words) -> dict[str, _Mentions]:
    found: dict[str, _Mentions] = {}
    boosts = (TITLE, HEADING, HEADING, TEXT)
    for text, boost in zip(passage, boosts, strict=True):
        for start, word in words(text):
            for form in forms(word):
                found.setdefault(form, _Mentions()).add(start, boost)
    return found


class _List:
    """One form in one course, while it is indexed."""

    __slots__ = ("amounts", "body", "ends", "passages", "starts")

    def __init__(self) -> None:
        self.passages: list[int] = []
        self.amounts: list[int] = []
        self.body: list[int] = []
        self.ends: list[int] = []
        self.starts: list[int] = []

    def add(self, passage: int, much: float, mentions: _Mentions) -> None:
        self.passages.append(passage)
        self.amounts.append(int(much * ONE))  # exact: see `ranking.amount`
        self.starts += mentions.starts
        self.ends.append(len(self.starts))
        if mentions.in_body:
            self.body.append(passage)

    def pack(self) -> bytes:
        head = (len(self.passages), len(self.body))
        return array(
            "I", [*head, *self.passages, *self.amounts, *self.body, *self.ends, *self.starts]
        ).tobytes()
