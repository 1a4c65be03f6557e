"""From a query to ranked passages with extracts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import TYPE_CHECKING

from lms.course.analysis import fold, normal, plain, query_forms, words
from lms.course.ranking import FORM_WEIGHTS, STRONG_FORMS, Matches, rank, similar, telling
from lms.search.extracts import Piece, Spot, extract

if TYPE_CHECKING:
    from lms.search.index import Index, Part

LONGEST = 100  # signs of a query
MOST_WORDS = 12
MOST_PASSAGES = 40


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found; `lesson` is its id and `number` as in "1.2"."""

    course: str
    lesson: str
    number: str
    lesson_title: str
    anchor: str
    heading: str
    extract: tuple[Piece, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a query led to: passages, best first; `meant` is the query without its typos, or nothing."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    meant: str = ""


@dataclass(slots=True)
class _Word:
    """One word of the query: where it matched, and where in each passage's text."""

    typed: str
    matches: Matches = field(default_factory=Matches)
    starts: dict[int, set[int]] = field(default_factory=dict)
    guessed: bool = False


def find(index: Index, query: str, course: str = "", limit: int = MOST_PASSAGES) -> Found:
    """Search one course, or all of them; `query` may be anything a person typed."""
    parts = [part for part in index.parts if course in ("", part.course)]
    typed = dict.fromkeys(word for _, word in words(normal(query[:LONGEST])))
    asked = [_match(index, word, parts) for word in list(typed)[:MOST_WORDS]]
    ranked = [one for part in parts for one in rank(*_within(asked, part, len(parts)))]
    ranked.sort(key=lambda one: (-one[1], one[0]))
    telltale = telling([word.matches for word in asked], sum(part.end - part.start for part in parts))
    marked = list(compress(asked, telltale))
    hits = tuple(_hit(index, passage, score, marked) for passage, score in ranked[:limit])
    return Found(hits, len(ranked), _meant(asked, hits))


def _match(index: Index, typed: str, parts: Sequence[Part]) -> _Word:
    word = _Word(typed)
    strong = False
    for form in query_forms(typed):
        found = _collect(index, word, form, FORM_WEIGHTS[form[0]], parts)
        strong = strong or (found and form[0] in STRONG_FORMS)
    if not strong:
        _guess(index, word, parts)
    return word


def _guess(index: Index, word: _Word, parts: Sequence[Part]) -> None:
    """Try other spellings; only for a word that is nowhere also what it begins."""
    bare = plain(fold(word.typed))
    nowhere = not word.matches.amounts
    longer = index.beginning_with(bare) if nowhere else []
    for other, weight in similar(bare, longer, index.spellings).items():
        _collect(index, word, f"~{other}", weight, parts)
    word.guessed = nowhere and not longer


def _collect(index: Index, word: _Word, form: str, weight: float, parts: Sequence[Part]) -> bool:
    """Count the postings of a form that lie in these courses; says whether there are any."""
    everywhere = len(parts) == len(index.parts)
    any_found = False
    for passage, much, in_body, starts in index.postings(form):
        if everywhere or any(part.start <= passage < part.end for part in parts):
            word.matches.add(passage, weight * much, in_body)
            if starts:
                word.starts.setdefault(passage, set()).update(starts)
            any_found = True
    return any_found


def _within(asked: Iterable[_Word], part: Part, of: int) -> tuple[list[Matches], int, tuple[int, ...]]:
    """What `rank` needs to know of one course: its scores must not depend on the other courses."""
    if of == 1:
        return [word.matches for word in asked], part.end - part.start, part.firsts
    inside = range(part.start, part.end)
    narrowed = [
        Matches(
            {passage: much for passage, much in word.matches.amounts.items() if passage in inside},
            {passage for passage in word.matches.body if passage in inside},
        )
        for word in asked
    ]
    return narrowed, len(inside), part.firsts


def _hit(index: Index, passage: int, score: float, asked: Sequence[_Word]) -> Hit:
    kept = index.stored(passage)
    spots = sorted(Spot(start, i) for i, word in enumerate(asked) for start in word.starts.get(passage, ()))
    return Hit(
        course=kept["course"],
        lesson=kept["lesson"],
        number=kept["number"],
        lesson_title=kept["lesson_title"],
        anchor=kept["anchor"],
        heading=kept["heading"],
        extract=extract(kept["text"], spots),
        score=score,
    )


def _meant(asked: Sequence[_Word], hits: Sequence[Hit]) -> str:
    """The query as the first hit spells it, when a word was only guessed."""
    if not hits or not any(word.guessed and word.matches.amounts for word in asked):
        return ""
    best = hits[0]
    shown = " ".join((best.lesson_title, best.heading, *(piece.text for piece in best.extract)))
    spelled = {plain(fold(word)): word.lower() for _, word in words(shown)}
    return " ".join(_spelling(word, spelled) for word in asked)


def _spelling(word: _Word, spelled: dict[str, str]) -> str:
    if not word.guessed:
        return word.typed
    tried = similar(plain(fold(word.typed)), (), spelled)
    return next((spelled[other] for other in tried), word.typed)
