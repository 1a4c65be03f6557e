"""What a backup holds of a server, and what it leaves out because it can be made again."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path

from msgspec import Struct

from lms.datafolder import ROOM
from lms.errors import Invalid
from lms.settings import Settings

ASIDE = "antes-de-restaurar-"
"""How the names begin under which a restore keeps what was there."""

FOLDER = "backups"
"""Where backups lie in the data folder unless somebody says otherwise."""

LEFT_OUT = (FOLDER, "search", "rendered", "courses.kept", "*.log", ROOM, f"{ASIDE}*", ".*")
"""Names at the top of the data folder that no backup holds. Whatever else lies there may be dear to somebody."""

BESIDE = ("", "-wal", "-shm", "-journal")
"""How the names of a SQLite database's files end."""


# Older ones do not name their server.
_NAME = re.compile(r"chaski-([0-9A-Za-z-]+-)?(?P<when>\d{4}-\d\d-\d\d-\d{6}(-\d+)?)\.zip")


class Course(Struct, frozen=True):
    """A course that is installed here, and the folder of its sources."""

    id: str
    version: str
    title: str
    folder: str


def database_file(settings: Settings) -> Path:
    """The SQLite file of these settings; `Invalid`, saying what to do instead, where PostgreSQL keeps the data."""
    if settings.is_shared:
        raise Invalid(
            "Los datos de este servidor están en PostgreSQL: haz su copia con pg_dump y restáurala con pg_restore. "
            "Guarda aparte la carpeta keys/ de LMS_DATA y el valor de LMS_SECRET. Está explicado en docs/operations.md."
        )
    return Path(settings.database.removeprefix("sqlite:///"))


def kept(settings: Settings) -> list[Path]:
    """What lies in the data folder beside the database and cannot be made again: files and folders, by name."""
    database = database_file(settings)
    elsewhere = [one.resolve() for one in (settings.packs, settings.courses)]
    own = {database.with_name(database.name + end).resolve() for end in BESIDE}
    return sorted(
        one
        for one in settings.data.iterdir()
        if is_kept(one.name) and not one.is_symlink() and one.resolve() not in (*elsewhere, *own)
    )


def is_kept(name: str) -> bool:
    """Whether a backup holds what has this name at the top of the data folder."""
    return not any(fnmatch(name, pattern) for pattern in LEFT_OUT)


def files_in(path: Path) -> Iterator[Path]:
    """The file itself, or every file in the folder; no links, which lead out of it."""
    found = [path] if path.is_file() else sorted(path.rglob("*"))
    return (one for one in found if one.is_file() and not one.is_symlink())


def courses_in(folder: Path) -> list[Course]:
    """The courses that are installed; one whose `course.toml` cannot be read goes by its folder's name."""
    found = []
    for file in sorted(folder.glob("*/course.toml")):
        said: dict[str, object] = {}
        with suppress(OSError, ValueError):  # what is wrong with it is for `lms check` to say
            said = tomllib.loads(file.read_text("utf-8"))
        name = file.parent.name
        id, edition, title = (
            str(said.get(key, other)) for key, other in (("id", name), ("version", ""), ("title", name))
        )
        found.append(Course(id, edition, title, name))
    return found


def own_backups(folder: Path) -> list[Path]:
    """The backups in a folder that this program made there, the oldest first."""
    found = [
        (name["when"], one) for one in folder.glob("chaski-*.zip") if (name := _NAME.fullmatch(one.name))
    ]
    return [one for _, one in sorted(found)]
