"""A line that names an erased person goes also from the profile of somebody who has an account on another server."""

from __future__ import annotations

import pytest
from events_cast import Tablet, small_course, store

from lms.accounts.queries import erase
from lms.errors import BUSY, Unavailable
from lms.events import wire
from lms.events.erasing import blanked, erase_profiles, tombstones_of
from lms.events.heads import heads_of
from lms.people import links
from lms.people.queries import add_person
from lms.sync import erased
from lms.sync.erased import take_in
from tests.sync.bringing import NELIDA, RUTH
from tests.sync.meeting import AT, Node, meet

COURSE = small_course()


@pytest.fixture
async def tablet(ugel: Node) -> Tablet:
    """Ruth's, who has an account on the UGEL's server."""
    found = Tablet(COURSE)
    assert await add_person(ugel.db, RUTH, pin_hash="", recovery_hash="")
    await links.vouch(ugel.db, found.profile, RUTH.id, by=RUTH.id, at=AT)
    return found


async def text(node: Node) -> str:
    return b"\n".join(await node.lines()).decode()


async def test_whose_profile_it_is_keeps_their_own_words_and_no_coach_is_told(
    school: Node, ugel: Node, tablet: Tablet
) -> None:
    await store(
        school.db, tablet.identifies("Ruth", RUTH.document), tablet.identifies("Nélida", NELIDA.document)
    )
    await meet(school, ugel)
    assert await add_person(school.db, NELIDA, pin_hash="", recovery_hash="")

    await erase(school.db, NELIDA, at=AT)
    await meet(school, ugel)

    assert NELIDA.document not in await text(ugel)
    assert RUTH.document in await text(ugel)
    assert await ugel.db.value("SELECT count(*) FROM erased_elsewhere") == 0
    assert (await meet(school, ugel)).messages == 1, "nothing is left to say"


async def test_a_server_in_wrong_hands_takes_no_line_with_their_own_document_so(
    school: Node, ugel: Node, tablet: Tablet
) -> None:
    own, nameless = tablet.identifies("Ruth", f"{RUTH.document}-1"), tablet.identifies("Ruth", "")
    await store(ugel.db, own, nameless)
    said = [(tablet.profile, wire.decode(line).id) for line in (own, nameless)]

    await take_in(ugel.db, await ugel.peer(school), said, at=AT)

    assert await ugel.lines() == [own, nameless]
    assert await tombstones_of(ugel.db, [tablet.profile]) == []


async def test_a_copy_without_words_that_came_first_parts_no_servers_and_brings_nothing_back(
    school: Node, ugel: Node
) -> None:
    other = Tablet(COURSE)
    said = other.identifies("Nélida", NELIDA.document)
    await store(school.db, said)
    await store(ugel.db, blanked(said))
    await meet(school, ugel)
    assert await ugel.lines() == [blanked(said)], "servers tell events by their ids, and have the same"

    await store(ugel.db, said)
    assert await school.lines() == await ugel.lines() == [said]
    assert (await meet(school, ugel)).messages == 1
    async with school.db.transaction() as work:
        await erase_profiles(work, [other.profile], at=AT)
    await meet(school, ugel)
    await store(ugel.db, said)
    assert await school.lines() == await ugel.lines() == [blanked(said)]
    assert await heads_of(school.db, [other.profile]) == await heads_of(ugel.db, [other.profile])


async def test_nobody_waits_for_all_that_another_server_erased_and_what_was_stopped_is_done_the_next_time(
    school: Node, ugel: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    tablets = [Tablet(COURSE) for _ in range(5)]
    await store(ugel.db, *(one.identifies("Nélida", NELIDA.document) for one in tablets))
    said, peer, turns = [(one.profile, one.profile) for one in tablets], await ugel.peer(school), 0
    transaction = ugel.db.transaction

    def cut_at_the_third(**asked: bool) -> object:
        nonlocal turns
        turns += 1
        if turns == 3:
            raise Unavailable(BUSY)
        return transaction(**asked)

    monkeypatch.setattr(erased, "_AT_ONCE", 2)
    monkeypatch.setattr(ugel.db, "transaction", cut_at_the_third)
    with pytest.raises(Unavailable):
        await erased.take_in(ugel.db, peer, said, at=AT)
    assert (await text(ugel)).count(NELIDA.document) == 1

    await erased.take_in(ugel.db, peer, said, at=AT)
    assert NELIDA.document not in await text(ugel)
    assert len(await tombstones_of(ugel.db, [one.profile for one in tablets])) == 5
