"""«Mi avance» says which servers have somebody's progress: what they said themselves, and nothing more."""

from __future__ import annotations

from events_cast import Tablet, small_course, store

from lms.sync.acknowledged import arrived
from tests.sync.meeting import Node, meet

COURSE = small_course()


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
