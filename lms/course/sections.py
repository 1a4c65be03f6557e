"""The parts every lesson has, in order: what authors call them and how pages mark them."""

import re
import unicodedata
from dataclasses import dataclass

# As Python-Markdown reads it: no space is needed after the signs, and signs at the end are not text.
_HEADING = re.compile(r"(#{1,6})(.*)")


@dataclass(frozen=True, slots=True)
class Part:
    """One obligatory part of a lesson: its heading, the class of its `<section>`, and its anchor."""

    title: str
    css: str
    anchor: str
    named: bool = False  # the author adds a name after a colon, as in «Imprimible: Ficha de mi equipo»


PARTS = (
    Part("Situación", "situation", "situacion"),
    Part("Lo que necesitas saber", "need-to-know", "lo-que-necesitas-saber"),
    Part("En tu aula, sin señal", "classroom", "en-tu-aula-sin-senal"),
    Part("Comprobamos", "check", "comprobamos"),
    Part("Para recordar", "remember", "para-recordar"),
    Part("Imprimible", "printable", "imprimible", named=True),
)

# The anchor of a page's own <h1>; no heading of the author may take it.
TITLE_ANCHOR = "titulo"


def part_of(heading: str) -> Part | None:
    """Return the part that a heading of level 2 opens, or None for any other heading."""
    wanted = slug(heading)
    for part in PARTS:
        if wanted == part.anchor or (part.named and slug(heading.partition(":")[0]) == part.anchor):
            return part
    return None


def slug(text: str) -> str:
    """Fold a heading to lower-case ASCII letters, digits and hyphens; «parte» when nothing is left of it."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-") or "parte"


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading as authored: `level` 1 to 6, and its line."""

    level: int
    title: str
    line: int


def headings(text: str, first_line: int = 1) -> tuple[Heading, ...]:
    """Find the headings of Markdown that begins at `first_line` of its file."""
    found = ((number, _HEADING.match(line)) for number, line in enumerate(text.split("\n"), first_line))
    return tuple(
        Heading(len(match[1]), match[2].rstrip(" \t#").strip(), number) for number, match in found if match
    )
