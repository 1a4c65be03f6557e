"""What carrying events asks of the log."""

from lms.db import Database


async def all_profiles(db: Database) -> list[str]:
    """Every profile of which anything arrived."""
    return [row["profile"] for row in await db.rows("SELECT DISTINCT profile FROM events ORDER BY profile")]


async def profiles_like(db: Database, prefix: str) -> list[str]:
    """Up to two profiles that anything arrived of, whose id begins with these twelve hexadecimal digits.

    A stand-in that a token made before is one only while the profile itself is not known.
    """
    low = f"{prefix[:8]}-{prefix[8:]}-"
    rows = await db.rows(
        "SELECT DISTINCT profile FROM events WHERE profile >= :low AND profile < :high AND profile <> :stand_in LIMIT 2",
        {"low": low, "high": f"{low}g", "stand_in": f"{low}4000-8000-000000000000"},
    )
    return [row["profile"] for row in rows]
