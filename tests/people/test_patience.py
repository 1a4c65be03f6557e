"""Delays after wrong PINs."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from lms.db import Database
from lms.errors import TooMany
from lms.people.patience import (
    address_subject,
    begin_try,
    device_subject,
    forgive,
    stranger_subjects,
    wait,
)

NOW = datetime(2026, 11, 23, 13, 40, tzinfo=UTC)
NELIDA = device_subject("40000002", "profile")


def test_waits_double_and_stop_at_minutes() -> None:
    assert [wait(NELIDA, count) for count in range(1, 9)] == [0, 0, 0, 0, 2, 4, 8, 16]
    assert wait(NELIDA, 10_000) == 300


async def test_of_many_tries_at_once_only_the_free_ones_are_judged(db: Database) -> None:
    tries = await asyncio.gather(*(begin_try(db, [NELIDA], NOW) for _ in range(50)), return_exceptions=True)
    assert sum(one is None for one in tries) == NELIDA.free + 1


async def test_guessing_in_many_places_is_slowed_down_loosely(db: Database) -> None:
    for number in range(51):
        await begin_try(db, stranger_subjects("40000002", f"10.0.0.{number}"), NOW)

    with pytest.raises(TooMany):
        await begin_try(db, stranger_subjects("40000002", "10.0.1.1"), NOW)
    assert wait(stranger_subjects("40000002", "10.0.1.1")[1], 10_000) == 60


async def test_after_the_wait_one_may_try_again(db: Database) -> None:
    for _ in range(NELIDA.free + 1):
        await begin_try(db, [NELIDA], NOW)
    with pytest.raises(TooMany) as refusal:
        await begin_try(db, [NELIDA], NOW)
    await begin_try(db, [NELIDA], NOW + timedelta(seconds=refusal.value.retry_after))


async def test_tries_are_forgotten_after_a_while(db: Database) -> None:
    for _ in range(NELIDA.free + 1):
        await begin_try(db, [NELIDA], NOW)
    for _ in range(NELIDA.free):
        await begin_try(db, [NELIDA], NOW + timedelta(hours=1))


@pytest.mark.parametrize("back", [timedelta(minutes=6), timedelta(days=900)])
async def test_a_clock_that_goes_back_makes_nobody_wait_for_it(db: Database, back: timedelta) -> None:
    for _ in range(NELIDA.free + 1):
        await begin_try(db, [NELIDA], NOW)
    with pytest.raises(TooMany):
        await begin_try(db, [NELIDA], NOW)

    await begin_try(db, [NELIDA], NOW - back)


async def test_tries_of_a_clock_that_went_back_are_forgotten_too(db: Database) -> None:
    for minute in range(10):
        await begin_try(db, [NELIDA], NOW + timedelta(minutes=6 * minute))
    before = NOW - timedelta(days=900)
    for _ in range(NELIDA.free + 1):
        await begin_try(db, [NELIDA], before)


async def test_a_right_try_forgives_the_person_but_not_the_address(db: Database) -> None:
    school = address_subject("192.168.1.20")
    for _ in range(3):
        await begin_try(db, [NELIDA, school], NOW)
    await forgive(db, [NELIDA, school])
    rows = await db.rows("SELECT subject, count FROM failures")
    assert [(row["subject"], row["count"]) for row in rows] == [(school.key, 2)]


async def test_the_table_holds_no_documents_and_no_addresses(db: Database) -> None:
    await begin_try(db, [NELIDA, address_subject("192.168.1.20")], NOW)
    rows = await db.rows("SELECT subject FROM failures")
    assert not any("40000002" in row["subject"] or "192" in row["subject"] for row in rows)
