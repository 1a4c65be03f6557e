"""Two servers without a network: whatever is lost, brought late or put back, files that answer one another end alike."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence

import pytest
from events_cast import Tablet, changed, small_course, store
from hypothesis import given
from hypothesis import strategies as st

from lms.sync import node_receipts, over_parcel, spans
from lms.sync.acknowledged import arrived
from lms.sync.nodes import carried_by
from lms.sync.over_parcel import Taken, lacks_something, take_parcels
from tests.sync.backups import Rows, backup, restore
from tests.sync.meeting import Node, prepared

COURSE = small_course()
MOST_FILES = 8
"""As many as take the longest way: what one lost, that it lost it, all of it, and that it arrived."""


@pytest.fixture
async def ugel() -> AsyncIterator[Node]:
    made = await Node.new("UGEL")
    yield made
    await made.db.close()


async def taken(other: Node, parcels: Sequence[bytes]) -> Taken:
    return await take_parcels(other.here, other.identity, parcels)


async def asks(one: Node, other: Node, told: Taken) -> bool:
    """Whether who brought a file is told to carry an answer back."""
    return told.wants_answer or await lacks_something(one.here, await one.peer(other))


async def answer_one_another(one: Node, other: Node) -> int:
    """Carry files, the first from `one`, until whoever brought one needs no answer; how many there were."""
    for number in range(1, MOST_FILES + 1):
        told = await taken(other, await prepared(one, other))
        if not await asks(other, one, told):
            return number
        one, other = other, one
    return MOST_FILES + 1


async def met(school: Node, ugel: Node) -> None:
    await school.knows(ugel, upstream=True)
    await ugel.knows(school)


@pytest.mark.parametrize("who", ["school", "ugel"])
@pytest.mark.parametrize("before", [0, 2])
async def test_what_an_older_backup_lost_comes_home_by_file(
    school: Node, ugel: Node, who: str, before: int
) -> None:
    await met(school, ugel)
    old, new = Tablet(COURSE), [Tablet(COURSE) for _ in range(3)]
    await store(school.db, *[old.opens() for _ in range(before)])
    await answer_one_another(school, ugel)
    lost = {"school": school, "ugel": ugel}[who]
    kept = await backup(lost.db)
    await store(school.db, *[tablet.opens() for tablet in (old, *new) for _ in range(4)])
    await answer_one_another(school, ugel)
    everything = await school.lines()
    assert await ugel.lines() == everything

    await restore(lost.db, kept)
    assert await answer_one_another(school, ugel) <= MOST_FILES
    assert await school.lines() == everything
    assert await ugel.lines() == everything
    assert "Todo llegó a «UGEL»" in (await arrived(school.db, [new[0].profile]))[0].words


async def test_what_is_no_longer_there_is_not_taken_for_arrived(school: Node, ugel: Node) -> None:
    await met(school, ugel)
    tablet = Tablet(COURSE)
    kept = await backup(ugel.db)
    await store(school.db, tablet.opens())
    await answer_one_another(school, ugel)

    await restore(ugel.db, kept)
    told = await taken(ugel, await prepared(school, ugel))
    assert (told.stored, told.lacking) == (0, 1)
    await taken(school, await prepared(ugel, school))
    assert not any("Todo llegó" in one.words for one in await arrived(school.db, [tablet.profile]))
    assert await lacks_something(school.here, await school.peer(ugel))


async def test_an_old_file_that_is_brought_again_says_nothing_new(school: Node, ugel: Node) -> None:
    await met(school, ugel)
    tablet = Tablet(COURSE)
    kept = await backup(ugel.db)
    await store(school.db, tablet.opens())
    await taken(ugel, await prepared(school, ugel))
    old = await prepared(ugel, school)
    await taken(school, old)
    await restore(ugel.db, kept)
    await taken(ugel, await prepared(school, ugel))
    await taken(school, await prepared(ugel, school))

    await taken(school, old)
    assert await lacks_something(school.here, await school.peer(ugel))


async def test_who_tells_only_of_some_is_not_taken_to_have_lost_the_others(school: Node, ugel: Node) -> None:
    await met(school, ugel)
    hers, others = Tablet(COURSE), Tablet(COURSE)
    await store(school.db, hers.opens())
    await answer_one_another(school, ugel)
    await store(ugel.db, others.opens())  # brought to the UGEL by somebody else

    await answer_one_another(ugel, school)
    assert await school.lines() == [line for line in await ugel.lines() if hers.profile.encode() in line]
    assert await carried_by(ugel.db, await ugel.peer(school)) == [hers.profile]


ACTS = st.lists(
    st.sampled_from(["studies", "to ugel", "to school", "lost", "late", "ugel restored", "school restored"]),
    max_size=14,
)


class Story:
    """What a school does, what is carried, and what either server was at each step."""

    def __init__(self, school: Node, ugel: Node, seed: random.Random) -> None:
        self.school, self.ugel, self.seed = school, ugel, seed
        self.tablets = [Tablet(COURSE) for _ in range(4)]
        self.done: list[bytes] = []
        self.files: list[tuple[Node, list[bytes]]] = []
        self.backups: dict[str, list[Rows]] = {school.id: [], ugel.id: []}

    async def happens(self, act: str) -> None:
        for node in (self.school, self.ugel):
            self.backups[node.id].append(await backup(node.db))
        match act:
            case "studies":
                self.done.append(self.seed.choice(self.tablets).opens())
                await store(self.school.db, self.done[-1])
            case "to ugel":
                await taken(*await self.file(self.school, self.ugel))
            case "to school":
                await taken(*await self.file(self.ugel, self.school))
            case "lost":
                await self.file(self.school, self.ugel)
            case "late" if self.files:
                await taken(*self.seed.choice(self.files))
            case "ugel restored":
                await restore(self.ugel.db, self.seed.choice(self.backups[self.ugel.id]))
            case "school restored":
                await restore(self.school.db, self.seed.choice(self.backups[self.school.id]))

    async def file(self, one: Node, other: Node) -> tuple[Node, list[bytes]]:
        self.files.append((other, await prepared(one, other)))
        return self.files[-1]


async def lives_through(acts: list[str], seed: random.Random) -> None:
    school, ugel = await Node.new("Escuela"), await Node.new("UGEL")
    try:
        await met(school, ugel)
        story = Story(school, ugel, seed)
        for act in acts:
            await story.happens(act)
        await store(school.db, *story.done)  # the devices that did it give it again
        assert await answer_one_another(school, ugel) <= MOST_FILES
        assert await school.lines() == await ugel.lines()
    finally:
        for node in (school, ugel):
            await node.db.close()


@given(acts=ACTS, seed=st.randoms(use_true_random=False), most=st.sampled_from([1, 2, 50]))
def test_whatever_happens_on_the_way_files_that_answer_one_another_end_alike(
    acts: list[str], seed: random.Random, most: int
) -> None:
    few = changed(over_parcel, _READ_TOGETHER=most), changed(node_receipts, MOST_TOGETHER=most)
    with few[0], few[1], changed(spans, MOST_HEADS=most):
        asyncio.run(lives_through(acts, seed))
