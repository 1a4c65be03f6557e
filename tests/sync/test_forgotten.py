"""A node that lost more profiles than an answer has room for gets all back at once, from whoever says how far it told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence

import pytest
from events_cast import Tablet, changed, small_course, store
from msgspec.structs import replace

from lms.remote import Lost
from lms.sync import answering, nodes
from lms.sync.exchange import Errand, Talk, exchange
from lms.sync.message import Message, Told
from tests.sync.meeting import Node, link, meet

COURSE = small_course()
ROOM, ALL = 5, 17


@pytest.fixture(autouse=True)
def little_room() -> Iterator[None]:
    with changed(answering, MOST_PROFILES=ROOM):
        yield


@pytest.fixture
async def lost(school: Node, ugel: Node) -> AsyncIterator[Node]:
    """The school after it lost all but a few profiles, of one of which each side has something else."""
    tablets = sorted([Tablet(COURSE) for _ in range(ALL)], key=lambda one: one.profile)
    lines = [tablet.opens() for tablet in tablets]
    await store(school.db, *lines)
    await meet(school, ugel)
    empty = await Node.new("Escuela")
    node = Node(empty.here, school.identity)
    await node.knows(ugel, upstream=True)
    await store(node.db, lines[1], lines[12], tablets[14].opens())
    yield node
    await node.db.close()


def without_range(talk: Talk) -> Talk:
    """The other end as it was before it said how far it told."""

    async def act(message: Message, lines: Sequence[bytes]) -> Told:
        reply, brought = await talk(message, lines)
        return replace(reply, range=None), brought

    return act


async def test_all_comes_back_in_one_exchange(lost: Node, ugel: Node) -> None:
    errand = await meet(lost, ugel)
    assert errand.stored == ALL - 2
    assert await lost.lines() == await ugel.lines()
    assert len(await lost.lines()) == ALL + 1


async def test_all_comes_back_over_a_link_that_is_cut_after_each_second_message(
    lost: Node, ugel: Node
) -> None:
    peer, talk, count = await lost.peer(ugel), link(lost, ugel), 0

    async def cut(message: Message, lines: Sequence[bytes]) -> Told:
        nonlocal count
        count += 1
        if count % 3 == 0:
            raise Lost("Se cortó.")
        return await talk(message, lines)

    errand, begun = Errand(room=4), 0
    while begun < 40:
        begun += 1
        try:
            await exchange(lost.here, peer, cut, errand)
            break
        except Lost:
            continue
    assert 1 < begun < 40
    assert await lost.lines() == await ugel.lines()


async def test_of_a_server_of_a_former_version_some_come_back_each_time(lost: Node, ugel: Node) -> None:
    peer, talk = await lost.peer(ugel), without_range(link(lost, ugel))
    had = []
    for _ in range(4):
        await exchange(lost.here, peer, talk, Errand())
        had.append(len(await lost.lines()))
    assert had[0] < had[1] < had[2] <= had[3] == ALL + 1


async def test_who_says_for_ever_that_there_is_more_is_not_believed(lost: Node, ugel: Node) -> None:
    talk, count = link(lost, ugel), 0

    async def creeping(message: Message, lines: Sequence[bytes]) -> Told:
        nonlocal count
        count += 1
        assert count < 100, "there is no end to it"
        reply, brought = await talk(message, lines)
        if message.range is None:
            return reply, brought
        made_up = message.range[0] + "0"
        return replace(reply, profiles=[(made_up, "0" * 16)], range=(message.range[0], made_up)), brought

    await exchange(lost.here, await lost.peer(ugel), creeping, Errand())
    assert len(await nodes.carried_by(ugel.db, await ugel.peer(lost))) >= ALL


async def test_who_takes_nothing_asks_once_for_each_list(lost: Node, ugel: Node) -> None:
    errand = Errand(takes=False)
    await exchange(lost.here, await lost.peer(ugel), link(lost, ugel), errand)
    assert errand.stored == 0
    assert len(await lost.lines()) == 3
