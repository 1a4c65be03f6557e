"""The backups in a folder: in which order they were made, whatever clocks said, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lms.errors import LmsError
from lms.upkeep.archive import DATA, Papers, Reading
from lms.upkeep.contents import own_backups

_SECRET = f"{DATA}/secret"


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup that can be read, as far as its papers go."""

    file: Path
    papers: Papers


def in_order(folder: Path) -> list[Kept]:
    """The backups in a folder, whosever they are, the oldest first: each was given a higher number than those before.

    Those of earlier versions have none and come first, by the date in their names. What cannot be read, as it is
    damaged or of a newer version, is not among them: nobody can say whose it is.
    """
    found = [Kept(file, papers) for file in own_backups(folder) if (papers := _papers_of(file))]
    return sorted(found, key=lambda one: one.papers.order)


def is_of(newest: Papers, other: Papers) -> bool:
    """Whether a backup is of the server that made the newest one; not, where nothing says so for certain.

    Its key does. A backup from before there was one is known by the name, and by the secret that every server makes
    for itself: two that nobody gave a name to may have the same.
    """
    ours, theirs = newest.server, other.server
    if ours.number and theirs.number:
        return ours.number == theirs.number
    secrets = newest.files.get(_SECRET), other.files.get(_SECRET)
    if all(secrets):
        return secrets[0] == secrets[1] and theirs.name in ("", ours.name)
    return theirs.name == ours.name


def last_of(folder: Path, name: str) -> Path | None:
    """The last backup in a folder that a server of this name made, or an earlier version, which noted no name."""
    found = [one.file for one in in_order(folder) if one.papers.server.name in ("", name)]
    return found[-1] if found else None


def _papers_of(file: Path) -> Papers | None:
    try:
        with Reading.of(file) as backup:
            return backup.papers
    except (LmsError, OSError):
        return None
