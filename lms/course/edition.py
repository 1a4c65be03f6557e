"""A course as published, or about to be, so that one version can be set beside another."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain
from pathlib import Path

from lms.course.draft import COURSE_FILE, Draft, read_draft
from lms.course.loader import load_draft
from lms.course.model import Assessment, Course, Exercise, Lesson
from lms.errors import Invalid

WORDS = {
    "unit": ("unidad", "unidades"),
    "lesson": ("lección", "lecciones"),
    "assessment": ("evaluación", "evaluaciones"),
    "question": ("pregunta", "preguntas"),
    "media": ("imagen", "imágenes"),
    "fact": ("dato del curso", "datos del curso"),
}
"""What an edition is made of: one, and many."""

_NOT_FACTS = {"id", "version", "units", "media", "folder", "changes", "numbers"}


@dataclass(frozen=True, slots=True)
class Named:
    """What stands under one id, and where; two contents are equal when nothing in it was edited.

    The content of a unit without lessons is None: it is told of as its assessment.

    `kind` is one of WORDS; `type` is a question's type, "" for anything else.
    """

    id: str
    kind: str
    type: str
    content: object
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a course: its values, the folder as read (for its lines), and what has a name in it."""

    course: Course
    draft: Draft
    names: Mapping[str, Named]


@dataclass(frozen=True, slots=True)
class Differences:
    """How many things of each kind are only in the newer edition, differ, or are only in the older one."""

    new: Counter[str]
    changed: Counter[str]
    removed: Counter[str]

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.removed)


def edition_of(draft: Draft) -> Edition | None:
    """Make an edition of a folder already read; None when its errors would hide part of it."""
    course = load_draft(draft).course
    return Edition(course, draft, {one.id: one for one in _named(course, draft)}) if course else None


def published_editions(path: Path) -> list[Edition]:
    """Read what was published: a course's folder, or a folder of courses; Invalid when one cannot be read."""
    return [_published(folder) for folder in course_folders(path)]


def course_folders(path: Path) -> list[Path]:
    """Name the courses in a folder; a folder without any is taken for a course, so that it is reported."""
    inside = sorted(found.parent for found in path.glob(f"*/{COURSE_FILE}"))
    return inside if inside and not (path / COURSE_FILE).exists() else [path]


def counterpart(draft: Draft, olds: Sequence[Edition], *, alone: bool) -> Edition | None:
    """Return the older edition of a course: the one with its id, else its folder's name, else the only one.

    `alone` says that no other course is being compared: then the only older edition must be this one's.
    """
    same_id = (old for old in olds if old.course.id == draft.course_id)
    same_folder = (old for old in olds if old.draft.folder.resolve().name == draft.folder.resolve().name)
    only = olds if alone and len(olds) == 1 else ()
    return next(chain(same_id, same_folder, only), None)


def differences(old: Edition, new: Edition) -> Differences:
    """Count what is new, changed and removed, by kind."""
    before, after = dict(_contents(old)), dict(_contents(new))
    kept = before.keys() & after.keys()
    return Differences(
        Counter(kind for kind, _ in after.keys() - kept),
        Counter(place[0] for place in kept if before[place] != after[place]),
        Counter(kind for kind, _ in before.keys() - kept),
    )


def _published(folder: Path) -> Edition:
    draft = read_draft(folder)
    edition = edition_of(draft)
    if edition is None:
        first = next(problem for problem in load_draft(draft).problems if problem.severity == "error")
        raise Invalid(
            f"No se puede comparar con «{folder}»: {first.file}, línea {first.line}: {first.message} "
            "Usa una copia completa de lo que se publicó."
        )
    return edition


def _named(course: Course, draft: Draft) -> Iterator[Named]:
    for i, unit in enumerate(course.units):
        lessons = tuple(lesson.id for lesson in unit.lessons)
        line = draft.line("units", i, "id")
        content = (unit.title, unit.product, lessons) if lessons else None
        yield Named(unit.id, "unit", "", content, COURSE_FILE, line)
        for n, lesson in enumerate(unit.lessons):
            yield _lesson(lesson, draft.line("units", i, "lessons", n))
            yield from map(_question, lesson.exercises)
        if unit.assessment:
            alone = "" if lessons else unit.title
            yield _assessment(unit.assessment, alone, draft.line("units", i, "assessment", "id"))
            yield from map(_question, unit.assessment.bank)


def _lesson(lesson: Lesson, line: int) -> Named:
    content = (lesson.title, lesson.objective, lesson.minutes, lesson.keywords, lesson.tags, lesson.body)
    return Named(lesson.id, "lesson", "", content, COURSE_FILE, line)


def _assessment(assessment: Assessment, alone: str, line: int) -> Named:
    """`alone` is the title of the unit that it makes up: to people both are one thing."""
    drawn = tuple(exercise.name for exercise in assessment.bank)
    content = (assessment.title, assessment.draw, drawn, alone)
    return Named(assessment.id, "assessment", "", content, COURSE_FILE, line)


def _question(exercise: Exercise) -> Named:
    content = replace(exercise, file="", line=0)
    return Named(exercise.name, "question", exercise.type, content, exercise.file, exercise.line)


def _contents(edition: Edition) -> Iterator[tuple[tuple[str, str], object]]:
    """Yield everything that people receive, by kind and name."""
    for named in edition.names.values():
        if named.content is not None:
            yield (named.kind, named.id), named.content
    for media in edition.course.media:
        yield ("media", media.path), media.sha256
    for fact in fields(Course):
        if fact.init and fact.name not in _NOT_FACTS:
            yield ("fact", fact.name), getattr(edition.course, fact.name)
