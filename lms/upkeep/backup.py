"""Making a backup while the server goes on: written under another name, looked at, and only then called one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from msgspec.structs import replace

from lms.clock import stamp
from lms.datafolder import alone
from lms.db.copying import copy_database
from lms.errors import FULL, Invalid, Unavailable
from lms.files import in_words, keep_names, plain, private_folder
from lms.nodekey import number_in
from lms.settings import Settings
from lms.upkeep.archive import (
    COURSES,
    DATA,
    DATABASE,
    FORMAT,
    MOST_ORDER,
    Papers,
    Reading,
    Server,
    Writing,
    belongs,
)
from lms.upkeep.contents import BESIDE, FOLDER, courses_in, database_file, files_in, kept
from lms.upkeep.examining import examine
from lms.upkeep.shelf import in_order, is_of

_ROOM = ".making"
_SPARE = 16 * 1024 * 1024

Said = Callable[[str, int, int], None]
"""Told what is being done, how much of it, of how much."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: where, how many stay (0: all), whether courses come too, and only if anything changed."""

    folder: Path
    keep: int = 0
    with_courses: bool = False
    if_changed: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it: the file, what it holds, those that were removed; `new` is False if nothing had changed."""

    file: Path
    papers: Papers
    removed: tuple[Path, ...] = ()
    new: bool = True


def back_up(settings: Settings, wish: Wish, now: datetime, said: Said) -> Made:
    """Make a backup of all that must not be lost; what it raises leaves nothing half-written behind."""
    database = database_file(settings)
    _check_place(wish.folder, settings.data)
    private_folder(wish.folder)
    with _room(wish.folder) as room, in_words(wish.folder):
        copy, draft = room / DATABASE, room / "draft.zip"
        sources = _sources(settings, wish)
        _check_space(database, sources, wish.folder)
        copy_database(database, copy, lambda done, total: said("Copiando la base de datos", done, total))
        counts = examine(copy)
        server = Server(settings.node_name, number_in(settings.data))
        there = in_order(wish.folder)
        order = min(there[-1].papers.order + 1, MOST_ORDER) if there else 1
        courses = courses_in(settings.courses)
        about = Papers(FORMAT, stamp(now), version("lms"), counts, courses, {}, server, order)
        papers = _write(draft, {DATABASE: copy, **sources}, about, said)
        before = [one for one in there if is_of(papers, one.papers)]
        if wish.if_changed and before and before[-1].papers.files == papers.files:
            _date(before[-1].file, now)  # it was looked at today
            return Made(before[-1].file, papers, new=False)
        _read_back(draft, said)
        _date(draft, now)
        file = _free_name(wish.folder, server.name, now)
        draft.rename(file)
        keep_names(wish.folder)
        return Made(file, papers, _remove_oldest([one.file for one in before], wish.keep))


def _check_place(folder: Path, data: Path) -> None:
    """What lies among the data comes into every later backup, but for the folder that is theirs."""
    place, home = folder.resolve(), data.resolve()
    if place.is_relative_to(home) and not place.is_relative_to(home / FOLDER):
        raise Invalid(
            f"{folder} está en la carpeta de datos, que es lo que se copia. Elige una carpeta fuera de ella, por ejemplo "
            f"en una memoria USB; si no escribes ninguna, la copia queda en {data / FOLDER}."
        )


@contextmanager
def _room(folder: Path) -> Iterator[Path]:
    """Give an empty folder that one process at a time has; what a cut left in it goes first."""
    with alone(folder, "Otra copia está en marcha. Espera a que termine."), in_words(folder):
        room = folder / _ROOM
        shutil.rmtree(room, ignore_errors=True)
        private_folder(room)
        try:
            yield room
        finally:
            shutil.rmtree(room, ignore_errors=True)


def _check_space(database: Path, sources: dict[str, Path], folder: Path) -> None:
    """Better no backup than a disk so full that nobody's progress can be saved."""
    size = 2 * sum(_size(database.with_name(database.name + end)) for end in BESIDE)
    if shutil.disk_usage(folder).free < size + sum(map(_size, sources.values())) + _SPARE:
        raise Unavailable(FULL, str(folder))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:  # what was there a moment ago
        return 0


def _sources(settings: Settings, wish: Wish) -> dict[str, Path]:
    """Every file beside the database, by its name in the backup; none whose name a restore would not take."""
    found = {
        f"{DATA}/{file.relative_to(settings.data).as_posix()}": file
        for one in kept(settings)
        for file in files_in(one)
    }
    if wish.with_courses:
        for course in courses_in(settings.courses):
            for file in files_in(settings.courses / course.folder):
                found[f"{COURSES}/{file.relative_to(settings.courses).as_posix()}"] = file
    return {name: file for name, file in found.items() if belongs(name)}


def _write(draft: Path, sources: dict[str, Path], about: Papers, said: Said) -> Papers:
    done, total = 0, sum(map(_size, sources.values()))

    def told(size: int) -> None:
        nonlocal done
        done += size
        said("Guardando la copia", done, total)

    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        with Writing(out) as writing:
            for name, file in sources.items():
                with suppress(FileNotFoundError):  # a draft that took its name meanwhile
                    writing.add(name, file, told)
            papers = replace(about, files=writing.files)
            writing.finish(papers)
        out.flush()
        os.fsync(out.fileno())
    return papers


def _read_back(draft: Path, said: Said) -> None:
    """Read every file as a restore would: it is what was put in, and its database was looked at."""
    with Reading.of(draft) as backup:
        done = 0
        for name in backup.papers.files:
            for piece in backup.chunks(name):
                done += len(piece)
                said("Comprobando la copia", done, backup.size)


def _date(file: Path, now: datetime) -> None:
    """Date a file by the clock that the next is judged by: a share has one of its own."""
    with suppress(OSError):  # not every stick lets a file be dated
        os.utime(file, (now.timestamp(),) * 2)


def _free_name(folder: Path, server: str, now: datetime) -> Path:
    name = f"chaski-{plain(server)}-{now.astimezone():%Y-%m-%d-%H%M%S}"
    names = (f"{name}.zip", *(f"{name}-{number}.zip" for number in range(2, 1000)))
    return next(folder / one for one in names if not (folder / one).exists())


def _remove_oldest(before: list[Path], keep: int) -> tuple[Path, ...]:
    """Remove what is beyond `keep` with the new one, which stays whatever the clock says."""
    too_many = before[: max(0, len(before) + 1 - keep)] if keep else []
    for file in too_many:
        file.unlink(missing_ok=True)
    return tuple(too_many)
