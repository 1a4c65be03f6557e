"""A course as pages that stand side by side in one folder: what formats with a file a lesson have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lms.course import pages
from lms.course.glossary import PAGE
from lms.course.made import once, packed
from lms.course.media import shown, suffix
from lms.course.model import Assessment, Course, Exercise, Lesson, Media, Unit
from lms.packs.absent import FILMS, absent, not_in_file
from lms.packs.made_of import MadeOf
from lms.web.scripts import json_for_script


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page: its file's name without an ending, what it holds, and what is asked on it.

    `unit` is None for the glossary, `lesson` the lesson's id, "" for what is none; `terms` are those that its
    article leads to, for pages where a script opens them in place.
    """

    name: str
    title: str
    article: str
    unit: Unit | None
    lesson: str = ""
    asked: tuple[Exercise, ...] = ()
    media: tuple[str, ...] = ()
    terms: str = ""


def leaves(course: Course, ending: str) -> Iterator[Leaf]:
    """Every page in the order of the course, the glossary last; links between them end in `ending`."""
    pages_of = _Pages(course, ending)
    for unit in course.units:
        for one in unit.lessons:
            article, terms = pages_of.lesson(one)
            yield Leaf(
                lesson_name(one.id), one.title, article, unit, one.id, one.exercises, held(one.media), terms
            )
        if exam := unit.assessment:
            article = pages_of.assessment(unit, exam)
            yield Leaf(exam_name(exam.id), exam.title, article, unit, asked=exam.bank)
    if course.glossary:
        yield Leaf(PAGE, "Glosario", pages_of.glossary(), None)


class _Pages:
    """The articles of a course, each made only where nothing keeps it."""

    def __init__(self, course: Course, ending: str) -> None:
        self._course = course
        self._ending = ending
        self._of = MadeOf(course)
        self._without = absent(course, FILMS, not_in_file)

    def lesson(self, lesson: Lesson) -> tuple[str, str]:
        """A lesson's article, and the terms that it leads to."""
        said = packed([self._without(path) for path in lesson.media])
        parts = ("leaf", self._ending, self._of.course, self._of.lesson[lesson.id], said)
        return once(parts, lambda: self._lesson(lesson), tuple[str, str])

    def assessment(self, unit: Unit, exam: Assessment) -> str:
        """An assessment's article, with its bank."""
        parts = ("exam leaf", self._ending, self._of.course, self._of.assessment(unit))
        return once(parts, lambda: self._linked(pages.assessment_article(self._course, exam)))

    def glossary(self) -> str:
        """The words that the course explains."""
        parts = ("glossary leaf", self._ending, self._of.course)
        return once(parts, lambda: self._linked(pages.glossary_article(self._course)))

    def _lesson(self, lesson: Lesson) -> tuple[str, str]:
        written = pages.article(self._course, lesson)
        return self._linked(pages.without(written, self._without)), pages.terms(self._course, written)

    def _linked(self, article: str) -> str:
        return pages.with_links(article, _to(self._ending))


def held(media: Iterable[str]) -> tuple[str, ...]:
    """Those of a course's files that stand beside its pages: films travel apart."""
    return tuple(path for path in media if suffix(path) not in FILMS)


def media_of(course: Course) -> list[Media]:
    """The files that stand beside the pages."""
    return [media for media in shown(course) if suffix(media.path) not in FILMS]


def lesson_name(lesson: str) -> str:
    """The name of a lesson's page, which no assessment's page has."""
    return f"l-{lesson}"


def exam_name(assessment: str) -> str:
    """The name of an assessment's page."""
    return f"e-{assessment}"


def data(course: Course, asked: Iterable[Exercise]) -> str:
    """What a page by itself needs to grade these questions, as a classic script."""
    outline = {"course": course.id, "title": course.title, "pass_mark": course.pass_mark, "units": []}
    return f"lms.outline({json_for_script(outline)});lms.keys({json_for_script(pages.keys(asked))});"


def _to(ending: str) -> Callable[[str], str]:
    return lambda other: (other if other == PAGE else lesson_name(other)) + ending
