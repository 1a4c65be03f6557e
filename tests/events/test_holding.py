"""Lines for a vouched profile from somebody who did not prove to be its owner."""

from __future__ import annotations

from collections import Counter

import pytest
from events_cast import Tablet, all_outcomes, changed, store

from lms.course.model import Course
from lms.db import Database
from lms.events import holding
from lms.events.batch import Receipt
from lms.events.model import LessonCompleted
from lms.events.recording import Draft, record
from lms.people import links

AT = "2026-11-23T13:40:00.000Z"


@pytest.fixture
async def tablet(db: Database, small: Course) -> Tablet:
    """Nélida's, with a profile that is hers for certain."""
    found = Tablet(small)
    await links.vouch(db, found.profile, "nelida", by="nelida", at=AT)
    return found


async def send(db: Database, *lines: bytes, sender: str = "") -> list[str]:
    receipts = await holding.append(db, lines, sender=sender, source="open")
    return [receipt.status for receipt in receipts]


async def held(db: Database) -> int:
    return int(await db.value("SELECT count(*) FROM held"))


@pytest.mark.parametrize("sender", ["", "somebody else"])
async def test_they_are_kept_and_counted_nowhere(db: Database, tablet: Tablet, sender: str) -> None:
    line = tablet.completes()

    assert await send(db, line, sender=sender) == ["held"]
    assert await send(db, line, sender=sender) == ["held"]
    assert await held(db) == 1
    assert await all_outcomes(db) == []
    assert await db.value("SELECT count(*) FROM events") == 0


async def test_the_owners_own_count_at_once(db: Database, tablet: Tablet) -> None:
    assert await send(db, tablet.completes(), sender="nelida") == ["stored"]
    assert await held(db) == 0


async def test_what_is_done_in_a_page_is_judged_by_the_same_rule(
    db: Database, tablet: Tablet, small: Course
) -> None:
    draft = Draft("lesson.completed", tablet.profile, small.id, small.version, "uno", LessonCompleted())

    assert [(await record(db, draft, sender=one)).status for one in ("", "nelida", "ruth")] == [
        "held",
        "stored",
        "held",
    ]
    assert await held(db) == 2
    assert await db.value("SELECT count(*) FROM events") == 1


@pytest.mark.parametrize("status", ["none", "unverified"])
async def test_a_profile_that_nobody_vouched_for_needs_no_proof(
    db: Database, small: Course, status: str
) -> None:
    tablet = Tablet(small)
    if status == "unverified":
        await links.claim(db, tablet.profile, "nelida", at=AT)

    assert await send(db, tablet.completes()) == ["stored"]


async def test_each_line_of_a_batch_is_judged_alone_and_answered_in_order(
    db: Database, tablet: Tablet, small: Course
) -> None:
    other = Tablet(small)
    known = tablet.opens()
    await store(db, known)

    lines = [other.opens(), tablet.completes(), b"{oops", known, tablet.opens("dos"), other.completes()]
    altered = known.replace(b"2026", b"2027")

    assert await send(db, *lines) == ["stored", "held", "refused", "known", "held", "stored"]
    assert await send(db, altered) == ["refused"]
    assert await held(db) == 2


async def test_a_line_that_names_two_profiles_is_held_as_the_log_would_read_it(
    db: Database, tablet: Tablet, small: Course
) -> None:
    own = Tablet(small)
    twice = f'"profile":"{own.profile}","profile":"{tablet.profile}"'.encode()
    line = tablet.completes().replace(f'"profile":"{tablet.profile}"'.encode(), twice)

    assert await send(db, line) == ["held"]


async def test_released_they_count_like_any_other(db: Database, tablet: Tablet) -> None:
    lines = [tablet.opens(), tablet.completes(), tablet.answers("senal", 0)]
    await send(db, *lines)
    await holding.release(db, tablet.profile)

    assert await held(db) == 0
    assert await send(db, *lines) == ["known"] * 3
    assert [(row[2], row[3], row[5]) for row in await all_outcomes(db)] == [
        ("senal", "exercise.answered", 1),
        ("uno", "lesson.completed", 1),
        ("uno", "lesson.opened", 1),
    ]
    assert Counter(row["source"] for row in await db.rows("SELECT source FROM events")) == {"open": 3}


async def test_a_release_that_was_cut_short_is_done_again(db: Database, tablet: Tablet) -> None:
    lines = [tablet.opens(), tablet.completes()]
    await send(db, *lines)
    await store(db, lines[0])

    await holding.release(db, tablet.profile)

    assert await held(db) == 0
    assert await db.value("SELECT count(*) FROM events") == 2


async def test_turned_away_they_are_kept_for_a_person_to_look_at_but_no_names(
    db: Database, tablet: Tablet
) -> None:
    await send(db, tablet.completes(), tablet.identifies("Rosa", "12345678"))
    await holding.turn_away(db, tablet.profile)

    rows = await db.rows("SELECT reason, line FROM quarantine")
    assert [row["reason"] for row in rows] == [holding.NOT_THEIRS]
    assert b"Rosa" not in rows[0]["line"]
    assert await held(db) == 0


async def test_there_is_room_for_a_whole_file_and_then_the_sender_is_told(
    db: Database, tablet: Tablet
) -> None:
    lines = [tablet.opens() for _ in range(5)]
    with changed(holding, MOST=3):
        assert await send(db, *lines) == ["held"] * 3 + ["refused"] * 2
        assert await send(db, *lines) == ["held"] * 3 + ["refused"] * 2
        receipts: tuple[Receipt, ...] = await holding.append(db, lines[-1:], sender="", source="open")
    assert receipts[0].reason == holding.TOO_MANY
    assert await held(db) == 3
