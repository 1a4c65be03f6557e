"""The «mochila digital»: one folder, or one zip, with many courses, one page to start from and one search."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from lms.course.model import Course
from lms.errors import Invalid
from lms.files import whole_file
from lms.packs.build import build
from lms.packs.bundle_papers import COURSES, SIGNATURES, TEXTS, Held, described, made_in
from lms.packs.formats.site import ENTRY, NAME
from lms.packs.formats.videos import there
from lms.packs.home import NOWHERE, Home
from lms.packs.manifest import BUNDLE, BUNDLE_LIST, MANIFEST
from lms.packs.mochila import top
from lms.packs.swap import put_in_place, room_in, take_along
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
    made = made_in(folder, zipped=wishes.zipped)
    # What a stick that is pulled out leaves in the room, the next bundle puts right.
    with room_in(folder) as room:
        _check_ours(made)
        inside = room / "new" / BUNDLE
        _fill(inside, courses, tell, wishes)
        if wishes.zipped:
            with whole_file(made) as out:
                _zip(inside, out)
        else:
            # Somebody's progress file, say; the papers of the old bundle tell nothing of the new one.
            take_along(made, inside, but=(BUNDLE_LIST, SIGNATURES))
            put_in_place(room, BUNDLE)
    return made


def _check_ours(made: Path) -> None:
    """A folder that holds something else is somebody's: it is not replaced."""
    if made.is_dir() and any(made.iterdir()) and not ((made / TEXTS).is_file() and (made / COURSES).is_dir()):
        raise Invalid(f"La carpeta {made} tiene otras cosas. Cámbiale el nombre o elige otro lugar con --to.")


def _fill(inside: Path, courses: Sequence[Course], tell: Callable[[Course], object], wishes: Wishes) -> None:
    inside.mkdir(parents=True)
    files = top(courses)
    for course in courses:
        tell(course)
        pack = build(course, NAME, inside.parent / "pack", wishes.signers, wishes.home)
        _unpack(pack, inside / COURSES / course.id)
        pack.unlink()
        if wishes.films:
            _bring_films(course, inside / COURSES / course.id)
    papers = described([_held(course, inside) for course in courses], files)
    for path, content in {**files, BUNDLE_LIST: papers, **_signed(papers, wishes.signers)}.items():
        (inside / path).write_bytes(content)


def _signed(papers: bytes, signers: Sequence[Signer]) -> dict[str, bytes]:
    if not signers:
        return {}
    from lms.packs.signing import signatures

    return {SIGNATURES: signatures(papers, signers)}


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


def _unpack(pack: Path, folder: Path) -> None:
    """Take out a pack that was built here, file by file."""
    with zipfile.ZipFile(pack) as archive:
        for entry in archive.infolist():
            file = folder / entry.filename
            file.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as source, file.open("wb") as out:
                shutil.copyfileobj(source, out)


def _zip(inside: Path, out: BinaryIO) -> None:
    files = {path.relative_to(inside).as_posix(): path for path in inside.rglob("*") if path.is_file()}
    with zipfile.ZipFile(out, "w", compresslevel=9) as archive:
        for path in sorted(files, key=lambda path: (path != ENTRY, path)):
            entry = entry_for(f"{BUNDLE}/{path}")
            entry.file_size = files[path].stat().st_size
            with files[path].open("rb") as source, archive.open(entry, "w") as target:
                shutil.copyfileobj(source, target)
