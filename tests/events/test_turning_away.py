"""What an answer that held lines are not their owner's leaves of them, and how it is taken back."""

from __future__ import annotations

import pytest
from events_cast import Tablet

from lms.course.model import Course
from lms.db import Database
from lms.events import holding
from lms.events.model import NoteWritten
from lms.people import links

AT, LATER = "2026-11-23T13:40:00.000Z", "2026-11-24T13:40:00.000Z"


@pytest.fixture
async def tablet(db: Database, small: Course) -> Tablet:
    """Nélida's, with a profile that is hers for certain."""
    found = Tablet(small)
    await links.vouch(db, found.profile, "nelida", by="nelida", at=AT)
    return found


async def send(db: Database, *lines: bytes, sender: str = "") -> list[str]:
    receipts = await holding.append(db, lines, sender=sender, source="open")
    return [receipt.status for receipt in receipts]


async def waiting(db: Database) -> int:
    return int(await db.value("SELECT count(*) FROM held WHERE status = 'waiting'"))


async def test_no_private_note_stays_and_what_it_is_a_copy_of_comes_in(db: Database, tablet: Tablet) -> None:
    note = tablet.writes("note.written", "uno", NoteWritten("Lo que pienso de la directora", ()))
    await send(db, note, tablet.completes())
    await holding.turn_away(db, tablet.profile)

    rows = await db.rows("SELECT line FROM held")
    assert len(rows) == 1
    assert b"directora" not in bytes(rows[0]["line"])
    assert await send(db, note, sender="nelida") == ["stored"]


async def test_an_answer_is_taken_back_whole_and_no_other_one(db: Database, tablet: Tablet) -> None:
    await send(db, tablet.opens())
    await holding.turn_away(db, tablet.profile, by="rosa", at=AT)
    await send(db, tablet.completes(), tablet.opens("dos"))
    await holding.turn_away(db, tablet.profile, by="rosa", at=LATER)

    assert await holding.take_back(db, by="elias", at=LATER) == 0
    assert await waiting(db) == 0
    assert await holding.take_back(db, by="rosa", at=LATER) == 1
    assert await waiting(db) == 2
    assert await db.value("SELECT count(*) FROM held WHERE status = 'turned away'") == 1


async def test_what_is_taken_back_for_a_profile_of_nobody_counts_at_once(
    db: Database, tablet: Tablet
) -> None:
    await send(db, tablet.opens())
    await holding.turn_away(db, tablet.profile, by="rosa", at=AT)
    await links.unlink(db, tablet.profile, by="", at=AT)
    await holding.take_back(db, by="rosa", at=AT)
    assert await db.value("SELECT count(*) FROM events") == 1


async def test_who_brought_them_is_kept_with_them(db: Database, tablet: Tablet) -> None:
    await send(db, tablet.opens(), sender="ruth")
    await send(db, tablet.completes())
    rows = await db.rows("SELECT brought_by FROM held ORDER BY number")
    assert [row["brought_by"] for row in rows] == ["ruth", ""]
