"""A code that came before its profile counts once the profile is known, for nobody else, and goes when it goes."""

from __future__ import annotations

from datetime import date

import pytest
from events_cast import Tablet, small_course, store

from lms.accounts import queries as accounts
from lms.accounts.review import acts
from lms.db import Database
from lms.events import naming, ownership, stand_ins, wire
from lms.events.erasing import erase_lines, tombstones_of
from lms.events.naming import name_owners
from lms.events.queries import lines_of
from lms.people import links
from lms.people.model import Person
from lms.sync.over_token import encode
from lms.sync.pasted import Spot
from lms.sync.receiving import By
from lms.sync.token import Result, Token, course_key
from lms.sync.tokens import recognise, take, take_all, what_became
from tests.sync.bringing import COACH, NELIDA, RUTH, Bring
from tests.sync.meeting import AT, Node, meet

LATER = "2026-11-26T12:30:00.000Z"
COURSE = small_course()
COURSES = {COURSE.id: COURSE}


@pytest.fixture
def tablet() -> Tablet:
    return Tablet(COURSE)


def code(profile: str, mark: int = 150) -> str:
    """What somebody sends who finished the first lesson, with a mark in the assessment."""
    whose, day = profile.replace("-", "")[:12], date(2026, 11, 20)
    return encode(Token(1, course_key(COURSE.id), whose, day, "1.0.0", (2,), (Result(mark, 1),)))


async def paste(db: Database, text: str, person: Person | None = COACH, by: By = "coach") -> str:
    """Take a code; the profile it is kept for."""
    one = await recognise(db, COURSES, text)
    await take(db, one, person, by)
    return one.profile


async def status(db: Database, profile: str) -> tuple[str, str]:
    link = await links.link_of(db, profile)
    return (link.person, link.status) if link else ("", "")


async def test_it_counts_as_the_profile_does_once_a_coach_brings_that(
    db: Database, bring: Bring, tablet: Tablet
) -> None:
    stand_in = await paste(db, code(tablet.profile))
    assert stand_ins.is_stand_in(stand_in)
    assert await status(db, stand_in) == ("", "")

    await bring([tablet.identifies("Nélida", NELIDA.document)], COACH, "coach")
    assert await status(db, stand_in) == await status(db, tablet.profile) == (NELIDA.id, "vouched")
    assert await paste(db, code(tablet.profile)) == tablet.profile, "from now on it is the profile's own"


async def test_what_a_stranger_brought_is_asked_about(db: Database, bring: Bring, tablet: Tablet) -> None:
    stand_in = await paste(db, code(tablet.profile), None, "bearer")
    await bring([tablet.opens()], NELIDA, "owner")

    assert await status(db, tablet.profile) == (NELIDA.id, "vouched")
    assert await status(db, stand_in) == (NELIDA.id, "unverified")


async def test_it_follows_whoever_signs_in_and_whom_a_coach_names(
    db: Database, bring: Bring, tablet: Tablet
) -> None:
    stand_in = await paste(db, code(tablet.profile))
    await bring([tablet.identifies("Nélida", NELIDA.document)], None, "bearer")
    assert await status(db, stand_in) == (NELIDA.id, "unverified")

    await links.vouch(db, tablet.profile, RUTH.id, by=COACH.id, at=AT)
    await stand_ins.join(db, tablet.profile)
    assert await status(db, stand_in) == (RUTH.id, "vouched")

    await accounts.undo_link(db, tablet.profile, RUTH.id, by=COACH.id, at=AT)
    assert (await status(db, stand_in))[0] == (await status(db, tablet.profile))[0] == NELIDA.id

    assert await ownership.take(db, tablet.profile, NELIDA, at=AT)
    assert await status(db, stand_in) == (NELIDA.id, "vouched")


async def test_what_somebody_answered_about_the_code_itself_stays(
    db: Database, bring: Bring, tablet: Tablet
) -> None:
    stand_in = await paste(db, code(tablet.profile))
    await links.vouch(db, stand_in, RUTH.id, by=COACH.id, at=AT)
    await bring([tablet.identifies("Nélida", NELIDA.document)], COACH, "coach")
    assert await status(db, stand_in) == (RUTH.id, "vouched"), "a coach said so"

    await accounts.undo_link(db, stand_in, RUTH.id, by=COACH.id, at=AT)
    assert await status(db, stand_in) == (NELIDA.id, "vouched")
    await accounts.undo_link(db, stand_in, NELIDA.id, by=COACH.id, at=AT)
    await stand_ins.join(db, tablet.profile)
    assert await status(db, stand_in) == ("", "")


async def test_two_profiles_that_begin_alike_leave_it_to_a_coach(
    db: Database, bring: Bring, tablet: Tablet
) -> None:
    other = Tablet(COURSE)
    other.profile = f"{tablet.profile[:13]}{other.profile[13:]}"
    stand_in = await paste(db, code(tablet.profile))
    await store(db, tablet.opens(), other.opens())
    await bring([tablet.identifies("Nélida", NELIDA.document)], COACH, "coach")

    assert await status(db, stand_in) == ("", "")
    one = await recognise(db, COURSES, code(tablet.profile))
    assert (one.profile, one.alike) == (stand_in, True)
    other_code = await recognise(db, COURSES, code(tablet.profile, mark=90))
    [told], _ = await take_all(db, COURSES, [Spot(code(tablet.profile), ())], COACH)
    assert told.words.endswith("Puede ser de más de una persona: contará solo si lo enlazas.")
    said = what_became(await take(db, other_code, None, "bearer"), other_code, names=False)
    assert said.endswith("Puede ser de más de una persona: avisa a tu acompañante.")


async def test_whoever_makes_a_profile_that_begins_so_keeps_no_code_once_the_true_one_comes(
    db: Database, bring: Bring, tablet: Tablet
) -> None:
    thief = Tablet(COURSE)
    thief.profile = f"{tablet.profile[:13]}{thief.profile[13:]}"
    stand_in = await paste(db, code(tablet.profile))
    await bring([thief.opens()], RUTH, "owner")
    assert await status(db, stand_in) == (RUTH.id, "vouched")

    await bring([tablet.opens()], NELIDA, "owner")
    assert await status(db, stand_in) == ("", "")
    await accounts.erase(db, RUTH, at=AT)
    assert (stand_in, stand_in) not in await tombstones_of(db, [stand_in])

    await links.vouch(db, stand_in, NELIDA.id, by=COACH.id, at=AT)
    await stand_ins.join(db, tablet.profile)
    assert await status(db, stand_in) == (NELIDA.id, "vouched"), "a coach said so"


@pytest.mark.parametrize("by", ["bearer", "coach"])
async def test_nobody_takes_codes_from_whose_they_are_by_making_up_a_profile_that_begins_so(
    db: Database, bring: Bring, tablet: Tablet, by: By
) -> None:
    other = Tablet(COURSE)
    other.profile = f"{tablet.profile[:13]}{other.profile[13:]}"
    stand_in = await paste(db, code(tablet.profile))
    await bring([tablet.opens()], NELIDA, "owner")
    await bring(
        [other.opens(), other.identifies("Ruth", RUTH.document)], None if by == "bearer" else COACH, by
    )
    await bring([tablet.completes()], NELIDA, "owner")
    assert await status(db, stand_in) == ((NELIDA.id, "vouched") if by == "bearer" else ("", ""))

    assert await ownership.take(db, other.profile, RUTH, at=AT)
    assert await status(db, stand_in) == ("", ""), "now a coach has to say"


async def test_who_says_no_to_a_profile_that_somebody_made_up_keeps_their_codes(
    db: Database, bring: Bring, tablet: Tablet
) -> None:
    stand_in = await paste(db, code(tablet.profile))
    await links.vouch(db, stand_in, NELIDA.id, by=COACH.id, at=AT)
    await bring([tablet.identifies("Nélida", NELIDA.document)], None, "bearer")
    assert await status(db, tablet.profile) == (NELIDA.id, "unverified")

    assert await accounts.undo_link(db, tablet.profile, NELIDA.id, by=NELIDA.id, at=LATER)
    assert await status(db, tablet.profile) == ("", "")
    assert await status(db, stand_in) == (NELIDA.id, "vouched"), "a coach said so"


async def test_a_coach_takes_both_back_in_whatever_order_they_are_found(
    db: Database, bring: Bring, tablet: Tablet
) -> None:
    stand_in = await paste(db, code(tablet.profile))
    await bring([tablet.opens()], COACH, "coach")
    await links.claim(db, stand_in, NELIDA.id, at=AT)
    await links.vouch(db, tablet.profile, NELIDA.id, by=COACH.id, at=LATER)
    await stand_ins.join(db, tablet.profile)
    assert await status(db, stand_in) == (NELIDA.id, "vouched")

    assert await acts.undo(db, COACH, LATER) == 1
    assert await status(db, tablet.profile) == await status(db, stand_in) == ("", "")


async def test_a_coach_who_links_an_erased_profile_again_gives_its_codes_back_too(
    db: Database, bring: Bring, tablet: Tablet
) -> None:
    stand_in = await paste(db, code(tablet.profile))
    await bring([tablet.identifies("Nélida", NELIDA.document)], COACH, "coach")
    await accounts.erase(db, NELIDA, at=AT)
    assert await accounts.people.add_person(db, NELIDA, pin_hash="", recovery_hash="")

    await bring([tablet.opens()], NELIDA, "owner")
    assert await status(db, stand_in) == ("", "")
    await links.vouch(db, tablet.profile, NELIDA.id, by=COACH.id, at=LATER)
    await stand_ins.join(db, tablet.profile)
    assert await status(db, stand_in) == (NELIDA.id, "vouched")


@pytest.mark.parametrize("linked_first", [True, False], ids=["link first", "code first"])
async def test_it_counts_on_two_servers_that_exchange(
    school: Node, ugel: Node, tablet: Tablet, linked_first: bool
) -> None:
    for node in (school, ugel):
        assert await accounts.people.add_person(node.db, NELIDA, pin_hash="", recovery_hash="")
    stand_in = await paste(ugel.db, code(tablet.profile))
    if not linked_first:
        await meet(school, ugel)
    await store(school.db, tablet.identifies("Nélida", NELIDA.document))
    assert await ownership.take(school.db, tablet.profile, NELIDA, at=AT)
    await meet(school, ugel)

    assert await status(school.db, stand_in) == (NELIDA.id, "vouched")
    assert (await status(ugel.db, stand_in))[0] == (await status(ugel.db, tablet.profile))[0] == NELIDA.id
    assert sorted(await school.lines()) == sorted(await ugel.lines())


async def test_it_goes_with_whoever_is_erased(db: Database, bring: Bring, tablet: Tablet) -> None:
    stand_in = await paste(db, code(tablet.profile), None, "bearer")
    await bring([tablet.identifies("Nélida", NELIDA.document)], NELIDA, "owner")
    await accounts.erase(db, NELIDA, at=AT)
    assert (stand_in, stand_in) in await tombstones_of(db, [stand_in])
    assert await status(db, stand_in) == ("", "")


async def test_it_goes_confirmed_too_and_is_never_named_again(
    db: Database, bring: Bring, tablet: Tablet
) -> None:
    stand_in = await paste(db, code(tablet.profile))
    await bring([tablet.identifies("Nélida", NELIDA.document)], COACH, "coach")
    assert await status(db, stand_in) == (NELIDA.id, "vouched")
    await accounts.erase(db, NELIDA, at=AT)
    assert (stand_in, stand_in) in await tombstones_of(db, [stand_in])

    assert await accounts.people.add_person(db, NELIDA, pin_hash="", recovery_hash="")
    for profile in (tablet.profile, stand_in):
        await links.vouch(db, profile, NELIDA.id, by=COACH.id, at=AT)
    await naming.name_owners(db)
    assert NELIDA.document not in b"".join(await lines_of(db, [tablet.profile, stand_in])).decode()


async def test_one_that_comes_after_its_person_was_erased_is_nobodys_task(
    school: Node, ugel: Node, tablet: Tablet
) -> None:
    assert await accounts.people.add_person(school.db, NELIDA, pin_hash="", recovery_hash="")
    await store(school.db, tablet.identifies("Nélida", NELIDA.document))
    assert await ownership.take(school.db, tablet.profile, NELIDA, at=AT)
    await accounts.erase(school.db, NELIDA, at=AT)
    stand_in = await paste(ugel.db, code(tablet.profile))
    await meet(school, ugel)

    for node in (school, ugel):
        assert (stand_in, stand_in) in await tombstones_of(node.db, [stand_in])


async def test_it_goes_when_the_only_line_that_made_the_claim_is_erased_and_to_whom_else_is_named(
    db: Database, bring: Bring, tablet: Tablet
) -> None:
    stand_in, line = await paste(db, code(tablet.profile)), tablet.identifies("Nélida", NELIDA.document)
    await bring([line], None, "bearer")
    assert await status(db, stand_in) == (NELIDA.id, "unverified")
    await erase_lines(db, {(tablet.profile, wire.decode(line).id)}, at=AT)
    assert await status(db, tablet.profile) == await status(db, stand_in) == ("", "")

    lines = [tablet.identifies(one.given_names, one.document) for one in (NELIDA, RUTH)]
    await bring(lines, None, "bearer")
    await erase_lines(db, {(tablet.profile, wire.decode(lines[0]).id)}, at=AT)
    assert await status(db, tablet.profile) == await status(db, stand_in) == (RUTH.id, "unverified")


async def test_no_server_says_whose_it_is_beside_its_profile(
    db: Database, bring: Bring, tablet: Tablet
) -> None:
    stand_in = await paste(db, code(tablet.profile))
    await bring([tablet.identifies("Nélida", NELIDA.document)], COACH, "coach")
    await name_owners(db)
    assert await status(db, stand_in) == (NELIDA.id, "vouched")
    assert await ownership.said_in(db, stand_in) == []
