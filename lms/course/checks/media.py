"""Checks of pictures, sounds and films: there, light, described, and harmless."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from lms.course.draft import Draft
from lms.course.links import links, media_path
from lms.course.media import AUDIO, IMAGE, SMALL, VIDEO, small_path, suffix, weight
from lms.course.model import Media, Problem

# A picture of 300 KB takes 30 s on a 2G network, and nobody can see a difference on a telephone.
MOST_IMAGE = 300 * 1000
# A drawing by hand weighs 3 to 6 KB; more is usually a photograph or text turned into outlines.
MOST_SVG = 15 * 1000
# Ten minutes of speech at 32 kbit/s; and three courses of it still fit in a cheap USB stick's corner.
MOST_AUDIO = 2_500 * 1000
# Five minutes at 480p; what is heavier does not pass from telephone to telephone by Bluetooth.
MOST_VIDEO = 20_000 * 1000

LIMITS = ((IMAGE, MOST_IMAGE), (AUDIO, MOST_AUDIO), (VIDEO, MOST_VIDEO))

_NAME = re.compile(rf"media/[a-z0-9]+(?:[-_][a-z0-9]+)*(?:{re.escape(SMALL)}|\.)[a-z0-9]+")
_URL = re.compile(r"url\(\s*[\"']?(?!#)", re.IGNORECASE)
_SVG = "{http://www.w3.org/2000/svg}"
# What a drawing needs. Not here: script, style, foreignObject, animations, links and pictures from outside.
_DRAWN = """
    svg g defs title desc path rect circle ellipse line polyline polygon text tspan textPath use symbol
    clipPath mask pattern marker linearGradient radialGradient stop
"""
_ELEMENTS = frozenset(_DRAWN.split())


def missing_media(draft: Draft) -> Iterator[Problem]:
    """Every picture a lesson shows is in the course's media folder."""
    for lesson in draft.lessons.values():
        for link in links(lesson.cut.text, lesson.line):
            if link.picture and media_path(link.target) not in draft.media:
                message = (
                    f"No existe la imagen «{link.target}». Ponla en media/ y escribe ../media/nombre.svg."
                )
                yield Problem(lesson.file, link.line, message, code="missing-media")


def missing_alt(draft: Draft) -> Iterator[Problem]:
    """Every picture says in words what it shows, for who cannot see it or could not load it."""
    for lesson in draft.lessons.values():
        for link in links(lesson.cut.text, lesson.line):
            if link.picture and not link.text:
                message = (
                    "La imagen no tiene descripción. Escribe entre los corchetes qué muestra, en una frase."
                )
                yield Problem(lesson.file, link.line, message, code="missing-alt")


def unused_media(draft: Draft) -> Iterator[Problem]:
    """A file that no lesson shows is left out of every copy, which its author may not have meant."""
    if len(draft.lessons) < sum(file.startswith("lessons/") for file in draft.files):
        return  # a lesson that could not be read may show it
    shown = {
        media_path(link.target)
        for lesson in draft.lessons.values()
        for link in links(lesson.cut.text)
        if link.picture
    }
    for path in draft.media.keys() - shown - {small_path(path) for path in shown}:
        message = "Ninguna lección usa este archivo: nadie lo verá. Úsalo o sácalo de la carpeta."
        yield Problem(path, 0, message, "warning", code="unused-media")


def media_kind(draft: Draft) -> Iterator[Problem]:
    """Media are of the kinds that every browser opens, under names that every disk accepts."""
    for media in draft.media.values():
        if suffix(media.path) not in IMAGE | AUDIO | VIDEO:
            kinds = ", ".join(sorted(IMAGE | AUDIO | VIDEO))
            yield Problem(
                media.path, 0, f"Este tipo de archivo no se usa. Los que sirven: {kinds}.", code="media-kind"
            )
        elif not _NAME.fullmatch(media.path):
            message = "Cambia el nombre del archivo: solo minúsculas sin tilde, números y guiones."
            yield Problem(media.path, 0, message, code="media-name")
        elif suffix(media.path) in AUDIO and not media.seconds:
            message = "No se puede leer este audio. Expórtalo de nuevo como MP3 u Opus."
            yield Problem(media.path, 0, message, code="media-damaged")
        elif suffix(media.path) in IMAGE and not media.width:
            message = "No se puede leer el tamaño de esta imagen. Guárdala de nuevo; si es SVG, con viewBox."
            yield Problem(media.path, 0, message, code="media-damaged")


def media_weight(draft: Draft) -> Iterator[Problem]:
    """Media weigh little enough to be sent with little data."""
    for media in draft.media.values():
        limit = next((most for kinds, most in LIMITS if suffix(media.path) in kinds), None)
        if limit and media.size > limit:
            message = f"El archivo pesa {weight(media.size)}. Lo más que se admite es {weight(limit)}."
            yield Problem(media.path, 0, message, code="media-too-large")
        elif suffix(media.path) == "svg" and media.size > MOST_SVG:
            message = f"El dibujo pesa {weight(media.size)}. Procura que no pase de {weight(MOST_SVG)}."
            yield Problem(media.path, 0, message, "warning", code="svg-too-large")


def svg_content(draft: Draft) -> Iterator[Problem]:
    """A drawing has a title, runs nothing and asks nothing of the network."""
    for media in draft.media.values():
        if suffix(media.path) == "svg" and media.size <= MOST_IMAGE:
            yield from _svg_problems(media)


def _svg_problems(media: Media) -> Iterator[Problem]:
    source = media.source.read_bytes()
    root = None
    # An entity may name a file or grow without end; no drawing needs a DOCTYPE.
    if b"<!DOCTYPE" not in source and b"<!ENTITY" not in source:
        try:
            root = ElementTree.fromstring(source)  # noqa: S314 - no DOCTYPE, so no entities; small
        except ElementTree.ParseError:
            root = None
    if root is None or root.tag != f"{_SVG}svg":
        message = "Este SVG no se entiende o trae un DOCTYPE. Guárdalo de nuevo como «SVG simple»."
        yield Problem(media.path, 0, message, code="unsafe-svg")
        return
    for name in sorted({_danger(element) for element in root.iter()} - {""}):
        message = (
            f"El dibujo tiene «{name}», que no se admite: ni programas, ni estilos, ni archivos de fuera."
        )
        yield Problem(media.path, 0, message, code="unsafe-svg")
    title = root.find(f"{_SVG}title")
    if title is None or not (title.text or "").strip():
        message = "El dibujo no tiene <title>. Agrégalo después de <svg …> con una frase que diga qué es."
        yield Problem(media.path, 0, message, code="svg-title")


def _danger(element: ElementTree.Element) -> str:
    """Name what makes an element unwelcome, or return ""."""
    name = str(element.tag).removeprefix(_SVG)
    if name not in _ELEMENTS:
        return name.rpartition("}")[2]
    for attribute, value in element.attrib.items():
        plain = attribute.rpartition("}")[2].lower()
        outside = plain in {"href", "src"} and not value.startswith("#")
        if plain.startswith("on") or plain == "style" or outside or _URL.search(value):
            return plain
    return ""


MEDIA_CHECKS = (missing_media, missing_alt, unused_media, media_kind, media_weight, svg_content)
