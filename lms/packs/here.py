"""What a course's folder holds, by the hash of each file: nobody fetches what is here already."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from hashlib import file_digest
from pathlib import Path

from lms.course.films import FILE as FILMS_FILE
from lms.course.glossary import FILE as GLOSSARY_FILE
from lms.course.glossary import glossary_file
from lms.course.media import VIDEO, suffix
from lms.course.model import COURSE_FILE
from lms.course.numbers import FILE as NUMBERS_FILE
from lms.packs.manifest import Listed

OF_A_COURSE = {COURSE_FILE, GLOSSARY_FILE, NUMBERS_FILE, FILMS_FILE, "lessons", "banks", "media"}
"""What a pack brings to a course's folder; whatever else lies there is somebody's."""


def sha256_of(file: Path) -> str:
    """Return the hash of a file's content in hexadecimal; films do not pass through memory."""
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()


def blobs(folder: Path) -> dict[str, Path]:
    """Return a course's files by their hash, the glossary that it shares with others included."""
    shared = glossary_file(folder)
    files = [*_files(folder).values(), *([folder / shared] if shared else [])]
    return {sha256_of(file): file for file in files}


def has_films(folder: Path) -> bool:
    """Tell whether somebody brought films to a course, of this version or another."""
    return any(suffix(path) in VIDEO for path in _files(folder))


def found(folder: Path, wanted: Collection[Listed]) -> dict[str, Path]:
    """Return by their hash those of the wanted files that a course's folder holds, whatever they are called there."""
    hashes = {listed.sha256 for listed in wanted}
    sizes = {listed.size for listed in wanted}
    alike = [file for file in _files(folder).values() if file.stat().st_size in sizes] if sizes else []
    return {sha256: file for file in alike if (sha256 := sha256_of(file)) in hashes}


def is_same(folder: Path, sources: Mapping[str, Listed]) -> bool:
    """Tell whether a course's folder holds exactly these files, listed by their path in it."""
    there = _files(folder)
    return there.keys() == sources.keys() and all(
        is_there(there[inside], listed) for inside, listed in sources.items()
    )


def is_there(file: Path, listed: Listed) -> bool:
    """Tell whether a file is just as it is listed."""
    return file.is_file() and file.stat().st_size == listed.size and sha256_of(file) == listed.sha256


def _files(folder: Path) -> dict[str, Path]:
    found = (path for path in folder.rglob("*") if path.is_file())
    inside = {path.relative_to(folder).as_posix(): path for path in found}
    return {path: file for path, file in inside.items() if path.split("/")[0] in OF_A_COURSE}
