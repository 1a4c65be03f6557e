"""A server says in a profile's own log whose it is, once, and takes it back when the link is undone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from events_cast import Tablet, small_course, store

from lms.accounts.queries import erase, undo_link
from lms.db import Database
from lms.errors import FULL, Unavailable
from lms.events import forgetting, naming, ownership, unnaming, wire
from lms.events.erasing import tombstones_of
from lms.events.model import ProfileIdentified
from lms.events.queries import lines_of
from lms.people import links
from lms.people.queries import add_person
from tests.sync.bringing import NELIDA, RUTH

AT = "2026-11-26T12:00:00.000Z"
WHO = ProfileIdentified("Nélida Quispe", "dni", NELIDA.document)


@pytest.fixture
async def tablet(db: Database) -> Tablet:
    """What Nélida did at her school, where she has an account; nothing in it says so."""
    for person in (NELIDA, RUTH):
        assert await add_person(db, person, pin_hash="", recovery_hash="")
    found = Tablet(small_course())
    await store(db, found.opens(), found.completes())
    return found


async def hers(db: Database, tablet: Tablet) -> None:
    await links.vouch(db, tablet.profile, NELIDA.id, by=NELIDA.id, at=AT)


async def said(db: Database, tablet: Tablet) -> Sequence[ProfileIdentified]:
    return await ownership.said_in(db, tablet.profile)


async def test_it_says_who_once_with_name_and_document(db: Database, tablet: Tablet) -> None:
    await hers(db, tablet)
    for _ in range(2):
        await naming.name_owners(db)
    await naming.name_owners(db, [tablet.profile])

    assert await said(db, tablet) == [WHO]
    lines = await lines_of(db, [tablet.profile])
    written = next(wire.decode(line) for line in lines if b"profile.identified" in line)
    assert written.seq == 1
    assert written.device != tablet.device


async def test_what_is_longer_than_any_document_keeps_no_other_line_out(db: Database, tablet: Tablet) -> None:
    another = Tablet(small_course())
    number = "".join(random.Random(1).choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=9_000)).encode()
    odd = another.identifies("Nadie", "9").replace(b'"v":1', b'"v":9').replace(b'"9"', b'"%b"' % number)
    assert b'"v":9' in odd
    stored = await store(db, odd, another.opens())
    assert [one.status for one in stored] == ["stored", "stored"]
    assert not await db.value("SELECT 1 FROM named WHERE profile = :profile", {"profile": another.profile})


async def test_a_guest_stays_nameless_and_so_does_what_nobody_confirmed(db: Database, tablet: Tablet) -> None:
    await naming.name_owners(db)
    await links.claim(db, tablet.profile, NELIDA.id, at=AT)
    await naming.name_owners(db, [tablet.profile])
    assert await said(db, tablet) == []


async def test_nothing_is_said_of_a_profile_in_which_nothing_was_done(db: Database, tablet: Tablet) -> None:
    await links.vouch(db, "empty", NELIDA.id, by=NELIDA.id, at=AT)
    await naming.name_owners(db)
    assert await lines_of(db, ["empty"]) == []


async def test_one_that_says_it_itself_is_left_as_it_is(db: Database, tablet: Tablet) -> None:
    own = tablet.identifies("Neli", NELIDA.document)
    await store(db, own)
    await hers(db, tablet)
    await naming.name_owners(db)
    assert [one.name for one in await said(db, tablet)] == ["Neli"]


async def test_one_that_only_tells_a_name_gets_the_document_too(db: Database, tablet: Tablet) -> None:
    await store(db, tablet.identifies("Neli", ""))
    await hers(db, tablet)
    await naming.name_owners(db)
    assert [one.document for one in await said(db, tablet)] == ["", NELIDA.document]


async def test_many_are_said_a_page_at_a_time(
    db: Database, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naming, "_AT_ONCE", 2)
    tablets = [Tablet(small_course()) for _ in range(5)]
    for one in tablets:
        await store(db, one.opens())
        await hers(db, one)
    await naming.name_owners(db)
    assert [await said(db, one) for one in tablets] == [[WHO]] * 5


async def test_a_link_that_is_undone_takes_it_back_wherever_it_went(db: Database, tablet: Tablet) -> None:
    await hers(db, tablet)
    await naming.name_owners(db)
    assert await undo_link(db, tablet.profile, NELIDA.id, by="", at=AT)

    assert NELIDA.document not in b"".join(await lines_of(db, [tablet.profile])).decode()
    assert len(await tombstones_of(db, [tablet.profile])) == 1, "other servers are told"
    assert await links.link_of(db, tablet.profile) is None

    await links.vouch(db, tablet.profile, RUTH.id, by="coach", at=AT)
    await naming.name_owners(db)
    assert [one.document for one in await said(db, tablet)] == ["", RUTH.document]


async def test_so_it_is_where_a_server_that_was_put_back_to_an_older_day_said_it_twice(
    db: Database, tablet: Tablet
) -> None:
    await hers(db, tablet)
    await naming.name_owners(db)
    former = Tablet(tablet.course, tablet.profile)
    own = tablet.identifies(WHO.name, WHO.document)
    await store(db, own, former.identifies(WHO.name, WHO.document), source="node")
    assert await undo_link(db, tablet.profile, NELIDA.id, by="", at=AT)

    assert [one for one in await said(db, tablet) if one.document] == [WHO], "what its person wrote"
    assert own in await lines_of(db, [tablet.profile])
    assert len(await tombstones_of(db, [tablet.profile])) == 2


async def test_what_its_person_wrote_stays_when_the_link_is_undone(db: Database, tablet: Tablet) -> None:
    await store(db, tablet.identifies("Nélida", NELIDA.document))
    await hers(db, tablet)
    await naming.name_owners(db)
    assert await undo_link(db, tablet.profile, NELIDA.id, by="", at=AT)
    assert [one.document for one in await said(db, tablet)] == [NELIDA.document]
    assert await tombstones_of(db, [tablet.profile]) == []


async def test_an_erased_name_never_comes_back(db: Database, tablet: Tablet) -> None:
    await hers(db, tablet)
    await naming.name_owners(db)
    await erase(db, NELIDA, at=AT)
    assert await db.value("SELECT count(*) FROM named") == 0

    assert await add_person(db, NELIDA, pin_hash="", recovery_hash="")
    await links.vouch(db, tablet.profile, NELIDA.id, by="coach", at=AT)
    await naming.name_owners(db)
    assert NELIDA.document not in b"".join(await lines_of(db, [tablet.profile])).decode()


@pytest.mark.parametrize("confirmed", ["before", "meanwhile"])
async def test_what_it_would_say_while_somebody_is_erased_goes_too(
    db: Database, tablet: Tablet, confirmed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def and_more(*asked: Any, at: str) -> unnaming.Seen:
        seen = await unnaming.take_out(*asked, at=at)
        if confirmed == "meanwhile":
            await hers(db, tablet)
        await naming.name_owners(db)
        assert await said(db, tablet) == ([WHO] if confirmed == "meanwhile" else [])
        return seen

    if confirmed == "before":
        await hers(db, tablet)
    monkeypatch.setattr(forgetting, "take_out", and_more)
    await erase(db, NELIDA, at=AT)

    await naming.name_owners(db, [tablet.profile])
    assert [one for one in await said(db, tablet) if one.name or one.document] == []
    assert (tablet.profile, tablet.profile) in await tombstones_of(db, [tablet.profile])
    assert await db.value("SELECT count(*) FROM named") == 0


async def test_an_account_made_later_finds_what_named_it_before(db: Database, tablet: Tablet) -> None:
    other, erased = Tablet(small_course()), Tablet(small_course())
    await store(
        db, tablet.identifies("Nélida", f"{NELIDA.document}-1"), other.identifies("Ruth", RUTH.document)
    )
    await store(db, erased.identifies("Nélida", NELIDA.document))
    await links.vouch(db, erased.profile, RUTH.id, by="coach", at=AT)

    await ownership.claim_what_names(db, NELIDA, at=AT)

    link = await links.link_of(db, tablet.profile)
    assert link is not None
    assert (link.person, link.status) == (NELIDA.id, "unverified")
    assert await links.link_of(db, other.profile) is None
    assert (await links.links_of(db, [RUTH.id]))[0].profile == erased.profile


async def test_what_is_not_theirs_takes_the_place_of_nothing_that_is(
    db: Database, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ownership, "MOST_CLAIMS", 2)
    tablets = sorted((Tablet(small_course()) for _ in range(5)), key=lambda one: one.profile)
    await store(db, *(one.identifies("Nélida", NELIDA.document) for one in tablets))
    for _ in range(3):
        await ownership.claim_what_names(db, NELIDA, at=AT)
        for link in await links.links_of(db, [NELIDA.id]):
            assert await undo_link(db, link.profile, NELIDA.id, by=NELIDA.id, at=AT)
    rows = await db.rows("SELECT profile FROM undone_links ORDER BY profile")
    assert [row["profile"] for row in rows] == [one.profile for one in tablets]


async def test_it_is_said_again_where_what_said_it_went_with_somebody_elses_words(
    db: Database, tablet: Tablet
) -> None:
    card = f"{NELIDA.document}5"  # Ruth's, a foreigner's: it may also be Nélida's DNI with a character more
    await db.execute("UPDATE persons SET document = :card WHERE id = :id", {"card": card, "id": RUTH.id})
    await store(db, tablet.identifies("Ruth", card))
    await links.vouch(db, tablet.profile, RUTH.id, by=RUTH.id, at=AT)
    await naming.name_owners(db)
    await erase(db, NELIDA, at=AT)
    assert [one.document for one in await said(db, tablet)] == [""]

    await naming.name_owners(db)
    assert [one.document for one in await said(db, tablet)] == ["", card]


async def test_lines_from_before_are_noted_a_page_at_a_time(
    db: Database, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naming, "_PAGE", 2)
    tablets = [Tablet(small_course()) for _ in range(5)]
    await store(db, *(one.identifies("Nélida", NELIDA.document) for one in tablets))
    await store(db, tablet.identifies("Neli", ""))
    await db.execute("DELETE FROM named")

    for _ in range(2):
        await naming.note_names(db)

    rows = await db.rows("SELECT document, profile FROM named")
    found = sorted((row["document"], row["profile"]) for row in rows)
    assert found == sorted((NELIDA.document, one.profile) for one in tablets)


async def test_a_full_disk_keeps_no_progress_from_leaving(
    db: Database, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> list[str]:
        raise Unavailable(FULL)

    await hers(db, tablet)
    with monkeypatch.context() as disk:
        disk.setattr(naming, "say", full)
        await naming.name_owners(db, [tablet.profile])
    assert await said(db, tablet) == []
    await naming.name_owners(db, [tablet.profile])
    assert await said(db, tablet) == [WHO]
