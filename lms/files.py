"""Files on disks that fill up, are pulled out or lose power: whole or not there, and what fails said in words."""

import errno
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

from lms.errors import CLOSED, FULL, Unavailable

_LONGEST_NAME = 30  # letters of whose a text is, in its file's name

_WORDS = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: CLOSED,
    errno.EACCES: CLOSED,
    errno.EPERM: CLOSED,
    errno.EIO: CLOSED,
}
_NOT_PLAIN = re.compile(r"[^0-9A-Za-z]+")
_LONGEST_PLAIN = 40  # characters: what else is in the name has to fit too


@contextmanager
def in_words(place: Path | None = None) -> Iterator[None]:
    """What a disk refuses inside is raised as `Unavailable`; any other error stays as it is.

    The system names what failed when it opens or renames it, but not what it wrote into: that is the `place`.
    """
    try:
        yield
    except OSError as error:
        sentence = _WORDS.get(error.errno or 0)
        if sentence is None:
            raise
        raise Unavailable(sentence, _failed(error, place)) from error


def _failed(error: OSError, place: Path | None) -> str:
    if not isinstance(error.filename, str | bytes):
        return str(place or "")
    named = Path(os.fsdecode(error.filename))
    return str(place if place and place.parent == named.parent else named)  # and not its draft


def private_folder(folder: Path) -> None:
    """Make a folder that only its owner can enter; one that is there already keeps the mode it was given."""
    with in_words():
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except (FileExistsError, FileNotFoundError, NotADirectoryError) as error:
            raise Unavailable(
                f"«{folder}» no puede ser una carpeta: lo es otra cosa, o está dentro de algo donde no se pueden hacer. "
                "Revisa cómo está escrita."
            ) from error


def private_file(file: Path) -> None:
    """Keep a file from everybody but its owner; it is made if it is missing, and so is its folder."""
    private_folder(file.parent)
    with in_words():
        if not file.exists():
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))
        if (
            file.is_file() and file.stat().st_mode & 0o077
        ):  # whoever names a folder by mistake keeps it as it is
            with suppress(OSError):  # a stick formatted as FAT has no modes
                file.chmod(0o600)


def write_whole(file: Path, data: bytes, *, mode: int = 0o666, first_wins: bool = False) -> None:
    """Write `data` so that nobody ever meets half of it under that name, not even after a power cut.

    `mode` is for a new file, before the process's mask. With `first_wins` a file that is there stays.
    """
    with whole_file(file, mode=mode, first_wins=first_wins) as out:
        out.write(data)


@contextmanager
def whole_file(file: Path, *, mode: int = 0o666, first_wins: bool = False) -> Iterator[BinaryIO]:
    """As `write_whole`, for what is written piece by piece: the file has its name once the block ends well."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with in_words(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(draft, "w+b", opener=lambda path, flags: os.open(path, flags, mode)) as out:
                yield out
                out.flush()
                os.fsync(out.fileno())
            _name(draft, file, first_wins)
            keep_names(file.parent)
        finally:
            with suppress(OSError):
                draft.unlink()


def plain(name: str) -> str:
    """A name as part of a file's, on a stick formatted as FAT too; `servidor` for one without a letter to use."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return _NOT_PLAIN.sub("-", letters)[:_LONGEST_PLAIN].strip("-") or "servidor"


def check(content: bytes | memoryview) -> bytes:
    """What stands before a kept file's content, and fits nothing else."""
    return crc32(content).to_bytes(4, "big")


def _name(draft: Path, file: Path, first_wins: bool) -> None:
    if first_wins:
        try:
            os.link(draft, file)
        except FileExistsError:
            return
        except OSError:  # a stick formatted as FAT has no links: there the last one wins
            pass
        else:
            return
    draft.replace(file)


def keep_names(folder: Path) -> None:
    """Have the folder written too, which is where a file's new name stands."""
    with suppress(OSError):  # not every system can; there it is written when it is
        place = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(place)
        finally:
            os.close(place)


def name_of_text(kind: str, whose: str, day: date) -> str:
    """The name of a text that somebody carries, told apart from others by whose it is; twin of `carrier.fileName`."""
    plain = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFD", whose)).lower()
    short = re.sub("[^a-z0-9]+", "-", plain)[:_LONGEST_NAME].strip("-")
    return "-".join(part for part in (kind, short, day.isoformat()) if part) + ".txt"
