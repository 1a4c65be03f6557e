"""Heads follow from the log: in whatever order it was filled, however it is read, and whoever reads it at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from events_cast import Tablet, changed, store
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.course.model import Course
from lms.db import Database, open_database
from lms.events import heading
from lms.events.heading import bring_up_to_date
from lms.events.heads import Head, Step, head_of, heads_of, longer, steps_at

EVENTS = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 9)), min_size=1, max_size=30)
"""Of which device each is, and its seq: some are missing, and some share one."""
RUNS = st.sampled_from(["none", "stopped", "whole"])


async def written(db: Database, tablets: Sequence[Tablet]) -> list[Head]:
    """The heads of these devices of one profile, by all their events in order."""
    found = await steps_at(db, [(tablet.profile, tablet.device) for tablet in tablets])
    return [head_of(place, sorted(steps)) for place, steps in sorted(found.items())]


async def stop_half_way(db: Database) -> None:
    """What a run has done that ends after its first page."""
    made = await db.value("SELECT coalesce((SELECT number FROM heads_made), 0)")
    if made < await db.value("SELECT max(number) FROM events"):
        await heading._take_in(db, made)


@given(events=EVENTS, runs=st.lists(RUNS, min_size=30, max_size=30), page=st.integers(1, 5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_heads_are_those_of_the_events_in_order_however_they_came_and_were_read(
    db: Database, small: Course, events: list[tuple[int, int]], runs: list[str], page: int
) -> None:
    first = Tablet(small)
    tablets = [first, Tablet(small, first.profile), Tablet(small, first.profile)]
    with changed(heading, _AT_ONCE=page, _TOGETHER=1 + page % 2):
        for (number, seq), run in zip(events, runs, strict=False):
            tablets[number].seq = seq - 1
            await store(db, tablets[number].opens())
            if run == "stopped":
                await stop_half_way(db)
            elif run == "whole":
                await bring_up_to_date(db)
                assert await heads_of(db, [first.profile]) == await written(db, tablets)
        await bring_up_to_date(db)

    assert await heads_of(db, [first.profile]) == await written(db, tablets)
    assert await db.value("SELECT count(*) FROM heads_waiting") == 0


async def test_a_device_whose_events_come_in_falling_order_or_on_one_seq_is_read_once(
    db: Database, small: Course
) -> None:
    falling, forked = Tablet(small), Tablet(small)
    lines = []
    for seq in range(300, 0, -1):
        falling.seq, forked.seq = seq - 1, 7
        lines += [falling.opens(), forked.opens()]
    await store(db, *lines)
    hashed = 0

    def counted(head: Head, steps: Sequence[Step]) -> Head:
        nonlocal hashed
        hashed += len(steps)
        return longer(head, steps)

    with changed(heading, _AT_ONCE=20, longer=counted):
        await bring_up_to_date(db)

    assert hashed <= len(lines)
    for tablet in (falling, forked):
        assert await heads_of(db, [tablet.profile]) == await written(db, [tablet])


async def test_others_write_while_heads_are_made_again_and_two_processes_make_the_same(
    db: Database, place: str, small: Course
) -> None:
    tablet, own = Tablet(small), Tablet(small)
    other = await open_database(place)

    def falls() -> bytes:
        tablet.seq -= 2
        return tablet.opens()

    try:
        tablet.seq = 2_000
        await store(db, *[falls() for _ in range(1_000)])
        with changed(heading, _AT_ONCE=5):
            making = asyncio.gather(*(bring_up_to_date(one) for one in (db, other, db)))
            meanwhile = 0
            while not making.done():
                await store(db, own.opens())
                await store(db, falls())
                meanwhile += 1
            await making
            assert (await heads_of(db, [tablet.profile]))[0].events >= 1_000
            await bring_up_to_date(other)
    finally:
        await other.close()

    assert meanwhile >= 3
    for one in (tablet, own):
        assert await heads_of(db, [one.profile]) == await written(db, [one])
    assert await db.value("SELECT count(*) FROM heads_waiting") == 0


async def test_a_head_made_longer_by_another_process_is_not_made_shorter(db: Database, small: Course) -> None:
    tablet = Tablet(small)
    tablet.seq = 5
    await store(db, tablet.opens())
    await bring_up_to_date(db)
    tablet.seq = 3
    await store(db, tablet.opens())
    await stop_half_way(db)
    (row,) = await db.rows("SELECT profile, device, number FROM heads_waiting")
    slow = await heading._made_again(db, row)
    tablet.seq = 1
    await store(db, tablet.opens())
    await bring_up_to_date(db)

    await db.execute_many(heading._KEEP, [heading._row(slow)])

    assert await heads_of(db, [tablet.profile]) == await written(db, [tablet])
