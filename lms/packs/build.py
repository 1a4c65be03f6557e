"""Writing a pack to disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lms.course.links import links, media_path
from lms.course.model import Course
from lms.course.source import cut_gift
from lms.errors import Invalid, Unavailable
from lms.files import whole_file
from lms.packs.apart import apart
from lms.packs.formats import FORMATS
from lms.packs.home import NOWHERE, Home
from lms.settings import Settings

if TYPE_CHECKING:
    from lms.packs.signing import Ask, Signer


def build(
    course: Course, format_name: str, folder: Path, signers: Sequence[Signer] = (), home: Home = NOWHERE
) -> Path:
    """Build one format of a course in `folder` and return the file's path; KeyError for an unknown format.

    Formats with a manifest are signed by all `signers`.

    `Unavailable` says what file is missing: a page without a picture can be read, but a copy would stay without it.
    """
    made = FORMATS[format_name]
    _check_pictures(course)
    destination = folder / made.file_name(course)
    with whole_file(destination) as out:
        try:
            if made.apart:
                apart(_write, format_name, course, out.name, home)
            else:
                made.write_to(course, out, home)
        except FileNotFoundError as gone:  # since the course was loaded
            raise _missing(f"el archivo «{Path(gone.filename).name}»") from gone
        if signers:
            from lms.packs.signing import sign_pack

            sign_pack(out, signers)
    return destination


def _write(format_name: str, course: Course, draft: str, home: Home) -> None:
    with Path(draft).open("wb") as out:
        FORMATS[format_name].write_to(course, out, home)


def load_signers(settings: Settings, names: Sequence[str] = (), ask: Ask | None = None) -> list[Signer]:
    """Read the keys to sign with: those named, else that of LMS_KEY; none without either.

    Without `ask` a key with a passphrase is refused.
    """
    wanted = list(dict.fromkeys(names)) or ([settings.key] if settings.key else [])
    if not wanted:
        return []
    from lms.packs.keyring import Keyring
    from lms.packs.signing import load_signer

    ring = Keyring(settings.data / "keys")
    return [load_signer(ring, name, ask or _cannot_ask) for name in wanted]


def _cannot_ask(name: str) -> str:
    raise Invalid(
        f"La llave «{name}» tiene contraseña y aquí nadie puede escribirla. Usa en LMS_KEY una llave sin contraseña, "
        "o firma los paquetes con «lms pack build --sign»."
    )


def _check_pictures(course: Course) -> None:
    there = {media.path for media in course.media}
    for lesson in course.lessons:
        for link in links(cut_gift(lesson.body, lesson.line).text, lesson.line):
            path = media_path(link.target)
            if link.picture and path and path not in there:
                raise _missing(f"la imagen «{path}», que pide {lesson.file} en la línea {link.line}")


def _missing(what: str) -> Unavailable:
    return Unavailable(
        f"Este curso no se puede descargar por ahora: falta {what}. Avisa a quien administra este servidor."
    )
