"""Which keys course.toml and a lesson's front matter have, and what each may hold."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lms.course.model import Problem
from lms.course.source import Toml
from lms.course.tags import TAGS
from lms.course.versions import is_version

# Not of digits alone: JavaScript puts such keys before all others, so an event of a course with one has other bytes there.
_ID = re.compile(r"(?!\d+$)[a-z0-9]+(?:-[a-z0-9]+)*")
_BANK = re.compile(r"banks/[a-z0-9]+(?:-[a-z0-9]+)*\.gift")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value may be, and the Spanish words that say so."""

    fits: Callable[[Any], bool]
    words: str


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _matches(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _list_of(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and bool(value) and all(fits(one) for one in value)


TEXT = Kind(_is_text, 'un texto entre comillas, como "Mi equipo y yo"')
ID = Kind(
    _matches(_ID), 'un nombre en minúsculas, con alguna letra y sin tildes ni espacios, como "mi-equipo"'
)
IDS = Kind(
    _list_of(ID.fits),
    'una lista de nombres en minúsculas, cada uno con alguna letra, como ["mi-equipo", "mi-senal"]',
)
TEXTS = Kind(_list_of(_is_text), 'una lista de textos, como ["DIFODS"]')
VERSION = Kind(is_version, 'tres números con puntos, sin letras ni ceros delante, como "1.0.0" o "1.10.0"')
LANGUAGE = Kind(_matches(_LANGUAGE), 'un código de lengua, como "es-PE" o "quz"')
BANK = Kind(_matches(_BANK), 'el archivo de preguntas de la unidad, como "banks/mi-equipo.gift"')
WHOLE = Kind(lambda value: type(value) is int and value > 0, "un número entero mayor que cero, sin comillas")
TABLE = Kind(lambda value: isinstance(value, dict), "un grupo de datos con su título entre corchetes")
TERMS = Kind(_list_of(TABLE.fits), "uno o más grupos [[terms]]")
ACRONYMS = Kind(
    lambda value: isinstance(value, dict) and all(map(_is_text, value.values())),
    "un grupo [acronyms] de siglas, cada una con su texto",
)
TABLES = Kind(_list_of(TABLE.fits), "uno o más grupos [[units]]")
TAG_LIST = Kind(_list_of(_is_text), 'una lista de códigos entre comillas, como ["23"]')


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a TOML table."""

    name: str
    kind: Kind
    required: bool = True


COURSE = (
    Key("id", ID),
    Key("code", TEXT),
    Key("version", VERSION),
    Key("title", TEXT),
    Key("summary", TEXT),
    Key("language", LANGUAGE),
    Key("hours", WHOLE),
    Key("audience", TEXT),
    Key("level", TEXT),
    Key("frameworks", TEXTS),
    Key("licence", TEXT),
    Key("authors", TEXTS),
    Key("pass_mark", WHOLE, required=False),
    Key("attempts", WHOLE, required=False),
    Key("units", TABLES),
    Key("changes", TABLE, required=False),
)
UNIT = (
    Key("id", ID),
    Key("title", TEXT),
    Key("product", TEXT, required=False),
    Key("lessons", IDS, required=False),
    Key("assessment", TABLE, required=False),
)
ASSESSMENT = (Key("id", ID), Key("title", TEXT), Key("draw", WHOLE), Key("bank", BANK))
GLOSSARY = (Key("terms", TERMS), Key("acronyms", ACRONYMS, required=False))
TERM = (Key("id", ID), Key("term", TEXT), Key("meaning", TEXT))
_TAUGHT = {"product", "lessons"}
CHANGES = (Key("removed", IDS, required=False), Key("major", TABLE, required=False))
LESSON = (
    Key("title", TEXT),
    Key("objective", TEXT),
    Key("minutes", WHOLE),
    Key("keywords", TEXTS, required=False),
    Key("tags", TABLE, required=False),
)
LESSON_TAGS = tuple(Key(name, TAG_LIST, required=False) for name in TAGS)


def course_problems(toml: Toml) -> Iterator[Problem]:
    """Say what keys of course.toml are missing, unknown or of the wrong type."""
    yield from table_problems(toml, COURSE)
    units = toml.data.get("units")
    for i, unit in enumerate(units if isinstance(units, list) else []):
        if isinstance(unit, dict):
            yield from table_problems(toml, _unit_keys(unit), "units", i)
            if isinstance(unit.get("assessment"), dict):
                yield from table_problems(toml, ASSESSMENT, "units", i, "assessment")
    changes = toml.data.get("changes")
    if isinstance(changes, dict):
        yield from table_problems(toml, CHANGES, "changes")
        if isinstance(changes.get("major"), dict):
            # Its keys are lessons: what each of them may be, only the checks know.
            versions = tuple(Key(lesson, VERSION) for lesson in changes["major"])
            yield from table_problems(toml, versions, "changes", "major")


def _unit_keys(unit: Mapping[str, Any]) -> tuple[Key, ...]:
    """Lessons and product go together: a unit with either needs both."""
    both = "lessons" in unit or "product" in unit
    return tuple(replace(key, required=key.required or (both and key.name in _TAUGHT)) for key in UNIT)


def lesson_problems(toml: Toml) -> Iterator[Problem]:
    """Say what keys of a lesson's front matter are missing, unknown or of the wrong type."""
    yield from table_problems(toml, LESSON)
    if isinstance(toml.data.get("tags"), dict):
        yield from table_problems(toml, LESSON_TAGS, "tags")


def table_problems(toml: Toml, keys: tuple[Key, ...], *path: str | int) -> Iterator[Problem]:
    """Compare the table at `path` with the keys it may have."""
    table: Any = toml.data
    for step in path:
        table = table[step]
    for name in table:
        if name not in {key.name for key in keys}:
            known = ", ".join(key.name for key in keys)
            message = f"No se conoce el dato «{name}». Los que se pueden usar aquí son: {known}."
            yield Problem(toml.file, toml.line(*path, name), message, code="unknown-key")
    yield from _values(toml, table, keys, path)


def _values(
    toml: Toml, table: Mapping[str, Any], keys: tuple[Key, ...], path: tuple[str | int, ...]
) -> Iterator[Problem]:
    for key in keys:
        line = toml.line(*path, key.name)
        if key.name in table:
            if not key.kind.fits(table[key.name]):
                message = f"«{key.name}» debe ser {key.kind.words}."
                yield Problem(toml.file, line, message, code="wrong-type")
        elif key.required:
            message = f"Falta «{key.name}»: debe ser {key.kind.words}."
            yield Problem(toml.file, line, message, code="missing-key")
