"""While much arrives, a learner's own answer is stored soon, and reading waits for nobody."""

from __future__ import annotations

import asyncio
from pathlib import Path

from events_cast import Tablet, changed, store

from lms.course.model import Course
from lms.db import Database, migrate, open_database
from lms.events import holding, log
from lms.events.queries import progress_in
from lms.events.revisions import publish_revisions
from lms.people import links

LINES = 3000
BATCH = 100


async def batches_before_own_answers(db: Database, small: Course, imports: int) -> list[float]:
    """How many batches were stored between asking for each own answer and its turn, while `imports` go on."""
    await publish_revisions(db, small)
    own, tablets = Tablet(small), [Tablet(small) for _ in range(imports)]
    lines = [[tablet.answers("senal", 0) for _ in range(LINES)] for tablet in tablets]
    waits = []
    with changed(log, BATCH=BATCH):
        importing = asyncio.gather(*(store(db, *some, source="file") for some in lines))
        while not importing.done():
            asked = await db.value("SELECT coalesce(max(number), 0) FROM events")
            (receipt,) = await store(db, own.answers("senal", 1))
            stored = await db.value("SELECT number FROM events WHERE id = :id", {"id": receipt.id})
            seen = await progress_in(db, small.outline(), [own.profile])
            assert seen.lessons["uno"].exercises["senal"].attempts == own.seq
            waits.append((stored - 1 - asked) / BATCH)
        receipts = await importing
    assert {receipt.status for some in receipts for receipt in some} == {"stored"}
    return waits


async def test_an_own_answer_waits_for_one_batch_of_an_import_and_the_one_begun_meanwhile(
    db: Database, small: Course
) -> None:
    waits = await batches_before_own_answers(db, small, imports=1)

    assert len(waits) >= 3
    assert max(waits) <= 2


async def test_however_many_imports_there_are_an_own_answer_waits_no_longer(
    db: Database, small: Course
) -> None:
    waits = await batches_before_own_answers(db, small, imports=6)

    assert len(waits) >= 3
    assert max(waits) <= 2


async def test_small_files_whose_lines_are_held_stand_in_that_line_too(tmp_path: Path, small: Course) -> None:
    db = await open_database(tmp_path / "x.db")  # whose turns come in order
    await migrate(db)
    own, tablets = Tablet(small), [Tablet(small) for _ in range(4)]
    for tablet in tablets:
        await links.vouch(db, tablet.profile, "nelida", by="nelida", at="2026-11-23T13:40:00.000Z")
    async with db.transaction():
        files = [
            asyncio.create_task(holding.append(db, [tablet.opens()], sender="", source="file"))
            for tablet in tablets
        ]
        await asyncio.sleep(0)
        answering = asyncio.create_task(store(db, own.opens()))
        await asyncio.sleep(0)
    await answering
    await store(db, own.opens())
    held = await db.value("SELECT count(*) FROM held")
    answers = await asyncio.gather(*files)
    await db.close()

    assert held == 0, "the first of them stands behind the others that are brought"
    assert [receipt.status for (receipt,) in answers] == ["held"] * 4


async def test_a_course_that_did_not_change_waits_for_nobody_who_writes(db: Database, small: Course) -> None:
    await publish_revisions(db, small)
    async with db.transaction() as work:
        await work.execute("DELETE FROM stale_outcomes")
        assert await asyncio.wait_for(publish_revisions(db, small), timeout=5) == 0
