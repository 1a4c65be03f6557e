"""EPUB 3: the course as an electronic book, for readers on phones, tablets and computers."""

from __future__ import annotations

import textwrap
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from lms.course.made import once
from lms.course.media import media_type
from lms.course.model import Course, Media
from lms.packs.home import NOWHERE, Home
from lms.packs.zipped import Content, write_zip

NAME = "epub"
SUFFIX = ".epub"
MEDIA_TYPE = "application/epub+zip"
LABEL = "Libro electrónico (EPUB)"
AUDIENCE = "Para leer en una aplicación de libros. Responde en tu cuaderno: las respuestas están al final."

_ROOT = "EPUB"
_FIRST = "mimetype"
_TEMPLATES = "packs/epub"


@dataclass(frozen=True, slots=True)
class Chapter:
    """One file of the book; `group` is the unit it stands under in the contents, "" for none."""

    id: str
    title: str
    group: str
    body: str

    @property
    def file(self) -> str:
        """Its name beside the others."""
        return f"{self.id}.xhtml"

    @property
    def asks(self) -> bool:
        """Whether it has form controls, which a book has to declare."""
        return "<form" in self.body


def write_to(course: Course, out: BinaryIO, _home: Home = NOWHERE) -> None:
    """Write the book."""
    from lms.packs.booklet import dyed_cover  # all that renders: a server starts without it
    from lms.packs.document import page
    from lms.packs.leaves import media_of
    from lms.web import assets

    chapters = list(_chapters(course))
    values: dict[str, Any] = {
        "course": course,
        "chapters": chapters,
        "held": media_of(course),
        "lines": textwrap.wrap(course.title, 18),
    }
    values |= {"kind": _kind, "identifier": _identifier(course), "woven": dyed_cover(course.id)}
    made = {
        name: page(f"{_TEMPLATES}/{name}", **values) for name in ("package.opf", "nav.xhtml", "cover.svg")
    }
    made |= {
        chapter.file: page(f"{_TEMPLATES}/chapter.xhtml", **values, chapter=chapter) for chapter in chapters
    }
    files: dict[str, Content] = {f"{_ROOT}/{name}": text.encode() for name, text in made.items()}
    files[f"{_ROOT}/style.css"] = assets.css(("epub",)).encode()
    files |= {f"{_ROOT}/{media.path}": media for media in media_of(course)}
    files["META-INF/container.xml"] = page(f"{_TEMPLATES}/container.xml", root=_ROOT).encode()
    files[_FIRST] = MEDIA_TYPE.encode()
    write_zip(out, files, first=_FIRST)


def _kind(media: Media) -> str:
    """A file's media type, with the codec where the rules for books tell Opus from what else an Ogg may hold."""
    kind = media_type(media.path)
    if kind != "audio/ogg":
        return kind
    with media.source.open("rb") as file:
        return f"{kind}; codecs=opus" if b"OpusHead" in file.read(64) else kind


def _identifier(course: Course) -> str:
    """A name for this version: the same wherever it is made, and another one for the next version."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"chaski:{course.id}:{course.version}").urn


def _as_xml(article: str) -> str:
    from lms.packs.xhtml import xhtml

    return once(("xhtml", article), lambda: xhtml(article))


def _chapters(course: Course) -> Iterator[Chapter]:
    from lms.packs.booklet import answers
    from lms.packs.document import page
    from lms.packs.leaves import leaves

    yield Chapter("portada", "Portada", "", page(f"{_TEMPLATES}/cover.html", course=course))
    yield Chapter("inicio", "Sobre este curso", "", page(f"{_TEMPLATES}/start.html", course=course))
    key = []
    last = None
    for leaf in leaves(course, ".xhtml"):
        title = f"{course.lesson(leaf.lesson).number} {leaf.title}" if leaf.lesson else leaf.title
        if leaf.unit is None:
            last = Chapter(leaf.name, title, "", _as_xml(leaf.article))
            continue
        first = leaf.lesson and leaf.lesson == leaf.unit.lessons[0].id
        head = page(f"{_TEMPLATES}/unit.html", unit=leaf.unit) if first else ""
        group = f"Unidad {leaf.unit.number}. {leaf.unit.title}" if leaf.unit.lessons else leaf.unit.title
        yield Chapter(leaf.name, title, group, head + _as_xml(leaf.article))
        key.append((title, list(answers(leaf.asked))))
    yield Chapter("respuestas", "Respuestas", "", page(f"{_TEMPLATES}/answers.html", key=key))
    if last:
        yield last
