"""What an export says in the place of a sound or a film that it does not hold."""

from __future__ import annotations

from collections.abc import Callable, Collection

from lms.course.media import AUDIO, VIDEO, measures, suffix
from lms.course.model import Course, Media

_FOLDER = "la carpeta del curso para laptop o memoria USB"
FILMS = VIDEO
HEARD = AUDIO | VIDEO


def absent(
    course: Course, kinds: Collection[str], said: Callable[[Media], str]
) -> Callable[[str], str | None]:
    """Give what `pages.without` asks for: the sentence of a file of these kinds, None for any other."""
    known = {media.path: media for media in course.media if suffix(media.path) in kinds}
    return lambda path: said(known[path]) if path in known else None


def not_in_file(media: Media) -> str:
    """For an export that is one file and shows no films."""
    return f"El video no está en este archivo ({measures(media)}). Se ve en {_FOLDER}, con sus videos."


def not_in_lite(*, with_sounds: bool) -> Callable[[Media], str]:
    """For the light single file, where neither sounds nor films are; `with_sounds` if there is one that has them."""
    where = "el archivo «con audio» del curso" if with_sounds else _FOLDER

    def said(media: Media) -> str:
        if suffix(media.path) in VIDEO:
            return not_in_file(media)
        return f"El audio no está en este archivo liviano ({measures(media)}). Está en {where}."

    return said


def on_paper(media: Media) -> str:
    """For a printed page."""
    return f"{'Video' if suffix(media.path) in VIDEO else 'Audio'}: está en el curso digital ({measures(media)})."


def not_extracted(course: Course) -> Callable[[Media], str]:
    """For a pack, whose films are extracted beside it if somebody has them."""
    return lambda media: (
        f"El video no está en este paquete ({measures(media)}). Pide también el archivo "
        f"{course.id}-{course.version}-videos.zip y extráelo en esta misma carpeta."
    )
