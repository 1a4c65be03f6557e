"""What the pages of this feature show: plain values made from a course and a person's progress."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from lms.course.model import Assessment, Course, Lesson, Unit
from lms.events.progress import AssessmentProgress, Progress
from lms.web.covers import cover


@dataclass(frozen=True, slots=True)
class Resume:
    """Where a person goes on, and whether anything was done in the course before.

    `number` is a lesson's, empty for the final assessment.
    """

    href: str
    number: str
    title: str
    started: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A lesson in a list; `state` is that of `lesson_state`."""

    id: str
    href: str
    number: str
    title: str
    minutes: int
    state: str


@dataclass(frozen=True, slots=True)
class Exam:
    """A unit's assessment in a list; `mark` is the best so far (0 to 20), None before the first attempt."""

    id: str
    href: str
    title: str
    draw: int
    mark: float | None
    attempts: int
    passed: bool


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit with its lessons and assessment; one without lessons is the course's final assessment."""

    title: str
    number: int
    product: str
    rows: tuple[Row, ...]
    exam: Exam | None
    state: str

    @property
    def done(self) -> int:
        """How many lessons are completed."""
        return sum(row.state == "done" for row in self.rows)

    @property
    def changed(self) -> tuple[Row, ...]:
        """The lessons that became other ones since they were completed."""
        return tuple(row for row in self.rows if row.state == "changed")


@dataclass(frozen=True, slots=True)
class CourseView:
    """A course as one person sees it; `begun` if they did more than to open its first lesson."""

    course: Course
    cover: Markup
    units: tuple[UnitView, ...]
    percent: int
    state: str
    resume: Resume | None
    begun: bool


def course_view(course: Course, progress: Progress, last: str) -> CourseView:
    """Describe a course; `last` is the id of the lesson where the person worked last (see `study`), or ""."""
    units = tuple(_unit(course, unit, progress) for unit in course.units)
    percent = progress.percent
    state = "done" if percent == 100 else "started" if last or percent else "none"
    going = resume(course, progress, last)
    begun = bool(going and going.started) and (last != course.lessons[0].id or _worked(progress))
    return CourseView(course, cover(course.id), units, percent, state, going, begun)


def _worked(progress: Progress) -> bool:
    """Whether anything in the lessons was answered or completed. Twin of `worked` in progress-view.js."""
    return any(one.exercises or one.ever_completed for one in progress.lessons.values())


def resume(course: Course, progress: Progress, last: str) -> Resume | None:
    """The lesson worked in last, or the next undone one if it is completed; after all of them the final assessment.

    None when that is passed too.

    Twin of `lms.resume` in progress-view.js, except that a course not begun resumes at its first lesson.
    """
    lessons = course.lessons
    start = next((place for place, lesson in enumerate(lessons) if lesson.id == last), 0)
    undone = (one for one in lessons[start:] + lessons if lesson_state(progress, one.id) != "done")
    chosen = next(undone, None)
    if chosen:
        return Resume(f"/cursos/{course.id}/{chosen.id}", chosen.number, chosen.title, bool(last))
    exam = exam_of(course, course.final, progress) if course.final else None
    return Resume(exam.href, "", exam.title, bool(last)) if exam and not exam.passed else None


def lesson_state(progress: Progress, lesson: str) -> str:
    """Return "done", "changed" (it was, and became another one since), "started" or "none"."""
    known = progress.lessons.get(lesson)
    if not known:
        return "none"
    if known.completed:
        return "done"
    if known.ever_completed:
        return "changed"
    return "started" if known.opened or known.exercises else "none"


def neighbours(course: Course, lesson: Lesson) -> tuple[Lesson | None, Lesson | None]:
    """The lessons before and after, across units."""
    lessons = course.lessons
    place = lessons.index(lesson)
    return (lessons[place - 1] if place else None), (lessons[place + 1] if place + 1 < len(lessons) else None)


def unit_of(course: Course, lesson: Lesson) -> Unit:
    """The unit a lesson belongs to."""
    return next(unit for unit in course.units if unit.id == lesson.unit)


def exam_of(course: Course, assessment: Assessment, progress: Progress) -> Exam:
    """Where somebody stands in an assessment of the course."""
    known: AssessmentProgress | None = progress.units[assessment.unit].assessment
    return Exam(
        assessment.id,
        f"/cursos/{course.id}/evaluaciones/{assessment.id}",
        assessment.title,
        min(assessment.draw, len(assessment.bank)),
        known.mark if known else None,
        known.attempts if known else 0,
        bool(known and known.passed),
    )


def _unit(course: Course, unit: Unit, progress: Progress) -> UnitView:
    rows = tuple(_row(course, lesson, progress) for lesson in unit.lessons)
    exam = exam_of(course, unit.assessment, progress) if unit.assessment else None
    return UnitView(unit.title, unit.number, unit.product, rows, exam, progress.units[unit.id].state)


def _row(course: Course, lesson: Lesson, progress: Progress) -> Row:
    href = f"/cursos/{course.id}/{lesson.id}"
    state = lesson_state(progress, lesson.id)
    return Row(lesson.id, href, lesson.number, lesson.title, lesson.minutes, state)
