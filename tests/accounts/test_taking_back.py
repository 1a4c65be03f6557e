"""A coach takes back that a profile is somebody's: all is what it was, and its devices speak for them no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lms.accounts import queries as accounts
from lms.accounts.review import acts
from lms.accounts.review.reasons import REASONS
from lms.db import Database
from lms.events import devices, log
from lms.people import links
from lms.people.model import Person
from lms.people.queries import add_person
from tests.accounts.lines import identified
from tests.sync.bringing import NELIDA, RUTH

EARLIER, AT, LATER = (f"2026-11-26T{at}:00.000Z" for at in ("11:30", "12:00", "12:30"))
COACH = Person("rosa", "dni", "12345678", "Rosa", "Mamani", "", "acompanante", "", "", AT, "", "", 0)
PLACE = ("profile", "device")


@pytest.fixture
async def key(db: Database) -> None:
    """Nélida's key of a device of a profile that Rosa vouched for as hers."""
    await links.vouch(db, PLACE[0], "nelida", by=COACH.id, at=AT)
    await devices.own(db, {PLACE: "key"}, "nelida", at=LATER)
    assert await devices.owned_by(db, "nelida") != []


@pytest.mark.usefixtures("key")
async def test_the_keys_go_with_the_link_so_that_who_gets_it_next_may_bring_theirs(db: Database) -> None:
    assert await acts.undo(db, COACH, AT) == 1
    assert await devices.owned_by(db, "nelida") == []

    await links.vouch(db, PLACE[0], "ruth", by=COACH.id, at=LATER)
    assert await devices.people_behind(db, {PLACE}, "another key", "ruth") == {}


@pytest.mark.usefixtures("key")
async def test_a_moment_at_which_nothing_was_answered_takes_nothing_back(db: Database) -> None:
    assert await acts.undo(db, COACH, LATER) == 0
    assert len(await devices.owned_by(db, "nelida")) == 1


OF_NOBODY = f"{'5' * 8}-5555-4555-8555-{'5' * 12}"


@pytest.fixture
async def act(db: Database) -> acts.Act:
    for person in (COACH, NELIDA, RUTH):
        assert await add_person(db, person, pin_hash="", recovery_hash="")
    nobodys = next(reason for reason in REASONS if reason.name == "nadie")
    return acts.Act(db, COACH, AT, nobodys)


async def _all(db: Database) -> list[tuple[object, ...]]:
    """Every link, undone or not, and whatever else is remembered of one."""
    asked = (
        "SELECT profile, person, status, vouched_by, at FROM links ORDER BY profile",
        "SELECT profile, person, by, at FROM undone_links ORDER BY profile, person",
        "SELECT profile, given FROM replaced_links",
    )
    return [tuple(row) for sql in asked for row in await db.rows(sql)]


async def test_what_was_nobodys_is_nobodys_again_though_it_names_somebody(
    db: Database, act: acts.Act
) -> None:
    await log.append(db, [identified(OF_NOBODY, "Nélida", NELIDA.document)], source="open")
    before = await _all(db)
    assert await acts.answer(act, "si", [acts.Key(OF_NOBODY, NELIDA.id, 0)]) == 1
    assert len(await _all(db)) == 2

    assert await acts.undo(db, COACH, AT) == 1
    assert await _all(db) == before == []


async def test_a_claim_that_gave_way_and_a_no_of_before_are_back(db: Database, act: acts.Act) -> None:
    await links.claim(db, OF_NOBODY, RUTH.id, at=EARLIER)
    await links.unlink(db, OF_NOBODY, by="", at=EARLIER)
    await links.claim(db, OF_NOBODY, NELIDA.id, at=EARLIER)
    before = await _all(db)
    assert await acts.give(act, OF_NOBODY, RUTH)
    assert await _all(db) != before

    assert await acts.undo(db, COACH, AT) == 1
    assert await _all(db) == before


@pytest.mark.parametrize("verb", ["si", "no"])
async def test_an_unverified_link_is_what_it_was_since_when_it_was(
    db: Database, act: acts.Act, verb: str
) -> None:
    await links.claim(db, OF_NOBODY, NELIDA.id, at=EARLIER)
    before = await _all(db)
    unsure = next(reason for reason in REASONS if reason.name == "confirmar")
    assert await acts.answer(replace(act, reason=unsure), verb, [acts.Key(OF_NOBODY, NELIDA.id, 0)]) == 1

    assert await acts.undo(db, COACH, AT) == 1
    assert await _all(db) == before


async def test_an_erased_account_leaves_nothing_of_it(db: Database, act: acts.Act) -> None:
    await links.claim(db, OF_NOBODY, NELIDA.id, at=EARLIER)
    assert await acts.give(act, OF_NOBODY, RUTH)
    await accounts.erase(db, NELIDA, at=LATER)
    assert await db.value("SELECT count(*) FROM replaced_links") == 0
