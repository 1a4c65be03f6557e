"""What is odd about a device's events is noted and refuses none of them."""

from __future__ import annotations

import pytest
from events_cast import Tablet, store

from lms.course.model import Course
from lms.db import Database


async def odd(db: Database) -> list[tuple[str, str, int, str]]:
    rows = await db.rows("SELECT kind, device, lines, said_at FROM oddities ORDER BY kind, device")
    return [(row["kind"], row["device"], row["lines"], row["said_at"]) for row in rows]


@pytest.mark.parametrize("year", [b"1970", b"2023", b"2041", b"9999"])
async def test_a_clock_that_cannot_be_right_is_noted_and_its_events_count(
    db: Database, small: Course, year: bytes
) -> None:
    tablet = Tablet(small)
    lines = [line.replace(b'"at":"2026', b'"at":"' + year) for line in (tablet.opens(), tablet.completes())]
    assert [receipt.status for receipt in await store(db, *lines)] == ["stored", "stored"]
    assert [receipt.status for receipt in await store(db, *lines)] == ["known", "known"]
    assert await odd(db) == [("clock", tablet.device, 2, f"{year.decode()}-11-23T13:40:00.123Z")]
    assert await db.value("SELECT count(*) FROM outcomes") == 2


async def test_a_date_that_does_not_exist_is_a_wrong_clock_too(db: Database, small: Course) -> None:
    tablet = Tablet(small)
    await store(db, tablet.opens().replace(b"2026-11-23T13:40:00.123Z", b"--"))
    assert await odd(db) == [("clock", tablet.device, 1, "--")]


async def test_progress_that_travelled_for_two_years_is_nothing_odd(db: Database, small: Course) -> None:
    tablet = Tablet(small)
    await store(db, tablet.opens().replace(b'"at":"2026', b'"at":"2024'), tablet.completes())
    assert await odd(db) == []


async def test_two_devices_that_were_one_are_noted_once_with_their_number(
    db: Database, small: Course
) -> None:
    tablet = Tablet(small)
    await store(db, tablet.opens(), tablet.completes())
    tablet.seq = 0  # its disk was copied before it did anything
    receipts = await store(db, tablet.opens("dos"), tablet.completes("dos"))
    assert [receipt.fork for receipt in receipts] == [True, True]
    assert [(kind, lines) for kind, _, lines, _ in await odd(db)] == [("fork", 2)]


async def test_what_is_odd_in_many_batches_is_added_up(db: Database, small: Course) -> None:
    tablet = Tablet(small)
    for _ in range(3):
        await store(db, tablet.opens().replace(b'"at":"2026', b'"at":"2001'))
    assert [(kind, lines) for kind, _, lines, _ in await odd(db)] == [("clock", 3)]
