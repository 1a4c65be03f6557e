"""The one HTML document that every export is made of: all views of a course, its data and its behaviour."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from lms.course import pages, texts
from lms.course.glossary import PAGE
from lms.course.model import Assessment, Course, Exercise, Lesson, Media
from lms.course.numbers import numbers_of
from lms.course.way import after_assessment, after_lesson
from lms.web import assets
from lms.web.scripts import json_for_script
from lms.web.templates import render_text


def document(
    course: Course, source: Callable[[Media], str], late: Iterable[tuple[str, str]] = (), site: str = ""
) -> str:
    """Render the whole course as one HTML document.

    `source` gives the `src` of a picture; `late` are (path, data URI) of media that stand after all text;
    `site` is the address to which progress is brought, "" if none is known.
    """
    by_path = {media.path: media for media in course.media}

    def resolve(path: str) -> str:
        return source(by_path[path])

    return page(
        "packs/document.html",
        course=course,
        articles={lesson.id: _article(course, lesson, resolve) for lesson in course.lessons},
        assessments={
            unit.assessment.id: pages.assessment_article(course, unit.assessment)
            for unit in course.units
            if unit.assessment
        },
        glossary=pages.glossary_article(course) if course.glossary else "",
        after=_after(course),
        style=assets.css(assets.EXPORT_STYLES),
        scripts=assets.script(assets.EXPORT_SCRIPT),
        data=_data(course, site),
        late=list(late),
        files=[(media, place) for media in course.media if not (place := source(media)).startswith("data:")],
    )


def page(template: str, **values: Any) -> str:
    """Render one of the packs' templates; the same values give the same text."""
    return render_text(template, **values)


def _article(course: Course, lesson: Lesson, resolve: Callable[[str], str]) -> str:
    return pages.with_links(pages.with_media(pages.article(course, lesson), resolve), _place)


def _place(other: str) -> str:
    """Where a lesson, or the glossary, stands in the document."""
    return f"#{other}" if other == PAGE else f"#l/{other}"


def _after(course: Course) -> dict[str, str]:
    """Where each lesson leads, and an assessment from which the final one follows."""
    ways: list[tuple[str, Lesson | Assessment | None]] = [
        *((lesson.id, after_lesson(course, lesson)) for lesson in course.lessons),
        *((exam.id, after_assessment(course, exam)) for unit in course.units if (exam := unit.assessment)),
    ]
    return {
        item: f"#{'e' if isinstance(after, Assessment) else 'l'}/{after.id}" for item, after in ways if after
    }


def _data(course: Course, site: str) -> str:
    """The course's data as classic scripts: who you are, its outline, its keys, its texts."""
    session = {"person": None, "profile": None, "send": None, "receipts": None, "home": None}
    outline: dict[str, Any] = {**course.outline(), "title": course.title}
    if course.numbers:
        outline["numbers"] = numbers_of(course)._asdict()
    calls = (
        f"lms.session = {json_for_script(session)};",
        f"lms.site = {json_for_script(site)};",
        f"lms.outline({json_for_script(outline)});",
        f"lms.keys({json_for_script(pages.keys(_exercises(course)))});",
        f"lms.texts({json_for_script([texts.for_browser(passage) for passage in texts.passages(course)])});",
    )
    return "\n".join(calls)


def _exercises(course: Course) -> list[Exercise]:
    banks = [unit.assessment.bank for unit in course.units if unit.assessment]
    return [
        exercise for group in (*(lesson.exercises for lesson in course.lessons), *banks) for exercise in group
    ]
