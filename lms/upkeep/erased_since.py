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
_NOTED = "SELECT person, day FROM erased_persons"
_HAS_NOTED = "SELECT 1 FROM sqlite_master WHERE name = 'erased_persons'"
_LINKS = "SELECT person, profile FROM links WHERE status = 'vouched'"
_ACCOUNTS = "SELECT id, document, given_names, paternal FROM persons ORDER BY paternal, given_names, document"
_AT_ONCE = 50  # profiles, or lines


@dataclass(frozen=True, slots=True)
class ErasedSince:
    """Accounts of the backup that were erased since, by the ids of their persons, and everything that was.

    `unknown` are those that are in the backup only, by document and name, and of which nothing says why. `noted` are
    all erased accounts of the newer database and their days, of the backup or not, so that it is known further on.
    """

    persons: tuple[str, ...]
    tombstones: tuple[Tombstone, ...]
    unknown: tuple[str, ...]
    noted: tuple[tuple[str, str], ...]


def erased_since(newer: Path, backup: Path) -> ErasedSince | None:
    """What a database says was erased that a backup of the same server still has; None if it cannot be read.

    An account that the newer one lacks may be younger than it, or erased by a former version, which noted no account:
    it was erased for certain only if it was noted, or if a profile of it was erased.
    """
    try:
        with looked_at(newer) as now, looked_at(backup) as then:
            since = set(now.execute(_ERASED)) - set(then.execute(_ERASED))
            whole = {profile for profile, id in since if profile == id}
            noted = now.execute(_NOTED).fetchall() if now.execute(_HAS_NOTED).fetchone() else []
            erased = {id for id, _ in noted} | {
                one for one, profile in then.execute(_LINKS) if profile in whole
            }
            here = {id for (id,) in now.execute("SELECT id FROM persons")}
            accounts = {id: " ".join(said) for id, *said in then.execute(_ACCOUNTS) if id not in here}
    except (Invalid, OSError, sqlite3.Error):  # damaged, or of a version that noted nothing of it
        return None
    gone = tuple(id for id in accounts if id in erased)
    unknown = tuple(said for id, said in accounts.items() if id not in erased)
    return ErasedSince(gone, tuple(sorted(since)), unknown, tuple(noted))


async def erase_again(database: Path, gone: ErasedSince, *, at: str) -> None:
    """Erase in a backup's database what was erased since it was made."""
    db = await open_database(database)
    try:
        await db.execute_many(
            "INSERT INTO erased_persons (person, day) VALUES (:person, :day) ON CONFLICT (person) DO NOTHING",
            [{"person": person, "day": day} for person, day in gone.noted],
        )
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
