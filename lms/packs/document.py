"""The one HTML document that every export is made of: all views of a course, its data and its behaviour."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from lms.course import pages
from lms.course.glossary import PAGE
from lms.course.made import once, packed
from lms.course.media import VIDEO, films, shown, suffix
from lms.course.model import Assessment, Course, Exercise, Lesson, Media, Unit
from lms.course.numbers import numbers_of
from lms.course.way import after_assessment, after_lesson
from lms.packs.home import NOWHERE, Home
from lms.packs.made_of import MadeOf
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


def document(course: Course, placing: Placing, home: Home = NOWHERE) -> str:
    """Render the whole course as one HTML document.

    `home` is where progress is brought, if that is known.
    """
    views = _Views(course, placing)
    return page(
        "packs/document.html",
        course=course,
        articles={lesson.id: views.article(lesson) for lesson in course.lessons},
        assessments={
            unit.assessment.id: views.assessment(unit, unit.assessment)
            for unit in course.units
            if unit.assessment
        },
        glossary=views.glossary() if course.glossary else "",
        after=_after(course),
        style=assets.css(assets.EXPORT_STYLES),
        scripts=_scripts(),
        data=_data(course, home, views) + _films(course, placing),
        late=placing.late,
        files=[(media, place) for media, place in _places(course, placing) if not place.startswith("data:")],
        apart=films(course) if placing.films else (),
    )


class _Views:
    """What a document is made of piece by piece, each made only where nothing keeps it (`lms.course.made`)."""

    def __init__(self, course: Course, placing: Placing) -> None:
        self._course = course
        self._placing = placing
        self._by_path = {media.path: media for media in course.media}
        self._of = MadeOf(course)

    def article(self, lesson: Lesson) -> str:
        """A lesson, with its media and links where they are in this document."""
        places = packed([self._place_of(media) for media in self._of.media(lesson)])
        parts = ("article", self._of.course, self._of.lesson[lesson.id], places)
        return once(parts, lambda: self._article(lesson))

    def assessment(self, unit: Unit, assessment: Assessment) -> str:
        """An assessment with its bank."""
        parts = ("assessment", self._of.course, self._of.assessment(unit))
        return once(parts, lambda: pages.assessment_article(self._course, assessment))

    def glossary(self) -> str:
        """The words that the course explains."""
        return once(("glossary page", self._of.course), lambda: pages.glossary_article(self._course))

    def keys(self) -> str:
        """The keys of all questions, lesson by lesson, bank by bank, as JSON."""
        banks = [unit.assessment.bank for unit in self._course.units if unit.assessment]
        groups = [
            group for group in (*(lesson.exercises for lesson in self._course.lessons), *banks) if group
        ]
        made = [once(("keys", packed(group)), partial(_keys, group)) for group in groups]
        return "{" + ",\n".join(text[1:-1] for text in made) + "}"

    def _article(self, lesson: Lesson) -> str:
        held = pages.without(pages.article(self._course, lesson), self._placing.without)
        return pages.with_links(pages.with_media(held, self._address), _place)

    def _place_of(self, media: Media) -> tuple[str | None, str]:
        said = self._placing.without(media.path)
        return said, self._address(media.path) if said is None else ""

    def _address(self, path: str) -> str:
        return self._placing.source(self._placing.copy(self._by_path[path]))


@cache
def _scripts() -> str:
    return assets.script(assets.EXPORT_SCRIPT)


def _keys(exercises: Sequence[Exercise]) -> str:
    return json_for_script(pages.keys(exercises))


def page(template: str, **values: Any) -> str:
    """Render one of the packs' templates; the same values give the same text."""
    return render_text(template, **values)


def notepad(template: str, **values: Any) -> bytes:
    """Render a text file: Windows 7's Notepad needs the mark to see UTF-8, and CRLF to see lines."""
    return page(template, **values).replace("\n", "\r\n").encode("utf-8-sig")


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


def _data(course: Course, home: Home, views: _Views) -> str:
    """The course's data as classic scripts: who you are, its outline, its keys, what its lessons are asked by."""
    session = {"person": None, "profile": None, "send": None, "home": None}
    outline: dict[str, Any] = {**course.outline(), "title": course.title}
    if course.numbers:
        outline["numbers"] = numbers_of(course)._asdict()
    asked = {lesson.id: ", ".join(lesson.keywords) for lesson in course.lessons if lesson.keywords}
    calls = (
        f"lms.session = {json_for_script(session)};",
        f"lms.site = {json_for_script(home.address)};",
        *([f"lms.receiver = {json_for_script(home.receiver)};"] if home.receiver else []),
        f"lms.outline({json_for_script(outline)});",
        f"lms.keys({views.keys()});",
        f"lms.keywords({json_for_script(asked)});",
    )
    return "\n".join(calls)
