"""A course's films, apart: a zip to be extracted into the folder where its pack was."""

from __future__ import annotations

from typing import BinaryIO

from lms.course.media import films
from lms.course.model import Course, Media
from lms.packs.home import NOWHERE, Home
from lms.packs.zipped import Content, write_zip

NAME = "videos"
SUFFIX = "-videos.zip"
MEDIA_TYPE = "application/zip"
LABEL = "Videos del curso, aparte (zip)"
AUDIENCE = (
    "Para quien ya tiene la carpeta del curso: extrae este zip en esa misma carpeta y los videos se ven."
)

README = "LEEME-VIDEOS.txt"


def why_not(course: Course) -> str:
    """Say why a course has no such file; "" for one that has."""
    return "" if there(course) else "no tiene videos en este equipo"


def size(course: Course) -> int:
    """Return its bytes, near enough: films are stored as they are, and too heavy to be kept twice unasked."""
    return sum(film.size for film in there(course))


def write_to(course: Course, out: BinaryIO, _home: Home = NOWHERE) -> None:
    """Write the zip: the films under the names that the pack's document has for them."""
    from lms.packs.document import notepad

    files: dict[str, Content] = {README: notepad("packs/LEEME-VIDEOS.txt", course=course)}
    files |= {film.path: film for film in there(course)}
    write_zip(out, files, first=README)


def there(course: Course) -> list[Media]:
    """Return a course's films that are on this machine."""
    return [film for film in films(course) if film.source.is_file()]
