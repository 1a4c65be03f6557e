"""A profile of any number of devices is told a span at a time, and holds up nobody else; no message grows with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import pytest
from events_cast import Tablet, changed, small_course, store

from lms.events.erasing import tombstones_of
from lms.sync import spans
from lms.sync.exchange import Errand, Talk, exchange
from lms.sync.message import ALL, Message, Told, read, write
from lms.sync.over_parcel import Taken, lacks_something, parcels_for, take_parcels
from lms.sync.spans import place_of
from tests.sync.many import DEVICES, MOST, absurd, gone, ordinary
from tests.sync.meeting import Cut, Node, link, meet

COURSE = small_course()


@pytest.fixture(autouse=True)
def few() -> Iterator[None]:
    """As many devices as a test can make are too many for one message."""
    with changed(spans, MOST_HEADS=MOST):
        yield


def noting(talk: Talk, said: list[Message]) -> Talk:
    async def act(message: Message, lines: Sequence[bytes]) -> Told:
        reply, brought = await talk(message, lines)
        said.extend((message, reply))
        return reply, brought

    return act


async def run(one: Node, other: Node, errand: Errand | None = None) -> list[Message]:
    """Everything that is said when the one begins an exchange."""
    said: list[Message] = []
    await one.knows(other)
    await exchange(one.here, await one.peer(other), noting(link(one, other), said), errand or Errand())
    return said


@pytest.mark.parametrize("room", [1, 1000])
async def test_many_devices_and_the_profiles_beside_them_arrive_in_messages_of_few_heads(
    school: Node, ugel: Node, room: int
) -> None:
    many, alone, half = absurd(), ordinary(), ordinary()
    await store(school.db, *many[:20], *alone, *half)
    await store(ugel.db, *many[10:], *half[:5])

    said = await run(school, ugel, errand := Errand(room=room))

    assert set(await school.lines()) == {*many, *alone, *half}
    assert await ugel.lines() == await school.lines()
    assert (errand.sent, errand.stored) == (10 + 10 + 5, 5)
    assert max(len(message.heads) for message in said) == MOST
    assert [message.unlike for message in await run(school, ugel)] == [[], []]


async def test_where_all_has_room_nothing_is_said_twice(school: Node, ugel: Node) -> None:
    with changed(spans, MOST_HEADS=100):
        await store(school.db, *absurd(), *ordinary())

        said = await run(school, ugel)

    assert len(said) == 4
    assert {message.span for message in said} == {ALL}


async def test_of_many_devices_those_near_a_new_one_are_told_and_of_the_others_a_digest(
    school: Node, ugel: Node
) -> None:
    many = absurd()
    await store(school.db, *many)
    await meet(school, ugel)
    await store(ugel.db, Tablet(COURSE, places_of(many)[0][0]).opens())

    said = await run(school, ugel)

    assert await ugel.lines() == await school.lines()
    told = {place_of(head) for message in said for head in message.heads}
    assert len(told) <= 3 * MOST  # of the first span, which is told, and of where the new one is


@pytest.mark.parametrize("errand", [{"takes": False}, {"gives": False}])
async def test_whoever_only_gives_or_takes_does_all_of_that(
    school: Node, ugel: Node, errand: dict[str, bool]
) -> None:
    many = absurd()
    await store(school.db, *many[:15])
    await store(ugel.db, *many[5:])

    await run(school, ugel, Errand(**errand))

    assert set(await school.lines()) == set(many if errand.get("takes", True) else many[:15])
    assert set(await ugel.lines()) == set(many if errand.get("gives", True) else many[5:])


@pytest.mark.parametrize(("every", "when"), [(3, "before"), (4, "after"), (7, "after")])
async def test_cut_again_and_again_it_goes_on_where_it_was(
    school: Node, ugel: Node, every: int, when: str
) -> None:
    many, alone = absurd(), ordinary()
    await store(school.db, *many[:20], *alone)
    await store(ugel.db, *many[10:])
    errand, peer, reached = Errand(), await school.peer(ugel), set()

    for _ in range(40):
        try:
            talk = link(school, ugel, lambda number: when if number == every - 1 else "well")
            await exchange(school.here, peer, talk, errand)
            break
        except Cut:
            reached.add((errand.after, *errand.aside.values()))

    assert len(reached) > 1
    assert await ugel.lines() == await school.lines()
    assert len(await ugel.lines()) == len({*many, *alone})


async def test_who_has_many_devices_waits_until_all_others_are_done(school: Node, ugel: Node) -> None:
    many, more, alone = absurd(), absurd(), ordinary(20)
    await store(school.db, *many, *more, *alone)
    errand, last = Errand(), 0

    def fate(number: int) -> str:
        nonlocal last
        last = max(last, number)
        return "before" if errand.done else "well"

    with pytest.raises(Cut):
        await exchange(school.here, await school.peer(ugel), link(school, ugel, fate), errand)

    assert set(await ugel.lines()) > set(alone)
    assert set(errand.aside) == {places_of(many)[0][0], places_of(more)[0][0]}
    assert errand.again().aside == errand.aside
    assert not errand.again().done
    await run(school, ugel, errand)
    assert await ugel.lines() == await school.lines()
    assert (errand.aside, errand.done) == ({}, False)


async def test_a_device_that_both_wrote_on_with_is_settled_in_the_midst_of_many(
    school: Node, ugel: Node
) -> None:
    many = absurd()
    profile = places_of(many)[0][0]
    torn = [Tablet(COURSE, profile) for _ in range(3)]
    clones = [Tablet(COURSE, profile, one.device) for one in torn]
    ours, theirs = ([tablet.opens() for tablet in tablets * 6] for tablets in (torn, clones))
    await store(school.db, *many, *ours[::2])
    await store(ugel.db, *theirs[1::2], *ours[::3])

    await run(school, ugel, Errand(room=2))

    assert await ugel.lines() == await school.lines()
    assert set(await ugel.lines()) == {*many, *ours[::2], *theirs[1::2], *ours[::3]}


def places_of(lines: list[bytes]) -> list[tuple[str, str]]:
    return [(said["profile"], said["device"]) for said in map(msgspec.json.decode, lines)]


async def test_a_node_that_lost_its_data_gets_all_of_them_back(school: Node, ugel: Node) -> None:
    await store(school.db, *absurd(), *ordinary())
    await meet(school, ugel)
    empty = await Node.new("Escuela")
    restored = Node(empty.here, school.identity)
    await restored.knows(ugel, upstream=True)

    await meet(restored, ugel)

    assert await restored.lines() == await school.lines()
    await restored.db.close()


async def test_any_number_of_erased_lines_is_told_both_ways(school: Node, ugel: Node) -> None:
    many, other = Tablet(COURSE), Tablet(COURSE)
    lines = [tablet.identifies("Rosa", "40000001") for tablet in [many, other] * DEVICES]
    ids = [msgspec.json.decode(line)["id"] for line in lines]
    await store(school.db, *lines)
    await meet(school, ugel)
    tombstones = [(many.profile, id) for id in ids[::2]]
    await gone(school, tombstones[:15])
    await gone(ugel, [*tombstones[15:], (other.profile, other.profile)])

    said = await run(school, ugel)

    profiles = sorted((many.profile, other.profile))
    found = await tombstones_of(school.db, profiles)
    assert found == await tombstones_of(ugel.db, profiles)
    assert set(found) == {*tombstones, (other.profile, other.profile)}
    assert max(len(message.erased) for message in said) == MOST
    assert [message.unlike for message in await run(school, ugel)] == [[], []]


def former(message: Message) -> Message:
    """A message as the former version says and understands it."""
    said: dict[str, Any] = msgspec.json.decode(write(message))
    said.pop("span", None)
    return read(msgspec.json.encode(said))[0]


@pytest.mark.parametrize("begins", ["school", "ugel"])
async def test_with_a_server_of_the_former_version_all_is_told_at_once(
    school: Node, ugel: Node, begins: str
) -> None:
    many, alone = absurd(), ordinary()
    await store(school.db, *many[:20], *alone)
    await store(ugel.db, *many[10:], *alone[:3])
    one, other = (school, ugel) if begins == "school" else (ugel, school)
    await one.knows(other)
    talk, said = link(one, other), list[Message]()

    async def formerly(message: Message, lines: Sequence[bytes]) -> Told:
        reply, brought = await talk(former(message), lines)
        return former(reply), brought

    await exchange(one.here, await one.peer(other), noting(formerly, said), Errand())

    known = {profile for profile, _ in places_of(alone[:3])}
    told = [line for line in alone if one is school or places_of([line])[0][0] in known]
    assert set(await ugel.lines()) == {*many, *told}
    assert set(await school.lines()) == {*many, *alone}
    assert max(len(message.heads) for message in said) >= DEVICES


async def test_by_file_many_devices_go_in_parcels_of_few_heads_and_the_answer_says_what_arrived(
    school: Node, ugel: Node
) -> None:
    many, alone = absurd(), ordinary()
    await store(school.db, *many, *alone)
    untold: list[int] = []

    async def carry(one: Node, other: Node) -> list[Message]:
        parcels = [parcel async for parcel in parcels_for(one.here, one.identity, await one.peer(other))]
        taken: Taken = await take_parcels(other.here, other.identity, parcels)
        untold.append(taken.untold)
        return [read(other.identity.open(parcel)[0])[0] for parcel in parcels]

    said = await carry(school, ugel)
    assert await ugel.lines() == await school.lines()
    assert max(len(message.heads) for message in said) == MOST
    assert await lacks_something(school.here, await school.peer(ugel))
    profile = places_of(many)[0][0]
    await gone(ugel, [(profile, profile), *((profile, str(number)) for number in range(DEVICES))])

    said = await carry(ugel, school)
    assert not await lacks_something(school.here, await school.peer(ugel))
    assert max(len(message.erased) for message in said) == MOST
    assert untold == [0, 0]
    await school.db.execute("DELETE FROM erased")
    await carry(school, ugel)
    assert untold[2] == DEVICES + 1


@pytest.mark.parametrize("answered", [None, ("0", "0"), ("", ""), ("~", "~")])
async def test_who_says_a_span_that_cannot_be_keeps_nobody_for_ever(
    school: Node, ugel: Node, answered: tuple[str, str] | None
) -> None:
    await store(school.db, *absurd(), *ordinary())
    talk, said = link(school, ugel), list[Message]()

    async def lying(message: Message, lines: Sequence[bytes]) -> Told:
        reply, brought = await talk(message, lines)
        return msgspec.structs.replace(reply, span=(("~", "~"), answered)), brought

    await exchange(school.here, await school.peer(ugel), noting(lying, said), Errand())

    assert len(said) < 100
    await meet(school, ugel)
    assert await ugel.lines() == await school.lines()
