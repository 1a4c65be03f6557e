"""When somebody last studied, as a coach is told."""

from __future__ import annotations

import time

import pytest
from events_cast import Tablet, store

from lms.clock import stamp, system_clock
from lms.course.model import Course
from lms.db import Database
from lms.db.migrate import MIGRATIONS
from lms.events.model import LessonBookmarked, ProgressReported
from lms.events.revisions import rebuild_outcomes

WRITTEN = b"2026-11-23T13:40:00.123Z"


async def studied(db: Database, tablet: Tablet) -> str | None:
    return await db.value("SELECT at FROM studied WHERE profile = :profile", {"profile": tablet.profile})


async def test_the_latest_counts_in_whatever_order_it_arrives(db: Database, small: Course) -> None:
    tablet = Tablet(small)
    first, second, third = tablet.opens(), tablet.completes(), tablet.completes("dos")
    await store(db, second.replace(b"2026-11-23", b"2026-11-05"))
    await store(db, first.replace(b"2026-11-23", b"2026-11-04"))
    assert await studied(db, tablet) == "2026-11-05T13:40:00.123Z"
    await store(db, third.replace(b"2026-11-23", b"2026-11-06"))
    assert await studied(db, tablet) == "2026-11-06T13:40:00.123Z"


@pytest.mark.parametrize("at", ["--", "1970-01-01T00:00:00.000Z", "9999-12-31T00:00:00.000Z", "2026-1"])
async def test_a_clock_that_cannot_be_right_gives_way_to_the_moment_of_arrival(
    db: Database, small: Course, at: str
) -> None:
    tablet = Tablet(small)
    before = stamp(system_clock())
    await store(db, tablet.opens().replace(WRITTEN, at.encode()))
    assert before <= str(await studied(db, tablet)) <= stamp(system_clock())


async def test_a_code_of_a_device_whose_clock_nobody_set_counts_when_it_arrives(
    db: Database, small: Course
) -> None:
    tablet, before = Tablet(small), stamp(system_clock())
    said = ProgressReported("2ABC", "2024-01-01", {"uno": "completed"}, {}, {}, {})
    await store(db, tablet.writes("progress.reported", small.id, said))
    assert before <= str(await studied(db, tablet))


async def test_a_moment_written_otherwise_is_kept_as_every_stamp_is(db: Database, small: Course) -> None:
    tablet = Tablet(small)
    await store(db, tablet.opens().replace(WRITTEN, b"2025-11-23T08:40:00-05:00"))
    assert await studied(db, tablet) == "2025-11-23T13:40:00.000Z"


@pytest.mark.parametrize("zone", ["America/Lima", "Asia/Tokyo", "UTC"])
async def test_one_without_a_zone_is_in_utc_wherever_the_server_is(
    db: Database, small: Course, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    tablet = Tablet(small)
    await store(db, tablet.opens().replace(WRITTEN, b"2025-11-23T13:40:00"))
    monkeypatch.undo()
    time.tzset()
    assert await studied(db, tablet) == "2025-11-23T13:40:00.000Z"


async def test_who_they_are_and_what_they_keep_for_themselves_is_no_study(
    db: Database, small: Course
) -> None:
    tablet = Tablet(small)
    bookmark = tablet.writes("lesson.bookmarked", "uno", LessonBookmarked(True, ()))
    await store(db, tablet.identifies("Rosa"), bookmark)
    assert await studied(db, tablet) is None


async def test_it_is_made_again_from_the_log(db: Database, small: Course) -> None:
    tablets = [Tablet(small) for _ in range(3)]
    for day, tablet in enumerate(tablets, 10):
        await store(db, tablet.opens().replace(b"-11-23", f"-11-{day}".encode()))
    await store(db, tablets[0].completes().replace(b"2026", b"1999"))
    filled = [await studied(db, tablet) for tablet in tablets]
    await db.execute("DELETE FROM studied")
    assert await rebuild_outcomes(db) == 4
    assert [await studied(db, tablet) for tablet in tablets] == filled


async def test_what_is_in_the_log_already_counts_when_the_table_is_made(db: Database, small: Course) -> None:
    tablet, other = Tablet(small), Tablet(small)
    await store(db, tablet.completes(), tablet.opens("dos"))
    await store(db, other.writes("lesson.bookmarked", "uno", LessonBookmarked(True, ())))
    text = (MIGRATIONS / "0018_studied.sql").read_text("utf-8")
    fill = text[text.index("INSERT INTO studied") :].partition(";")[0]
    await db.execute("DELETE FROM studied")
    await db.execute(fill)
    newest = await db.value("SELECT received_at FROM events WHERE number = 2")
    assert (await studied(db, tablet), await studied(db, other)) == (newest, None)


async def test_names_that_are_here_already_can_be_found_when_the_column_is_made(db: Database) -> None:
    await db.execute(
        "INSERT INTO persons (id, document_type, document, given_names, paternal, maternal, created_at,"
        " pin_hash, pin_set_by, pin_set_at, recovery_hash)"
        " VALUES ('p', 'dni', '40000002', 'NÉLIDA', 'O''Ñahui', '', '', '', '', '', '')"
    )
    text = (MIGRATIONS / "0018_studied.sql").read_text("utf-8")
    await db.execute(text[text.index("UPDATE persons") :].partition(";")[0])
    assert await db.value("SELECT plain_name FROM persons") == "onahui nelida"
