"""The sources inside a pack: what a course is made of, taken out of a zip that may come from anywhere."""

from __future__ import annotations

import re
import shutil
import zipfile
import zlib
from pathlib import Path

from lms.errors import Invalid, TooLarge

# Ten times the largest course; more would only fill somebody's disk.
MOST_FILES = 5_000
MOST_BYTES = 500 * 1000 * 1000

# Only these places are read, and each piece is a plain file name: no path can lead out of the folder.
_SOURCE = re.compile(
    r"source/(course\.toml|glossary\.toml|numbers\.txt|(?:lessons|banks)/\w[\w.-]*)|(media/\w[\w.-]*)",
    re.ASCII,
)


def take_sources(pack: Path, folder: Path) -> None:
    """Write a site pack's course into `folder`, as its author had it; Invalid for what is not a whole pack."""
    try:
        with zipfile.ZipFile(pack) as archive:
            for entry, path in _wanted(archive):
                destination = folder / path
                destination.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(entry) as source, destination.open("wb") as file:
                    shutil.copyfileobj(source, file)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError):
        raise Invalid(f"«{pack.name}» no es un paquete zip completo. Cópialo de nuevo.") from None
    if not (folder / "course.toml").is_file():
        raise Invalid(f"«{pack.name}» no trae los textos de un curso. Usa el zip que hace «lms pack build».")


def _wanted(archive: zipfile.ZipFile) -> list[tuple[zipfile.ZipInfo, str]]:
    """Name the entries to take out and where each one goes; zipfile reads no more than what each one declares."""
    found = [
        (entry, match[1] or match[2])
        for entry in archive.infolist()
        if (match := _SOURCE.fullmatch(entry.filename))
    ]
    if len(found) > MOST_FILES or sum(entry.file_size for entry, _ in found) > MOST_BYTES:
        raise TooLarge(f"«{archive.filename}» pesa demasiado para ser un curso.")
    return found
