"""A course as pages that stand side by side in one folder: what formats with a file a lesson have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lms.course import pages
from lms.course.glossary import PAGE
from lms.course.media import shown, suffix
from lms.course.model import Course, Exercise, Media, Unit
from lms.packs.absent import FILMS, absent, not_in_file
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

    without = absent(course, FILMS, not_in_file)

    def linked(article: str) -> str:
        return pages.with_links(pages.without(article, without), _to(ending))

    for unit in course.units:
        for one in unit.lessons:
            written = pages.article(course, one)
            article, terms = linked(written), pages.terms(course, written)
            media = held(one.media)
            yield Leaf(lesson_name(one.id), one.title, article, unit, one.id, one.exercises, media, terms)
        if exam := unit.assessment:
            article = linked(pages.assessment_article(course, exam))
            yield Leaf(exam_name(exam.id), exam.title, article, unit, asked=exam.bank)
    if course.glossary:
        yield Leaf(PAGE, "Glosario", linked(pages.glossary_article(course)), None)


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
