"""The words a course explains: read from a small file, shown on one page, and answered when somebody asks."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lms.course.analysis import fold, plain, words
from lms.course.model import Problem, Term
from lms.course.ranking import FILLERS
from lms.course.schema import GLOSSARY, TERM, table_problems
from lms.course.sections import slug
from lms.course.source import Toml, Unreadable, parse_toml, read_text
from lms.course.stem import light

# The page of a glossary stands beside the lessons: they link to it as [evidencia](glosario.md#evidencia).
PAGE = "glosario"
FILE = "glossary.toml"
# Courses stand in courses/, what they share in content/.
SHARED = f"../../content/{FILE}"

MOST_DEFINED = 3  # definitions shown for one question


def glossary_file(folder: Path) -> str | None:
    """Say where the glossary of the course in `folder` is: its own, as a pack brings it, or the shared one."""
    return next((file for file in (FILE, SHARED) if (folder / file).is_file()), None)


def read_glossary(folder: Path) -> tuple[tuple[Term, ...], list[Problem]]:
    """Read the glossary of the course in `folder`, and what is wrong with it; a course may have none."""
    file = glossary_file(folder)
    if file is None:
        return (), []
    try:
        toml = parse_toml(read_text(folder, file), file)
    except Unreadable as error:
        return (), [error.problem]
    problems = list(_problems(toml))
    return (() if problems else tuple(_terms(toml))), problems


def _problems(toml: Toml) -> Iterator[Problem]:
    yield from table_problems(toml, GLOSSARY)
    terms, acronyms = toml.data.get("terms"), toml.data.get("acronyms")
    for i, term in enumerate(terms if isinstance(terms, list) else ()):
        if isinstance(term, dict):
            yield from table_problems(toml, TERM, "terms", i)
    seen: set[str] = set()
    for name, place in (*_named(terms), *((slug(str(one)), ("acronyms", one)) for one in acronyms or ())):
        if name in seen:
            message = f"El glosario ya tiene «{name}». Cada término y cada sigla va una sola vez."
            yield Problem(toml.file, toml.line(*place), message, code="duplicate-term")
        seen.add(name)


def _named(terms: Any) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    for i, term in enumerate(terms if isinstance(terms, list) else ()):
        if isinstance(term, dict):
            yield str(term.get("id")), ("terms", i, "id")


def _terms(toml: Toml) -> Iterator[Term]:
    for term in toml.data.get("terms", ()):
        yield Term(term["id"], term["term"], term["meaning"])
    for short, meaning in toml.data.get("acronyms", {}).items():
        yield Term(slug(short), short, meaning, acronym=True)


def defined(terms: Sequence[Term], query: str) -> list[Term]:
    """The few terms that a query asks for, those it names most wholly first.

    Every word of the query but fillers («qué es una…») must be one of the term's, in any number or gender,
    and be half of its words or more. The twin is `static/js/glossary.js`; `tests/vectors/glossary.json` holds
    both to the same answers.
    """
    asked = _stems(query)
    named = ((len(own), term) for term in terms if (own := _stems(term.name)) >= asked) if asked else ()
    found = [(size, term) for size, term in named if 2 * len(asked) >= size]
    return [term for _, term in sorted(found, key=lambda one: one[0])[:MOST_DEFINED]]


def _stems(text: str) -> set[str]:
    # What stands in brackets only tells one sense from another: «Fortalecimiento (EIB)».
    bare = (plain(fold(word)) for _, word in words(text.partition(" (")[0]))
    return {light(word) for word in bare if word not in FILLERS and word not in _LINKING}


_LINKING = (
    "a",
    "de",
    "del",
    "e",
    "el",
    "en",
    "es",
    "la",
    "las",
    "los",
    "o",
    "para",
    "por",
    "significa",
    "un",
    "una",
    "y",
)
