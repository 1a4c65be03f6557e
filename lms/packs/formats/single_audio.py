"""The single file with its sounds: they stand after all text, and each is decoded when its lesson is opened."""

from __future__ import annotations

from typing import BinaryIO

from lms.course.media import VIDEO, data_uri, shown, sounds, suffix, weight
from lms.course.model import Course, Media
from lms.packs.formats.single import INLINE, LIGHT

NAME = "single-audio"
SUFFIX = "-con-audio.html"
MEDIA_TYPE = "text/html; charset=utf-8"
LABEL = "Un solo archivo para celular, con audio"
AUDIENCE = "Como el archivo único, con los audios y las fotos grandes. Pesa más: conviene pasarlo por cable."

MOST = 16_000_000
"""What a telephone of 2 GB reads in seconds and keeps in its memory (docs/decisions/0004)."""


def why_not(course: Course) -> str:
    """Say why a course has no such file; "" for one that has."""
    if not sounds(course):
        return "no tiene audios: usa el archivo único (single)"
    size = LIGHT + sum(media.size * 4 // 3 for media in _held(course))
    if size <= MOST:
        return ""
    return (
        f"pesaría unos {weight(size)} en un solo archivo, y lo más que abre bien un celular son {weight(MOST)}: usa la "
        "carpeta (site), o guarda el curso desde el sitio con «Guardar para usar sin internet»"
    )


def write_to(course: Course, out: BinaryIO, site: str = "") -> None:
    """Write the document: text first, sounds and large pictures last, a sentence for each film."""
    from lms.packs.absent import FILMS, absent, not_in_file
    from lms.packs.document import Placing, document

    late = [(media.path, data_uri(media)) for media in _held(course) if media.size > INLINE or _heard(media)]
    placing = Placing(_source, late=late, without=absent(course, FILMS, not_in_file))
    out.write(document(course, placing, site).encode())


def _held(course: Course) -> list[Media]:
    return [media for media in shown(course) if suffix(media.path) not in VIDEO]


def _heard(media: Media) -> bool:
    return bool(media.seconds)


def _source(media: Media) -> str:
    return f"#{media.path}" if media.size > INLINE or _heard(media) else data_uri(media)
