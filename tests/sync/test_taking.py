"""Somebody who holds another's progress file tries to make that progress theirs."""

from __future__ import annotations

import pytest
from events_cast import Tablet

from lms.accounts.queries import Verdict, answer_claim, claims_of, erase
from lms.course.model import Course
from lms.db import Database
from lms.people import links
from lms.people.queries import add_person
from tests.sync.bringing import COACH, NELIDA, RUTH, Bring

AT = "2026-11-23T13:40:00.000Z"


@pytest.fixture
def tablet(small: Course) -> Tablet:
    """Nélida's."""
    return Tablet(small)


async def link(db: Database, tablet: Tablet) -> tuple[str, str] | None:
    """To whom the tablet's profile is linked, and how."""
    found = await links.link_of(db, tablet.profile)
    return (found.person, found.status) if found else None


async def test_writing_ones_document_into_anothers_file_takes_nothing(
    bring: Bring, db: Database, tablet: Tablet
) -> None:
    lines = [tablet.identifies("Nélida", NELIDA.document), tablet.completes()]
    await bring(lines, RUTH, "owner")

    await bring([*lines, tablet.identifies("Ruth", RUTH.document)], RUTH, "owner")

    assert await link(db, tablet) == (NELIDA.id, "unverified")
    assert [claim.profile for claim in await claims_of(db, NELIDA.id)] == [tablet.profile]


async def test_a_document_that_came_first_takes_nothing_either(
    bring: Bring, db: Database, tablet: Tablet
) -> None:
    await bring([tablet.identifies("Ruth", RUTH.document)], None, "bearer")
    await bring([tablet.identifies("Nélida", NELIDA.document), tablet.completes()], NELIDA, "owner")
    await bring([tablet.opens()], RUTH, "owner")

    assert await link(db, tablet) == (RUTH.id, "unverified")
    await answer_claim(db, Verdict(tablet.profile, RUTH.id, True, RUTH, AT))
    assert await link(db, tablet) == (RUTH.id, "unverified")


async def test_a_coach_decides_whose_a_contested_profile_is_and_the_next_one_named_is_asked(
    bring: Bring, db: Database, tablet: Tablet
) -> None:
    await bring([tablet.identifies("Ruth", RUTH.document)], None, "bearer")
    await bring([tablet.identifies("Nélida", NELIDA.document)], COACH, "coach")
    assert await link(db, tablet) == (RUTH.id, "unverified")

    await answer_claim(db, Verdict(tablet.profile, RUTH.id, False, COACH, AT))
    assert await link(db, tablet) == (NELIDA.id, "unverified")
    await answer_claim(db, Verdict(tablet.profile, NELIDA.id, True, COACH, AT))
    assert await link(db, tablet) == (NELIDA.id, "vouched")

    await bring([tablet.opens()], RUTH, "owner")
    assert await link(db, tablet) == (NELIDA.id, "vouched")


async def test_a_document_of_somebody_without_an_account_yet_protects_it_too(
    bring: Bring, db: Database, tablet: Tablet
) -> None:
    await bring([tablet.identifies("Ana", "49999999"), tablet.completes()], RUTH, "owner")
    await bring([tablet.identifies("Ruth", RUTH.document)], RUTH, "owner")

    assert await link(db, tablet) == (RUTH.id, "unverified")


async def test_what_a_coach_undid_its_person_does_not_take_again(
    bring: Bring, db: Database, tablet: Tablet
) -> None:
    await bring([tablet.completes()], RUTH, "owner")
    await links.unlink(db, tablet.profile, by=COACH.id, at=AT)

    await bring([tablet.opens()], RUTH, "owner")
    assert await link(db, tablet) is None
    await bring([tablet.identifies("Nélida", NELIDA.document)], NELIDA, "owner")
    assert await link(db, tablet) == (NELIDA.id, "vouched")


async def test_what_one_undid_oneself_comes_back_only_when_one_brings_it(
    bring: Bring, db: Database, tablet: Tablet
) -> None:
    lines = [tablet.identifies("Nélida", NELIDA.document), tablet.completes()]
    await bring(lines, None, "bearer")
    await answer_claim(db, Verdict(tablet.profile, NELIDA.id, False, NELIDA, AT))

    await bring(lines, None, "bearer")
    assert await link(db, tablet) is None
    await bring(lines, NELIDA, "owner")
    assert await link(db, tablet) == (NELIDA.id, "vouched")


async def everything_kept(db: Database) -> bytes:
    rows = await db.rows(
        "SELECT line FROM events UNION ALL SELECT line FROM quarantine UNION ALL SELECT line FROM held"
    )
    return b"\n".join(bytes(row["line"]) for row in rows)


async def test_an_erased_name_does_not_come_back_by_an_old_file(
    bring: Bring, db: Database, tablet: Tablet
) -> None:
    lines = [tablet.identifies("Nélida", " 4000 0001-"), tablet.completes()]
    later = tablet.identifies("Nélida Quispe", NELIDA.document)
    await bring(lines, NELIDA, "owner")
    await erase(db, NELIDA, at=AT)

    received = await bring([*lines, later, tablet.opens()], RUTH, "owner")

    assert (received.stored, received.known, received.refused) == (1, 3, 0)
    kept = await everything_kept(db)
    assert "Nélida".encode() not in kept
    assert b"4000 0001" not in kept
    assert NELIDA.document.encode() not in kept
    assert await link(db, tablet) is None


async def test_an_erased_profile_goes_to_nobody_who_brings_it_but_a_coach_can_give_it_back(
    bring: Bring, db: Database, tablet: Tablet
) -> None:
    lines = [tablet.identifies("Nélida", NELIDA.document), tablet.completes()]
    await bring(lines, NELIDA, "owner")
    await erase(db, NELIDA, at=AT)
    assert await add_person(db, NELIDA, pin_hash="", recovery_hash="")

    for person in (RUTH, NELIDA):
        await bring(lines, person, "owner")
        assert await link(db, tablet) is None
    await bring(lines, COACH, "coach")
    assert await link(db, tablet) == (NELIDA.id, "vouched")


async def test_erasing_takes_what_is_held_for_the_person_and_what_names_them_elsewhere(
    bring: Bring, db: Database, tablet: Tablet, small: Course
) -> None:
    other = Tablet(small)
    await bring([tablet.opens()], NELIDA, "owner")
    await bring([other.opens()], RUTH, "owner")
    await bring(
        [tablet.completes(), other.identifies("Nélida", "40.000.001"), other.completes()], None, "bearer"
    )
    assert await db.value("SELECT count(*) FROM held") == 3

    await erase(db, NELIDA, at=AT)

    assert [row["profile"] for row in await db.rows("SELECT profile FROM held")] == [other.profile]
    assert await db.value("SELECT count(*) FROM undone_links") == 0


async def test_erasing_leaves_another_persons_profile_as_it_is_though_somebody_wrote_the_document_into_it(
    bring: Bring, db: Database, tablet: Tablet, small: Course
) -> None:
    other = Tablet(small)
    await bring([tablet.opens()], NELIDA, "owner")
    foreign = other.identifies("Nélida", NELIDA.document)
    await bring([other.opens(), foreign], COACH, "coach")
    async with db.transaction() as work:
        await links.unlink(work, other.profile, by="", at=AT)
        await links.vouch(work, other.profile, RUTH.id, by=RUTH.id, at=AT)
    assert (await bring([other.completes()], None, "bearer")).held == 1

    await erase(db, NELIDA, at=AT)

    assert [row["profile"] for row in await db.rows("SELECT profile FROM held")] == [other.profile]
    assert (await bring([foreign], RUTH, "owner")).known == 1
    said = other.identifies("Ruth", RUTH.document)
    assert (await bring([said], RUTH, "owner")).stored == 1
    kept = await everything_kept(db)
    assert NELIDA.document.encode() not in kept
    assert RUTH.document.encode() in kept


async def test_a_refused_line_with_a_name_is_not_kept(bring: Bring, db: Database, tablet: Tablet) -> None:
    said = tablet.identifies("Nélida", NELIDA.document)
    bad = said.replace(b'"seq":1', b'"seq":0')
    other = said.replace("Nélida".encode(), b"Ana")

    received = await bring([said, bad, other], None, "bearer")

    assert (received.stored, received.refused) == (1, 2)
    assert await db.value("SELECT count(*) FROM quarantine") == 0
