"""The two single files: what goes into each, and when there is the one with sounds."""

from __future__ import annotations

from lms.course.media import VIDEO, shown, sounds, suffix, weight
from lms.course.model import Course, Media

LIGHT = 2_000_000
"""What still goes by chat with little data, and opens at once on a telephone of 2 GB (docs/decisions/0004)."""

MOST = 16_000_000
"""What a telephone of 2 GB reads in seconds and keeps in its memory (docs/decisions/0004)."""

# Up to here a picture stands in its article, so that it is seen without JavaScript too; a light copy always does.
INLINE = 32 * 1024


def held(course: Course) -> list[Media]:
    """What the file with sounds holds: all but films."""
    return [media for media in shown(course) if suffix(media.path) not in VIDEO]


def why_no_sounds(course: Course) -> str:
    """Say why a course has no file with its sounds; "" for one that has."""
    if not sounds(course):
        return "no tiene audios: usa el archivo único (single)"
    size = LIGHT + sum(media.size * 4 // 3 for media in held(course))
    if size <= MOST:
        return ""
    return (
        f"pesaría unos {weight(size)} en un solo archivo, y lo más que abre bien un celular son {weight(MOST)}: usa la "
        "carpeta (site), o guarda el curso desde el sitio con «Guardar para usar sin internet»"
    )
