"""While much arrives, a learner's own answer is stored soon, and reading waits for nobody."""

from __future__ import annotations

import asyncio
import time

from events_cast import Tablet, store

from lms.course.model import Course
from lms.db import Database
from lms.events.queries import progress_in
from lms.events.revisions import publish_revisions


async def test_a_learners_answer_does_not_wait_for_a_whole_import(db: Database, small: Course) -> None:
    await publish_revisions(db, small)
    carried, own = Tablet(small), Tablet(small)
    lines = [carried.answers("senal", 0) for _ in range(6000)]
    importing = asyncio.create_task(store(db, *lines, source="file"))
    waits = []
    while not importing.done():
        begun = time.perf_counter()
        await store(db, own.answers("senal", 1))
        await progress_in(db, small.outline(), [own.profile])
        waits.append(time.perf_counter() - begun)
        await asyncio.sleep(0)
    receipts = await importing

    assert {receipt.status for receipt in receipts} == {"stored"}
    assert len(waits) >= 3
    # Five times the aim: this is about waiting for the whole import, not about how fast the machine is.
    assert max(waits) < 1
