"""A course as frozen values: every page, pack and search index only reads these."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NotRequired, TypedDict

COURSE_FILE = "course.toml"  # a folder that has it is a course


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a course's sources: where it stands, and a Spanish sentence for its author.

    `file` is relative to the course's folder; `line` counts from 1, and is 0 when no line can be named. With an
    "error" `lms check` fails, with a "warning" it does not; `code` names the rule, in English, for programs.
    """

    file: str
    line: int
    message: str
    severity: Literal["error", "warning"] = "error"
    code: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a question: plain text, and the sentence said of it, "" for none.

    `weight` goes from -1.0 to 1.0, which is fully right.
    """

    text: str
    weight: float
    feedback: str


@dataclass(frozen=True, slots=True)
class Exercise:
    """One parsed question, of any type; its type's module says what `options` and `data` hold.

    `name` is its id, unique in a course and kept for ever; `rev` is `revision` of what decides a mark, 16
    hexadecimal digits; `feedback` is said after every answer, "" for none; `data` is JSON-able. `line` is
    where the question begins in `file`. Texts are plain, with line breaks only where the author asked.
    """

    name: str
    type: str
    prompt: str
    rev: str
    options: tuple[Option, ...]
    feedback: str
    data: Mapping[str, Any]
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of the glossary: `name` as it is read, `id` as links and anchors use it."""

    id: str
    name: str
    meaning: str
    acronym: bool = False


@dataclass(frozen=True, slots=True)
class Media:
    """One picture, sound or film of a course: `path` as in media/x.svg, `source` the file on this disk.

    `size` is in bytes; `width` and `height` are in CSS pixels, None where unknown; `seconds` are a sound's, else 0.
    """

    path: str
    size: int
    sha256: str
    width: int | None
    height: int | None
    source: Path
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson: Markdown as authored, and the questions found in it, in order.

    `body` still holds its ```gift blocks and begins at `line` of `file`; `media` are the course's
    files it shows, as `media/x.svg`; `number` is unit.lesson, as in "1.2"; `unit` is the unit's id; `tags`
    gives codes by framework (see `tags.TAGS`); `keywords` are the everyday words by which it is looked for.
    """

    id: str
    title: str
    objective: str
    minutes: int
    tags: Mapping[str, tuple[str, ...]]
    unit: str
    number: str
    body: str
    exercises: tuple[Exercise, ...]
    media: tuple[str, ...]
    file: str
    line: int = 1
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """A unit's bank, from which each attempt draws `draw` questions; `unit` is the unit's id.

    `rev` is the hash of `draw` and of the bank's revs: a new one means that draws are not comparable.
    `file` is the bank's, as `banks/x.gift`.
    """

    id: str
    unit: str
    title: str
    draw: int
    bank: tuple[Exercise, ...]
    rev: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """Lessons that lead to one product of the teacher's own; `number` counts from 1.

    Only a course's last unit may have none: then it is the course's final assessment, and `product` is "".
    """

    id: str
    title: str
    number: int
    product: str
    lessons: tuple[Lesson, ...]
    assessment: Assessment | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What an author says of earlier versions; nothing said here is ever taken back.

    `removed` are names that are gone on purpose and are not used again; `major` gives, for a lesson that
    became another one, the version since which its completions are of what it is now.
    """

    removed: tuple[str, ...] = ()
    major: Mapping[str, str] = field(default_factory=dict)


class OutlineLesson(TypedDict):
    """What progress needs to know of a lesson; `major` is the version before which completing it does not count."""

    id: str
    title: str
    number: str
    minutes: int
    exercises: list[str]
    major: NotRequired[str]


class OutlineAssessment(TypedDict):
    """What progress needs to know of an assessment."""

    id: str
    title: str
    draw: int
    rev: str
    bank: list[str]


class OutlineUnit(TypedDict):
    """What progress needs to know of a unit."""

    id: str
    title: str
    number: int
    product: str
    lessons: list[OutlineLesson]
    assessment: OutlineAssessment | None


class Outline(TypedDict):
    """The course without its texts, as JSON: progress reads it in Python and in the browser."""

    course: str
    version: str
    pass_mark: int
    attempts: int
    units: list[OutlineUnit]


@dataclass(frozen=True, slots=True)
class Course:
    """A whole course.

    `version` is three numbers, `language` a BCP 47 tag (es-PE, quz), `hours` the hours of study it certifies;
    `pass_mark` is vigesimal (0 to 20), `attempts` are those advised for each assessment, `media` the files
    that its lessons show, `glossary` the words it explains, acronyms last, and `numbers` the lines of numbers.txt.
    """

    id: str
    code: str
    version: str
    title: str
    summary: str
    language: str
    hours: int
    audience: str
    level: str
    licence: str
    authors: tuple[str, ...]
    frameworks: tuple[str, ...]
    pass_mark: int
    attempts: int
    units: tuple[Unit, ...]
    media: tuple[Media, ...]
    folder: Path
    changes: Changes = field(default_factory=Changes)
    glossary: tuple[Term, ...] = ()
    numbers: tuple[str, ...] = ()

    lessons: tuple[Lesson, ...] = field(init=False, repr=False, compare=False)
    _lessons: Mapping[str, Lesson] = field(init=False, repr=False, compare=False)
    _exercises: Mapping[str, Exercise] = field(init=False, repr=False, compare=False)
    _assessments: Mapping[str, Assessment] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # The dictionaries follow from the fields above; a frozen value is filled only here.
        lessons = tuple(lesson for unit in self.units for lesson in unit.lessons)
        assessments = [unit.assessment for unit in self.units if unit.assessment]
        groups = [*(lesson.exercises for lesson in lessons), *(one.bank for one in assessments)]
        object.__setattr__(self, "lessons", lessons)
        object.__setattr__(self, "_lessons", {lesson.id: lesson for lesson in lessons})
        object.__setattr__(self, "_exercises", {one.name: one for group in groups for one in group})
        object.__setattr__(self, "_assessments", {one.id: one for one in assessments})

    @property
    def final(self) -> Assessment | None:
        """The assessment of the whole course, in a last unit without lessons; None if there is none."""
        return None if self.units[-1].lessons else self.units[-1].assessment

    def lesson(self, lesson_id: str) -> Lesson:
        """Return the lesson with that id; KeyError if there is none."""
        return self._lessons[lesson_id]

    def exercise(self, name: str) -> Exercise:
        """Return the question with that name, of a lesson or a bank; KeyError if there is none."""
        return self._exercises[name]

    def assessment(self, assessment_id: str) -> Assessment:
        """Return the assessment with that id; KeyError if there is none."""
        return self._assessments[assessment_id]

    def outline(self) -> Outline:
        """Describe the course for progress, as JSON-able values."""
        return {
            "course": self.id,
            "version": self.version,
            "pass_mark": self.pass_mark,
            "attempts": self.attempts,
            "units": [_outline_unit(unit, self.changes.major) for unit in self.units],
        }


def _outline_unit(unit: Unit, major: Mapping[str, str]) -> OutlineUnit:
    return {
        "id": unit.id,
        "title": unit.title,
        "number": unit.number,
        "product": unit.product,
        "lessons": [_outline_lesson(lesson, major.get(lesson.id)) for lesson in unit.lessons],
        "assessment": _outline_assessment(unit.assessment),
    }


def _outline_lesson(lesson: Lesson, major: str | None) -> OutlineLesson:
    outline: OutlineLesson = {
        "id": lesson.id,
        "title": lesson.title,
        "number": lesson.number,
        "minutes": lesson.minutes,
        "exercises": [exercise.name for exercise in lesson.exercises],
    }
    if major:
        outline["major"] = major
    return outline


def _outline_assessment(assessment: Assessment | None) -> OutlineAssessment | None:
    if assessment is None:
        return None
    return {
        "id": assessment.id,
        "title": assessment.title,
        "draw": assessment.draw,
        "rev": assessment.rev,
        "bank": [exercise.name for exercise in assessment.bank],
    }
