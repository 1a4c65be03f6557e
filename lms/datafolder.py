"""The data folder: who is using it, and a swap of what lies in it that no cut leaves half done.

SQLite's own locks say whether somebody is writing this moment, not whether a server is running that will write the
next. So whoever works with the folder holds it with `flock`, shared, as long as it runs, and who replaces what
is in it must have it alone. The system lets go when a process ends, however it ends: nothing is ever left locked.
"""

import json
import logging
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from lms.errors import Conflict
from lms.files import in_words, keep_names, write_whole

try:
    import fcntl
except ImportError:  # Windows, which itself refuses to rename what somebody has open
    fcntl = None  # type: ignore[assignment]

ROOM = ".restoring"
"""Where what will take its place waits, and the plan of the swap."""

IN_USE = "Un servidor u otra orden de Chaski está usando la carpeta de datos. Detenlo y vuelve a intentarlo."
RESTORING = "Se está restaurando una copia en la carpeta de datos. Espera a que termine."

Move = tuple[Path, Path]

log = logging.getLogger(__name__)


@contextmanager
def using(data: Path) -> Iterator[None]:
    """Hold a data folder beside others, after finishing a swap that was cut.

    One that is missing, or is somebody else's, needs no holding: who cannot open it changes nothing in it.
    """
    if not os.access(data, os.R_OK | os.X_OK):
        yield
        return
    if (data / ROOM).is_dir():
        with alone(data, RESTORING):
            log.warning("a restore was cut: it is finished, or tidied away if it had changed nothing yet")
            recover(data)
    with _held(data, RESTORING, shared=True):
        yield


@contextmanager
def alone(folder: Path, otherwise: str = IN_USE) -> Iterator[None]:
    """Hold a folder with nobody else; `Conflict` in these words if somebody has it."""
    with _held(folder, otherwise, shared=False):
        yield


@contextmanager
def _held(folder: Path, otherwise: str, *, shared: bool) -> Iterator[None]:
    if fcntl is None:
        yield
        return
    with in_words():
        place = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(place, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(otherwise) from None
        except OSError:  # a disk without locks
            log.warning("%s cannot be locked: nothing tells whether a server runs on it", folder)
        yield
    finally:
        os.close(place)


def swap(data: Path, moves: Sequence[Move]) -> None:
    """Make all moves, in order, or none: once their plan is on the disk, whoever comes next finishes them.

    What is moved away must be there now, and where it goes nothing may be.
    """
    plan = [[os.path.relpath(one, data) for one in move] for move in moves]
    write_whole(data / ROOM / "plan.json", json.dumps(plan).encode())
    recover(data)


def recover(data: Path) -> None:
    """Finish a swap whose plan was made; throw away what was only being prepared."""
    room = data / ROOM
    plan = room / "plan.json"
    if not room.is_dir():
        return
    with in_words():
        if plan.exists():
            for here, there in json.loads(plan.read_text("utf-8")):
                _move(data / here, data / there)
            plan.unlink()
            keep_names(room)
        shutil.rmtree(room)
        keep_names(data)


def _move(here: Path, there: Path) -> None:
    """Move, unless it was done already."""
    if not os.path.lexists(here) or os.path.lexists(there):
        return
    there.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    here.rename(there)
    keep_names(there.parent)
    keep_names(here.parent)


def keep_tree(folder: Path) -> None:
    """Have everything in a folder on the disk."""
    for path, _, files in os.walk(folder, topdown=False):
        for file in files:
            with suppress(OSError):  # a system that cannot
                keep_names(Path(path) / file)
        keep_names(Path(path))
