"""The sources inside a pack: what a course is made of, taken out of a zip that may come from anywhere."""

from __future__ import annotations

import re
from pathlib import Path

from lms.errors import Invalid
from lms.packs.archive import open_archive

# Only these places are read, and each piece is a plain file name: no path can lead out of the folder.
_SOURCE = re.compile(
    r"source/(course\.toml|glossary\.toml|numbers\.txt|videos\.txt|(?:lessons|banks)/\w[\w.-]*)|(media/\w[\w.-]*)",
    re.ASCII,
)


def source_path(path: str) -> str | None:
    """Return where a file of a pack stands in its course's folder; None for what is no source."""
    match = _SOURCE.fullmatch(path)
    return match and (match[1] or match[2])


def take_sources(pack: Path, folder: Path) -> None:
    """Write a site pack's course into `folder`, as its author had it; Invalid for what is not a whole pack."""
    with open_archive(pack) as archive:
        wanted = {path: inside for path in archive.sizes if (inside := source_path(path))}
        if "course.toml" not in wanted.values():
            raise Invalid(
                f"«{pack.name}» no trae los textos de un curso. Usa el zip que hace «lms pack build»."
            )
        for path, inside in wanted.items():
            destination = folder / inside
            destination.parent.mkdir(parents=True, exist_ok=True)
            with destination.open("wb") as file:
                file.writelines(archive.chunks(path))
