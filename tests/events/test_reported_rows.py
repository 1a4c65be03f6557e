"""What codes bring into the read model: rows of their own, which nothing else raises."""

from __future__ import annotations

from typing import Any

import pytest
from events_cast import Tablet, all_outcomes, store

from lms.course.model import Course
from lms.db import Database, migrate
from lms.events.model import ProgressReported
from lms.events.regrading import regrade_stale
from lms.events.revisions import rebuild_outcomes


def reported(**said: Any) -> ProgressReported:
    """What a code says of some items."""
    parts: dict[str, Any] = {"lessons": {}, "exercises": {}, "assessments": {}, "answers": {}, **said}
    return ProgressReported("CHASKI", "2026-11-20", **parts)


@pytest.mark.parametrize("batches", [1, 2], ids=["at once", "apart"])
async def test_a_type_from_the_future_that_is_called_as_what_codes_bring_raises_nothing(
    db: Database, small: Course, batches: int
) -> None:
    tablet = Tablet(small)
    said = tablet.writes("progress.reported", "curso", reported(exercises={"palabra": (0.5, 1)}))
    others = [tablet.writes("reported.exercise.answered", "palabra", {}) for _ in range(3)]
    for lines in ([[said, *others]], [[said], others])[batches - 1]:
        await store(db, *lines)

    assert [row[3:6] for row in await all_outcomes(db)] == [("reported.exercise.answered", 0.5, 1)]
    await rebuild_outcomes(db)
    assert [row[3:6] for row in await all_outcomes(db)] == [("reported.exercise.answered", 0.5, 1)]


async def test_what_codes_brought_before_is_read_again_for_what_counts_of_it(
    db: Database, small: Course
) -> None:
    tablet, other = Tablet(small), Tablet(small)
    said = reported(lessons={"uno": "completed"}, exercises={"senal": (1, 2)})
    await store(db, tablet.writes("progress.reported", "curso", said), tablet.answers("senal", 0))
    await store(db, other.writes("progress.reported", "otra-cosa", said), other.opens("uno"))
    right = await all_outcomes(db)
    await db.execute("UPDATE outcomes SET attempts = 9 WHERE type LIKE 'reported.%'")
    columns = "profile, course, item, type, mark, attempts, pending, first, last"
    await db.execute(
        f"INSERT INTO outcomes ({columns}) VALUES (:profile, 'curso', 'dos', 'reported.lesson.opened', NULL, 1, 0, 3, 3)",  # noqa: S608 - names of ours
        {"profile": other.profile},
    )
    await db.execute("DELETE FROM migrations WHERE name = '0024_reported_again'")

    assert await migrate(db) == ("0024_reported_again",)
    await regrade_stale(db)

    assert await all_outcomes(db) == right
    assert await db.value("SELECT count(*) FROM stale_outcomes") == 0
