"""What carrying events asks of the log."""

from lms.db import Database


async def all_profiles(db: Database) -> list[str]:
    """Every profile of which anything arrived."""
    return [row["profile"] for row in await db.rows("SELECT DISTINCT profile FROM events ORDER BY profile")]
