"""What the log and its outcomes can be asked. Profiles are always several: a person is all those linked."""

from collections.abc import Sequence

from lms.course.model import Outline
from lms.db import Database
from lms.events import wire
from lms.events.model import ProfileIdentified
from lms.events.progress import Progress, Tally, progress_of


async def progress_in(db: Database, outline: Outline, profiles: Sequence[str]) -> Progress:
    """The progress of a person in a course, as graded here."""
    rows = await db.rows(
        "SELECT item, type, max(mark) AS mark, CAST(CASE WHEN type LIKE 'reported.%' THEN max(attempts)"
        " ELSE sum(attempts) END AS INTEGER) AS attempts, max(version) AS version"
        " FROM outcomes WHERE course = :course AND profile IN (:profiles) GROUP BY item, type",
        {"profiles": list(profiles), "course": outline["course"]},
        into=Tally,
    )
    return progress_of(outline, rows)


async def waiting(db: Database, course: str, profiles: Sequence[str]) -> int:
    """How many answers cannot be graded yet, because this server does not have the course as it was then."""
    return int(
        await db.value(
            "SELECT coalesce(sum(pending), 0) FROM outcomes"
            " WHERE course = :course AND profile IN (:profiles)",
            {"profiles": list(profiles), "course": course},
        )
    )


async def lines_of(db: Database, profiles: Sequence[str], course: str | None = None) -> list[bytes]:
    """The bytes of every event of the profiles, in a fixed order; with `course`, of that one and of none."""
    rows = await db.rows(
        "SELECT line FROM events WHERE profile IN (:profiles) AND (:all OR course IN (:course, ''))"
        " ORDER BY profile, device, seq, id",
        {"profiles": list(profiles), "all": course is None, "course": course or ""},
    )
    return [row["line"] for row in rows]


async def identified(db: Database, profile: str) -> ProfileIdentified | None:
    """What was last said about who uses the profile; nobody has confirmed it."""
    line = await db.value(
        "SELECT line FROM events WHERE profile = :profile AND type = 'profile.identified'"
        " ORDER BY number DESC LIMIT 1",
        {"profile": profile},
    )
    data = wire.decode(line).data if line else None
    return data if isinstance(data, ProfileIdentified) else None
