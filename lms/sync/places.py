"""Where in what somebody pasted or photographed something stood, as they find it again. Pure.

Chats say who wrote a message at its beginning: «[26/11/26, 10:03] Tomás: …», «26/11/26 10:03 - Tomás: …». Names are
cut, and nothing of a text is looked at but what stands shortly before the place.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

LONGEST_NAME = 40
_NEAR = 2000  # letters of a message before its code
_MOST_LINES = 20

_DAY = r"\d{1,4}[/.-]\d{1,2}(?:[/.-]\d{1,4})?"
_UNSEEN = r"[\s\u200e\u200f\u202a-\u202e\ufeff]{0,4}"  # marks of direction, which chats put before a day
_BEGINS = re.compile(
    rf"{_UNSEEN}(?:\[{_DAY}[^\]\n]{{0,30}}\]|{_DAY}[^\n\[\]]{{0,30}}? [-\u2013])\s{{1,3}}([^\n:]{{1,80}}):"
)


class Place(NamedTuple):
    """A photo by the name of its file, or a line of what was pasted, and who wrote it if a chat says so."""

    photo: str = ""
    sender: str = ""
    line: int = 0


def photo(name: str) -> Place:
    """All that a photo shows is in one place."""
    return Place(short(name) or "una foto")


def places(text: str, starts: Sequence[int]) -> Iterator[Place]:
    """The places of what begins at some letters of a text, in their order."""
    line, counted = 1, 0
    for start in starts:
        line += text.count("\n", counted, start)
        counted = start
        yield Place("", _sender(text[max(0, start - _NEAR) : start], is_whole=start <= _NEAR), line)


def in_words(found: Sequence[Place]) -> str:
    """Some places as people say them: «Tomás (línea 7)», «líneas 2, 5 y 9», «IMG_1.jpg»."""
    by_name: dict[str, list[int]] = {}
    for place in found:
        by_name.setdefault(place.photo or place.sender, []).extend([place.line] if place.line else [])
    return joined(
        [_named(name, lines) for name, lines in sorted(by_name.items(), key=lambda one: not one[0])]
    )


def short(name: str) -> str:
    """A name on one line, without what turns or hides letters, and not too long."""
    shown = " ".join("".join(one if one.isprintable() else " " for one in name).split())
    return shown if len(shown) <= LONGEST_NAME else f"{shown[: LONGEST_NAME - 1]}…"


def joined(parts: Sequence[str]) -> str:
    """A list as people say it."""
    return " y ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def _named(name: str, lines: Sequence[int]) -> str:
    said = (
        f"{'línea' if len(lines) == 1 else 'líneas'} {joined([str(line) for line in lines])}" if lines else ""
    )
    return f"{name} ({said})" if name and said else name or said


def _sender(before: str, *, is_whole: bool) -> str:
    """Who wrote the message that a text ends in, "" if it says nobody. Its first line is none, unless it is whole."""
    lines = before.split("\n")[0 if is_whole else 1 :]
    for line in lines[: -_MOST_LINES - 1 : -1]:
        if match := _BEGINS.match(line):
            return short(match[1])
    return ""
