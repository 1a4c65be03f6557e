"""Writing a pack to disk."""

from __future__ import annotations

from pathlib import Path

from lms.course.links import links, media_path
from lms.course.model import Course
from lms.course.source import cut_gift
from lms.errors import Unavailable
from lms.files import write_whole
from lms.packs.formats import FORMATS


def build(course: Course, format_name: str, folder: Path, site: str = "") -> Path:
    """Build one format of a course in `folder` and return the file's path; KeyError for an unknown format.

    `Unavailable` says what file is missing: a page without a picture can be read, but a copy would stay without it.
    """
    made = FORMATS[format_name]
    _check_pictures(course)
    destination = folder / made.file_name(course)
    try:
        content = made.write(course, site)
    except FileNotFoundError as gone:  # since the course was loaded
        raise _missing(f"el archivo «{Path(gone.filename).name}»") from gone
    write_whole(destination, content)
    return destination


def _check_pictures(course: Course) -> None:
    there = {media.path for media in course.media}
    for lesson in course.lessons:
        for link in links(cut_gift(lesson.body, lesson.line).text, lesson.line):
            path = media_path(link.target)
            if link.picture and path and path not in there:
                raise _missing(f"la imagen «{path}», que pide {lesson.file} en la línea {link.line}")


def _missing(what: str) -> Unavailable:
    return Unavailable(
        f"Este curso no se puede descargar por ahora: falta {what}. Avisa a quien administra este servidor."
    )
