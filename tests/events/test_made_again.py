"""However much one profile has, and whatever comes meanwhile, what is made again is what the log says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from events_cast import Tablet, all_outcomes, changed, store

from lms.course.model import Course
from lms.db import Database
from lms.db.interface import Row
from lms.events import regrading, signatures
from lms.events.grading import Revisions
from lms.events.regrading import regrade_stale
from lms.events.revisions import publish_revisions, rebuild_outcomes

AT = "2026-11-26T13:40:00.000Z"
ALL = 2**62


@pytest.fixture(autouse=True)
def little_at_once() -> Iterator[None]:
    """As much for these few lines as a hundred thousand are for a server."""
    with changed(regrading, _A_PAGE=3, _NUMBERS=7, _AT_ONCE=5), changed(signatures, _AT_ONCE=3, _A_PAGE=7):
        yield


async def made(db: Database) -> tuple[Any, ...]:
    """What is made from the log."""
    rows = await db.rows("SELECT profile, at FROM studied ORDER BY profile")
    return await all_outcomes(db), [(row["profile"], row["at"]) for row in rows]


async def is_as_the_log_says(db: Database) -> bool:
    """Whether all is as if it were made from the log at once."""
    now = await made(db)
    await rebuild_outcomes(db)
    return now == await made(db)


async def nothing_waits(db: Database) -> bool:
    left = await db.value("SELECT count(*) FROM stale_profiles") + await db.value(
        "SELECT count(*) FROM stale_outcomes"
    )
    return bool(left == 0)


def some_of_all(tablet: Tablet, times: int) -> list[bytes]:
    return [
        line
        for number in range(times)
        for line in (tablet.answers("senal", number % 3), tablet.answers("verdad", True), tablet.opens())
    ]


async def forged(db: Database, small: Course) -> tuple[Tablet, tuple[str, str]]:
    """A device that signs, and of which much came that it did not."""
    tablet = Tablet(small)
    await store(db, *some_of_all(tablet, 2))
    await db.execute("UPDATE events SET signed = 1 WHERE profile = :profile", {"profile": tablet.profile})
    lines = [*some_of_all(tablet, 8), tablet.completes()]
    receipts = await store(db, *lines, source="file")
    await signatures.note_unsigned(db, lines, receipts, "")
    return tablet, (tablet.profile, tablet.device)


async def test_one_profile_with_many_answers_is_graded_again_a_few_lines_at_a_time(
    db: Database, small: Course
) -> None:
    tablet = Tablet(small)
    await store(db, *some_of_all(tablet, 20))
    await publish_revisions(db, small)
    at_once: list[int] = []
    take = regrading.Results.take

    def counted(self: regrading.Results, lines: Sequence[Row], revisions: Revisions) -> None:
        at_once.append(len(lines))
        take(self, lines, revisions)

    with changed(regrading.Results, take=counted):
        await regrade_stale(db)

    assert (max(at_once), sum(at_once)) == (3, 40)
    assert await is_as_the_log_says(db)
    assert {(row[2], row[4], row[5]) for row in await all_outcomes(db) if row[4] is not None} == {
        ("senal", 1.0, 20),
        ("verdad", 1.0, 20),
    }


async def test_what_is_answered_while_a_profile_is_graded_again_counts_once(
    db: Database, small: Course
) -> None:
    tablet, other = Tablet(small), Tablet(small)
    await store(db, *some_of_all(tablet, 20), *some_of_all(other, 2))
    await publish_revisions(db, small)
    grading = asyncio.create_task(regrade_stale(db))
    meanwhile = 0
    while not grading.done():
        await store(db, *some_of_all(tablet, 1), *some_of_all(other, 1))
        meanwhile += 1
    await grading

    assert meanwhile >= 3
    assert await nothing_waits(db)
    assert await is_as_the_log_says(db)


async def test_what_is_refused_while_it_is_graded_again_is_not_counted_after_all(
    db: Database, small: Course
) -> None:
    tablet, place = await forged(db, small)
    await publish_revisions(db, small)

    async def refuses() -> None:
        assert await signatures.refuse(db, place, upto=ALL, by="rosa", at=AT) == 25
        assert await signatures.take_up(db, place, upto=ALL) == 25
        assert await signatures.refuse(db, place, upto=ALL, by="rosa", at=AT) == 25

    await asyncio.gather(regrade_stale(db), refuses(), store(db, *some_of_all(tablet, 5)))

    assert await nothing_waits(db)
    assert await is_as_the_log_says(db)
    rows = await all_outcomes(db)
    assert {(row[2], row[5]) for row in rows if row[3] == "exercise.answered"} == {
        ("senal", 7),
        ("verdad", 7),
    }
    await signatures.take_back(db, by="rosa", at=AT)
    assert await is_as_the_log_says(db)


async def test_a_refusal_that_is_stopped_before_all_was_counted_again_goes_on_at_the_next_start(
    db: Database, small: Course
) -> None:
    await publish_revisions(db, small)
    await regrade_stale(db)
    _, place = await forged(db, small)
    refusing = asyncio.create_task(signatures.refuse(db, place, upto=ALL, by="rosa", at=AT))
    while not await db.value("SELECT count(*) FROM stale_profiles"):
        assert not refusing.done()
    refusing.cancel()
    await asyncio.gather(refusing, return_exceptions=True)
    refused = await db.value("SELECT count(*) FROM unsigned WHERE by = 'rosa'")

    await regrade_stale(db)

    assert refused >= 3
    assert await nothing_waits(db)
    assert await is_as_the_log_says(db)
