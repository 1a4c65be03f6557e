"""A course's version: three whole numbers, compared as numbers, so that 1.10.0 comes after 1.9.0."""

import re
from functools import lru_cache

# One way only of writing each number: 1.01.0 would be another text for 1.1.0, and events carry the text.
_VERSION = re.compile(r"(?:0|[1-9][0-9]{0,3})(?:\.(?:0|[1-9][0-9]{0,3})){2}")

UNRANKED = -1
"""The rank of what is no version."""

Numbers = tuple[int, int, int]


def is_version(value: object) -> bool:
    """Tell whether a value of course.toml is a version."""
    return isinstance(value, str) and _VERSION.fullmatch(value) is not None


def numbers(version: str) -> Numbers:
    """Return a version's three numbers; ValueError for what is not a version."""
    first, second, third = version.split(".")
    return int(first), int(second), int(third)


def following(version: str, place: int) -> str:
    """Return the version with the number at `place` (0 to 2) raised, and those after it back to zero."""
    raised = [*numbers(version)[: place + 1], 0, 0][:3]
    raised[place] += 1
    return ".".join(map(str, raised))


def order(version: str) -> tuple[int, ...]:
    """Return what any text is put in order by as a version; what is none comes first, as ()."""
    return numbers(version) if is_version(version) else ()


@lru_cache(maxsize=256)
def rank(version: str) -> int:
    """One number to order versions by where tuples cannot go, as in SQL; -1, before any, for what is none.

    `lms.rank` in namespace.js is its twin.
    """
    if not is_version(version):
        return UNRANKED
    first, second, third = numbers(version)
    return (first * 10_000 + second) * 10_000 + third


def is_older(one: str, other: str) -> bool:
    """Tell whether version `one` of a course is known to come before `other`; what is no version is unknown."""
    return () < order(one) < order(other)
