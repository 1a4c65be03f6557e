"""Whether a database is whole: its pages, its tables, and the last line of every device."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from msgspec import Struct

from lms.db import migrate, open_database
from lms.db.copying import looked_at
from lms.db.migrate import MIGRATIONS
from lms.errors import Invalid
from lms.events import wire

_LAST_LINES = """
SELECT number, line FROM events WHERE number IN (SELECT max(number) FROM events GROUP BY profile, device)
"""


class Counts(Struct, frozen=True):
    """What a database holds, to be compared with what it held."""

    migrations: list[str]
    events: int
    last: int
    heads: int
    profiles: int
    persons: int


def examine(file: Path) -> Counts:
    """Look at every page and every table, and read the last line of each device; `Invalid` if one is damaged."""
    with looked_at(file) as db:
        if (said := db.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
            raise Invalid(f"La base de datos de la copia está dañada: {said}.")
        if db.execute("SELECT 1 FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchone():
            raise Invalid("La base de datos de la copia trae órdenes que no son de Chaski. No la uses.")
        return _counts(db)


def _counts(db: sqlite3.Connection) -> Counts:
    heads = 0
    for number, line in db.execute(_LAST_LINES):
        heads += 1
        try:
            wire.decode(bytes(line))
        except (Invalid, TypeError) as error:
            raise Invalid(f"En la copia no se puede leer el registro {number}: {error}.") from error
    events, last, profiles = db.execute(
        "SELECT count(*), coalesce(max(number), 0), count(DISTINCT profile) FROM events"
    ).fetchone()
    persons = db.execute("SELECT count(*) FROM persons").fetchone()[0]
    migrations = [name for (name,) in db.execute("SELECT name FROM migrations ORDER BY name")]
    return Counts(migrations, events, last, heads, profiles, persons)


async def bring_up_to_date(file: Path, counts: Counts) -> None:
    """Apply what the copy lacks; `Invalid` if it is of a newer program, or is not a database of this one."""
    if newer := set(counts.migrations) - {
        one.stem for one in MIGRATIONS.glob("*.sql") if "." not in one.stem
    }:
        raise Invalid(
            f"La copia la hizo una versión más nueva de Chaski ({max(newer)}). Actualiza primero el programa."
        )
    if missing := await _ready(":memory:") - await _ready(file):
        raise Invalid(f"A la base de datos de la copia le falta {min(missing)}. Usa otra copia.")


async def _ready(place: str | Path) -> set[str]:
    """The tables and indexes of a database, after what it lacked was applied; as a device it is a new one.

    The server went on counting its events after the backup was made, and no number may stand for two of them.
    """
    db = await open_database(place)
    try:
        await migrate(db)
        rows = await db.rows("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite%'")
        names = {str(row["name"]) for row in rows}
        if "own_device" in names:
            await db.execute("DELETE FROM own_device")
        return names
    finally:
        await db.close()
