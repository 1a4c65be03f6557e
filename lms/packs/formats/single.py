"""The single file: the whole document in one piece, light enough for a chat. Sounds are in its brother, `single_audio`."""

from __future__ import annotations

from typing import BinaryIO

from lms.course.media import IMAGE, data_uri, is_small, shown, small_path, suffix, weight
from lms.course.model import Course, Media
from lms.packs.home import NOWHERE, Home
from lms.packs.tiers import INLINE, LIGHT, why_no_sounds

NAME = "single"
SUFFIX = ".html"
MEDIA_TYPE = "text/html; charset=utf-8"
LABEL = "Un solo archivo para celular"
AUDIENCE = "Para celular o tableta. Se envía por chat, cable o Bluetooth y se abre con el navegador."


def write_to(course: Course, out: BinaryIO, home: Home = NOWHERE) -> None:
    """Write the document: text first, large pictures last, a sentence for each sound and film."""
    from lms.packs.absent import HEARD, absent, not_in_lite
    from lms.packs.document import Placing, document  # all that renders: a server starts without it

    small = {media.path: media for media in course.media if is_small(media.path)}

    def light(media: Media) -> Media:
        return small.get(small_path(media.path), media)

    pictures = [light(media) for media in shown(course) if suffix(media.path) in IMAGE]
    late = [(media.path, data_uri(media)) for media in pictures if not _inline(media)]
    said = not_in_lite(with_sounds=not why_no_sounds(course))
    placing = Placing(
        lambda media: data_uri(media) if _inline(media) else f"#{media.path}",
        light,
        late,
        absent(course, HEARD, said),
    )
    out.write(document(course, placing, home).encode())


def _inline(media: Media) -> bool:
    return media.size <= INLINE or is_small(media.path)


def advice(course: Course, size: int) -> str:
    """What to say of a file that is too heavy for a chat, "" for one that is not."""
    if size <= LIGHT:
        return ""
    there = {media.path for media in course.media}
    pictures = [
        media for media in course.media if suffix(media.path) in IMAGE and small_path(media.path) not in there
    ]
    heaviest = sorted(pictures, key=lambda media: -media.size)[:3]
    named = ", ".join(f"{media.path} ({weight(media.size)})" for media in heaviest)
    return (
        f"El archivo único pesa {weight(size)}, y para enviarlo por chat conviene que no pase de {weight(LIGHT)}. "
        f"Lo más pesado: {named or 'el texto'}. Achica esas fotos con «lms pictures», o reparte la carpeta (site)."
    )
