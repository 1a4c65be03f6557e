"""Somebody whose document stands in any number of profiles is erased a page at a time, while others write."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from events_cast import Tablet, small_course, store

from lms.db import Database, Transaction
from lms.events import erasing
from lms.events.erasing import tombstones_of
from lms.events.forgetting import erase
from lms.events.queries import lines_of
from lms.people import links
from lms.people.queries import add_person
from tests.sync.bringing import NELIDA

AT = "2026-11-26T12:00:00.000Z"


async def test_no_turn_takes_more_than_a_page_of_their_profiles(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await add_person(db, NELIDA, pin_hash="", recovery_hash="")
    tablets = [Tablet(small_course()) for _ in range(7)]
    for one in tablets:
        await store(db, one.identifies("Nélida", NELIDA.document), one.opens())
        await links.claim(db, one.profile, NELIDA.id, at=AT)
    turns: list[int] = []
    transaction = db.transaction

    @asynccontextmanager
    async def watched(**asked: bool) -> AsyncIterator[Transaction]:
        before = await written()
        async with transaction(**asked) as work:
            yield work
        turns.append(max(abs(one - other) for one, other in zip(before, await written(), strict=True)))

    async def written() -> list[Any]:
        return [await db.value(f"SELECT count(*) FROM {table}") for table in ("erased", "links")]  # noqa: S608 - ours

    monkeypatch.setattr(erasing, "_TURN", 2)
    monkeypatch.setattr(db, "transaction", watched)
    await erase(db, NELIDA, at=AT)

    assert max(turns) == 2
    profiles = [one.profile for one in tablets]
    assert {profile for profile, _ in await tombstones_of(db, profiles)} == set(profiles)
    assert NELIDA.document not in b"".join(await lines_of(db, profiles)).decode()
    assert await db.value("SELECT count(*) FROM links") == await db.value("SELECT count(*) FROM persons") == 0
