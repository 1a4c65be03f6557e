"""Lines for a vouched profile from somebody who did not prove to be its owner."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest
from events_cast import Tablet, all_outcomes, changed, store

from lms.course.model import Course
from lms.db import Database, Transaction
from lms.events import holding, log
from lms.events.batch import Receipt
from lms.events.model import LessonCompleted
from lms.events.recording import Draft, record
from lms.people import links

Act = Callable[[], Awaitable[None]]
AT = "2026-11-23T13:40:00.000Z"


@pytest.fixture
async def tablet(db: Database, small: Course) -> Tablet:
    """Nélida's, with a profile that is hers for certain."""
    found = Tablet(small)
    await links.vouch(db, found.profile, "nelida", by="nelida", at=AT)
    return found


async def send(db: Database, *lines: bytes, sender: str = "", source: str = "open") -> list[str]:
    receipts = await holding.append(db, lines, sender=sender, source=source)
    return [receipt.status for receipt in receipts]


async def held(db: Database) -> int:
    """How many lines wait for an answer."""
    return int(await db.value("SELECT count(*) FROM held WHERE status = 'waiting'"))


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


async def test_what_was_not_let_in_when_its_profile_became_nobodys_is_at_the_next_start(
    db: Database, tablet: Tablet
) -> None:
    others = Tablet(tablet.course)
    await links.vouch(db, others.profile, "ruth", by="ruth", at=AT)
    await send(db, tablet.opens(), tablet.completes(), others.opens())
    await links.unlink(db, tablet.profile, by="nelida", at=AT)  # and there the power went

    await holding.release_left(db)

    assert await db.value("SELECT count(*) FROM events") == 2
    assert await held(db) == 1, "somebody is asked about it"


@pytest.mark.parametrize("way", ["session", "signed"])
@pytest.mark.parametrize("first", ["honest", "forged"])
async def test_a_forged_copy_of_a_line_does_not_stand_in_for_it(
    db: Database, tablet: Tablet, first: str, way: str
) -> None:
    honest = tablet.answers("senal", 0)
    forged = honest.replace(b'"answer":0', b'"answer":1')
    versions = [(honest, way), (forged, "file")]

    for line, source in versions if first == "honest" else reversed(versions):
        assert await send(db, line, source=source) == ["held"]
    assert await held(db) == 2
    await holding.release(db, tablet.profile)

    assert [bytes(row["line"]) for row in await db.rows("SELECT line FROM events")] == [honest]
    assert await held(db) == 0
    kept = await db.rows("SELECT line FROM held WHERE status = 'turned away'")
    assert [bytes(row["line"]) for row in kept] == [forged]


async def test_the_owners_own_line_counts_though_a_forged_copy_waits(db: Database, tablet: Tablet) -> None:
    honest = tablet.opens()
    assert await send(db, honest.replace(b'"uno"', b'"dos"')) == ["held"]
    assert await send(db, honest, sender="nelida") == ["stored"]

    await holding.release(db, tablet.profile)
    assert [bytes(row["line"]) for row in await db.rows("SELECT line FROM events")] == [honest]


async def test_turned_away_they_are_kept_for_a_person_to_look_at_but_no_names(
    db: Database, tablet: Tablet
) -> None:
    line = tablet.completes()
    await send(db, line, tablet.identifies("Rosa", "12345678"))
    await holding.turn_away(db, tablet.profile)

    rows = await db.rows("SELECT status, line FROM held")
    assert [(row["status"], bytes(row["line"])) for row in rows] == [("turned away", line)]
    assert await db.value("SELECT count(*) FROM quarantine") == 0


async def test_turned_away_they_come_back_only_with_their_owner(db: Database, tablet: Tablet) -> None:
    line = tablet.completes()
    await send(db, line)
    await holding.turn_away(db, tablet.profile)

    assert await send(db, line) == ["held"]
    assert await held(db) == 0
    await holding.release(db, tablet.profile)
    assert await db.value("SELECT count(*) FROM events") == 0
    assert await send(db, line, sender="nelida") == ["stored"]


@pytest.mark.parametrize("theirs", [True, False])
async def test_an_answer_covers_only_what_was_there_when_the_page_was_made(
    db: Database, tablet: Tablet, theirs: bool
) -> None:
    await send(db, tablet.opens(), tablet.opens("dos"), tablet.completes())
    shown = int(await db.value("SELECT max(number) FROM held"))
    later = [tablet.answers("senal", 0)]
    await send(db, *later)

    with changed(log, BATCH=2):  # more than one of them
        await (holding.release if theirs else holding.turn_away)(db, tablet.profile, upto=shown)

    assert await db.value("SELECT count(*) FROM events") == (3 if theirs else 0)
    waiting = await db.rows("SELECT line FROM held WHERE status = 'waiting'")
    assert [bytes(row["line"]) for row in waiting] == later


async def test_no_number_is_given_to_a_second_line(db: Database, tablet: Tablet) -> None:
    await send(db, tablet.opens())
    shown = int(await db.value("SELECT max(number) FROM held"))
    await holding.release(db, tablet.profile)
    await send(db, tablet.completes())

    await holding.release(db, tablet.profile, upto=shown)
    assert await held(db) == 1


@pytest.mark.parametrize(("own_device", "way"), [(True, "file"), (False, "session")])
async def test_who_fills_the_room_costs_no_line_of_another_device_or_way(
    db: Database, tablet: Tablet, own_device: bool, way: str
) -> None:
    forger = Tablet(tablet.course, tablet.profile) if own_device else tablet
    honest = tablet.completes()
    with changed(holding, MOST=3):
        await send(db, *(forger.opens() for _ in range(5)), source="file")
        assert await send(db, honest, source=way) == ["held"]
        await holding.turn_away(db, tablet.profile)
        assert await send(db, tablet.opens(), source=way) == ["held"]

    assert honest in [bytes(row["line"]) for row in await db.rows("SELECT line FROM held")]


@contextmanager
def before_the_second_write(db: Database, monkeypatch: pytest.MonkeyPatch, act: Act) -> Iterator[None]:
    """Somebody else is quicker than whoever has asked once and is about to write."""
    transaction, asked = db.transaction, 0

    @asynccontextmanager
    async def meanwhile(*, bulk: bool = False) -> AsyncIterator[Transaction]:
        nonlocal asked
        asked += 1
        if asked == 2:
            await act()
        async with transaction(bulk=bulk) as work:
            yield work

    with monkeypatch.context() as patch:
        patch.setattr(db, "transaction", meanwhile)
        yield


async def test_nothing_is_held_for_a_profile_that_became_nobodys_meanwhile(
    db: Database, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def undo() -> None:
        await links.unlink(db, tablet.profile, by="nelida", at=AT)
        await holding.release(db, tablet.profile)

    with before_the_second_write(db, monkeypatch, undo):
        assert await send(db, tablet.completes()) == ["stored"]
    assert await held(db) == 0


async def test_a_line_beside_held_ones_is_held_too_if_its_profile_was_vouched_for_meanwhile(
    db: Database, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Tablet(tablet.course)

    async def vouch() -> None:
        await links.vouch(db, other.profile, "ruth", by="ruth", at=AT)

    with before_the_second_write(db, monkeypatch, vouch):
        assert await send(db, tablet.completes(), other.completes()) == ["held", "held"]
    assert await db.value("SELECT count(*) FROM events") == 0


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
