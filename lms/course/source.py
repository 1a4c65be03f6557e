"""What an author's files say, before anything is judged: text, TOML with its lines, lessons cut in parts."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lms.course.model import Problem

# A lesson of 1,200 words weighs 10 KB: twenty times that is surely not a lesson, and would be slow to read.
TEXT_LIMIT = 200 * 1024

_FENCE = re.compile(r"^```+[ \t]*gift[ \t]*$")
_FENCE_END = re.compile(r"^```+[ \t]*$")
_HEADER = re.compile(r"^\s*(\[\[?)\s*([\w.-]+)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([\w-]+)\s*=\s*(.*)$")
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*|[\[\]]')
_AT_LINE = re.compile(r"at line (\d+)")


class Unreadable(Exception):
    """A file whose text cannot be had; carries the problem to show."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Toml:
    """Parsed TOML that remembers on which line each value stands."""

    file: str
    data: Mapping[str, Any]
    lines: Mapping[tuple[str | int, ...], int]
    first_line: int = 1

    def line(self, *path: str | int) -> int:
        """Return the line of the value at `path`, or of the nearest table around it."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return self.first_line


@dataclass(frozen=True, slots=True)
class GiftBlock:
    """The text between ```gift and ```; `line` is the file's line where that text begins."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A lesson's body without its questions.

    Each block left one `marker` paragraph in `text`, which keeps as many lines as the body had.
    `unclosed` is the line of a ```gift that nothing ends, or 0.
    """

    text: str
    blocks: tuple[GiftBlock, ...] = ()
    unclosed: int = 0


def read_text(folder: Path, file: str) -> str:
    """Return the text of a course's file; raises Unreadable when it is too large or not UTF-8."""
    path = folder / file
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= TEXT_LIMIT else b""
    except OSError:
        raise Unreadable(
            Problem(file, 0, "No se puede leer este archivo. Revisa que exista.", code="unreadable-file")
        ) from None
    if size > TEXT_LIMIT:
        message = f"El archivo pesa más de {TEXT_LIMIT // 1024} KB. Divídelo en partes más pequeñas."
        raise Unreadable(Problem(file, 0, message, code="text-too-large"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = "Este archivo no está guardado en UTF-8. Guárdalo de nuevo con la codificación «UTF-8»."
        raise Unreadable(Problem(file, line, message, code="not-utf8")) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse_toml(text: str, file: str, first_line: int = 1) -> Toml:
    """Parse TOML that begins at `first_line` of `file`; raises Unreadable with the line at fault."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        line = first_line - 1 + (int(found[1]) if found else max(1, len(text.splitlines())))
        message = (
            "No se entiende esta línea. Revisa el signo =, las comillas y los corchetes, y que no se repita."
        )
        raise Unreadable(Problem(file, line, message, code="toml-syntax")) from None
    return Toml(file, data, _toml_lines(text, first_line), first_line)


def split_front(text: str, file: str) -> tuple[str, str, int]:
    """Return (front matter, body, the body's first line); raises Unreadable without its +++ lines."""
    lines = text.split("\n")
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == "+++"), 0)
    if lines[0].rstrip() != "+++" or not end:
        message = "La lección debe empezar con sus datos (title, objective, minutes) entre dos líneas «+++»."
        raise Unreadable(Problem(file, 1, message, code="front-matter"))
    return "\n".join(lines[1:end]), "\n".join(lines[end + 1 :]), end + 2


def marker(number: int) -> str:
    """Return the text that stands for the gift block `number` (from 0) while Markdown is rendered.

    The two signs are of the private-use area: no keyboard writes them, and `cut_gift` removes them.
    """
    return f"\ue000{number}\ue001"


def cut_gift(body: str, first_line: int = 1) -> Cut:
    """Cut the ```gift blocks out of a body that begins at `first_line` of its file."""
    kept: list[str] = []
    blocks: list[GiftBlock] = []
    inside: list[str] | None = None
    start = 0
    for number, line in enumerate(body.replace("\ue000", "").replace("\ue001", "").split("\n"), first_line):
        if inside is None and _FENCE.match(line):
            inside, start = [], number
        elif inside is None:
            kept.append(line)
        elif _FENCE_END.match(line):
            kept += ["", marker(len(blocks)), *[""] * len(inside)]
            blocks.append(GiftBlock(start + 1, "\n".join(inside)))
            inside = None
        else:
            inside.append(line)
    return Cut("\n".join(kept), tuple(blocks), start if inside is not None else 0)


def _toml_lines(text: str, first_line: int) -> dict[tuple[str | int, ...], int]:
    """Find the line of every table, key and array item; good enough for what authors write by hand."""
    found: dict[tuple[str | int, ...], int] = {}
    counts: dict[str, int] = {}
    table: tuple[str | int, ...] = ()
    array: tuple[str | int, ...] | None = None
    depth = item = 0
    for number, line in enumerate(text.split("\n"), first_line):
        value = line
        if array is None:
            if header := _HEADER.match(line):
                table = _table_path(header[1], header[2], counts)
                found.setdefault(table, number)
                continue
            key = _KEY.match(line)
            if not key:
                continue
            array, value, depth, item = (*table, key[1]), key[2], 0, 0
            found[array] = number
        for piece in _PIECE.findall(value):
            if piece in "[]":
                depth += 1 if piece == "[" else -1
            elif not piece.startswith("#") and depth:
                found[(*array, item)] = number
                item += 1
        if depth <= 0:
            array = None
    return found


def _table_path(bracket: str, name: str, counts: dict[str, int]) -> tuple[str | int, ...]:
    """Return the path of a header: [[units]] opens a new item, [units.assessment] belongs to the last one."""
    if bracket == "[[":
        counts[name] = counts.get(name, -1) + 1
    path: tuple[str | int, ...] = ()
    for i, part in enumerate(name.split(".")):
        path = (*path, part)
        prefix = ".".join(name.split(".")[: i + 1])
        if prefix in counts:
            path = (*path, counts[prefix])
    return path
