"""A course on paper: one HTML document that prints as a booklet, from a browser or as a PDF."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from lms.course import pages
from lms.course.exercises import TYPES
from lms.course.glossary import PAGE
from lms.course.links import lesson_target, links
from lms.course.media import data_uri
from lms.course.model import Course, Exercise, Lesson, Unit
from lms.packs.absent import HEARD, absent, on_paper
from lms.web import assets
from lms.web.covers import cover
from lms.web.templates import render_text

# Printers of PDF give a page's styles to no drawing.
THREADS = {"a": "#0f5f5a", "b": "#f0b441", "c": "#c4552d", "d": "#f4e8d6"}
STYLES = ("tokens", "base", "lesson", "glossary", "exercise", "print", "booklet")


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of the key: the right answer, part by part, and why."""

    right: tuple[str, ...]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One lesson on paper: its article, its answers, and the way to it on the site."""

    lesson: Lesson
    article: Markup
    answers: tuple[Answer, ...]
    address: str
    code: Markup


def booklet(course: Course, units: Sequence[Unit], site: str = "", tight: Collection[str] = ()) -> str:
    """Render these units of a course as a document with nothing outside it; the same values give the same text.

    `site` is where people reach the courses (https://…), for the codes to scan; "" leaves them out. In the
    lessons of `tight` the printable sheet is set in smaller type, to fit its page.
    """
    sheets = {unit.id: [_sheet(course, lesson, site) for lesson in unit.lessons] for unit in units}
    values: dict[str, Any] = {
        "course": course,
        "units": units,
        "whole": _whole(course, units),
        "sheets": sheets,
        "tight": tight,
        "glossary": _glossary(course, units),
        "cover": dyed_cover(course.id),
        "style": assets.css(STYLES),
    }
    return render_text("packs/booklet.html", **values)


def _glossary(course: Course, units: Sequence[Unit]) -> Markup:
    """The whole glossary at the end of a whole course; after a part, the terms that its lessons link to."""
    linked = {
        target[1]
        for unit in units
        for lesson in unit.lessons
        for link in links(lesson.body)
        if (target := lesson_target(link.target)) and target[0] == PAGE
    }
    whole = _whole(course, units)
    terms = tuple(term for term in course.glossary if whole or term.id in linked)
    article = pages.glossary_article(replace(course, glossary=terms)) if terms else ""
    return Markup(article)  # noqa: S704 - its template escapes the terms


def _whole(course: Course, units: Sequence[Unit]) -> bool:
    return len(units) == sum(1 for unit in course.units if unit.lessons)


def dyed_cover(course_id: str) -> Markup:
    """A course's cover with its threads in their colours, for where no style reaches a drawing."""
    woven = str(cover(course_id))
    for thread, colour in THREADS.items():
        woven = woven.replace(f'class="{thread}"', f'fill="{colour}"')
    return Markup(woven)  # noqa: S704 - our own drawing


def _sheet(course: Course, lesson: Lesson, site: str) -> Sheet:
    media = {media.path: media for media in course.media}
    read = pages.without(pages.article(course, lesson), absent(course, HEARD, on_paper))
    shown = pages.with_media(read, lambda path: data_uri(media[path]))
    # On paper a link is its words; inside the PDF it still leads there.
    article = pages.with_links(shown, lambda other: f"#{other}" if other == PAGE else f"#{other}--titulo")
    address = f"{site.rstrip('/')}/cursos/{course.id}/{lesson.id}" if site else ""
    return Sheet(
        lesson,
        Markup(article),  # noqa: S704 - sanitised where it was made
        tuple(answers(lesson.exercises)),
        address,
        _code(address) if address else Markup(),
    )


def answers(exercises: Sequence[Exercise]) -> Iterator[Answer]:
    """Say how each of these questions is answered, in their order."""
    for exercise in exercises:
        yield Answer(*TYPES[exercise.type].solution(exercise))


def _code(address: str) -> Markup:
    """The address as a QR code: an inline SVG that prints sharp at any size."""
    import segno

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", border=2, xmldecl=False, svgns=True, nl=False, omitsize=True, svgclass="code"
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - drawn by segno
