"""A course's folder as read, before it is known to be a course: what the loader and the checks look at."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from lms.course.films import read_films
from lms.course.gift import parse_gift
from lms.course.glossary_source import read_glossary
from lms.course.links import links, media_path
from lms.course.made import once
from lms.course.media import read_media
from lms.course.model import COURSE_FILE as COURSE_FILE
from lms.course.model import Exercise, Media, Problem, Term
from lms.course.numbers import read_numbers
from lms.course.source import Cut, Toml, Unreadable, cut_gift, parse_toml, read_text, split_front
from lms.course.tangle import tangled_line


@dataclass(frozen=True, slots=True)
class LessonDraft:
    """One lesson file; `line` is where its body begins, `tangled` where it becomes too tangled to render, or 0.

    `media` are the files of the course that it names, as media/x.svg, there or not.
    """

    id: str
    file: str
    front: Toml
    body: str
    line: int
    cut: Cut
    exercises: tuple[Exercise, ...]
    tangled: int
    media: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything found in a course's folder, and the problems of reading it.

    `course` is None when course.toml cannot be read. `lessons` and `banks` are by id and by file, and hold
    only what could be read; `files` names every lesson, bank and media file that is there.
    """

    folder: Path
    course: Toml | None
    lessons: Mapping[str, LessonDraft]
    banks: Mapping[str, tuple[Exercise, ...]]
    media: Mapping[str, Media]
    files: frozenset[str]
    glossary: tuple[Term, ...]
    problems: tuple[Problem, ...]
    numbers: tuple[str, ...] = ()

    @property
    def course_id(self) -> str:
        """The id that course.toml gives the course; "" when it gives none."""
        return _id_in(self.course)

    @property
    def units(self) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Each [[units]] table with its position; those of the wrong type are left out."""
        units = self.course.data.get("units") if self.course else None
        for i, unit in enumerate(units if isinstance(units, list) else []):
            if isinstance(unit, dict):
                yield i, unit

    @property
    def named_lessons(self) -> Iterator[tuple[str, int]]:
        """Each lesson named in course.toml, in order, with its line there."""
        for i, unit in self.units:
            lessons = unit.get("lessons")
            for n, lesson in enumerate(lessons if isinstance(lessons, list) else []):
                if isinstance(lesson, str):
                    yield lesson, self.line("units", i, "lessons", n)

    @property
    def assessments(self) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Each assessment's table with the position of its unit."""
        for i, unit in self.units:
            if isinstance(unit.get("assessment"), dict):
                yield i, unit["assessment"]

    @property
    def named_files(self) -> frozenset[str]:
        """The lessons and banks that course.toml names, there or not: those that people will see."""
        lessons = (f"lessons/{lesson}.md" for lesson, _ in self.named_lessons)
        return frozenset([*lessons, *(str(assessment.get("bank")) for _, assessment in self.assessments)])

    def line(self, *path: str | int) -> int:
        """Return the line of a value of course.toml."""
        return self.course.line(*path) if self.course else 1


def read_draft(folder: Path) -> Draft:
    """Read all of a course's files; what cannot be read becomes a problem, never an exception."""
    problems: list[Problem] = []
    course = None
    try:
        text = read_text(folder, COURSE_FILE)
        course = once((COURSE_FILE, text), lambda: parse_toml(text, COURSE_FILE), Toml)
    except Unreadable as error:
        problems.append(error.problem)
    lessons = _lessons(folder, problems)
    banks = _banks(folder, problems)
    media = _media(folder, problems)
    glossary, faults = read_glossary(folder)
    numbers, wrong = read_numbers(folder)
    problems += [*faults, *wrong]
    files = frozenset([*_names(folder, "lessons", ".md"), *_names(folder, "banks", ".gift"), *media])
    return Draft(folder, course, lessons, banks, media, files, glossary, tuple(problems), numbers)


def course_id(folder: Path) -> str:
    """Return the id of a folder's course without reading the rest; "" when there is none to be read."""
    try:
        return _id_in(parse_toml(read_text(folder, COURSE_FILE), COURSE_FILE))
    except Unreadable:
        return ""


def _id_in(course: Toml | None) -> str:
    found = course.data.get("id") if course else None
    return found if isinstance(found, str) else ""


def _lessons(folder: Path, problems: list[Problem]) -> dict[str, LessonDraft]:
    found: dict[str, LessonDraft] = {}
    for file, text in _texts(folder, _names(folder, "lessons", ".md"), problems):
        try:
            lesson, faults = once(
                ("lesson", file, text), partial(_lesson, file, text), tuple[LessonDraft, tuple[Problem, ...]]
            )
        except Unreadable as error:
            problems.append(error.problem)
        else:
            found[lesson.id] = lesson
            problems += faults
    return found


def _lesson(file: str, text: str) -> tuple[LessonDraft, tuple[Problem, ...]]:
    front, body, line = split_front(text, file)
    toml = parse_toml(front, file, first_line=2)
    cut = cut_gift(body, line)
    exercises: list[Exercise] = []
    problems: list[Problem] = []
    for block in cut.blocks:
        parsed, faults = parse_gift(block.text, file, block.line)
        exercises += parsed
        problems += faults
    named = (media_path(link.target) for link in links(cut.text) if link.picture)
    lesson = LessonDraft(
        id=Path(file).stem,
        file=file,
        front=toml,
        body=body,
        line=line,
        cut=cut,
        exercises=tuple(exercises),
        tangled=tangled_line(cut.text, line),
        media=tuple(dict.fromkeys(path for path in named if path)),
    )
    return lesson, tuple(problems)


def _banks(folder: Path, problems: list[Problem]) -> dict[str, tuple[Exercise, ...]]:
    found: dict[str, tuple[Exercise, ...]] = {}
    for file, text in _texts(folder, _names(folder, "banks", ".gift"), problems):
        found[file], faults = once(
            ("bank", file, text),
            partial(parse_gift, text, file),
            tuple[tuple[Exercise, ...], tuple[Problem, ...]],
        )
        problems += faults
    return found


def _texts(folder: Path, files: Iterable[str], problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """Each file with its text; one that cannot be read is a problem."""
    for file in files:
        try:
            yield file, read_text(folder, file)
        except Unreadable as error:
            problems.append(error.problem)


def _media(folder: Path, problems: list[Problem]) -> dict[str, Media]:
    found: dict[str, Media] = {}
    for file in _names(folder, "media", ""):
        try:
            found[file] = read_media(folder, file)
        except OSError:
            problems.append(Problem(file, 0, "No se puede leer este archivo.", code="unreadable-file"))
    apart, faults = read_films(folder, found)
    problems += faults
    every = found | {film.path: film for film in apart}
    return {path: every[path] for path in sorted(every)}


def _names(folder: Path, kind: str, ending: str) -> list[str]:
    """Name the visible files of one of a course's folders, in order, as in lessons/x.md."""
    inside = folder / kind
    if not inside.is_dir():
        return []
    names = (path.name for path in inside.iterdir() if path.is_file())
    return sorted(f"{kind}/{name}" for name in names if name.endswith(ending) and not name.startswith("."))
