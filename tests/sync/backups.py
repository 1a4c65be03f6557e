"""A node as it was: every row of every table, kept and put back."""

from __future__ import annotations

from typing import Any

from lms.db import Database

TABLES = (
    "events", "outcomes", "links", "heads", "heads_made", "heads_waiting", "nodes", "carried", "receipts", "quarantine",
    "undone_links", "erased", "erased_elsewhere", "taken_parcels",
)  # fmt: skip

Rows = dict[str, list[dict[str, Any]]]


async def backup(db: Database) -> Rows:
    """Every row of every table."""
    return {
        table: [
            {name: row[name] for name in row.keys()}  # noqa: SIM118 - rows iterate over values
            for row in await db.rows(f"SELECT * FROM {table}")  # noqa: S608 - tables of ours
        ]
        for table in TABLES
    }


async def restore(db: Database, rows: Rows) -> None:
    """Put a node back to what it was."""
    async with db.transaction() as work:
        for table in TABLES:
            await work.execute(f"DELETE FROM {table}")  # noqa: S608 - tables of ours
            for row in rows[table]:
                names = ", ".join(row)
                values = ", ".join(f":{name}" for name in row)
                await work.execute(f"INSERT INTO {table} ({names}) VALUES ({values})", row)  # noqa: S608 - a text of ours
