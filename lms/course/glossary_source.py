"""A glossary as its author wrote it: read from a small TOML file, with what is wrong in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lms.course.glossary import glossary_file
from lms.course.made import once
from lms.course.model import Problem, Term
from lms.course.schema import GLOSSARY, TERM, table_problems
from lms.course.sections import TITLE_ANCHOR, slug
from lms.course.source import Toml, Unreadable, parse_toml, read_text

# Anchors of the page itself: see templates/glossary.html.
TAKEN = frozenset({TITLE_ANCHOR, "terminos", "siglas"})


def read_glossary(folder: Path) -> tuple[tuple[Term, ...], list[Problem]]:
    """Read the glossary of the course in `folder`, and what is wrong with it; a course may have none."""
    file = glossary_file(folder)
    if file is None:
        return (), []
    try:
        text = read_text(folder, file)
        return once(
            ("glossary", file, text), lambda: _read(text, file), tuple[tuple[Term, ...], list[Problem]]
        )
    except Unreadable as error:
        return (), [error.problem]


def _read(text: str, file: str) -> tuple[tuple[Term, ...], list[Problem]]:
    toml = parse_toml(text, file)
    problems = list(_problems(toml))
    return (() if problems else tuple(_terms(toml))), problems


def _problems(toml: Toml) -> Iterator[Problem]:
    yield from table_problems(toml, GLOSSARY)
    terms, acronyms = toml.data.get("terms"), toml.data.get("acronyms")
    for i, term in enumerate(terms if isinstance(terms, list) else ()):
        if isinstance(term, dict):
            yield from table_problems(toml, TERM, "terms", i)
    seen: set[str] = set()
    for name, place in (*_named(terms), *_shortened(acronyms)):
        if name in TAKEN:
            message = f"«{name}» es un lugar de la página del glosario. Ponle otro nombre."
            yield Problem(toml.file, toml.line(*place), message, code="term-name")
        elif not name:
            message = "Una sigla tiene letras o números. Corrígela o quítala."
            yield Problem(toml.file, toml.line(*place), message, code="term-name")
        elif name in seen:
            message = f"El glosario ya tiene «{name}». Cada término y cada sigla va una sola vez."
            yield Problem(toml.file, toml.line(*place), message, code="duplicate-term")
        seen.add(name)


def _named(terms: Any) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    for i, term in enumerate(terms if isinstance(terms, list) else ()):
        if isinstance(term, dict):
            yield str(term.get("id")), ("terms", i, "id")


def _shortened(acronyms: Any) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    for short in acronyms if isinstance(acronyms, dict) else ():
        yield slug(short) if any(map(str.isalnum, short)) else "", ("acronyms", short)


def _terms(toml: Toml) -> Iterator[Term]:
    for term in toml.data.get("terms", ()):
        yield Term(term["id"], term["term"], term["meaning"])
    for short, meaning in toml.data.get("acronyms", {}).items():
        yield Term(slug(short), short, meaning, acronym=True)
