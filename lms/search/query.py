"""From a query to ranked passages with extracts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import TYPE_CHECKING

from lms.course.analysis import fold, normal, plain, query_forms, words
from lms.course.ranking import (
    COMMON_SHARE,
    FILLERS,
    FORM_WEIGHTS,
    ONE,
    STRONG_FORMS,
    Matches,
    best,
    scores,
    similar,
    telling,
)
from lms.search.extracts import Piece, Spot, extract

if TYPE_CHECKING:
    from lms.search.index import Index, Part
    from lms.search.postings import Postings

LONGEST = 100  # signs of a query
MOST_WORDS = 12
MOST_PASSAGES = 40


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found; `lesson` is its id and `number` as in "1.2".

    `keywords` are what its lesson is asked by, of the passage that opens it.
    """

    course: str
    lesson: str
    number: str
    lesson_title: str
    anchor: str
    heading: str
    extract: tuple[Piece, ...]
    keywords: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a query led to: passages, best first; `meant` is the query without its typos, or nothing.

    A word with one of the forms in `sought` is one that was found.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    meant: str = ""
    sought: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class _Word:
    """One word of the query; what it matched is kept by the document of the course."""

    typed: str
    matches: dict[int, Matches] = field(default_factory=dict)
    postings: dict[int, list[Postings]] = field(default_factory=dict)
    forms: list[str] = field(default_factory=list)
    guessed: bool = False

    @property
    def size(self) -> int:
        """In how many passages it was found."""
        return sum(len(matches.amounts) for matches in self.matches.values())

    def starts(self, document: int, passage: int) -> set[int]:
        """Where it stands in a passage's text."""
        return {start for one in self.postings.get(document, ()) for start in one.starts_in(passage)}


def find(index: Index, query: str, course: str = "", limit: int = MOST_PASSAGES) -> Found:
    """Search one course, or all of them; `query` may be anything a person typed."""
    parts = [part for part in index.parts if course in ("", part.course)]
    typed = dict.fromkeys(word for _, word in words(normal(query[:LONGEST])))
    asked = [_Word(word) for word in list(typed)[:MOST_WORDS]]
    counting = _match_all(index, asked, parts)
    scored = [one for i, part in enumerate(parts) for one in _scores(counting, part, i)]
    hits = tuple(
        _hit(index, parts[i], passage, score, counting) for (i, passage), score in best(scored, limit)
    )
    sought = frozenset(form for word in counting for form in word.forms)
    return Found(hits, len(scored), _meant(asked, counting, hits), sought)


def _match_all(index: Index, asked: Sequence[_Word], parts: Sequence[Part]) -> list[_Word]:
    """Look the words up and return those that count; what surely will not, only if no other does."""
    total = sum(part.passages for part in parts)
    sure = COMMON_SHARE * total if len(parts) == len(index.parts) else math.inf
    plainly = [plain(fold(word.typed)) for word in asked]
    weak = [
        bare in FILLERS or any(index.size(form) > sure for form in query_forms(word.typed))
        for bare, word in zip(plainly, asked, strict=True)
    ]
    for word, skipped in zip(asked, weak, strict=True):
        if not skipped:
            _match(index, word, parts)
    if not any(0 < word.size <= COMMON_SHARE * total for word in asked):
        for word in compress(asked, weak):
            _match(index, word, parts)
    return list(compress(asked, telling(plainly, [word.size for word in asked], total)))


def _match(index: Index, word: _Word, parts: Sequence[Part]) -> None:
    strong = False
    for form in query_forms(word.typed):
        found = _collect(index, word, form, FORM_WEIGHTS[form[0]], parts)
        strong = strong or (found and form[0] in STRONG_FORMS)
    if not strong:
        _guess(index, word, parts)


def _guess(index: Index, word: _Word, parts: Sequence[Part]) -> None:
    """Try other spellings; only for a word that is nowhere also what it begins."""
    bare = plain(fold(word.typed))
    nowhere = not word.matches
    longer = index.beginning_with(bare) if nowhere else []
    for other, weight in similar(bare, longer, index.spellings).items():
        _collect(index, word, f"~{other}", weight, parts)
    word.guessed = nowhere and not longer


def _collect(index: Index, word: _Word, form: str, weight: float, parts: Sequence[Part]) -> bool:
    """Count the postings of a form in these courses; says whether there are any."""
    word.forms.append(form)
    found = index.postings(form, [part.document for part in parts])
    share = weight / ONE
    for document, postings in found.items():
        much = [share * amount for amount in postings.amounts]
        matches = word.matches.get(document)
        if matches:
            amounts = matches.amounts
            for passage, more in zip(postings.passages, much, strict=True):
                amounts[passage] = amounts.get(passage, 0.0) + more
            matches.body.update(postings.body)
        else:
            word.matches[document] = Matches(
                dict(zip(postings.passages, much, strict=True)), set(postings.body)
            )
        word.postings.setdefault(document, []).append(postings)
    return bool(found)


def _scores(counting: Sequence[_Word], part: Part, i: int) -> Iterator[tuple[tuple[int, int], float]]:
    """Each passage of a course that answers, as (its course's place, its own), with its score."""
    query = [word.matches.get(part.document) or Matches() for word in counting]
    return (((i, passage), score) for passage, score in scores(query, part.passages, part.openers))


def _hit(index: Index, part: Part, passage: int, score: float, counting: Sequence[_Word]) -> Hit:
    kept = index.stored(part, passage)
    spots = sorted(
        Spot(start, i) for i, word in enumerate(counting) for start in word.starts(part.document, passage)
    )
    return Hit(
        course=part.course,
        lesson=kept["lesson"],
        number=kept["number"],
        lesson_title=kept["lesson_title"],
        anchor=kept["anchor"],
        heading=kept["heading"],
        extract=extract(kept["text"], spots),
        keywords=kept["keywords"],
        score=score,
    )


def _meant(asked: Sequence[_Word], counting: Sequence[_Word], hits: Sequence[Hit]) -> str:
    """The query as the first hit spells it, when a word that counts was only guessed."""
    if not hits or not any(word.guessed for word in counting):
        return ""
    first = hits[0]
    shown = " ".join((first.lesson_title, first.heading, *(piece.text for piece in first.extract)))
    spelled = {plain(fold(word)): word.lower() for _, word in words(shown)}
    return " ".join(_spelling(word, spelled) if word in counting else word.typed for word in asked)


def _spelling(word: _Word, spelled: dict[str, str]) -> str:
    if not word.guessed:
        return word.typed
    tried = similar(plain(fold(word.typed)), (), spelled)
    return next((spelled[other] for other in tried), word.typed)
