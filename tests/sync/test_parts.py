"""The ids of a device go a part at a time; with a server of the former version all at once, as it knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from events_cast import Tablet, small_course, store

from lms.sync.exchange import Errand, Talk, exchange
from lms.sync.giving import GROUP
from lms.sync.message import Kept, Message, Told, read, write
from lms.sync.parts import parts_of
from tests.sync.meeting import Node, link, meet

COURSE = small_course()


def torn() -> tuple[list[bytes], list[bytes]]:
    """What two nodes have of one device that was cloned, each with gaps of its own."""
    tablet = Tablet(COURSE)
    clone = Tablet(COURSE, tablet.profile, tablet.device)
    first, second = ([one.opens() for _ in range(60)] for one in (tablet, clone))
    return first[::2] + second[30:], first[1::3] + second[10:45]


def listening(talk: Talk, said: list[Message]) -> Talk:
    """The same link, of which every message is noted."""

    async def act(message: Message, lines: Sequence[bytes]) -> Told:
        reply, brought = await talk(message, lines)
        said.extend((message, reply))
        return reply, brought

    return act


def former(message: Message) -> Message:
    """A message as the former version says and understands it."""
    said: dict[str, Any] = msgspec.json.decode(write(message))
    said.pop("parts", None)
    said["kept"] = [one[:3] for one in said.get("kept", [])]
    return read(msgspec.json.encode(said))[0]


async def test_no_message_has_more_ids_than_events_go_at_once(school: Node, ugel: Node) -> None:
    ours, theirs = torn()
    await store(school.db, *ours)
    await store(ugel.db, *theirs)
    said: list[Message] = []
    talk, errand = listening(link(school, ugel), said), Errand(room=9)

    await exchange(school.here, await school.peer(ugel), talk, errand)

    assert await ugel.lines() == await school.lines()
    counts = [sum(len(one.ids) for one in message.kept) for message in said]
    rooms = [message.room for message in said[::2] for _ in range(2)]
    assert all(count <= room for count, room in zip(counts, rooms, strict=True))
    assert max(counts) >= 9
    assert errand.sent == len(set(ours) - set(theirs))


@pytest.mark.parametrize("room", [1, 1000])
@pytest.mark.parametrize("errand", [{}, {"takes": False}, {"gives": False}])
async def test_whoever_only_gives_or_takes_does_all_of_that(
    school: Node, ugel: Node, errand: dict[str, bool], room: int
) -> None:
    ours, theirs = torn()
    await store(school.db, *ours)
    await store(ugel.db, *theirs)

    await exchange(school.here, await school.peer(ugel), link(school, ugel), Errand(room=room, **errand))

    both = {*ours, *theirs}
    assert set(await school.lines()) == (both if errand.get("takes", True) else set(ours))
    assert set(await ugel.lines()) == (both if errand.get("gives", True) else set(theirs))


@pytest.mark.parametrize("gives", [True, False])
async def test_so_they_do_also_where_devices_of_which_nothing_may_go_come_first(
    school: Node, ugel: Node, gives: bool
) -> None:
    devices = sorted(Tablet(COURSE).device for _ in range(GROUP + 1))
    profile = Tablet(COURSE).profile
    *others, last = [Tablet(COURSE, profile, device) for device in devices]
    ours, theirs = two_beginnings(last)
    await store(school.db, *ours)
    await store(ugel.db, *theirs)
    await store((ugel if gives else school).db, *(one.opens() for one in others))

    errand = Errand(gives=gives, takes=not gives)
    await exchange(school.here, await school.peer(ugel), link(school, ugel), errand)

    taker, given = (ugel, ours) if gives else (school, theirs)
    assert set(given) <= set(await taker.lines())


def two_beginnings(tablet: Tablet) -> tuple[list[bytes], list[bytes]]:
    """What two nodes have of one device, of which neither is the beginning of the other."""
    lines = [tablet.opens() for _ in range(6)]
    return [lines[0], lines[2], lines[3]], [lines[0], lines[1], lines[4], lines[5]]


@pytest.mark.parametrize("begins", ["school", "ugel"])
async def test_of_a_device_with_gaps_the_rest_goes_without_a_word_of_ids(
    school: Node, ugel: Node, begins: str
) -> None:
    tablet = Tablet(COURSE)
    lines = [tablet.opens() for _ in range(40)]
    await store(school.db, *lines[:10], *lines[20:])
    await store(ugel.db, *lines[:10], *lines[20:30])
    one, other = (school, ugel) if begins == "school" else (ugel, school)
    await one.knows(other)
    said: list[Message] = []
    errand = Errand()

    await exchange(one.here, await one.peer(other), listening(link(one, other), said), errand)

    assert errand.sent + errand.stored == 10
    assert not any(message.kept for message in said)
    assert await ugel.lines() == await school.lines()


@pytest.mark.parametrize("begins", ["school", "ugel"])
async def test_with_a_server_of_the_former_version_both_end_with_the_same(
    school: Node, ugel: Node, begins: str
) -> None:
    ours, theirs = torn()
    await store(school.db, *ours)
    await store(ugel.db, *theirs)
    one, other = (school, ugel) if begins == "school" else (ugel, school)
    await one.knows(other)
    talk = link(one, other)

    async def formerly(message: Message, lines: Sequence[bytes]) -> Told:
        reply, brought = await talk(former(message), lines)
        return former(reply), brought

    errand = Errand(room=20)
    await exchange(one.here, await one.peer(other), formerly, errand)

    assert await ugel.lines() == await school.lines()
    assert (errand.sent, errand.stored) == (
        len(set(await one.lines()) - set(theirs if one is school else ours)),
        len(set(await one.lines()) - set(ours if one is school else theirs)),
    )


async def test_who_says_again_and_again_what_it_never_gives_is_left(school: Node, ugel: Node) -> None:
    ours, theirs = torn()
    await store(school.db, *ours)
    await store(ugel.db, *theirs)
    talk = link(school, ugel)

    async def keeping(message: Message, lines: Sequence[bytes]) -> Told:
        reply, _ = await talk(message, lines)
        return msgspec.structs.replace(reply, more=True), ()

    errand = Errand()
    await exchange(school.here, await school.peer(ugel), keeping, errand)

    assert errand.messages < 20
    assert set(await ugel.lines()) == {*ours, *theirs}
    await meet(school, ugel)
    assert await ugel.lines() == await school.lines()


async def test_a_device_that_is_asked_about_many_times_is_looked_at_once(school: Node) -> None:
    tablet = Tablet(COURSE)
    await store(school.db, *(tablet.opens() for _ in range(3)))

    told = await parts_of(school.db, [Kept(tablet.profile, tablet.device, [])] * 3, 10)

    assert [len(part.ids) for part in told] == [3, 3, 2]
