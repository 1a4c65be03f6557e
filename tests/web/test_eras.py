"""The word of an era: another one at each start, and one for all processes of a shared database."""

from __future__ import annotations

from lms.db import Database
from lms.web import eras


async def test_an_era_has_one_word(db: Database) -> None:
    assert await eras.era(db) == await eras.era(db)


async def test_another_start_is_another_era_but_where_the_database_went_on(db: Database) -> None:
    before = await eras.era(db)
    eras._KNOWN.clear()
    shared = db.engine == "postgres"
    assert (await eras.era(db) == before) is shared
