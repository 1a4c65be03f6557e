"""A coach takes back that a profile is somebody's: its devices speak for them no more."""

from __future__ import annotations

import pytest

from lms.accounts.review import acts
from lms.db import Database
from lms.events import devices
from lms.people import links
from lms.people.model import Person

AT, LATER = "2026-11-26T12:00:00.000Z", "2026-11-26T12:30:00.000Z"
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
