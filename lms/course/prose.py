"""A lesson's running text as it is read: paragraphs and sentences with their lines, without markup.

Running text is what is read from one end to the other: not headings, lists, tables or questions.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from lms.course.sections import part_of

_HEADING = re.compile(r"#{1,6}")
_NOTE = re.compile(r"!!!")
# From here to the end of its block nothing is running text: a list, a table, the meaning of a term.
_LISTED = re.compile(r"(?:[-*+]|\d+[.)]|:|☐)\s|\|")
_MARKER = re.compile("\ue000\\d+\ue001")
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\([^)]*\)")
_ATTRIBUTES = re.compile(r"\{:?[^{}]*\}")
_SIGNS = re.compile(r"\*+|`+|_{2,}|^>\s?|\\(?=[\\`*_{}\[\]()#+.!|>-])")
_WORD = re.compile(r"\w+(?:[.,'’\-]\w+)*")
# A sentence ends where the next one begins, with a capital or a number: «etc. y más» goes on.
_END = re.compile(r"[.!?…][\"'»”)\]]*\s+(?=[\"'«“(\[¿¡—]*[A-ZÁÉÍÓÚÜÑ0-9])")
LONGEST_SHORTENED = 12  # characters, with what stands around them
_SHORTENED = re.compile(r"(?:^|[\s(«])(?:Sra?|Dra?|Prof|Ing|Lic|Uds?|Mg|ej|pág|núm|art|inc|cap|vs)\.\s+$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """What stands between two full stops, on one line, and the authored line where it begins."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph on one line; `starts` are the offsets where its authored lines begin, with their numbers."""

    text: str
    starts: tuple[tuple[int, int], ...]

    @property
    def line(self) -> int:
        """The authored line where the paragraph begins."""
        return self.starts[0][1]

    def sentences(self) -> Iterator[Sentence]:
        """Cut the paragraph at its full stops."""
        start = 0
        for end in (*_END.finditer(self.text), None):
            stop = end.end() if end else len(self.text)
            if end and _SHORTENED.search(self.text, max(start, stop - LONGEST_SHORTENED), stop):
                continue
            if text := self.text[start:stop].strip():
                yield Sentence(text, self._line_at(start))
            start = stop

    def _line_at(self, offset: int) -> int:
        return next(line for start, line in reversed(self.starts) if start <= offset)


def count_words(text: str) -> int:
    """Count words as a reader would: 12 000 is two, 3.5 and «teórico-práctico» are one."""
    return len(_WORD.findall(text))


def on_screen(text: str) -> str:
    """Return a lesson's Markdown up to its printable sheet, pictures left out."""
    read: list[str] = []
    for line in text.split("\n"):
        if line.startswith("##") and (part := part_of(line.strip("# \t"))) and part.css == "printable":
            break
        read.append(_PICTURE.sub("", line))
    return "\n".join(read)


def paragraphs(text: str, first_line: int = 1) -> Iterator[Paragraph]:
    """Find the running text of a lesson whose Markdown, without questions, begins at `first_line`."""
    numbered = enumerate(on_screen(text).split("\n"), first_line)
    listed = False
    for filled, lines in groupby(numbered, key=lambda one: bool(one[1].strip())):
        block = list(lines)
        if not filled or (listed and block[0][1][0].isspace()):
            continue  # what is indented under a list belongs to it
        listed = any(_LISTED.match(line) for _, line in block)
        yield from _paragraphs(block)


def _paragraphs(block: list[tuple[int, str]]) -> Iterator[Paragraph]:
    gathered: list[tuple[int, str]] = []
    for number, line in block:
        read = line.lstrip(">").strip()
        if _LISTED.match(read):
            # A term stands on the line above its meaning.
            gathered = [] if read.startswith(":") else gathered
            break
        if _HEADING.match(read) or _NOTE.match(read) or _MARKER.match(read):
            yield from _joined(gathered)
            gathered = []
        else:
            gathered.append((number, _plain(read)))
    yield from _joined(gathered)


def _joined(lines: list[tuple[int, str]]) -> Iterator[Paragraph]:
    starts: list[tuple[int, int]] = []
    text = ""
    for number, line in lines:
        if line:
            starts.append((len(text), number))
            text += f"{line} "
    if text:
        yield Paragraph(text.rstrip(), tuple(starts))


def _plain(line: str) -> str:
    return " ".join(_SIGNS.sub("", _ATTRIBUTES.sub("", _LINK.sub(r"\1", line))).split())
