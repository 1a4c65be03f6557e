"""«Mi avance» says which servers have somebody's progress: what they said themselves, and nothing more."""

from __future__ import annotations

import dataclasses
import tracemalloc
from datetime import date

import pytest
from events_cast import Tablet, changed, small_course, store
from msgspec.structs import replace

from lms.events.heads import Head
from lms.events.ids import new_random_id
from lms.sync import kept_receipts, node_receipts, over_receipt
from lms.sync.acknowledged import arrived
from lms.sync.over_receipt import Receipt
from lms.sync.sealing import Identity
from tests.sync.meeting import AT, Cut, Node, meet

COURSE = small_course()
RECEIPT = Receipt(Identity.new().public, "DRE", date(2026, 11, 26), ())


async def test_it_says_how_much_arrived_where_and_on_which_day() -> None:
    school, ugel = await Node.new("Escuela"), await Node.new("UGEL Canas")
    await school.knows(ugel, upstream=True)
    await ugel.knows(school)
    tablet = Tablet(COURSE)
    await store(school.db, tablet.opens(), tablet.completes())
    assert await arrived(school.db, [tablet.profile]) == ()

    await meet(school, ugel)
    [whole] = await arrived(school.db, [tablet.profile])
    await store(school.db, tablet.opens("dos"))
    [part] = await arrived(school.db, [tablet.profile])

    assert whole.words.startswith("Todo llegó a «UGEL Canas» (lo confirmó el ")
    assert "llegaron 2 de 3 registros" in part.words
    for node in (school, ugel):
        await node.db.close()


async def test_a_server_that_lost_what_it_had_gets_it_again() -> None:
    school, ugel = await Node.new("Escuela"), await Node.new("UGEL Canas")
    await school.knows(ugel, upstream=True)
    await ugel.knows(school)
    tablet = Tablet(COURSE)
    await store(school.db, tablet.opens(), tablet.completes())
    await meet(school, ugel)
    empty = await Node.new("UGEL Canas")
    await ugel.db.close()
    ugel.here = empty.here
    await ugel.knows(school)

    errand = await meet(school, ugel)

    assert errand.sent == 2
    assert [one.events for one in await arrived(school.db, [tablet.profile])] == [2]
    for node in (school, ugel):
        await node.db.close()


async def test_as_many_of_a_copied_tablet_are_not_taken_for_the_same(school: Node, ugel: Node) -> None:
    tablet = Tablet(COURSE)
    first = [tablet.opens() for _ in range(5)]
    twin = dataclasses.replace(tablet)
    await store(school.db, *first, tablet.completes("uno"), tablet.completes("dos"))
    await store(ugel.db, *first, twin.opens("dos"), twin.opens("dos"))

    with pytest.raises(Cut):
        await meet(school, ugel, lambda number: "well" if number == 0 else "before")
    [cut] = await arrived(school.db, [tablet.profile])
    await meet(school, ugel)
    [whole] = await arrived(school.db, [tablet.profile])

    assert (cut.events, cut.all) == (0, 7)
    assert cut.words.startswith("«UGEL» confirmó 0 de 7 registros (hasta el ")
    assert whole.words.startswith("Todo llegó a «UGEL» (lo confirmó el ")
    assert (whole.events, whole.all) == (9, 9)


async def test_two_servers_of_one_name_do_not_make_up_for_one_another() -> None:
    school, first, second = [await Node.new(name) for name in ("Escuela", "debian", "debian")]
    tablet = Tablet(COURSE)
    for ugel in (first, second):
        await school.knows(ugel, upstream=True)
        await ugel.knows(school)
        await store(school.db, tablet.opens(), tablet.completes())
        await meet(school, ugel)

    told = await arrived(school.db, [tablet.profile])

    assert sorted((one.node, one.events, one.all) for one in told) == [("debian", 2, 4), ("debian", 4, 4)]
    for node in (school, first, second):
        await node.db.close()


async def test_a_profile_of_any_number_of_devices_is_counted_in_little_memory(
    school: Node, ugel: Node
) -> None:
    profile, many = new_random_id(), 20_000
    heads = [(profile, f"{number:032x}", 3, 3, 3, "0" * 32) for number in range(many)]
    keeping = "INSERT INTO heads VALUES (:profile, :device, :upto, :last, :events, :digest)"
    await school.db.execute_many(keeping, heads)
    said = [Head(profile, device, 2, 2, 2, "1" * 32) for _, device, *_ in heads]
    await node_receipts.note_receipts(school.db, await school.peer(ugel), said, at=AT)
    await kept_receipts.keep(
        school.db, RECEIPT, {(profile, said[0].device): 3, (profile, "of none here"): 3}, today=RECEIPT.day
    )

    tracemalloc.start()
    told = await arrived(school.db, [profile])
    brought = await over_receipt.arrived(school.db, RECEIPT, [profile])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert [(one.node, one.events, one.all) for one in told] == [
        ("UGEL", 2 * many, 3 * many),
        ("DRE", 3, 3 * many),
    ]
    assert brought == ({}, 3 * many)
    assert peak < 8 * 1024 * 1024


async def test_a_receipt_is_compared_with_the_devices_that_wrote_most(school: Node) -> None:
    first, second = Tablet(COURSE), Tablet(COURSE)
    second.profile = first.profile
    await store(school.db, *(first.opens() for _ in range(3)), second.opens())
    said = replace(RECEIPT, places=tuple(await over_receipt.acknowledged(school.db, [first.profile])))
    with changed(over_receipt, MOST_COMPARED=1):
        assert await over_receipt.arrived(school.db, said, [first.profile]) == (
            {(first.profile, first.device): 3},
            4,
        )
