"""A glossary as its author wrote it: read from a small TOML file, with what is wrong in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lms.course.glossary import glossary_file
from lms.course.model import Problem, Term
from lms.course.schema import GLOSSARY, TERM, table_problems
from lms.course.sections import slug
from lms.course.source import Toml, Unreadable, parse_toml, read_text


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
