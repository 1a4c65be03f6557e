"""Pages taken apart for browsers that keep them: of each its own part, and the frames of all, line by line.

A lesson's title stands in every page of its unit, a unit's in every page of its course. What is around the own
parts is therefore told once for the whole course, each line of it once, and what a page is made of by numbers.
Twin of `kept-pages.js`, which puts the pages together again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

LONG = 1000
"""Characters from which a line is no words of a course: styles change with the software, and stand apart."""

PLACE = "\x02"  # where the own part goes
_OWN = re.compile(r"<article .*</article>", re.DOTALL)

# A page names its course's version and its unit's keys; when only these change, whoever kept it needs no other.
# Twin of `lms.kept.settled` in kept.js.
_PASSING = (
    (re.compile(r'data-version="[^"]*"'), 'data-version=""'),
    (re.compile(r"(/claves/[^\"?]+\.js)\?v=\w+"), r"\1"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a guest gets it: its path, its text, and the headers that it needs where it is kept."""

    path: str
    html: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Frames:
    """What `marcos.json` (`words`) and `estilos.json` (`styles`) say."""

    words: dict[str, Any]
    styles: dict[str, Any]


def settled(html: str) -> str:
    """A page without what may change beside it."""
    for pattern, instead in _PASSING:
        html = pattern.sub(instead, html)
    return html


def own_part(html: str) -> str:
    """What no other page has: its article. A page without one, such as a course's, repeats what others say."""
    found = _OWN.search(html)
    return found[0] if found else ""


def frames(pages: Iterable[Page]) -> Frames:
    """The frames of these pages: of each, which headers and which lines, as runs [from, to]; long ones below zero."""
    words: dict[str, int] = {}
    styles: dict[str, int] = {}
    headers: list[dict[str, str]] = []
    made: dict[str, list[Any]] = {}
    for page in pages:
        known = dict(page.headers)
        if known not in headers:
            headers.append(known)
        own = own_part(page.html)
        frame = settled(page.html.replace(own, PLACE, 1) if own else page.html)
        numbers = [
            -1 - styles.setdefault(line, len(styles))
            if len(line) >= LONG
            else words.setdefault(line, len(words))
            for line in frame.split("\n")
        ]
        made[page.path] = [headers.index(known), *_runs(numbers)]
    return Frames({"pages": made, "lines": list(words)}, {"lines": list(styles), "headers": headers})


def _runs(numbers: Iterable[int]) -> list[list[int]]:
    """Numbers that follow one another, as the first and the last."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1 and number >= 0:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return runs
