"""From a course's folder to a `Course`, or to everything that keeps it from being one."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lms.course.draft import COURSE_FILE, Draft, LessonDraft, read_draft
from lms.course.media import small_path
from lms.course.model import Assessment, Changes, Course, Exercise, Lesson, Problem, Unit
from lms.course.structure import STRUCTURE, in_order

PASS_MARK = 14
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Loaded:
    """A course, or None when some problem is an error; the problems are those of its structure."""

    course: Course | None
    problems: tuple[Problem, ...]


def load_course(folder: Path) -> Loaded:
    """Load the course of a folder. Never raises for what an author wrote: all faults are in `problems`.

    Only what keeps a course from being shown is looked at; `checks.check_course` looks at everything.
    """
    return load_draft(read_draft(Path(folder)))


def load_draft(draft: Draft) -> Loaded:
    """Judge a folder already read, and make the course of it."""
    found = {problem for check in STRUCTURE for problem in check(draft)}
    problems = tuple(sorted(found, key=in_order))
    if any(problem.severity == "error" for problem in problems):
        return Loaded(None, problems)
    return Loaded(_course(draft), problems)


def load_courses(root: Path) -> tuple[dict[str, Course], list[Problem]]:
    """Load every course in a folder of courses, by id: of two with one id only the first, by folder's name.

    The problems name their files from where `root` is.
    """
    courses: dict[str, Course] = {}
    problems: list[Problem] = []
    for folder in sorted(found.parent for found in Path(root).glob(f"*/{COURSE_FILE}")):
        draft = read_draft(folder)
        loaded = load_draft(draft)
        problems += (replace(problem, file=str(folder / problem.file)) for problem in loaded.problems)
        if loaded.course and courses.setdefault(loaded.course.id, loaded.course) is not loaded.course:
            twin = repeated(draft, courses[loaded.course.id].folder)
            problems.append(replace(twin, file=str(folder / twin.file)))
    return courses, problems


def repeated(draft: Draft, first: Path) -> Problem:
    """Say that a course has the id of another, which stands in the folder `first`."""
    message = (
        f"El curso «{draft.course_id}» ya está en la carpeta «{first.name}», y solo ese se usa. "
        "Ponle a este otro «id», o saca una de las dos carpetas."
    )
    return Problem(COURSE_FILE, draft.line("id"), message, code="repeated-course")


def _course(draft: Draft) -> Course:
    assert draft.course is not None  # noqa: S101 - no course.toml is an error, and stopped load_draft
    data = draft.course.data
    units = tuple(_unit(draft, number, unit) for number, unit in enumerate(data["units"], 1))
    named = {path for unit in units for lesson in unit.lessons for path in lesson.media}
    shown = named | {small_path(path) for path in named}
    return Course(
        id=data["id"],
        code=data["code"],
        version=data["version"],
        title=data["title"],
        summary=data["summary"],
        language=data["language"],
        hours=data["hours"],
        audience=data["audience"],
        level=data["level"],
        licence=data["licence"],
        authors=tuple(data["authors"]),
        frameworks=tuple(data["frameworks"]),
        pass_mark=data.get("pass_mark", PASS_MARK),
        attempts=data.get("attempts", ATTEMPTS),
        units=units,
        media=tuple(media for media in draft.media.values() if media.path in shown),
        folder=draft.folder,
        changes=_changes(data.get("changes", {})),
        glossary=draft.glossary,
        numbers=draft.numbers,
    )


def _changes(table: Mapping[str, Any]) -> Changes:
    return Changes(tuple(table.get("removed", ())), dict(table.get("major", {})))


def _unit(draft: Draft, number: int, unit: Mapping[str, Any]) -> Unit:
    lessons = tuple(
        _lesson(draft.lessons[lesson], unit["id"], f"{number}.{n}")
        for n, lesson in enumerate(unit.get("lessons", ()), 1)
    )
    assessment = _assessment(draft, unit["id"], unit["assessment"]) if "assessment" in unit else None
    return Unit(unit["id"], unit["title"], number, unit.get("product", ""), lessons, assessment)


def _lesson(lesson: LessonDraft, unit: str, number: str) -> Lesson:
    front = lesson.front.data
    return Lesson(
        id=lesson.id,
        title=front["title"],
        objective=front["objective"],
        minutes=front["minutes"],
        tags={name: tuple(codes) for name, codes in front.get("tags", {}).items()},
        unit=unit,
        number=number,
        body=lesson.body,
        exercises=lesson.exercises,
        media=lesson.media,
        file=lesson.file,
        line=lesson.line,
        keywords=tuple(front.get("keywords", ())),
    )


def _assessment(draft: Draft, unit: str, table: Mapping[str, Any]) -> Assessment:
    draw, file = table["draw"], table["bank"]
    bank = draft.banks[file]
    return Assessment(table["id"], unit, table["title"], draw, bank, bank_rev(draw, bank), file)


def bank_rev(draw: int, bank: tuple[Exercise, ...]) -> str:
    """Return the hash by which two devices know that they draw from the same questions."""
    source = json.dumps([draw, sorted(exercise.rev for exercise in bank)], separators=(",", ":"))
    return hashlib.sha256(source.encode()).hexdigest()[:16]
