"""Photographs in two sizes: one for a screen and a light copy for the file that goes by chat.

They are made once, by the author, and are files of the course as any other: building a pack only copies them,
so that it needs no library for pictures and gives the same bytes everywhere.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lms.course.checks.heard import LIGHT, WIDEST
from lms.course.media import IMAGE, is_small, read_media, small_path, suffix
from lms.errors import Invalid, Unavailable
from lms.files import write_whole

ORIGINALS = "originales"
"""Beside media/: what came from the camera, which no pack takes along."""

_MISSING = "En este equipo falta lo que achica las fotos. Instálalo con: pip install 'lms[media]'."
_KINDS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
_QUALITY = {WIDEST: 80, LIGHT: 60}


@dataclass(frozen=True, slots=True)
class Made:
    """One picture that was written: its path in the course's folder, its width and its bytes."""

    path: str
    width: int
    size: int


def make_sizes(folder: Path) -> Iterator[Made]:
    """Make what is missing among a course's pictures; what was too wide is kept in `originales/`."""
    image = _pillow()
    names = sorted(path.name for path in (folder / "media").glob("*") if suffix(path.name) in IMAGE - {"svg"})
    for path in (f"media/{name}" for name in names if not is_small(name)):
        width = read_media(folder, path).width
        if not width:
            raise Invalid(f"No se entiende la imagen {path}. Guárdala de nuevo.")
        if width > WIDEST:
            original = (folder / path).read_bytes()
            write_whole(folder / ORIGINALS / Path(path).name, original, first_wins=True)
            yield _write(image, folder, path, (path, WIDEST))
        if width > LIGHT and not (folder / small_path(path)).is_file():
            yield _write(image, folder, path, (small_path(path), LIGHT))


def _write(image: Any, folder: Path, path: str, wanted: tuple[str, int]) -> Made:
    from PIL import ImageOps

    to, width = wanted
    # As the camera was held; and without what it noted, such as the place where it was.
    with image.open(folder / path) as opened:
        upright = ImageOps.exif_transpose(opened)
    height = max(1, round(upright.height * width / upright.width))
    kind = _KINDS[suffix(path)]
    plain = upright.convert("RGB") if kind == "JPEG" else upright.convert("RGBA")
    out = io.BytesIO()
    plain.resize((width, height), image.Resampling.LANCZOS).save(
        out, kind, quality=_QUALITY[width], optimize=True
    )
    write_whole(folder / to, out.getvalue())
    return Made(to, width, out.tell())


def _pillow() -> Any:
    try:
        from PIL import Image
    except ImportError:
        raise Unavailable(_MISSING) from None
    return Image
