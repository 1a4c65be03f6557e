"""A course's version: three whole numbers, compared as numbers, so that 1.10.0 comes after 1.9.0."""

import re

# One way only of writing each number: 1.01.0 would be another text for 1.1.0, and events carry the text.
_VERSION = re.compile(r"(?:0|[1-9][0-9]{0,3})(?:\.(?:0|[1-9][0-9]{0,3})){2}")

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


def is_older(one: str, other: str) -> bool:
    """Tell whether version `one` of a course is known to come before `other`; what is no version is unknown."""
    return () < order(one) < order(other)
