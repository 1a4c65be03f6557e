"""What a profile's digest tells, and what of it two servers must agree on."""

from __future__ import annotations

from events_cast import Tablet, store

from lms.course.model import Course
from lms.db import Database
from lms.events.erasing import erase_lines, erase_profiles
from lms.events.heads import Head, bring_up_to_date, digest_of, digests, heads_of

AT = "2026-11-26T00:00:00.000Z"
HEAD = Head("p", "d", 1, 1, 1, "ab" * 16)


def test_what_was_erased_makes_another_digest_whatever_its_order_and_nothing_erased_the_same_as_ever() -> (
    None
):
    whole, one, two = (digest_of([HEAD], ids) for ids in (["p"], ["e1"], ["e2", "e1"]))

    assert len({digest_of([HEAD]), whole, one, two}) == 4
    assert digest_of([HEAD], ["e1", "e2"]) == two
    assert digest_of([HEAD], []) == digest_of([HEAD])


async def test_erasing_changes_the_digest_of_that_profile_alone_and_no_head(
    db: Database, small: Course
) -> None:
    tablet, line, other = Tablet(small), Tablet(small), Tablet(small)
    await store(db, *(one.identifies("Nélida", "40000001") for one in (tablet, line, other)))
    await bring_up_to_date(db)
    profiles = [tablet.profile, line.profile, other.profile]
    before, heads = await digests(db), await heads_of(db, profiles)

    async with db.transaction() as work:
        await erase_profiles(work, [tablet.profile], at=AT)
        await erase_lines(work, {(line.profile, "01a2b3c4-0000-7000-8000-000000000000")}, at=AT)

    after = await digests(db)
    assert [before[one] == after[one] for one in profiles] == [False, False, True]
    assert await heads_of(db, profiles) == heads
