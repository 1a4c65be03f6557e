"""Receipts of devices in whose name there is more than their own: each finds its own chain, and takes no other's."""

from __future__ import annotations

from collections.abc import Sequence

from events_cast import Tablet, small_course, store

from lms.db import Database
from lms.events import wire
from lms.events.heads import head_of
from lms.people.queries import add_person
from lms.sync.over_closed_file import File
from lms.sync.over_receipt import acknowledged
from lms.sync.receiving import receive_file
from tests.sync.bringing import COACH, NELIDA
from tests.sync.closing import Signing

COURSE = small_course()


def chain(tablet: Tablet, lines: Sequence[bytes]) -> bytes:
    """What a receipt says of a device with just these lines."""
    steps = [(event.seq, event.id) for event in map(wire.decode, lines)]
    return bytes.fromhex(head_of((tablet.profile, tablet.device), steps).digest)[:8]


async def test_a_cloned_disk_takes_nothing_of_the_others_for_its_own(db: Database) -> None:
    tablet = Tablet(COURSE)
    first = [tablet.opens() for _ in range(3)]
    clone = Tablet(COURSE, tablet.profile, tablet.device, 3)
    ours, theirs = tablet.opens(), clone.opens()
    await store(db, *first, ours, theirs)
    places = await acknowledged(db, [tablet.profile])
    assert sorted((place.upto, place.digest) for place in places) == sorted(
        (len(some), chain(tablet, some)) for some in (first, [*first, ours], [*first, theirs])
    )


async def test_a_device_is_told_of_its_own_chain_whatever_somebody_wrote_in_its_name(db: Database) -> None:
    tablet = Signing(COURSE)
    forger = Tablet(COURSE, tablet.profile, tablet.device, 3)
    own = [tablet.announces(), tablet.opens(), tablet.opens()]

    await add_person(db, NELIDA, pin_hash="", recovery_hash="")

    async def bring(*lines: bytes, key: str = "") -> set[tuple[int, bytes]]:
        """She brings what her tablet signed, a coach what is open."""
        await receive_file(db, File(lines, key), *((NELIDA, "owner") if key else (COACH, "coach")))
        return {(place.upto, place.digest) for place in await acknowledged(db, [tablet.profile])}

    await bring(*own, key=tablet.key.public.text)
    forged = [forger.opens() for _ in range(3)]
    assert (3, chain(tablet, own)) in await bring(*forged), "though nothing is missing nor twice there"
    own += [tablet.opens() for _ in range(5)]
    assert (8, chain(tablet, own)) in await bring(*own, key=tablet.key.public.text)


async def test_a_device_that_never_signed_finds_its_own_chain_among_forged_lines(db: Database) -> None:
    tablet = Tablet(COURSE)
    own = [tablet.opens() for _ in range(6)]
    forger = Tablet(COURSE, tablet.profile, tablet.device, 4)
    forged = [forger.opens() for _ in range(3)]  # one more than it has itself
    await store(db, *own[:4], *forged, *own[4:])
    assert (6, chain(tablet, own)) in {
        (place.upto, place.digest) for place in await acknowledged(db, [tablet.profile])
    }


async def test_a_device_of_a_profile_that_is_nobodys_finds_what_it_closed_among_forged_lines(
    db: Database,
) -> None:
    tablet = Signing(COURSE)
    forger = Tablet(COURSE, tablet.profile, tablet.device, 3)
    own = [tablet.announces(), tablet.opens(), tablet.opens()]

    async def bring(*lines: bytes, key: str = "") -> set[tuple[int, bytes]]:
        await receive_file(db, File(lines, key), None, "bearer")
        return {(place.upto, place.digest) for place in await acknowledged(db, [tablet.profile])}

    assert await bring(*own, key=tablet.key.public.text) == {(3, chain(tablet, own))}
    assert (3, chain(tablet, own)) in await bring(*(forger.opens() for _ in range(3)))
    own += [tablet.opens() for _ in range(5)]
    assert (8, chain(tablet, own)) in await bring(*own, key=tablet.key.public.text)


async def test_a_device_that_closed_a_part_is_told_of_nothing_that_it_did_not_write(db: Database) -> None:
    tablet = Signing(COURSE)
    own = [tablet.announces(), tablet.opens(), tablet.opens()]
    await receive_file(db, File(tuple(own[:2]), tablet.key.public.text), None, "bearer")
    await store(db, own[2])
    assert {(place.upto, place.digest) for place in await acknowledged(db, [tablet.profile])} == {
        (upto, chain(tablet, own[:upto])) for upto in (2, 3)
    }
