"""Words that were erased do not come back, and what only looks like erased words keeps none away."""

from __future__ import annotations

import pytest
from events_cast import Tablet, changed, store

from lms.course.model import Course
from lms.db import Database
from lms.events import erasing, holding
from lms.events.erasing import (
    blanked,
    erase_names,
    erase_profiles,
    sightings,
    tombstones_among,
    tombstones_of,
)
from lms.events.model import NoteWritten
from lms.people import links

AT = "2026-11-26T00:00:00.000Z"
DOCUMENT = "40000001"


@pytest.fixture
async def tablet(db: Database, small: Course) -> Tablet:
    """Ruth's, with a profile that is hers for certain."""
    found = Tablet(small)
    await links.vouch(db, found.profile, "ruth", by="ruth", at=AT)
    return found


@pytest.fixture
def named(tablet: Tablet) -> bytes:
    """A line in it that names Nélida."""
    return tablet.identifies("Nélida", DOCUMENT)


def true_one(named: bytes) -> bytes:
    """The line from which that one was made."""
    return named.replace("Nélida".encode(), b"Ruth").replace(DOCUMENT.encode(), b"40000002")


async def send(db: Database, *lines: bytes, sender: str = "") -> list[str]:
    receipts = await holding.append(db, lines, sender=sender, source="file")
    return [receipt.status for receipt in receipts]


async def kept(db: Database) -> list[bytes]:
    rows = await db.rows("SELECT line FROM held UNION ALL SELECT line FROM events")
    return [bytes(row["line"]) for row in rows]


async def erase(db: Database) -> None:
    seen = await sightings(db, DOCUMENT)
    async with db.transaction() as work:
        await erase_names(work, DOCUMENT, [], seen, at=AT)


async def test_what_waited_and_named_somebody_comes_again_without_their_words(
    db: Database, tablet: Tablet, named: bytes
) -> None:
    assert await send(db, named) == ["held"]
    await erase(db)
    assert await kept(db) == []

    assert await send(db, named, tablet.completes()) == ["held", "held"]
    await holding.release(db, tablet.profile)

    assert blanked(named) in await kept(db)
    assert DOCUMENT.encode() not in b"".join(await kept(db))


async def test_nor_do_the_words_of_an_erased_profile_that_a_coach_linked_again(
    db: Database, tablet: Tablet, named: bytes
) -> None:
    async with db.transaction() as work:
        await erase_profiles(work, [tablet.profile], at=AT)

    assert await send(db, named) == ["held"]
    assert await kept(db) == [blanked(named)]


@pytest.mark.parametrize("sender", ["ruth", "somebody else"])
async def test_a_made_up_version_takes_nothing_from_the_true_one(
    db: Database, tablet: Tablet, named: bytes, sender: str
) -> None:
    await send(db, named)
    await send(db, true_one(named), sender=sender)

    await erase(db)

    assert await kept(db) == [true_one(named)]
    assert await tombstones_of(db, [tablet.profile]) == []


@pytest.mark.parametrize("at_once", [False, True])
async def test_words_are_taken_in_although_somebody_sent_their_line_without_them_before(
    db: Database, small: Course, at_once: bool
) -> None:
    tablet = Tablet(small)
    said = [
        tablet.identifies("Ruth", "40000002"),
        tablet.writes("note.written", "uno", NoteWritten("El pozo", ())),
    ]
    bare = [blanked(line) for line in said]
    batches = [bare + said] if at_once else [bare, said]
    receipts = [one for lines in batches for one in await store(db, *lines)]
    assert await kept(db) == said
    assert [one.status for one in receipts] == ["stored", "stored", "known", "known"]
    assert [one.status for one in await store(db, *bare, *said)] == ["known"] * 4, "and they stay"
    assert await kept(db) == said


async def test_into_somebodys_profile_a_stranger_puts_no_words_where_there_are_none(
    db: Database, tablet: Tablet, named: bytes
) -> None:
    await send(db, blanked(named), sender="ruth")
    assert await send(db, named) == ["held"]
    assert sorted(await kept(db)) == sorted([blanked(named), named])

    assert await send(db, true_one(named), sender="ruth") == ["known"]
    await holding.release(db, tablet.profile)
    assert await kept(db) == [true_one(named)]


async def test_words_that_were_erased_come_back_in_no_way(db: Database, small: Course) -> None:
    tablet = Tablet(small)
    said = tablet.identifies("Nélida", DOCUMENT)
    await store(db, said)
    async with db.transaction() as work:
        await erase_profiles(work, [tablet.profile], at=AT)
    assert [one.status for one in await store(db, said)] == ["known"]
    assert await send(db, said) == ["known"]
    assert await kept(db) == [blanked(said)]


async def test_what_names_somebody_while_their_words_are_looked_for_goes_too(
    db: Database, small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "_PAGE", 2)
    tablets = [Tablet(small) for _ in range(5)]
    said = [tablet.identifies("Nélida", "40.000-001") for tablet in tablets]
    others = [tablet.identifies("Ruth", "40000002") for tablet in tablets]
    await store(db, *said[:3], blanked(said[3]), *others)

    seen = await sightings(db, DOCUMENT)
    await store(db, *said[3:], said[0])
    async with db.transaction() as work:
        await erase_names(work, DOCUMENT, [], seen, at=AT)

    assert set(await kept(db)) == {*map(blanked, said), *others}
    assert len(await tombstones_of(db, [tablet.profile for tablet in tablets])) == 5


async def test_who_uses_a_profile_is_looked_up_by_an_index(db: Database) -> None:
    explain = {"sqlite": "EXPLAIN QUERY PLAN", "postgres": "EXPLAIN"}[db.engine]
    if db.engine == "postgres":
        await db.execute("SET enable_seqscan = off")
    asked = {"profile": "", "number": 0, "most": 2}
    plan = await db.rows(f"{explain} {erasing._SAYING_WHO}", asked)
    assert any("events_identified" in str(value) for row in plan for value in row)


@pytest.mark.parametrize("at_once", [1, 2, 5_000])
async def test_what_was_erased_is_looked_up_without_all_that_ever_was_of_a_profile(
    db: Database, at_once: int
) -> None:
    there = {("a", "a"), ("b", "1"), ("b", "2"), ("c", "3"), ("d", "d")}
    await db.execute_many(
        "INSERT INTO erased (profile, id, at) VALUES (:profile, :id, '')",
        [{"profile": profile, "id": id} for profile, id in there],
    )

    with changed(erasing, _PAGE=at_once):
        found = await tombstones_among(db, [("a", "9"), ("b", "2"), ("b", "3"), ("c", "1"), ("d", "d")])

    assert found == {("a", "a"), ("b", "2"), ("d", "d")}
    assert await tombstones_among(db, []) == set()
