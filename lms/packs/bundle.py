"""The «mochila digital»: one folder, or one zip, with many courses, one page to start from and one search."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING

from lms.course.model import Course
from lms.errors import Invalid
from lms.files import in_words
from lms.packs.build import build
from lms.packs.bundle_papers import COURSES, SIGNATURES, TEXTS, Held, described, made_in
from lms.packs.formats.site import ENTRY, NAME
from lms.packs.formats.videos import there
from lms.packs.home import NOWHERE, Home
from lms.packs.manifest import BUNDLE, BUNDLE_LIST, MANIFEST
from lms.packs.mochila import top
from lms.packs.zipped import entry_for, pieces

if TYPE_CHECKING:
    from lms.packs.signing import Signer


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a bundle is wanted: as one zip, with the films that are here, signed, and where its progress goes."""

    zipped: bool = False
    films: bool = False
    signers: tuple[Signer, ...] = ()
    home: Home = NOWHERE


def bundle(
    courses: Sequence[Course],
    folder: Path,
    tell: Callable[[Course], object],
    wishes: Wishes = Wishes(),
) -> Path:
    """Make the bundle in `folder` and return where it is: whole under its name, or not there.

    `tell` hears of each course before it is built. Each is as its site pack has it; one at a time is in memory.
    """
    with in_words():
        folder.mkdir(parents=True, exist_ok=True)
        made = made_in(folder, zipped=wishes.zipped)
        _check_ours(made)
        with TemporaryDirectory(prefix=f".{BUNDLE}-", dir=folder) as draft:
            inside = Path(draft) / BUNDLE
            _fill(inside, courses, tell, wishes)
            if wishes.zipped:
                archive = Path(draft) / made.name
                _zip(inside, archive)
                archive.replace(made)
            else:
                _swap(inside, made, Path(draft) / "old")
    return made


def _check_ours(made: Path) -> None:
    """A folder that holds something else is somebody's: it is not replaced."""
    if made.is_dir() and any(made.iterdir()) and not ((made / TEXTS).is_file() and (made / COURSES).is_dir()):
        raise Invalid(f"La carpeta {made} tiene otras cosas. Cámbiale el nombre o elige otro lugar con --to.")


def _fill(inside: Path, courses: Sequence[Course], tell: Callable[[Course], object], wishes: Wishes) -> None:
    files = top(courses)
    for course in courses:
        tell(course)
        pack = build(course, NAME, inside.parent / "pack", wishes.signers, wishes.home)
        _unpack(pack, inside / COURSES / course.id)
        pack.unlink()
        if wishes.films:
            _bring_films(course, inside / COURSES / course.id)
    papers = described([_held(course, inside) for course in courses], files)
    files[BUNDLE_LIST] = papers
    if wishes.signers:
        from lms.packs.signing import signatures

        files[SIGNATURES] = signatures(papers, wishes.signers)
    for path, content in files.items():
        _write(inside / path, content)


def _held(course: Course, inside: Path) -> Held:
    manifest = (inside / COURSES / course.id / MANIFEST).read_bytes()
    return Held(course.id, course.version, course.title, sha256(manifest).hexdigest())


def _bring_films(course: Course, folder: Path) -> None:
    """Put the films where the zip of films would have them."""
    for film in there(course):
        file = folder / film.path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as out:
            out.writelines(pieces(film))
            _keep(out)


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as out:
        out.write(content)
        _keep(out)


def _unpack(pack: Path, folder: Path) -> None:
    """Take out a pack that was built here, file by file."""
    with zipfile.ZipFile(pack) as archive:
        for entry in archive.infolist():
            file = folder / entry.filename
            file.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as source, file.open("wb") as out:
                shutil.copyfileobj(source, out)
                _keep(out)


def _keep(out: IO[bytes]) -> None:
    """A stick is often pulled out as soon as the command ends."""
    out.flush()
    os.fsync(out.fileno())


def _zip(inside: Path, destination: Path) -> None:
    files = {path.relative_to(inside).as_posix(): path for path in inside.rglob("*") if path.is_file()}
    with destination.open("wb") as out:
        with zipfile.ZipFile(out, "w", compresslevel=9) as archive:
            for path in sorted(files, key=lambda path: (path != ENTRY, path)):
                entry = entry_for(f"{BUNDLE}/{path}")
                entry.file_size = files[path].stat().st_size
                with files[path].open("rb") as source, archive.open(entry, "w") as target:
                    shutil.copyfileobj(source, target)
        _keep(out)


def _swap(new: Path, place: Path, old: Path) -> None:
    """Put the new folder where the old one was, which comes back if that fails; what others left in it stays.

    The papers of the old one say nothing of the new one.
    """
    if not place.exists():
        new.replace(place)
        return
    place.replace(old)
    try:
        new.replace(place)
    except OSError:
        old.replace(place)
        raise
    for left in old.iterdir():  # somebody's progress file, say
        if left.name not in (BUNDLE_LIST, SIGNATURES) and not (place / left.name).exists():
            left.replace(place / left.name)
