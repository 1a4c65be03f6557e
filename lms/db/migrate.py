"""Bring a database's tables up to date: numbered SQL files, each applied once, whole or not at all.

What an engine cannot say in the common words stands beside the common file, as `NNNN_name.engine.sql`.
"""

import sqlite3
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from lms.clock import stamp, system_clock
from lms.db.interface import Database
from lms.errors import Invalid

MIGRATIONS = Path(__file__).parent.parent / "migrations"


async def migrate(db: Database, folder: Path = MIGRATIONS) -> tuple[str, ...]:
    """Apply what `db` lacks of `folder` (files `NNNN_name.sql`); the names applied now."""
    await db.execute("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, at TEXT NOT NULL)")
    return tuple([file.stem for file in await lacking(db, folder) if await _apply(db, file)])


async def lacking(db: Database, folder: Path = MIGRATIONS) -> list[Path]:
    """The files of `folder` that a database whose migrations were begun lacks; nothing is changed."""
    done = {row["name"] for row in await db.rows("SELECT name FROM migrations")}
    return [file for file in _files(folder) if file.stem not in done]


def _files(folder: Path) -> list[Path]:
    files = sorted(file for file in folder.glob("[0-9][0-9][0-9][0-9]_*.sql") if "." not in file.stem)
    for one, next_one in pairwise(file.name[:4] for file in files):
        if one == next_one:
            raise Invalid(f"Hay dos migraciones con el número {one}: cambia el número de una de ellas.")
    return files


async def _apply(db: Database, file: Path) -> bool:
    own = file.with_suffix(f".{db.engine}.sql")
    statements = list(_statements(own if own.exists() else file))
    async with db.transaction() as work:
        # Asked again inside: another process that starts at the same time may have been quicker.
        if await work.value("SELECT 1 FROM migrations WHERE name = :name", {"name": file.stem}):
            return False
        for statement in statements:
            await work.execute(statement)
        applied = {"name": file.stem, "at": stamp(system_clock())}
        await work.execute("INSERT INTO migrations (name, at) VALUES (:name, :at)", applied)
    return True


def _statements(file: Path) -> Iterator[str]:
    statement = ""
    for line in file.read_text("utf-8").splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if any(line.strip() and not line.strip().startswith("--") for line in statement.splitlines()):
        raise Invalid(f"A una migración le falta el punto y coma final: {statement.strip()[:60]}")
