"""Putting a course's new folder in the place of the old one: at every moment one of the two is there, whole.

The new one is made in `.installing/new/`, on the same file system, where no reader of courses looks. Whatever
a cut leaves is put right by the next install or by the server's start, whichever comes first.
"""

from __future__ import annotations

import errno
import logging
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lms.errors import Conflict, LmsError
from lms.files import in_words

ROOM = ".installing"

log = logging.getLogger(__name__)

_HERE = -100  # AT_FDCWD: paths are from where the process is
_EXCHANGE = 2
_LOST = (errno.EIO, errno.ENOSPC, errno.EDQUOT)  # what was written did not reach the disk


@contextmanager
def room_in(courses: Path) -> Iterator[Path]:
    """Give an empty folder for the new course, named as `room/new/<folder>`; only one process at a time has it."""
    with in_words():
        courses.mkdir(parents=True, exist_ok=True)
    with alone(courses), in_words():
        _recover(courses)
        room = courses / ROOM
        try:
            yield room
        finally:
            _recover(courses)


def recover_quietly(courses: Path) -> None:
    """Finish what an install left when it was cut; never in the way of who is installing now."""
    if not (courses / ROOM).is_dir():
        return
    try:
        with alone(courses), in_words():
            _recover(courses)
    except (LmsError, OSError):
        log.warning("a cut install could not be tidied; the next one tries again", exc_info=True)


def take_along(old: Path, new: Path, but: Collection[str]) -> None:
    """Copy to a new folder what somebody keeps in the old one beside its own, `but` what the new one has or goes without.

    Nothing is moved: whatever cuts the swap, it is still in the folder that stays.
    """
    for path in old.iterdir() if old.is_dir() else ():
        if path.name in but or (new / path.name).exists():
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, new / path.name, symlinks=True)
        else:
            shutil.copy2(path, new / path.name, follow_symlinks=False)


def put_in_place(room: Path, name: str) -> None:
    """Swap `room/new/<name>` with the folder of that name beside the room, which may be missing."""
    courses, new = room.parent, room / "new" / name
    target = courses / name
    _sync(new)
    if not os.path.lexists(target):
        new.rename(target)
    elif not _exchanged(new, target):
        _replace(room, new, target)
    _sync_folder(courses)


def _replace(room: Path, new: Path, target: Path) -> None:
    """As an exchange, for systems without it: between the two steps the old folder waits where it is looked for."""
    old = room / "old" / target.name
    old.parent.mkdir()
    _sync_folder(room)
    target.rename(old)
    try:
        new.rename(target)
    except OSError:
        old.rename(target)
        raise


def _exchanged(one: Path, other: Path) -> bool:
    """Let two folders change names in one step, where the system and its disk know how."""
    import ctypes  # a server's start has no use for it

    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    return bool(rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0)


def _recover(courses: Path) -> None:
    """Put an old course back if nothing took its place, and throw the rest away."""
    room = courses / ROOM
    if not room.is_dir():
        return
    done = room / "done"
    for old in (room / "old").glob("*"):
        target = courses / old.name
        if os.path.lexists(target):
            # Out of `old` first: half a folder must never be taken for a course to put back.
            done.mkdir(exist_ok=True)
            old.rename(done / old.name)
        else:
            old.rename(target)
    _sync_folder(courses)
    shutil.rmtree(room)


@contextmanager
def alone(courses: Path) -> Iterator[None]:
    """Hold a folder for this process; Conflict when another one has it."""
    try:
        import fcntl
    except ImportError:  # Windows, where nobody installs twice at once by accident
        yield
        return
    place = os.open(courses, os.O_RDONLY)
    try:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict("Otra instalación o actualización está en marcha. Espera a que termine.") from None
        except OSError:  # a disk without locks
            pass
        yield
    finally:
        os.close(place)


def _sync(folder: Path) -> None:
    """Have everything in a folder on the disk before its name says that it is there."""
    for path, _, files in os.walk(folder, topdown=False):
        for place in (*(Path(path) / file for file in files), Path(path)):
            try:
                _written(place)
            except OSError as error:
                # Anything else is a link that leads nowhere, or a system that cannot.
                if error.errno in _LOST:
                    raise


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):
        _written(folder)


def _written(path: Path) -> None:
    place = os.open(path, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
