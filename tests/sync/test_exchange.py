"""Two nodes compare what they have and give each other what is missing, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from events_cast import Tablet, all_outcomes, changed, small_course, store

import lms.sync.exchange as exchanging
from lms.events.erasing import erase_profiles
from lms.events.heads import bring_up_to_date, digests_of, profiles_after
from lms.events.model import ProgressReported
from lms.sync import giving
from lms.sync.exchange import Errand, exchange
from lms.sync.message import Message, Told
from lms.sync.over_network import ahead
from tests.sync.meeting import AT, Cut, Node, joined, link, meet

COURSE = small_course()


def some(tablet: Tablet, count: int = 3) -> list[bytes]:
    return [tablet.opens() for _ in range(count)]


async def test_what_one_has_and_the_other_lacks_goes_once(school: Node, ugel: Node) -> None:
    lines = [line for _ in range(3) for line in some(Tablet(COURSE))]
    await store(school.db, *lines)

    first = await meet(school, ugel)
    again = await meet(school, ugel)

    assert (first.sent, again.sent) == (9, 0)
    assert await ugel.lines() == await school.lines()


async def test_it_goes_both_ways_for_whoever_both_serve(school: Node, ugel: Node) -> None:
    tablet, laptop = Tablet(COURSE), Tablet(COURSE)
    laptop.profile = tablet.profile
    await store(school.db, *some(tablet))
    await store(ugel.db, *some(laptop), *some(Tablet(COURSE)))

    done = await meet(school, ugel)

    assert (done.sent, done.stored) == (3, 3)
    assert len(await school.lines()) == 6, "the third teacher is nobody's here"


async def test_a_code_that_says_something_odd_keeps_nothing_back(school: Node) -> None:
    village = await Node.new("Aldea")
    await village.knows(school, upstream=True)
    await school.knows(village)
    said = ProgressReported("CHASKI", "2026-11-20", {"a\0b": "opened", "uno": "opened"}, {}, {}, {})
    odd = Tablet(COURSE).writes("progress.reported", COURSE.id, said)
    await store(village.db, *some(Tablet(COURSE)), odd, *some(Tablet(COURSE)))

    assert (await meet(village, school)).sent == 7
    assert await school.lines() == await village.lines()
    here, there = [await all_outcomes(one.db) for one in (village, school)]
    assert [row[:6] for row in here] == [row[:6] for row in there]
    await village.db.close()


async def test_only_the_rest_of_a_device_goes(school: Node, ugel: Node) -> None:
    tablet = Tablet(COURSE)
    await store(school.db, *some(tablet, 50))
    await meet(school, ugel)
    await store(school.db, tablet.opens())

    assert (await meet(school, ugel)).sent == 1


async def test_a_device_of_which_the_middle_is_missing_gets_the_middle(school: Node, ugel: Node) -> None:
    lines = some(Tablet(COURSE), 9)
    await store(school.db, *lines)
    await store(ugel.db, *lines[:3], *lines[6:])

    assert (await meet(school, ugel)).sent == 3
    assert await ugel.lines() == await school.lines()


async def test_a_node_that_only_gives_fills_gaps_too_and_gives_nothing_twice(
    school: Node, ugel: Node
) -> None:
    for arrived in (slice(0, 10), slice(0, 30, 3)):
        lines = some(Tablet(COURSE), 30)
        await store(school.db, *lines)
        await store(ugel.db, *lines[arrived])
    errand = Errand(takes=False, room=7)

    await exchange(school.here, await school.peer(ugel), link(school, ugel), errand)

    assert (errand.sent, errand.stored) == (40, 0)
    assert await ugel.lines() == await school.lines()


async def test_of_a_cloned_device_both_stories_are_kept_on_both_sides(school: Node, ugel: Node) -> None:
    tablet = Tablet(COURSE)
    clone = Tablet(COURSE, tablet.profile, tablet.device)
    await store(school.db, *some(tablet, 3))
    await store(ugel.db, *some(clone, 3))

    done = await meet(school, ugel)

    assert (done.sent, done.stored) == (3, 3)
    assert len(await school.lines()) == 6
    assert await ugel.lines() == await school.lines()


async def test_a_clone_that_went_further_than_the_other_is_found_out_too(school: Node, ugel: Node) -> None:
    tablet = Tablet(COURSE)
    common = some(tablet, 4)
    clone = Tablet(COURSE, tablet.profile, tablet.device, tablet.seq)
    await store(school.db, *common, *some(tablet, 2))
    await store(ugel.db, *common, *some(clone, 7))

    done = await meet(school, ugel)

    assert (done.sent, done.stored) == (2, 7)
    assert await ugel.lines() == await school.lines()


async def test_more_than_one_message_holds_goes_in_several(school: Node, ugel: Node) -> None:
    tablets = [Tablet(COURSE) for _ in range(4)]
    clone = Tablet(COURSE, tablets[0].profile, tablets[0].device)
    await store(school.db, *[line for tablet in tablets for line in some(tablet, 30)])
    await store(ugel.db, *some(clone, 40))

    with changed(giving, MOST_LINES=16):
        done = await meet(school, ugel)

    assert (done.sent, done.stored) == (120, 40)
    assert await ugel.lines() == await school.lines()


@pytest.mark.parametrize("when", ["before", "after"])
async def test_cut_at_any_message_and_begun_again_it_ends_the_same(
    school: Node, ugel: Node, when: str
) -> None:
    tablet, laptop = Tablet(COURSE), Tablet(COURSE)
    laptop.profile = tablet.profile
    await store(school.db, *some(tablet, 20))
    await store(ugel.db, *some(laptop, 20))

    with changed(giving, MOST_LINES=7):
        cuts = 0
        for place in range(20):
            try:
                await meet(school, ugel, lambda number, place=place: when if number == place else "well")
            except Cut:
                cuts += 1

    assert cuts >= 1
    assert await ugel.lines() == await school.lines()
    assert len(await school.lines()) == 40


async def test_a_message_heard_again_a_year_later_changes_nothing(school: Node, ugel: Node) -> None:
    await store(school.db, *some(Tablet(COURSE)))
    await meet(school, ugel)
    before = await ugel.lines()

    for _, parcel in list(ugel.heard):
        await ugel.hears(parcel)

    assert await ugel.lines() == before


async def test_a_node_that_lost_its_data_gets_back_what_it_once_brought(school: Node, ugel: Node) -> None:
    await store(school.db, *some(Tablet(COURSE)), *some(Tablet(COURSE)))
    await store(ugel.db, *some(Tablet(COURSE)))
    await meet(school, ugel)
    empty = await Node.new("Escuela")
    restored = Node(empty.here, school.identity)
    await restored.knows(ugel, upstream=True)

    done = await meet(restored, ugel)

    assert done.stored == 6
    assert await restored.lines() == await school.lines()
    await restored.db.close()


async def test_what_passes_through_a_node_in_the_middle_keeps_its_bytes(school: Node, ugel: Node) -> None:
    nation = await Node.new("DIFODS")
    await nation.knows(ugel)
    await ugel.knows(nation, upstream=True)
    tablet = Tablet(COURSE)
    unknown = tablet.opens().replace(b'"lesson.opened"', b'"badge.earned"').replace(b'"v":1', b'"v":7')
    await store(school.db, unknown, tablet.opens())

    await meet(school, ugel)
    await meet(ugel, nation)

    assert unknown in await nation.lines()
    assert await nation.lines() == await school.lines()
    await nation.db.close()


async def test_many_nodes_make_a_round(school: Node) -> None:
    ring = await joined("A", "B", "C", "D")
    tablets = [Tablet(COURSE) for _ in ring]
    for node, tablet in zip(ring, tablets, strict=True):
        await store(node.db, *some(tablet))

    for place in (0, 1, 2):
        await meet(ring[place], ring[place + 1])

    assert len(await ring[3].lines()) == 12
    for node in ring:
        await node.db.close()


async def test_a_list_ends_where_an_answer_might_have_no_room_for_the_heads_of_its_profiles(
    school: Node, ugel: Node
) -> None:
    tablets = [Tablet(COURSE) for _ in range(6)]
    many = min(tablets, key=lambda one: one.profile)
    tablets += [Tablet(COURSE, many.profile) for _ in range(4)]
    await store(school.db, *[tablet.opens() for tablet in tablets])
    carrier, lists = link(school, ugel), list[int]()

    async def noted(message: Message, sent: Sequence[bytes]) -> Told:
        if message.range:
            lists.append(len(message.profiles))
        return await carrier(message, sent)

    with changed(exchanging, MOST_HEADS_OF_A_LIST=3):
        await exchange(school.here, await school.peer(ugel), noted, Errand())

    assert lists == [1, 3, 2]
    assert await ugel.lines() == await school.lines()


async def test_who_lists_and_who_compares_make_the_same_digest_of_what_was_erased(school: Node) -> None:
    tablet = Tablet(COURSE)
    await store(school.db, tablet.identifies("Nélida", "40000001"))
    async with school.db.transaction() as work:
        await erase_profiles(work, [tablet.profile], at=AT)
    await bring_up_to_date(school.db)

    listed = await digests_of(school.db, await profiles_after(school.db, "", 10))
    assert list(listed) == [tablet.profile]
    for digest, unlike in ((listed[tablet.profile], []), ("", [tablet.profile])):
        said = Message(school.here.card, profiles=[(tablet.profile, digest)])
        assert await giving.unlike(school.here, said) == unlike


async def test_what_both_have_by_other_ways_is_as_good_as_acknowledged(school: Node, ugel: Node) -> None:
    lines = [line for _ in range(3) for line in some(Tablet(COURSE))]
    await store(school.db, *lines)
    await store(ugel.db, *lines)
    await bring_up_to_date(school.db)
    there = await school.peer(ugel)
    assert (await ahead(school.db, there)).events == 9

    assert (await meet(school, ugel)).sent == 0

    assert (await ahead(school.db, there)).events == 0
    assert (await ahead(ugel.db, await ugel.peer(school))).events == 0


async def test_what_was_done_while_both_compared_is_not_acknowledged_with_the_rest(
    school: Node, ugel: Node
) -> None:
    tablet = Tablet(COURSE)
    lines = some(tablet)
    await store(school.db, *lines)
    await store(ugel.db, *lines)
    carrier = link(school, ugel)

    async def meanwhile(message: Message, sent: Sequence[bytes]) -> Told:
        back = await carrier(message, sent)
        await store(school.db, tablet.opens())
        await bring_up_to_date(school.db)
        return back

    there = await school.peer(ugel)
    await exchange(school.here, there, meanwhile, Errand())
    assert (await ahead(school.db, there)).events == 4

    await meet(school, ugel)
    assert (await ahead(school.db, there)).events == 0
