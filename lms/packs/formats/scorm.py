"""SCORM 1.2: a zip for Moodle and its like, in which each lesson and each assessment reports its own result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lms.course.glossary import PAGE
from lms.course.model import Assessment, Course, Exercise, Lesson
from lms.packs.zipped import zipped

NAME = "scorm"
SUFFIX = "-scorm.zip"
MEDIA_TYPE = "application/zip"
LABEL = "Paquete SCORM 1.2 para Moodle (zip)"
AUDIENCE = "Para subirlo a Moodle u otra plataforma que reciba SCORM 1.2. No lo descomprimas."

MANIFEST = "imsmanifest.xml"
_GLOSSARY = f"{PAGE}.html"
_STYLE, _SCRIPT = "comun/chaski.css", "comun/chaski.js"


@dataclass(frozen=True, slots=True)
class Piece:
    """One SCO: a page of its own. `mastery` is the score from 0 to 100 that passes it, None for a lesson."""

    id: str
    title: str
    file: str
    media: tuple[str, ...] = ()
    mastery: int | None = None


def write(course: Course) -> bytes:
    """Return the zip's bytes."""
    from lms.packs.document import page  # all that renders: a server starts without it
    from lms.web import assets

    files = {
        **{_lesson_file(lesson.id): _lesson(course, lesson).encode() for lesson in course.lessons},
        **{piece.file: _assessment(course, exam).encode() for exam, piece in _exams(course)},
        _STYLE: assets.css(assets.EXPORT_STYLES).encode(),
        _SCRIPT: assets.script(assets.SCORM_SCRIPT).encode(),
        **{media.path: media.source.read_bytes() for media in course.media},
    }
    if course.glossary:
        files[_GLOSSARY] = _glossary(course).encode()
    common = [path for path in (_STYLE, _SCRIPT, _GLOSSARY) if path in files]
    values = {"course": course, "pieces": _pieces(course), "common": common}
    files[MANIFEST] = page("packs/imsmanifest.xml", **values).encode()
    return zipped(files, first=MANIFEST)


def _pieces(course: Course) -> dict[str, list[Piece]]:
    """The SCOs of each unit, in the order in which they are taken."""
    exams = {exam.unit: piece for exam, piece in _exams(course)}
    return {
        unit.id: [
            *(Piece(f"l-{one.id}", one.title, _lesson_file(one.id), one.media) for one in unit.lessons),
            *([exams[unit.id]] if unit.id in exams else []),
        ]
        for unit in course.units
    }


def _exams(course: Course) -> Iterator[tuple[Assessment, Piece]]:
    for unit in course.units:
        if exam := unit.assessment:
            name = f"e-{exam.id}"
            yield exam, Piece(name, exam.title, f"{name}.html", mastery=5 * course.pass_mark)


def _lesson_file(lesson: str) -> str:
    return f"l-{lesson}.html"


def _lesson(course: Course, lesson: Lesson) -> str:
    from lms.course import pages

    return _page(course, lesson.title, pages.article(course, lesson), lesson.exercises, lesson.id)


def _assessment(course: Course, exam: Assessment) -> str:
    from lms.course import pages

    return _page(course, exam.title, pages.assessment_article(course, exam), exam.bank)


def _glossary(course: Course) -> str:
    from lms.course import pages

    return _page(course, "Glosario", pages.glossary_article(course))


def _page(
    course: Course, title: str, article: str, asked: tuple[Exercise, ...] = (), lesson: str = ""
) -> str:
    from lms.course import pages
    from lms.packs.document import page
    from lms.web.scripts import json_for_script

    outline = {"course": course.id, "title": course.title, "pass_mark": course.pass_mark, "units": []}
    return page(
        "packs/sco.html",
        course=course,
        title=title,
        article=pages.with_links(article, lambda other: _GLOSSARY if other == PAGE else _lesson_file(other)),
        data=f"lms.outline({json_for_script(outline)});lms.keys({json_for_script(pages.keys(asked))});",
        lesson=lesson,
        asks=bool(asked or lesson),
        style=_STYLE,
        script=_SCRIPT,
    )
