"""The sources inside a pack: what a course is made of, taken out of a zip that may come from anywhere."""

from __future__ import annotations

import re
from collections.abc import Container
from pathlib import Path

from lms.course.media import MEDIA_TYPES, suffix
from lms.course.model import COURSE_FILE
from lms.errors import Invalid
from lms.packs.archive import open_archive
from lms.packs.manifest import Listed, Manifest

# Only these places are read, and each piece is a plain file name: no path can lead out of the folder.
_SOURCE = re.compile(
    r"source/(course\.toml|glossary\.toml|numbers\.txt|videos\.txt|(?:lessons|banks)/\w[\w.-]*)|(media/\w[\w.-]*)",
    re.ASCII,
)

SMALL = 256 * 1024
"""Bytes up to which a text travels compressed and in one piece."""


def is_text(path: str) -> bool:
    """Tell whether a source gains by compression: it is no picture, sound or film that is compressed already."""
    kind = suffix(path)
    return kind == "svg" or kind not in MEDIA_TYPES


def source_path(path: str) -> str | None:
    """Return where a file of a pack stands in its course's folder; None for what is no source."""
    match = _SOURCE.fullmatch(path)
    return match and (match[1] or match[2])


def sources_of(manifest: Manifest, there: Container[str] = ()) -> dict[str, Listed]:
    """Return what a node takes of a pack, by its path in the course's folder; Invalid when no course is in it.

    Of the optional files those that are `there`.
    """
    found = {inside: listed for listed in manifest.files if (inside := source_path(listed.path))}
    if COURSE_FILE not in found:
        raise _no_course("Ese paquete")
    return found | {inside: film for inside, film in films_of(manifest).items() if film.path in there}


def films_of(manifest: Manifest) -> dict[str, Listed]:
    """Return the files that a node may take or leave, by their path in the course's folder."""
    return {inside: listed for listed in manifest.optional if (inside := source_path(listed.path))}


def take_sources(pack: Path, folder: Path) -> None:
    """Write a site pack's course into `folder`, as its author had it; Invalid for what is not a whole pack."""
    with open_archive(pack) as archive:
        wanted = {path: inside for path in archive.sizes if (inside := source_path(path))}
        if COURSE_FILE not in wanted.values():
            raise _no_course(f"«{pack.name}»")
        for path, inside in wanted.items():
            destination = folder / inside
            destination.parent.mkdir(parents=True, exist_ok=True)
            with destination.open("wb") as file:
                file.writelines(archive.chunks(path))


def _no_course(named: str) -> Invalid:
    return Invalid(f"{named} no trae los textos de un curso. Usa el zip que hace «lms pack build».")
