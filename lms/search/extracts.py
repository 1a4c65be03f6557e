"""The few lines of a passage that show why it was found. The twin is in `static/js/extracts.js`."""

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import NamedTuple

from lms.course.analysis import WORD, forms, words

LENGTH = 200  # signs, about thirty words
REACH = 150  # how far apart two matches may stand to be shown together
LEAD = 60  # signs at most before the first match


class Piece(NamedTuple):
    """A stretch of an extract; `mark` says that it matched."""

    text: str
    mark: bool


class Spot(NamedTuple):
    """A matched word: where it begins in the text, and which word of the query it answers."""

    start: int
    word: int


def extract(text: str, spots: Sequence[Spot]) -> tuple[Piece, ...]:
    """The stretch of `text` with most different words of the query, cut at spaces; `spots` are in order."""
    first = _densest(spots)
    start = _start(text, first)
    end = _end(text, start)
    pieces = [Piece("… ", False)] if start else []
    at = start
    for spot in spots:
        word = WORD.match(text, spot.start) if at <= spot.start < end else None
        if word:
            pieces += [Piece(text[at : spot.start], False), Piece(word[0], True)]
            at = word.end()
    pieces.append(Piece(text[at:end] + (" …" if end < len(text) else ""), False))
    return tuple(piece for piece in pieces if piece.text)


def marked(text: str, sought: Set[str]) -> tuple[Piece, ...]:
    """All of a short text: a title, a heading. Marked are the words that have one of the forms in `sought`."""
    return tuple(piece for piece in _cut(text, sought) if piece.text)


def phrase(keywords: str, shown: Iterable[Piece], sought: Set[str]) -> tuple[Piece, ...]:
    """Of what people ask a lesson by, what has most words of the query; nothing where `shown` has a mark already."""
    if _marks(shown):
        return ()
    best = max((marked(one, sought) for one in keywords.split(", ")), key=_marks)
    return best if _marks(best) else ()


def _cut(text: str, sought: Set[str]) -> Iterator[Piece]:
    at = 0
    for start, word in words(text):
        if not sought.isdisjoint(forms(word)):
            yield Piece(text[at:start], False)
            yield Piece(word, True)
            at = start + len(word)
    yield Piece(text[at:], False)


def _marks(pieces: Iterable[Piece]) -> int:
    return sum(piece.mark for piece in pieces)


def _densest(spots: Sequence[Spot]) -> int:
    """Where the best group of matches begins."""
    best, place = (0, 0), 0
    for i, spot in enumerate(spots):
        near = [other.word for other in spots[i : i + 12] if other.start < spot.start + REACH]
        worth = (len(set(near)), len(near))
        if worth > best:
            best, place = worth, spot.start
    return place


def _start(text: str, first: int) -> int:
    """The beginning of the sentence of the first match, or a space near it."""
    earliest = max(0, first - LEAD)
    if not earliest:
        return 0
    sentence = text.rfind(". ", earliest, first)
    if sentence >= 0:
        return sentence + 2
    space = text.find(" ", earliest, first)
    return space + 1 if space >= 0 else first


def _end(text: str, start: int) -> int:
    if len(text) <= start + LENGTH:
        return len(text)
    space = text.rfind(" ", start + LENGTH - LEAD, start + LENGTH)
    return space if space > start else start + LENGTH
