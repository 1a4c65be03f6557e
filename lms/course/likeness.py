"""Which texts nearly say the same: those that share four fifths of their runs of words."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import ceil
from typing import Generic, TypeVar

Place = TypeVar("Place")

RUN = 3
NEARLY = 0.8

_WORD = re.compile(r"\w+")


class Likenesses(Generic[Place]):
    """Texts met so far, each with where it stands.

    Two sets of runs that share four fifths of both have at least one run in common among the first of each, in
    any fixed order: only those are indexed and looked up, so a text is compared with very few others. The order
    is that of hashes, by which no run that many texts begin with comes first in all of them.
    """

    def __init__(self) -> None:
        self._met: list[tuple[frozenset[str], Place]] = []
        self._index: defaultdict[str, list[int]] = defaultdict(list)

    def find(self, parts: Iterable[str]) -> Place | None:
        """Return where the first text that is nearly the same stands, None when there is none.

        A text is given in parts, whose order says nothing: no run of words goes from one into another.
        """
        runs = _runs(parts)
        near = {number for run in _first(runs) for number in self._index.get(run, ())}
        return next((self._met[n][1] for n in sorted(near) if _alike(runs, self._met[n][0])), None)

    def add(self, parts: Iterable[str], place: Place) -> None:
        """Keep a text to compare later ones with."""
        runs = _runs(parts)
        for run in _first(runs):
            self._index[run].append(len(self._met))
        self._met.append((runs, place))


def _runs(parts: Iterable[str]) -> frozenset[str]:
    return frozenset(run for part in parts for run in _runs_of(_WORD.findall(part.casefold())))


def _runs_of(words: list[str]) -> Iterator[str]:
    for start in range(max(1, len(words) - RUN + 1)):
        yield " ".join(words[start : start + RUN])


def _first(runs: frozenset[str]) -> list[str]:
    return sorted(runs, key=hash)[: len(runs) - ceil(NEARLY * len(runs)) + 1]


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(one & other)
    return shared >= NEARLY * (len(one) + len(other) - shared)
