"""Who was erased after a backup was made: the backup still has them, and only the newer database knows."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from lms.db import open_database
from lms.db.copying import looked_at
from lms.errors import Invalid
from lms.events.erasing import Tombstone, erase_lines, erase_profiles
from lms.events.forgetting import erase
from lms.people.queries import person

_ERASED = "SELECT profile, id FROM erased"
_ACCOUNTS = "SELECT person, profile FROM links WHERE status = 'vouched'"
_AT_ONCE = 50  # profiles, or lines


@dataclass(frozen=True, slots=True)
class ErasedSince:
    """Accounts that were erased since, by the ids of their persons, and everything that was."""

    persons: tuple[str, ...]
    tombstones: tuple[Tombstone, ...]


def erased_since(newer: Path, backup: Path) -> ErasedSince | None:
    """What a database says was erased that a backup of the same server still has; None if it cannot be read.

    An account that the newer one lacks may be younger than it: it was erased only if a profile of it was.
    """
    try:
        with looked_at(newer) as now, looked_at(backup) as then:
            since = set(now.execute(_ERASED)) - set(then.execute(_ERASED))
            whole = {profile for profile, id in since if profile == id}
            here = {id for (id,) in now.execute("SELECT id FROM persons")}
            gone = {one for one, profile in then.execute(_ACCOUNTS) if profile in whole and one not in here}
    except (Invalid, OSError, sqlite3.Error):  # damaged, or of a version that noted nothing of it
        return None
    return ErasedSince(tuple(sorted(gone)), tuple(sorted(since)))


async def erase_again(database: Path, gone: ErasedSince, *, at: str) -> None:
    """Erase in a backup's database what was erased since it was made."""
    db = await open_database(database)
    try:
        for id in gone.persons:
            if found := await person(db, id):
                await erase(db, found, at=at)
        for start in range(0, len(gone.tombstones), _AT_ONCE):
            some = gone.tombstones[start : start + _AT_ONCE]
            async with db.transaction(bulk=True) as work:
                await erase_profiles(work, {profile for profile, id in some if profile == id}, at=at)
                await erase_lines(work, {one for one in some if one[0] != one[1]}, at=at)
    finally:
        await db.close()
