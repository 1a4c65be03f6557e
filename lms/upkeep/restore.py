"""Putting a backup in the place of what a data folder holds: looked at before anything is touched, swapped as one.

Nothing is deleted: what was there stays in a folder beside, from which it can be restored as from a backup.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from lms.clock import stamp
from lms.datafolder import ROOM, Move, alone, keep_tree, recover, swap
from lms.errors import FULL, Invalid, Unavailable
from lms.files import in_words, private_folder
from lms.nodekey import FOLDER as NODE
from lms.nodekey import number_in
from lms.settings import Settings
from lms.upkeep.archive import COURSES, DATA, DATABASE, Papers, Reading, Server
from lms.upkeep.backup import Said
from lms.upkeep.contents import ASIDE, BESIDE, Course, database_file, files_in, is_kept, kept
from lms.upkeep.erased_since import ErasedSince, erase_again, erased_since
from lms.upkeep.examining import Counts, bring_up_to_date, examine

_SPARE = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Staged:
    """What would be restored: from when (empty if not said), what it holds, courses it names that are not here.

    `theirs` is the server that it was made of and `ours` the one that would become it, as far as either is known;
    `other` is whether they are two. `erased` is what was erased here since, None if nothing can say it.
    """

    made: str
    counts: Counts
    missing: tuple[Course, ...]
    theirs: Server
    ours: Server
    other: bool
    erased: ErasedSince | None


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, where the old data are (None: there were none), courses that came with it."""

    staged: Staged
    aside: Path | None
    courses: tuple[str, ...]


Agree = Callable[[Staged], bool]


def restore(source: Path, settings: Settings, now: datetime, agree: Agree, said: Said) -> Restored | None:
    """Restore a backup, or the folder that an earlier restore left; None if whoever is asked does not agree."""
    database = database_file(settings)
    private_folder(settings.data)
    private_folder(database.parent)
    with alone(settings.data), _room(settings.data) as room:
        new = room / "new"
        papers = _fetch(source, new, settings, said)
        staged_database = _beside(new / DATABASE, database)
        said("Comprobando la base de datos", 0, 1)
        counts = examine(staged_database)
        if papers and counts != papers.counts:
            raise Invalid(f"«{source.name}» no guarda lo que dice guardar. Usa otra copia.")
        asyncio.run(bring_up_to_date(staged_database, counts))
        staged = _staged(source, new, papers, counts, settings)
        if database.is_file() and not staged.other:
            staged = replace(staged, erased=erased_since(database, staged_database))
        if not agree(staged):
            return None
        if not staged.other:
            _take_key_along(settings.data / NODE, new / DATA / NODE)
        if staged.erased:
            asyncio.run(erase_again(staged_database, staged.erased, at=stamp(now)))
        brought = tuple(_bring_courses(new / COURSES, settings.courses))
        keep_tree(new)
        aside = _free_folder(settings, now)
        moves = list(_moves(settings, database, staged_database, new / DATA, aside))
        swap(settings.data, moves)
        left = (one for one in (aside, database.with_name(aside.name)) if one.exists())
        return Restored(staged, next(left, None), brought)


def _staged(source: Path, new: Path, papers: Papers | None, counts: Counts, settings: Settings) -> Staged:
    """What is known before anything is changed; whose a backup is its key says, or its papers where it has none."""
    name = papers.server.name if papers else ""
    theirs = Server(name, number_in(new / DATA))
    ours = Server(settings.node_name, number_in(settings.data))
    put_aside_here = source.is_dir() and source.resolve().parent in _homes(settings)
    if theirs.number and ours.number:
        other = theirs.number != ours.number
    else:
        other = bool(name) and name != ours.name and database_file(settings).exists()
    made = papers.made if papers else ""
    missing = _missing(papers, new, settings)
    return Staged(made, counts, missing, theirs, ours, other and not put_aside_here, None)


@contextmanager
def _room(data: Path) -> Iterator[Path]:
    """Give an empty folder within the data folder; what a restore that was cut left in it is finished first."""
    recover(data)
    room = data / ROOM
    private_folder(room)
    try:
        with in_words():
            yield room
    finally:
        if not (room / "plan.json").exists():
            shutil.rmtree(room, ignore_errors=True)


def _fetch(source: Path, new: Path, settings: Settings, said: Said) -> Papers | None:
    """Bring everything from the backup into `new`; its papers, if it is one."""
    if source.is_dir():
        _fetch_folder(source, new, settings)
        return None
    if not source.is_file():
        raise Invalid(f"No hay una copia en {source}.")
    with Reading.of(source) as backup:
        _check_space(new, backup.size)
        done = 0

        def told(size: int) -> None:
            nonlocal done
            done += size
            said("Abriendo la copia", done, backup.size)

        for name in backup.papers.files:
            backup.copy(name, new / name, told)
        return backup.papers


def _fetch_folder(source: Path, new: Path, settings: Settings) -> None:
    """Copy what an earlier restore put aside."""
    database = database_file(settings).name
    base, rest = _put_aside(source, settings)
    if not (base / database).is_file():
        raise Invalid(f"En {base} no hay una base de datos {database}.")
    _check_space(new, sum(file.stat().st_size for one in {base, rest} for file in files_in(one)))
    private_folder(new)
    for end in BESIDE:
        if (base / f"{database}{end}").exists():
            shutil.copy2(base / f"{database}{end}", new / f"{DATABASE}{end}")
    for one in rest.iterdir() if rest.is_dir() else ():
        if is_kept(one.name) and not one.name.startswith(database):
            for file in files_in(one):
                target = new / DATA / file.relative_to(rest)
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                shutil.copy2(file, target)


def _put_aside(source: Path, settings: Settings) -> tuple[Path, Path]:
    """Where an earlier restore put the database, and where all else: each beside where it was."""
    base, rest = _homes(settings)
    if source.resolve().parent not in (base, rest):
        return source, source
    return base / source.name, rest / source.name


def _homes(settings: Settings) -> tuple[Path, Path]:
    """The folder of the database, and that of all else."""
    return database_file(settings).parent.resolve(), settings.data.resolve()


def _check_space(new: Path, size: int) -> None:
    private_folder(new)
    if shutil.disk_usage(new).free < size + _SPARE:
        raise Unavailable(FULL, str(new))


def _beside(staged: Path, database: Path) -> Path:
    """The staged database, on the disk of the one it will replace: only there can one take the other's name."""
    if os.stat(staged).st_dev == os.stat(database.parent).st_dev:
        return staged
    near = database.with_name(f".{database.name}.restoring")
    for end in BESIDE:
        with suppress(FileNotFoundError):
            near.with_name(near.name + end).unlink()
        if staged.with_name(staged.name + end).exists():
            shutil.copy2(staged.with_name(staged.name + end), near.with_name(near.name + end))
    return near


def _take_key_along(ours: Path, theirs: Path) -> None:
    """A backup from before there was a key takes none away: progress files that are under way are closed to it."""
    if ours.is_dir() and not theirs.exists():
        shutil.copytree(ours, theirs)


def _missing(papers: Papers | None, new: Path, settings: Settings) -> tuple[Course, ...]:
    """The courses that a backup names and that are neither here nor in it."""
    named = papers.courses if papers else []
    places = (settings.courses, new / COURSES)
    return tuple(one for one in named if not any((place / one.folder).is_dir() for place in places))


def _bring_courses(brought: Path, courses: Path) -> Iterator[str]:
    """Put courses that are not here where courses are; those that are here stay as they are."""
    for folder in sorted(brought.iterdir()) if brought.is_dir() else ():
        target = courses / folder.name
        if not target.exists():
            courses.mkdir(parents=True, exist_ok=True)
            draft = courses / f".{folder.name}.restoring"
            shutil.rmtree(draft, ignore_errors=True)
            shutil.copytree(folder, draft)
            keep_tree(draft)
            draft.rename(target)
            yield folder.name


def _free_folder(settings: Settings, now: datetime) -> Path:
    """A folder in the data folder whose name is not taken there, nor beside the database."""
    name = f"{ASIDE}{now.astimezone():%Y-%m-%d-%H%M%S}"
    names = (name, *(f"{name}-{number}" for number in range(2, 1000)))
    free = next(one for one in names if not any((home / one).exists() for home in _homes(settings)))
    return settings.data / free


def _moves(settings: Settings, database: Path, staged: Path, data: Path, aside: Path) -> Iterator[Move]:
    """First what is here goes aside, the database before the files that only it can read; then comes what is new."""
    away = aside if database.parent.resolve() == settings.data.resolve() else database.with_name(aside.name)
    for end in BESIDE:
        file = database.with_name(database.name + end)
        if file.exists():
            yield file, away / file.name
    for one in kept(settings):
        yield one, aside / one.name
    yield staged, database
    for one in sorted(data.iterdir()) if data.is_dir() else ():
        yield one, settings.data / one.name
