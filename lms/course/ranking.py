"""The one ranking of search: pure arithmetic over who matched what, the same on the server and in a pack.

A passage scores, for each word of the query, its rarity × how much of the passage is about it (saturated),
and all of it × the share of the query it covers. The first two are those of BM25 (Robertson and Zaragoza,
«The Probabilistic Relevance Framework: BM25 and Beyond», 2009), its rarity as Lucene writes it, never below
zero; k₁ is `SATURATION`, b is `LENGTH_SHARE`, and the usual length is fixed. No theory gives the weights below:
what they must achieve stands in `tests/course/test_ranking.py` and `tests/search/`. The twin is
`static/js/rank.js`, with the same numbers; `tests/vectors/search.json` holds both to the same first results.
"""

import math
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import TypeVar

from lms.course.stem import light

# What each kind of form adds when it matches (see `analysis.forms`). Forms are nested: an exact match has
# them all, a plural only the stems, another tense only Snowball's. So the sum falls with the likeness.
FORM_WEIGHTS = {"=": 0.15, "~": 0.25, "+": 0.3, "*": 0.3, "^": 0.3}
# A word found by its Snowball stem alone may as well be another one misspelt: its typos are tried too.
STRONG_FORMS = "=~+"
SYNONYM_WEIGHT = 0.5
PREFIX_WEIGHT = 0.3
TYPO_WEIGHT = 0.25

# How many mentions in the text one mention there is worth.
TITLE, HEADING, TEXT = 4, 3, 1

SATURATION = 2.0  # mentions after which more of them hardly count
LENGTH_SHARE = 0.4  # how much of a passage's length counts against it
USUAL_LENGTH = 120  # words; fixed, so that one course's scores do not depend on another's

COMMON_SHARE = 0.4  # words in more of the passages than this say nothing beside others
# Words that make a question of what one looks for («qué hago si se moja…»): plain spelling.
FILLERS = (
    *("que", "como", "cual", "cuales", "donde", "cuando", "cuanto", "cuanta", "quien", "porque"),
    *(
        "hago",
        "hacer",
        "hace",
        "puedo",
        "puede",
        "quiero",
        "necesito",
        "debo",
        "tengo",
        "hay",
        "mi",
        "mis",
        "me",
    ),
)

ONE = 1024  # amounts are multiples of 1/1024, which integers and 32-bit floats keep exactly

SHORTEST_PREFIX = 3
SHORTEST_TYPO = 3
MOST_EXPANSIONS = 20
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"

# Everyday words for what courses call otherwise; tried when a word is nowhere. By light stem.
SYNONYMS = {
    "contrasen": ("clave", "pin"),
    "password": ("clave", "pin"),
    "computador": ("laptop",),
    "ordenador": ("laptop",),
    "telefon": ("celular",),
    "movil": ("celular",),
    "pila": ("bateria",),
    "tablet": ("tableta",),
    "pendriv": ("usb",),
    "enchufar": ("cargar",),
    "cobertur": ("senal",),
}

Place = TypeVar("Place", int, tuple[int, int])


@dataclass(slots=True)
class Matches:
    """Where one word of a query was found: how much in each passage, and which have it in their own text."""

    amounts: dict[int, float] = field(default_factory=dict)
    body: set[int] = field(default_factory=set)


def amount(mentions: int, length: int) -> float:
    """How much a passage of `length` words is about a form, in steps of 1/`ONE`.

    Each mention counts by where it stands: `TITLE`, `HEADING` or `TEXT`.
    """
    norm = 1 - LENGTH_SHARE + LENGTH_SHARE * min(length, 4 * USUAL_LENGTH) / USUAL_LENGTH
    return math.floor(mentions / norm * ONE + 0.5) / ONE


def telling(words: Sequence[str], sizes: Sequence[int], total: int) -> list[bool]:
    """Which words of a query count: the rarer ones; common ones and fillers only if there are no others.

    `words` are plain, `sizes` the passages each was found in, `total` all that were searched.
    """
    rare = [
        0 < size <= COMMON_SHARE * total and word not in FILLERS
        for word, size in zip(words, sizes, strict=True)
    ]
    return rare if any(rare) else [size > 0 for size in sizes]


def scores(query: Sequence[Matches], total: int, firsts: Container[int] = ()) -> list[tuple[int, float]]:
    """The passages of one course that answer, in no order, with their scores.

    `query` are the words that count, `total` is the number of passages of the course, `firsts` are those that
    open a lesson: only they may answer for a word that stands in the lesson's title alone.
    """
    points: dict[int, float] = {}
    covered: dict[int, float] = {}
    whole = 0.0
    for matches in query:
        rarity = _rarity(len(matches.body), total)
        whole += rarity
        for passage, much in matches.amounts.items():
            points[passage] = points.get(passage, 0.0) + rarity * much / (much + SATURATION)
            covered[passage] = covered.get(passage, 0.0) + rarity
    body = set().union(*(matches.body for matches in query))
    return [
        (passage, math.floor(sum_ * covered[passage] / whole * 1e6 + 0.5) / 1e6)
        for passage, sum_ in points.items()
        if passage in body or passage in firsts
    ]


def best(found: Iterable[tuple[Place, float]], limit: int) -> list[tuple[Place, float]]:
    """The best, best first; equals stay in the order of their places."""
    return nsmallest(limit, found, key=lambda one: (-one[1], one[0]))


def _rarity(with_word: int, total: int) -> float:
    """BM25's weight of a word that `with_word` of `total` passages have."""
    with_word = max(with_word, 1)
    return math.log(1 + (total - with_word + 0.5) / (with_word + 0.5))


def typos(word: str) -> Iterator[str]:
    """Every spelling one letter away: dropped, swapped, replaced, added."""
    for i in range(len(word) + 1):
        head, tail = word[:i], word[i:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in ALPHABET:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


def similar(word: str, vocabulary: Iterable[str], known: Container[str]) -> dict[str, float]:
    """The words to try when nothing matches, with their weights: others for it, one letter away, begun by it.

    `vocabulary` are the words that begin with it, in order; `known` tells whether a spelling exists.
    """
    tried = {other: SYNONYM_WEIGHT for other in SYNONYMS.get(light(word), ()) if other in known}
    if len(word) >= SHORTEST_TYPO:
        tried.update((typo, TYPO_WEIGHT) for typo in typos(word) if typo in known)
    if len(word) >= SHORTEST_PREFIX:
        tried.update((longer, PREFIX_WEIGHT) for longer in list(vocabulary)[:MOST_EXPANSIONS])
    return tried
