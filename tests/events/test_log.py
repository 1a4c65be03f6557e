"""What becomes of each line: stored, known or refused, and never at the cost of another."""

from __future__ import annotations

import asyncio

import pytest
from events_cast import Tablet, all_outcomes, changed, right, store

from lms.clock import stamp, system_clock
from lms.course.model import Course
from lms.db import Database
from lms.errors import Invalid
from lms.events import batch, log, wire
from lms.events.heading import bring_up_to_date
from lms.events.heads import Head, heads_after
from lms.events.model import ExerciseAnswered, LessonCompleted, LessonOpened
from lms.events.recording import Draft, record
from lms.events.revisions import publish_revisions


async def count(db: Database, table: str = "events") -> int:
    return int(await db.value(f"SELECT count(*) FROM {table}"))  # noqa: S608 - a table of ours


async def test_a_new_line_is_stored_byte_by_byte(db: Database, small: Course) -> None:
    line = Tablet(small).opens().replace(b'"data":{}', b'"data": {"later":1} , "more":"\\u00f1"')

    (receipt,) = await store(db, line)

    assert (receipt.status, receipt.reason, receipt.fork) == ("stored", "", False)
    assert receipt.id == wire.decode(line).id
    assert await db.value("SELECT line FROM events") == line


async def test_the_same_line_again_is_known_and_changes_nothing(db: Database, small: Course) -> None:
    tablet = Tablet(small)
    lines = [tablet.opens(), tablet.answers("senal", 0)]
    await store(db, *lines)
    before = await all_outcomes(db)

    receipts = await store(db, *lines, *lines)

    assert [receipt.status for receipt in receipts] == ["known"] * 4
    assert await count(db) == 2
    assert await all_outcomes(db) == before


async def test_a_line_twice_in_one_batch_is_stored_once(db: Database, small: Course) -> None:
    line = Tablet(small).opens()

    assert [receipt.status for receipt in await store(db, line, line)] == ["stored", "known"]


async def test_a_bad_line_never_loses_the_good_ones(db: Database, small: Course) -> None:
    tablet = Tablet(small)

    receipts = await store(db, tablet.opens(), b"{oops", tablet.completes(), b'{"id":"who"}')

    assert [receipt.status for receipt in receipts] == ["stored", "refused", "stored", "refused"]
    assert [receipt.id for receipt in receipts if receipt.status == "refused"] == ["", "who"]
    rows = await db.rows("SELECT line, reason, source FROM quarantine ORDER BY number")
    assert [(row["line"], row["source"]) for row in rows] == [
        (b"{oops", "session"),
        (b'{"id":"who"}', "session"),
    ]
    assert rows[0]["reason"] == "Esta línea no es un registro de avance."


async def test_a_batch_of_bad_lines_only_is_answered_too(db: Database) -> None:
    assert [receipt.status for receipt in await store(db, b"a", b"b")] == ["refused", "refused"]
    assert await store(db) == ()


@pytest.mark.parametrize("seq", [1, 7], ids=["in its place", "in a free place"])
async def test_the_same_id_with_other_bytes_is_refused(db: Database, small: Course, seq: int) -> None:
    tablet = Tablet(small)
    line = tablet.opens()
    await store(db, line)
    forged = line.replace(b'"item":"uno"', b'"item":"dos"').replace(b'"seq":1', b'"seq":%d' % seq)

    fork, refused, later = await store(db, Tablet(small).opens(), forged, tablet.completes())

    assert (fork.status, refused.status, later.status) == ("stored", "refused", "stored")
    assert refused.reason == "Ya existe otro registro con este identificador."
    assert await db.value("SELECT line FROM events ORDER BY number") == line


async def test_the_same_id_with_other_bytes_in_one_batch_is_refused(db: Database, small: Course) -> None:
    line = Tablet(small).opens()

    _, refused = await store(db, line, line.replace(b'"uno"', b'"dos"'))

    assert refused.reason == batch.OTHER_BYTES


async def test_two_ids_in_one_place_are_a_fork_and_both_are_kept(db: Database, small: Course) -> None:
    tablet = Tablet(small)
    await store(db, tablet.opens())
    copy = Tablet(small, tablet.profile, tablet.device)

    (receipt,) = await store(db, copy.completes())

    assert (receipt.status, receipt.fork) == ("stored", True)
    assert await count(db) == 2


async def test_a_fork_within_one_batch_is_seen(db: Database, small: Course) -> None:
    tablet = Tablet(small)
    copy = Tablet(small, tablet.profile, tablet.device)

    assert [receipt.fork for receipt in await store(db, tablet.opens(), copy.opens())] == [False, True]


async def test_gaps_are_allowed_and_told_until_they_are_filled(db: Database, small: Course) -> None:
    tablet = Tablet(small)
    lines = [tablet.opens() for _ in range(9)]

    async def head() -> Head:
        await bring_up_to_date(db)
        (one,) = await heads_after(db, [tablet.profile], ("", ""), 2)
        return one

    await store(db, lines[3], lines[0], lines[8])
    found = await head()
    assert (found.upto, found.last, found.events, found.plain) == (1, 9, 3, False)

    await store(db, *lines)
    found = await head()
    assert (found.upto, found.last, found.events, found.plain) == (9, 9, 9, True)


async def test_a_long_list_takes_several_transactions(db: Database, small: Course) -> None:
    tablet = Tablet(small)
    with changed(log, BATCH=3):
        receipts = await store(db, *(tablet.opens() for _ in range(10)))

    assert [receipt.status for receipt in receipts] == ["stored"] * 10


async def test_quarantine_keeps_the_newest_and_each_line_once(db: Database) -> None:
    with changed(batch, QUARANTINE_ROWS=3):
        for number in range(6):
            await store(db, b"bad %d" % number, b"bad %d" % number)

    rows = await db.rows("SELECT line FROM quarantine ORDER BY number")
    assert [row["line"] for row in rows] == [b"bad 3", b"bad 4", b"bad 5"]


async def test_what_is_kept_of_a_refused_line_is_bounded(db: Database) -> None:
    await store(db, b"x" * 100_000)

    assert await db.value("SELECT length(line) FROM quarantine") == wire.MAX_LINE


async def test_unknown_types_are_kept_without_results(db: Database, small: Course) -> None:
    line = Tablet(small).opens().replace(b"lesson.opened", b"lesson.praised")

    assert (await store(db, line))[0].status == "stored"
    assert await all_outcomes(db) == []


async def test_an_exercise_is_graded_here_whatever_the_sender_claims(db: Database, small: Course) -> None:
    await publish_revisions(db, small)
    place = right(small.exercise("senal"))
    tablet = Tablet(small)

    good, bad = await store(
        db, tablet.answers("senal", place, mark=0.0), tablet.answers("senal", (place + 1) % 3, mark=1.0)
    )

    assert (good.mark, good.feedback) == (1.0, ("Sí.",))
    assert (bad.mark, bad.feedback) == (0.0, ("No.",))
    assert [row[4:7] for row in await all_outcomes(db)] == [(1.0, 2, 0)]


async def test_a_page_without_javascript_writes_as_a_device_of_its_own(db: Database, small: Course) -> None:
    await publish_revisions(db, small)
    tablet = Tablet(small)
    exercise = small.exercise("senal")

    def draft(kind: str, item: str, data: object) -> Draft:
        return Draft(kind, tablet.profile, small.id, small.version, item, data)  # type: ignore[arg-type]

    await record(db, draft("lesson.opened", "uno", LessonOpened()), sender="")
    answered = ExerciseAnswered(exercise.rev, right(exercise), 0.0, "server")
    receipt = await record(db, draft("exercise.answered", "senal", answered), sender="")
    await record(db, draft("lesson.completed", "uno", LessonCompleted()), sender="")

    rows = await db.rows("SELECT device, seq FROM events ORDER BY number")
    assert receipt.mark == 1.0
    assert len({row["device"] for row in rows}) == 1
    assert [row["seq"] for row in rows] == [1, 2, 3]


async def test_many_pages_at_once_never_share_a_seq(db: Database, small: Course) -> None:
    tablet = Tablet(small)
    draft = Draft("lesson.opened", tablet.profile, small.id, small.version, "uno", LessonOpened())

    receipts = await asyncio.gather(*(record(db, draft, sender="") for _ in range(20)))

    assert not any(receipt.fork for receipt in receipts)
    assert [row["seq"] for row in await db.rows("SELECT seq FROM events ORDER BY seq")] == [*range(1, 21)]


async def test_a_page_cannot_write_what_no_device_could(db: Database, small: Course) -> None:
    draft = Draft("lesson.opened", "nobody", small.id, small.version, "uno", LessonOpened())

    with pytest.raises(Invalid, match="perfil"):
        await record(db, draft, sender="")


async def test_the_hour_of_arrival_is_the_clocks(db: Database, small: Course) -> None:
    moment = system_clock()
    await log.append(db, [Tablet(small).opens()], source="file", clock=lambda: moment)

    row = await db.row("SELECT received_at, source FROM events")
    assert row is not None
    assert (row["received_at"], row["source"]) == (stamp(moment), "file")


async def test_many_senders_at_once_lose_nothing(db: Database, small: Course) -> None:
    tablets = [Tablet(small) for _ in range(8)]
    lines = [[tablet.opens() for _ in range(25)] for tablet in tablets]

    await asyncio.gather(*(store(db, *some) for some in lines), *(store(db, *some) for some in lines))

    assert await count(db) == 200
    assert [row[5] for row in await all_outcomes(db)] == [25] * 8
