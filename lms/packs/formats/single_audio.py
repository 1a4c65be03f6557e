"""The single file with its sounds: they stand after all text, and each is decoded when its lesson is opened."""

from __future__ import annotations

from typing import BinaryIO

from lms.course.media import data_uri
from lms.course.model import Course, Media
from lms.packs.home import NOWHERE, Home
from lms.packs.tiers import INLINE, held, why_no_sounds

NAME = "single-audio"
SUFFIX = "-con-audio.html"
MEDIA_TYPE = "text/html; charset=utf-8"
LABEL = "Un solo archivo para celular, con audio"
AUDIENCE = "Como el archivo único, con los audios y las fotos grandes. Pesa más: conviene pasarlo por cable."

why_not = why_no_sounds


def write_to(course: Course, out: BinaryIO, home: Home = NOWHERE) -> None:
    """Write the document: text first, sounds and large pictures last, a sentence for each film."""
    from lms.packs.absent import FILMS, absent, not_in_file
    from lms.packs.document import Placing, document

    late = [(media.path, data_uri(media)) for media in held(course) if media.size > INLINE or _heard(media)]
    placing = Placing(_source, late=late, without=absent(course, FILMS, not_in_file))
    out.write(document(course, placing, home).encode())


def _heard(media: Media) -> bool:
    return bool(media.seconds)


def _source(media: Media) -> str:
    return f"#{media.path}" if media.size > INLINE or _heard(media) else data_uri(media)
