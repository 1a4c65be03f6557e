"""Forgetting a person: their account, their links, and their names and documents in whatever is stored."""

from __future__ import annotations

from lms.db import Database
from lms.events import ownership
from lms.events.bringing import forget_bringer, forget_held
from lms.events.unnaming import erase_names, take_out
from lms.people import queries as people
from lms.people.model import Person


async def erase(db: Database, person: Person, *, at: str) -> None:
    """Forget a person: the account, the links, and names and documents in stored events and refused lines.

    What the profiles did stays as numbers that belong to nobody.
    """
    seen = await take_out(db, person.document, await ownership.own_profiles(db, person), at=at)
    await forget_held(db, person.id)
    async with db.transaction() as work:
        more = await ownership.own_profiles(work, person, besides=seen.emptied)
        await erase_names(work, person.document, more, seen, at=at)
        await forget_bringer(work, person.id, held_after=seen.held)
        await people.erase_person(work, person.id, at=at)
