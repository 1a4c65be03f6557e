"""What carrying events asks of the log."""

from lms.db import Database
from lms.events.queries import lines_of
from lms.sync.exchange import Summary, summarise


async def summaries(db: Database) -> dict[str, Summary]:
    """What this node has, profile by profile."""
    rows = await db.rows("SELECT profile, id FROM events")
    return summarise((row["profile"], row["id"]) for row in rows)


async def all_profiles(db: Database) -> list[str]:
    """Every profile of which anything arrived."""
    return [row["profile"] for row in await db.rows("SELECT DISTINCT profile FROM events ORDER BY profile")]


__all__ = ["all_profiles", "lines_of", "summaries"]
