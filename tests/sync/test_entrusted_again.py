"""No closed file that waits for the server above holds up another, and one that was answered goes there again later."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from random import randbytes

import pytest
from events_cast import changed

from lms.course.model import Course
from lms.db import Database
from lms.errors import TooLarge, Unavailable
from lms.remote import Lost
from lms.sync import entrusted, nodes
from lms.sync.entrusted import hand_over, leave, note, parcel_of, waiting, words_of
from lms.sync.exchange import Errand, Talk
from lms.sync.message import Answered, Card, Message, Told
from lms.sync.over_closed_file import parcel_in
from lms.sync.sealing import Identity
from tests.sync.closing import Signing
from tests.sync.closing import closed as closed_with
from tests.sync.meeting import AT, Node

UGEL = Identity.new()
NUMBER = UGEL.public.number
NEXT_DAY = "2026-11-27T00:00:00.000Z"
LATER = "2027-06-26T00:00:00.000Z"


@pytest.fixture
def tablet(small: Course) -> Signing:
    return Signing(small)


@pytest.fixture
def closed(tablet: Signing) -> bytes:
    """A file of two events, for the UGEL."""
    return tablet.closes([tablet.announces(), tablet.opens()], UGEL.public)


async def test_one_that_does_not_get_through_keeps_none_behind_it(
    school: Node, tablet: Signing, closed: bytes
) -> None:
    peer = await nodes.join(school.db, Card("ugel", UGEL.public.text), "", at=AT)
    other = tablet.closes([tablet.announces()], UGEL.public)
    for file, at in ((closed, AT), (other, "2026-11-26T13:41:00.000Z")):
        assert await leave(school.db, file, at=at)

    async def talk(said: Message, lines: Sequence[bytes]) -> Told:
        if said.closed == [parcel_in(closed)]:
            raise TooLarge("Es muy grande.")
        digest = sha256(said.closed[0]).hexdigest()
        return Message(Card("ugel", UGEL.public.text), answered=[Answered(digest, True, "Llegó.")]), ()

    errand = Errand()
    await hand_over(school.here, peer, talk, errand)
    assert errand.handed == 1
    assert await waiting(school.db, peer) == [sha256(parcel_in(closed)).hexdigest()]


async def test_one_at_which_the_server_above_fails_goes_last_the_next_time(
    school: Node, tablet: Signing, closed: bytes
) -> None:
    peer = await nodes.join(school.db, Card("ugel", UGEL.public.text), "", at=AT)
    other = tablet.closes([tablet.announces(), *(tablet.opens() for _ in range(20))], UGEL.public)
    for file, at in ((closed, AT), (other, "2026-11-26T13:41:00.000Z")):
        assert await leave(school.db, file, at=at)
    sent: list[bytes] = []

    async def talk(said: Message, lines: Sequence[bytes]) -> Told:
        sent.extend(said.closed)
        if said.closed == [parcel_in(closed)]:
            raise Unavailable("500")
        digest = sha256(said.closed[0]).hexdigest()
        return Message(Card("ugel", UGEL.public.text), answered=[Answered(digest, True, "Llegó.")]), ()

    for _ in range(2):
        with pytest.raises(Unavailable):
            await hand_over(school.here, peer, talk, Errand())
    assert sent == [parcel_in(file) for file in (closed, other, closed)]
    assert await waiting(school.db, peer) == [sha256(parcel_in(closed)).hexdigest()]


async def test_one_that_is_too_large_for_a_weak_link_keeps_none_behind_it(school: Node) -> None:
    peer = await nodes.join(school.db, Card("ugel", UGEL.public.text), "", at=AT)
    device = Identity.new()
    large = closed_with(randbytes(300_000), device, UGEL.public)
    small = [closed_with(randbytes(1000 + number), device, UGEL.public) for number in range(3)]
    for file in (large, *small):
        assert await leave(school.db, file, at=AT)
    talk, sent = weak_link(100_000)

    handed = []
    for _ in range(2):
        errand = Errand()
        with pytest.raises(Lost):
            await hand_over(school.here, peer, talk, errand)
        handed.append(errand.handed)
    assert handed == [3, 0]
    assert sent == [parcel_in(file) for file in (*small, large, large)]
    assert await leave(school.db, closed_with(b"", device, UGEL.public), at=AT)
    with pytest.raises(Lost):
        await hand_over(school.here, peer, talk, last := Errand())
    assert last.handed == 1


async def test_a_link_that_is_gone_is_tried_twice_and_others_go_first_the_next_time(school: Node) -> None:
    peer = await nodes.join(school.db, Card("ugel", UGEL.public.text), "", at=AT)
    files = [closed_with(bytes([number]), Identity.new(), UGEL.public) for number in range(4)]
    for file in files:
        assert await leave(school.db, file, at=AT)
    talk, sent = weak_link(0)
    first = await waiting(school.db, peer)
    for _ in range(2):
        with pytest.raises(Lost):
            await hand_over(school.here, peer, talk, Errand())
    assert [sha256(parcel).hexdigest() for parcel in sent] == first


def weak_link(most: int) -> tuple[Talk, list[bytes]]:
    """A link to the UGEL that is cut after so many bytes of a file, and the files that were begun over it."""
    sent: list[bytes] = []

    async def talk(said: Message, lines: Sequence[bytes]) -> Told:
        sent.extend(said.closed)
        if len(said.closed[0]) > most:
            raise Lost("Se cortó.")
        digest = sha256(said.closed[0]).hexdigest()
        return Message(Card("ugel", UGEL.public.text), answered=[Answered(digest, True, "Llegó.")]), ()

    return talk, sent


@pytest.mark.parametrize("taken", [True, False])
async def test_a_day_after_its_answer_it_goes_again(db: Database, closed: bytes, taken: bool) -> None:
    peer = await nodes.join(db, Card("ugel", UGEL.public.text), "", at=AT)
    await leave(db, closed, at=AT)
    [digest] = await waiting(db, peer)
    assert await note(db, peer, Answered(digest, taken, "Ya."), at=AT)

    soon = await leave(db, closed, at="2026-11-26T23:59:59.999Z")
    assert soon
    assert "otra vez" not in words_of(soon)
    assert await waiting(db, peer) == []
    with changed(entrusted, MOST_WAITING=0):
        full = await leave(db, closed, at=NEXT_DAY)
        assert full, "where there is no room the answer is told as before"
        assert words_of(full) == words_of(soon)

    again = await leave(db, closed, at=NEXT_DAY)
    assert again
    assert words_of(again).startswith(
        f"Este archivo, cerrado para «ugel», número {NUMBER}, llegó allí el 25 nov 2026. Respondió: Ya. Se envía otra vez "
    )
    assert await waiting(db, peer) == [digest]
    assert await parcel_of(db, digest) == parcel_in(closed)
    assert await leave(db, closed, at=LATER) == again, "it is on its way already"
    assert await note(db, peer, Answered(digest, True, "Llegó."), at=NEXT_DAY)
    told = await leave(db, closed, at=NEXT_DAY)
    assert told
    assert words_of(told).endswith("llegó allí el 26 nov 2026. Respondió: Llegó.")
