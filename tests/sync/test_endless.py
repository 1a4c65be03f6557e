"""A server that answers something else for ever, in error or on purpose, keeps nobody for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
from events_cast import Tablet, changed, small_course, store
from msgspec.structs import replace

import lms.sync.exchange as exchanging
from lms.errors import Unavailable
from lms.events.heads import Head
from lms.remote import Lost
from lms.sync import over_network, spans
from lms.sync.exchange import Errand, Talk, exchange
from lms.sync.message import Message, Told
from lms.sync.spans import inside, place_of
from tests.sync.many import MOST, absurd, ordinary
from tests.sync.meeting import Node, link, meet

COURSE = small_course()
MOST_VAIN = 10
PATIENCE = 300
"""Messages after which a test says that it would never end."""

Answer = Callable[[Message, Message, int], Message]
"""What somebody else makes of a message and its honest answer, the nth."""


@pytest.fixture(autouse=True)
def few() -> Iterator[None]:
    with changed(spans, MOST_HEADS=MOST), changed(exchanging, MOST_VAIN=MOST_VAIN):
        yield


def lying(talk: Talk, answer: Answer) -> Talk:
    count = 0

    async def act(message: Message, lines: Sequence[bytes]) -> Told:
        nonlocal count
        count += 1
        assert count < PATIENCE, "there is no end to it"
        reply, brought = await talk(message, lines)
        return answer(message, reply, count), brought

    return act


def made_up(profile: str, device: str, count: int) -> Head:
    return Head(profile, device, 1, 1, 1, f"{count:032x}")


def creeping(message: Message, reply: Message, count: int) -> Message:
    """Each answer ends one place later than the last, with a device that nobody has."""
    named = [*(profile for profile, _ in message.profiles), *message.wants]
    place = (named[0], f"{count:010}")
    if not inside(place, message.span):
        return reply
    after = message.span[0] if message.span else ("", "")
    return replace(reply, unlike=named[:1], heads=[made_up(*place, count)], erased=[], span=(after, place))


def creeping_untold(message: Message, reply: Message, count: int) -> Message:
    """Each answer ends one place later than the last, and tells of no device there."""
    return replace(creeping(message, reply, count), heads=reply.heads)


def flapping(message: Message, reply: Message, count: int) -> Message:
    """What devices have is told differently each time."""
    return replace(reply, heads=[made_up(one.profile, one.device, count) for one in reply.heads])


async def test_an_end_of_which_nothing_is_told_is_not_believed(school: Node, ugel: Node) -> None:
    await store(school.db, *absurd(), *ordinary())

    await exchange(school.here, await school.peer(ugel), lying(link(school, ugel), creeping_untold), Errand())

    await meet(school, ugel)
    assert await ugel.lines() == await school.lines()


@pytest.mark.parametrize("answer", [creeping, flapping])
async def test_after_many_messages_that_bring_nothing_others_get_their_turn(
    school: Node, ugel: Node, answer: Answer
) -> None:
    many, alone = absurd(), ordinary()
    await store(school.db, *many, *alone)
    await store(ugel.db, *many[:5], *alone)
    peer, errand = await school.peer(ugel), Errand(room=4)

    with pytest.raises(Unavailable, match="«UGEL» se dejó para la próxima vez"):
        await exchange(school.here, peer, lying(link(school, ugel), answer), errand)

    await exchange(school.here, peer, link(school, ugel), errand.again())
    await meet(school, ugel)
    assert await ugel.lines() == await school.lines()


async def test_the_next_time_begins_behind_what_had_no_end(school: Node, ugel: Node) -> None:
    tablets = sorted([Tablet(COURSE) for _ in range(5)], key=lambda one: one.profile)
    lines = [tablet.opens() for tablet in tablets]
    await store(school.db, *lines)
    await store(ugel.db, *lines[:2])
    first = tablets[0]
    await store(school.db, first.opens())

    def of_the_first(message: Message, reply: Message, count: int) -> Message:
        heads = [
            made_up(*place_of(one), count) if one.profile == first.profile else one for one in reply.heads
        ]
        return replace(reply, heads=heads)

    peer, errand = await school.peer(ugel), Errand(room=4)
    talk = lying(link(school, ugel), of_the_first)
    with pytest.raises(Unavailable):
        await exchange(school.here, peer, talk, errand)
    assert set(lines[2:]).isdisjoint(await ugel.lines())

    await exchange(school.here, peer, talk, errand.again())

    assert set(lines) <= set(await ugel.lines())


async def test_so_they_do_where_the_link_is_cut_again_and_again(
    school: Node, ugel: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(over_network, "PAUSES", (0, 0, 0))
    await store(school.db, *absurd())
    peer, errand, carried = await school.peer(ugel), Errand(), lying(link(school, ugel), creeping)

    async def cut(message: Message, lines: Sequence[bytes]) -> Told:
        told = await carried(message, lines)
        if errand.messages % 5 == 0:
            raise Lost("Se cortó.")
        return told

    with pytest.raises(Unavailable):
        await over_network.patiently(lambda: exchange(school.here, peer, cut, errand), errand)


async def test_what_is_here_explains_as_many_messages_as_it_takes(school: Node, ugel: Node) -> None:
    many, alone = absurd(), ordinary(30)
    await store(school.db, *many, *alone)
    await store(ugel.db, *many[::2])
    most = 4
    with changed(exchanging, MOST_VAIN=most):
        errand = Errand(takes=False, room=1)

        await exchange(school.here, await school.peer(ugel), link(school, ugel), errand)

    assert await ugel.lines() == await school.lines()
    assert errand.messages > 10 * most
