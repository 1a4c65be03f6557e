"""The letters of GIFT: escapes, lines, and the problems found on them."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from lms.course.model import Problem

# Code points that Unicode promises never to assign: while a question is read they stand for the escaped
# signs, so that looking for a sign finds only the ones that mean something.
_STAND_INS = {
    "~": "\ufdd1",
    "=": "\ufdd2",
    "#": "\ufdd3",
    "{": "\ufdd4",
    "}": "\ufdd5",
    ":": "\ufdd6",
    "n": "\ufdd7",
    "\\": "\ufdd8",
}
_MEANINGS = {ord(stand_in): "\n" if sign == "n" else sign for sign, stand_in in _STAND_INS.items()}
_FORBIDDEN = re.compile("[\ufdd0-\ufdef\x00-\x08\x0b\x0c\x0e-\x1f]")
_ESCAPE = re.compile(r"\\(.?)")
_FORMAT = re.compile(r"\[(moodle|html|plain|markdown)\]")
_BLANKS = re.compile(r"[ \t\n\f\v]+")  # no-break spaces are meant


def plain(text: str) -> str:
    """Give a piece of a question its final form: no format prefix, no escapes, line breaks only by `\\n`."""
    text = text.strip()
    return literal(text[len(format_of(text)) :])


def format_of(text: str) -> str:
    """Return the format prefix a text begins with, as in `[html]`, or ""."""
    found = _FORMAT.match(text.lstrip())
    return found[0] if found else ""


def literal(text: str) -> str:
    """As `plain`, for the places where Moodle looks for no format prefix."""
    lines = _BLANKS.sub(" ", text).translate(_MEANINGS).split("\n")
    return "\n".join(line.strip() for line in lines).strip()


def has_escapes(text: str) -> bool:
    """Tell whether the author escaped anything in a piece of a question."""
    return any(ord(sign) in _MEANINGS for sign in text)


def hide_escapes(line: str) -> tuple[str, list[str]]:
    """Put stand-ins for the escaped signs of a line; also return the escapes that mean nothing."""
    unknown: list[str] = []

    def stand_in(found: re.Match[str]) -> str:
        if found[1] in _STAND_INS:
            return _STAND_INS[found[1]]
        unknown.append(found[0])
        return found[0]

    return _ESCAPE.sub(stand_in, line), unknown


def clean(text: str) -> tuple[list[str], list[int]]:
    """Split a text into lines without characters no text should hold; also return the lines that had them."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    dirty = [number for number, line in enumerate(lines) if _FORBIDDEN.search(line)]
    for number in dirty:
        lines[number] = _FORBIDDEN.sub("\ufffd", lines[number])
    return lines, dirty


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a question, escapes still hidden: `sign` is what introduced it (`=`, `~` or nothing)."""

    sign: str
    text: str
    line: int


@dataclass(slots=True)
class Block:
    """The lines between two blank lines, comments left out, escapes hidden, joined with newlines.

    `starts` are the offsets in `text` where its lines begin, `numbers` the authored lines they are; each of
    `unknown_escapes` is a line and an escape that means nothing.
    """

    text: str
    starts: Sequence[int]
    numbers: Sequence[int]
    unknown_escapes: Sequence[tuple[int, str]]

    @classmethod
    def of(cls, lines: Sequence[tuple[int, str]]) -> "Block":
        """Join numbered lines."""
        hidden, starts, unknown = [], [], []
        length = 0
        for number, line in lines:
            shown, strange = hide_escapes(line.strip())
            unknown += [(number, escape) for escape in strange]
            hidden.append(shown)
            starts.append(length)
            length += len(shown) + 1
        return cls("\n".join(hidden), starts, [number for number, _ in lines], unknown)

    def line_at(self, offset: int) -> int:
        """Return the authored line that holds an offset of the text."""
        return self.numbers[max(0, bisect_right(self.starts, offset) - 1)]

    def piece(self, start: int, end: int, sign: str = "") -> Piece:
        """Cut a stretch out; its line is that of its first visible character."""
        text = self.text[start:end]
        indent = len(text) - len(text.lstrip())
        return Piece(sign, text.strip(), self.line_at(start + indent if text.strip() else start))

    def split(self, start: int, end: int, signs: str) -> Iterator[Piece]:
        """Cut a stretch at every sign; what stands before the first one comes only if it says something."""
        place, sign = start, ""
        for found in re.compile(f"[{signs}]").finditer(self.text, start, end):
            if sign or self.text[place : found.start()].strip():
                yield self.piece(place, found.start(), sign)
            place, sign = found.end(), found[0]
        if sign or self.text[place:end].strip():
            yield self.piece(place, end, sign)


@dataclass(slots=True)
class Report:
    """Where problems are written down while a file is read."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def error(self, line: int, code: str, message: str) -> None:
        """Note what keeps a question from being used."""
        self._note(line, code, message, "error")

    def warning(self, line: int, code: str, message: str) -> None:
        """Note what would serve the teacher or Moodle badly."""
        self._note(line, code, message, "warning")

    def _note(self, line: int, code: str, message: str, severity: Literal["error", "warning"]) -> None:
        self.problems.append(Problem(self.file, line, message, severity, code))


@dataclass(frozen=True, slots=True)
class Draft:
    """A question whose name and prompt are known, and whose answers are still to be read.

    The answers are `block.text[start:end]`, without braces and without the general `feedback`; `line` is
    where the question begins.
    """

    name: str
    prompt: str
    feedback: str
    block: Block
    start: int
    end: int
    line: int
    report: Report

    @property
    def answers(self) -> str:
        """The text between the braces, without the general feedback."""
        return self.block.text[self.start : self.end].strip()
