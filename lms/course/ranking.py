"""The one ranking of search: pure arithmetic over who matched what, the same on the server and in a pack.

A passage scores, for each word of the query, its rarity × how much of the passage is about it (saturated),
and all of it × the share of the query it covers; to that comes `LESSON_SHARE` × what its lesson scores so as a
whole, since a question is seldom in the words of one paragraph. The first two are those of BM25 (Robertson and Zaragoza,
«The Probabilistic Relevance Framework: BM25 and Beyond», 2009), its rarity as Lucene writes it, never below
zero; k₁ is `SATURATION`, b is `LENGTH_SHARE`, and the usual length is fixed. No theory gives the weights below:
what they must achieve stands in `tests/course/test_ranking.py` and `tests/search/`. The twin is
`static/js/rank.js`, with the same numbers; `tests/vectors/search.json` holds both to the same first results.
"""

import math
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
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

LESSON_SHARE = 4.0  # what the whole lesson counts beside the passage
LESSON_SATURATION = 24.0  # as SATURATION, for all passages of a lesson together

COMMON_SHARE = 0.4  # words in more of the passages than this say nothing beside others
# Words that make a question of what one looks for («qué hago si se moja…») or hold others together: plain spelling.
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
    *(
        "a",
        "al",
        "de",
        "del",
        "el",
        "en",
        "es",
        "la",
        "las",
        "le",
        "les",
        "lo",
        "los",
        "nos",
        "o",
        "para",
        "por",
        "se",
        "si",
        "son",
        "su",
        "sus",
        "tu",
        "un",
        "una",
        "unas",
        "unos",
        "y",
        "yo",
        "con",
        "sin",
        "te",
        "ya",
        "no",
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


def scores(query: Sequence[Matches], total: int, openers: Sequence[int]) -> list[tuple[int, float]]:
    """The passages of one course that answer, in no order, with their scores.

    `query` are the words that count, `total` is the number of passages of the course, `openers` gives for each of
    them the passage that opens its lesson: only that one may answer for a word of the lesson's title alone.
    """
    rarities = [_rarity(len(matches.body), total) for matches in query]
    whole = _added(rarities)
    alone = _covering([matches.amounts for matches in query], rarities, SATURATION)
    together = _covering(
        [_by_lesson(matches.amounts, openers) for matches in query], rarities, LESSON_SATURATION
    )
    body = set().union(*(matches.body for matches in query))
    return [
        (passage, math.floor((own + LESSON_SHARE * together[openers[passage]]) / whole * 1e6 + 0.5) / 1e6)
        for passage, own in alone.items()
        if passage in body or openers[passage] == passage
    ]


def _by_lesson(amounts: Mapping[int, float], openers: Sequence[int]) -> dict[int, float]:
    sums: dict[int, float] = {}
    for passage, much in amounts.items():
        opener = openers[passage]
        sums[opener] = sums.get(opener, 0.0) + much
    return sums


def _covering(
    query: Sequence[Mapping[int, float]], rarities: Sequence[float], saturation: float
) -> dict[int, float]:
    """Points of each place × the rarity of the words it covers; `query` is how much it has of each word."""
    if len(query) == 1:  # as below, in a third of the time
        amounts, rarity = query[0], rarities[0]
        return {place: rarity * much / (much + saturation) * rarity for place, much in amounts.items()}
    points: dict[int, float] = {}
    covered: dict[int, float] = {}
    for amounts, rarity in zip(query, rarities, strict=True):
        for place, much in amounts.items():
            points[place] = points.get(place, 0.0) + rarity * much / (much + saturation)
            covered[place] = covered.get(place, 0.0) + rarity
    return {place: sum_ * covered[place] for place, sum_ in points.items()}


def _added(numbers: Iterable[float]) -> float:
    """Add one by one: from Python 3.12 sum() adds floats differently from browsers."""
    total = 0.0
    for number in numbers:
        total += number
    return total


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
