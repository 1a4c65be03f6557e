"""The single file: the same document with everything inside, to be sent by chat and opened on a phone."""

from __future__ import annotations

from typing import BinaryIO

from lms.course.media import data_uri
from lms.course.model import Course, Media

NAME = "single"
SUFFIX = ".html"
MEDIA_TYPE = "text/html; charset=utf-8"
LABEL = "Un solo archivo para celular"
AUDIENCE = "Para celular o tableta. Se envía por chat, cable o Bluetooth y se abre con el navegador."

# Up to here a picture stands in its article, so that it is seen without JavaScript too (docs/decisions/0004).
_INLINE_LIMIT = 32 * 1024


def write_to(course: Course, out: BinaryIO, site: str = "") -> None:
    """Write the document: text first, large media last."""
    from lms.packs.document import document  # all that renders: a server starts without it

    late = [media for media in course.media if media.size > _INLINE_LIMIT]
    text = document(course, _source, late=tuple((media.path, data_uri(media)) for media in late), site=site)
    out.write(text.encode())


def _source(media: Media) -> str:
    return data_uri(media) if media.size <= _INLINE_LIMIT else f"#{media.path}"
