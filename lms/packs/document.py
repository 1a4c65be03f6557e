"""The one HTML document that every export is made of: all views of a course, its data and its behaviour."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lms.course import pages, texts
from lms.course.glossary import PAGE
from lms.course.media import VIDEO, films, shown, suffix
from lms.course.model import Assessment, Course, Exercise, Lesson, Media
from lms.course.numbers import numbers_of
from lms.course.way import after_assessment, after_lesson
from lms.web import assets
from lms.web.scripts import json_for_script
from lms.web.templates import render_text


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a document's media are: `source` gives the `src` of each, `copy` which copy of a picture stands there.

    `late` are (path, data URI) of those that stand after all text; `without` says what stands in the place of a
    sound or film, None for one that is there; `films` says what to say of a film whose file is not found.
    """

    source: Callable[[Media], str]
    copy: Callable[[Media], Media] = lambda media: media
    late: Sequence[tuple[str, str]] = ()
    without: Callable[[str], str | None] = lambda _: None
    films: Callable[[Media], str] | None = None


def document(course: Course, placing: Placing, site: str = "") -> str:
    """Render the whole course as one HTML document.

    `site` is the address to which progress is brought, "" if none is known.
    """
    by_path = {media.path: media for media in course.media}

    def article(lesson: Lesson) -> str:
        held = pages.without(pages.article(course, lesson), placing.without)
        return pages.with_links(
            pages.with_media(held, lambda path: placing.source(placing.copy(by_path[path]))), _place
        )

    return page(
        "packs/document.html",
        course=course,
        articles={lesson.id: article(lesson) for lesson in course.lessons},
        assessments={
            unit.assessment.id: pages.assessment_article(course, unit.assessment)
            for unit in course.units
            if unit.assessment
        },
        glossary=pages.glossary_article(course) if course.glossary else "",
        after=_after(course),
        style=assets.css(assets.EXPORT_STYLES),
        scripts=assets.script(assets.EXPORT_SCRIPT),
        data=_data(course, site) + _films(course, placing),
        late=placing.late,
        files=[(media, place) for media, place in _places(course, placing) if not place.startswith("data:")],
        apart=films(course) if placing.films else (),
    )


def page(template: str, **values: Any) -> str:
    """Render one of the packs' templates; the same values give the same text."""
    return render_text(template, **values)


def _places(course: Course, placing: Placing) -> Iterator[tuple[Media, str]]:
    """Every file that must be there, and where."""
    for media in shown(course):
        if suffix(media.path) not in VIDEO and placing.without(media.path) is None:
            held = placing.copy(media)
            yield held, placing.source(held)


def _films(course: Course, placing: Placing) -> str:
    said = {film.path: placing.films(film) for film in films(course)} if placing.films else {}
    return f"\nlms.films({json_for_script(said)});" if said else ""


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
    session = {"person": None, "profile": None, "send": None, "home": None}
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
