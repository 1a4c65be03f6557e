"""However many links wait for a coach, a page looks at no more than it has time for, the newest first."""

from __future__ import annotations

import pytest

from lms.accounts import queries as accounts
from lms.accounts.review import queries
from lms.accounts.review.items import Look
from lms.db import Database
from lms.people import links
from lms.people.queries import add_person
from tests.sync.bringing import NELIDA, RUTH


async def test_the_newest_are_listed_by_name(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_CLAIMS", 2)
    for person in (NELIDA, RUTH):
        assert await add_person(db, person, pin_hash="", recovery_hash="")
    for profile, person, day in (("old", RUTH, 1), ("newest", RUTH, 3), ("newer", NELIDA, 2)):
        await links.claim(db, profile, person.id, at=f"2026-11-2{day}T00:00:00.000Z")

    listed = await queries.unverified(Look(db, "coach", most=5))

    assert listed.total == 2
    assert [item.profile for item in listed.items] == ["newer", "newest"]


async def test_whom_somebody_names_in_any_number_of_profiles_is_asked_about_some_and_then_the_next(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "MOST_CLAIMS", 2)
    assert await add_person(db, NELIDA, pin_hash="", recovery_hash="")
    for day in (3, 1, 2):
        await links.claim(db, f"p{day}", NELIDA.id, at=f"2026-11-2{day}T00:00:00.000Z")
    assert [one.profile for one in await accounts.claims_of(db, NELIDA.id)] == ["p1", "p2"]
    await accounts.undo_link(db, "p1", NELIDA.id, by=NELIDA.id, at="2026-11-26T00:00:00.000Z")
    assert [one.profile for one in await accounts.claims_of(db, NELIDA.id)] == ["p2", "p3"]
