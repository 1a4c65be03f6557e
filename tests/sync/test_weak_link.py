"""A link that breaks every few kilobytes: every exchange begun again gets further, and most bytes are events."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pytest
from events_cast import Tablet, small_course, store

from lms.remote import Busy, Lost
from lms.sync import over_network
from lms.sync.exchange import Errand, exchange
from lms.sync.message import Message, Told, read, write
from tests.sync.meeting import Node

COURSE = small_course()
EVERY_TIME = 300  # bytes of HTTP around each message


@dataclass
class Weak:
    """A link between two nodes that carries so many bytes in the mean before it breaks; seeded."""

    one: Node
    other: Node
    mean: int
    carried: int = 0
    cuts: int = 0

    def __post_init__(self) -> None:
        self._chance = random.Random(20261126)
        self.left = self._holds()

    def _holds(self) -> int:
        return int(self._chance.expovariate(1 / self.mean))

    def _carries(self, size: int) -> None:
        self.carried += min(size, self.left)
        self.left -= size
        if self.left < 0:
            self.cuts, self.left = self.cuts + 1, self._holds()
            raise Lost("Se cortó.")

    async def talk(self, message: Message, lines: Sequence[bytes]) -> Told:
        parcel = self.one.identity.seal(write(message, lines), self.other.identity.public)
        self._carries(len(parcel) + EVERY_TIME)
        back = await self.other.hears(parcel)
        self._carries(len(back) + EVERY_TIME)
        return read(self.one.identity.open(back)[0])

    async def exchange(self, errand: Errand) -> int:
        """Exchange as a node does; how often it had to be begun as if by the clock."""
        peer, begun = await self.one.peer(self.other), 0
        while True:
            begun += 1
            try:
                await over_network.patiently(lambda: exchange(self.one.here, peer, self.talk, errand), errand)
            except Lost:
                continue
            return begun


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(over_network, "PAUSES", (0, 0, 0, 0, 0))


class Work(NamedTuple):
    """What is to be carried, of which some has arrived, over a link of that mean, for `most` bytes an event."""

    tablets: int
    events: int
    arrived: float
    mean: int
    most: int


@pytest.mark.parametrize(
    "work", [Work(40, 50, 0.0, 20_000, 400), Work(40, 50, 0.5, 20_000, 1200), Work(200, 2, 0.0, 10_000, 900)]
)
async def test_it_ends_with_the_same_on_both_sides_for_few_bytes_an_event(
    school: Node, ugel: Node, work: Work
) -> None:
    chance = random.Random(1)
    for _ in range(work.tablets):
        tablet = Tablet(COURSE)
        lines = [tablet.opens() for _ in range(work.events)]
        await store(school.db, *lines)
        if some := [line for line in lines if chance.random() < work.arrived]:
            await store(ugel.db, *some)
    link = Weak(school, ugel, work.mean)

    await link.exchange(Errand())

    assert await ugel.lines() == await school.lines()
    assert link.cuts > 5
    assert link.carried < work.most * work.tablets * work.events * (1 - work.arrived)


async def test_one_device_of_which_each_side_lacks_half_is_settled_in_parts(school: Node, ugel: Node) -> None:
    tablet = Tablet(COURSE)
    lines = [tablet.opens() for _ in range(800)]
    await store(school.db, *lines[::2])
    await store(ugel.db, *lines[1::2])
    link = Weak(school, ugel, 4_000)  # all ids of either side are more than that

    await link.exchange(Errand(room=100))

    assert await ugel.lines() == await school.lines()
    assert link.cuts > 5
    assert link.carried < 600 * len(lines)


async def test_it_goes_on_where_it_was_cut_and_asks_for_more_again_once_it_holds(
    school: Node, ugel: Node
) -> None:
    tablets = [Tablet(COURSE) for _ in range(60)]
    await store(school.db, *[tablet.opens() for tablet in tablets for _ in range(30)])
    link, errand = Weak(school, ugel, 6_000), Errand(room=20)
    peer, link.left = await school.peer(ugel), 40_000

    with pytest.raises(Lost):
        await exchange(school.here, peer, link.talk, errand)
    assert min(tablet.profile for tablet in tablets) <= errand.after < max(one.profile for one in tablets)

    link.left = 10_000_000
    await over_network.patiently(lambda: exchange(school.here, peer, link.talk, errand), errand)
    assert errand.room > 100
    assert await ugel.lines() == await school.lines()


async def test_whoever_is_busy_is_not_asked_more_often_for_less() -> None:
    errand, answers = Errand(room=900), [Busy("Ahora no."), Lost("Se cortó."), None]

    async def run() -> None:
        if error := answers.pop(0):
            raise error

    await over_network.patiently(run, errand)
    assert errand.room == 300
