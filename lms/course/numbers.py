"""Numbers that a course's lessons, exercises and assessments keep for ever: what a progress token counts by.

A published number never changes its item. `numbers.txt` in the course's folder lists them, a line each, in
order, also those that were removed; `lms number` writes it. What it does not list comes after, in the course's
order, so a course that was never changed needs no such file. See `docs/decisions/0013`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from lms.course.model import Course, Problem
from lms.course.source import Unreadable, read_text

FILE = "numbers.txt"
KINDS = ("lesson", "exercise", "assessment")
_HEAD = "# Lo escribe «lms number». No borres ni cambies de lugar ninguna línea: los códigos de avance cuentan por ellas.\n"


class Numbers(NamedTuple):
    """The ids of each kind; the place of one, counted from 0, is its number."""

    lessons: tuple[str, ...]
    exercises: tuple[str, ...]
    assessments: tuple[str, ...]


def numbers_of(course: Course) -> Numbers:
    """The numbers that a course's items have in this version, removed ones included."""
    assessments = (unit.assessment for unit in course.units if unit.assessment)
    today = (
        (lesson.id for lesson in course.lessons),
        (exercise.name for lesson in course.lessons for exercise in lesson.exercises),
        (assessment.id for assessment in assessments),
    )
    filed = [line.split(" ") for line in course.numbers]
    return Numbers(
        *(
            tuple(dict.fromkeys([*(id for said, id in filed if said == kind), *ids]))
            for kind, ids in zip(KINDS, today, strict=True)
        )
    )


def following(before: Numbers, now: Numbers) -> Numbers:
    """The numbers `before`, and after them whatever is new `now`."""
    return Numbers(*(tuple(dict.fromkeys([*old, *new])) for old, new in zip(before, now, strict=True)))


def as_file(numbers: Numbers) -> str:
    """The text of `numbers.txt`."""
    lines = (f"{kind} {id}\n" for kind, ids in zip(KINDS, numbers, strict=True) for id in ids)
    return _HEAD + "".join(lines)


def read_numbers(folder: Path) -> tuple[tuple[str, ...], list[Problem]]:
    """The lines of a course's file, and what is wrong with it; none when there is no file."""
    if not (folder / FILE).is_file():
        return (), []
    try:
        text = read_text(folder, FILE)
    except Unreadable as error:
        return (), [error.problem]
    lines = [
        (n, line.strip())
        for n, line in enumerate(text.split("\n"), 1)
        if line.strip() and not line.startswith("#")
    ]
    problems = list(_problems(lines))
    return (() if problems else tuple(line for _, line in lines)), problems


def _problems(lines: Iterable[tuple[int, str]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for n, line in lines:
        kind, _, id = line.partition(" ")
        if kind not in KINDS or not id or " " in id:
            message = (
                "Esta línea no nombra nada. Devuelve el archivo publicado y escribe "
                "«lms number» con la carpeta del curso."
            )
            yield Problem(FILE, n, message, code="number-line")
        elif line in seen:
            message = f"«{id}» ya tiene un número. Borra esta línea."
            yield Problem(FILE, n, message, code="duplicate-number")
        seen.add(line)
