"""The pack: a zip that opens by double click, with the sources inside so that a node can install it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO

from lms.course.films import FILE as FILMS_FILE
from lms.course.films import films_file
from lms.course.glossary import FILE as GLOSSARY_FILE
from lms.course.glossary import glossary_file
from lms.course.media import VIDEO, films, suffix, weight
from lms.course.model import COURSE_FILE, Course
from lms.course.numbers import FILE as NUMBERS_FILE
from lms.errors import TooLarge
from lms.packs.archive import MOST_BYTES
from lms.packs.home import NOWHERE, Home
from lms.packs.manifest import MANIFEST, encode, manifest
from lms.packs.zipped import Content, write_zip

NAME = "site"
SUFFIX = ".zip"
MEDIA_TYPE = "application/zip"
LABEL = "Carpeta para laptop o USB (zip)"
AUDIENCE = "Para laptop y memoria USB. Extrae todo y abre ABRIR-AQUI.html. No necesita instalar nada."

ENTRY = "ABRIR-AQUI.html"


def write_to(course: Course, out: BinaryIO, home: Home = NOWHERE) -> None:
    """Write the zip; `TooLarge` for one that nobody's reader would open."""
    files = _files(course, home)
    files[MANIFEST] = encode(manifest(course, NAME, ENTRY, files, films(course)))
    _check_weight(course, files)
    write_zip(out, files, first=ENTRY)


def _check_weight(course: Course, files: Mapping[str, Content]) -> None:
    sizes = {path: len(held) if isinstance(held, bytes) else held.size for path, held in files.items()}
    whole = sum(sizes.values())
    if whole > MOST_BYTES:
        heaviest = max(sizes, key=lambda path: sizes[path])
        raise TooLarge(
            f"El paquete de «{course.title}» tendría {weight(whole)}, y lo más que se admite son {weight(MOST_BYTES)}. "
            f"Lo más pesado es «{heaviest}» ({weight(sizes[heaviest])}): acórtalo, sácalo o divide el curso en dos."
        )


def _files(course: Course, home: Home) -> dict[str, Content]:
    from lms.packs.absent import not_extracted
    from lms.packs.document import (
        Placing,
        document,
        notepad,
        page,
    )  # all that renders: a server starts without it

    files: dict[str, Content] = {
        ENTRY: document(
            course, Placing(lambda media: media.path, films=not_extracted(course)), home
        ).encode(),
        "index.html": page("packs/index.html", course=course, entry=ENTRY).encode(),
        "LEEME.txt": notepad("packs/LEEME.txt", course=course, entry=ENTRY, **_films(course)),
        "LICENCIA.txt": notepad("packs/LICENCIA.txt", course=course),
    }
    return files | sources(course)


def _films(course: Course) -> dict[str, Any]:
    return {"films": films(course), "films_weigh": weight(sum(film.size for film in films(course)))}


def sources(course: Course) -> dict[str, Content]:
    """Return what a node takes of the pack, by its path there: texts as authored, media that the document shares."""
    files: dict[str, Content] = {
        media.path: media for media in course.media if suffix(media.path) not in VIDEO
    }
    return files | {f"source/{path}": content for path, content in _texts(course).items()}


def _texts(course: Course) -> dict[str, bytes]:
    """The course's texts, by their path in its folder.

    Only what course.toml names: notes that an author keeps beside it stay at home.
    """
    banks = (unit.assessment.file for unit in course.units if unit.assessment)
    paths = {COURSE_FILE, *(lesson.file for lesson in course.lessons), *banks}
    found = {path: (course.folder / path).read_bytes() for path in paths}
    if course.numbers:
        found[NUMBERS_FILE] = (course.folder / NUMBERS_FILE).read_bytes()
    if films(course):
        found[FILMS_FILE] = films_file(films(course)).encode()
    glossary = glossary_file(course.folder)
    if glossary:
        found[GLOSSARY_FILE] = (course.folder / glossary).read_bytes()
    return found
