"""«Mi avance» says which servers have somebody's progress: what they said themselves, and nothing more."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from events_cast import Tablet, small_course, store

from lms.db import Database
from lms.sync import over_receipt
from lms.sync.acknowledged import arrived
from lms.sync.kept_receipts import keep
from lms.sync.over_receipt import Receipt, acknowledged
from lms.sync.sealing import Identity
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


async def test_a_profile_of_any_number_of_devices_costs_no_more_than_what_servers_said(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tablets = [Tablet(COURSE) for _ in range(12)]
    for one in tablets:
        one.profile = tablets[0].profile
    await store(db, *(one.opens() for one in tablets))
    profiles, identity = [tablets[0].profile], Identity.new()
    few = await acknowledged(db, profiles, [tablets[0].device, tablets[1].device])
    receipt = Receipt(identity.public, "UGEL", date(2026, 11, 25), tuple(few))
    read: list[int] = []
    rows = db.rows

    async def counted(*asked: Any, **into: Any) -> Any:
        found = await rows(*asked, **into)
        read.append(len(found))
        return found

    monkeypatch.setattr(over_receipt, "_A_PAGE", 3)
    monkeypatch.setattr(db, "rows", counted)
    places, all = await over_receipt.arrived(db, receipt, profiles)
    assert (len(places), all) == (2, 12)
    await keep(db, receipt, places, today=date(2026, 11, 26))
    [one] = await arrived(db, profiles)
    assert (one.events, one.all) == (2, 12)
    assert max(read) <= 3
