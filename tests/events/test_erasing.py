"""Words that were erased do not come back, and what only looks like erased words keeps none away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from events_cast import Tablet, changed, store

from lms.course.model import Course
from lms.db import Database, Transaction
from lms.db.interface import Row
from lms.errors import FULL, Unavailable
from lms.events import erasing, holding, naming, ownership, unnaming, wire
from lms.events.erasing import blanked, erase_lines, erase_profiles, tombstones_among, tombstones_of
from lms.events.model import NoteWritten
from lms.events.unnaming import erase_names, take_out
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


async def erase(db: Database, *own: str) -> None:
    seen = await take_out(db, DOCUMENT, own, at=AT)
    async with db.transaction() as work:
        await erase_names(work, DOCUMENT, own, seen, at=AT)


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
    monkeypatch.setattr(unnaming, "_LINES", 2)
    tablets = [Tablet(small) for _ in range(5)]
    said = [tablet.identifies("Nélida", "40.000-001") for tablet in tablets]
    others = [tablet.identifies("Ruth", "40000002") for tablet in tablets]
    await store(db, *said[:3], blanked(said[3]), *others)

    seen = await take_out(db, DOCUMENT, at=AT)
    await store(db, *said[3:], said[0])
    async with db.transaction() as work:
        await erase_names(work, DOCUMENT, [], seen, at=AT)

    assert set(await kept(db)) == {*map(blanked, said), *others}
    assert len(await tombstones_of(db, [tablet.profile for tablet in tablets])) == 5


async def test_words_for_a_line_that_was_looked_at_already_go_too(
    db: Database, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [tablet.identifies("Nélida", DOCUMENT) for _ in range(4)]
    await store(db, blanked(said[0]), *said[1:])
    blank = unnaming._blank

    async def meanwhile(*asked: Any) -> None:
        await store(db, said[0])
        await blank(*asked)

    monkeypatch.setattr(unnaming, "_LINES", 2)
    monkeypatch.setattr(unnaming, "_blank", meanwhile)
    await take_out(db, DOCUMENT, at=AT)

    assert set(await kept(db)) == {*map(blanked, said)}
    assert await db.value("SELECT count(*) FROM named") == 0


@pytest.mark.parametrize("whole", [False, True], ids=["named in another's", "their own"])
async def test_nobody_waits_for_more_than_a_page_however_many_lines_somebody_sent(
    db: Database, tablet: Tablet, whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = [tablet.identifies("", "") for _ in range(20)]
    if whole:
        bare += [tablet.writes("note.written", "uno", NoteWritten("El pozo", ())) for _ in range(20)]
    said = [tablet.identifies("Nélida", DOCUMENT) for _ in range(20)]
    await store(db, *bare, *said)
    await send(db, *(tablet.identifies("Nélida", DOCUMENT) for _ in range(20)))
    read: list[int] = []
    transaction = db.transaction

    @asynccontextmanager
    async def watched(**asked: bool) -> AsyncIterator[Transaction]:
        async with transaction(**asked) as work:
            rows = work.rows

            async def counted(*asked: Any, **into: Any) -> list[Row]:
                found: list[Row] = await rows(*asked, **into)
                read.append(len(found))
                return found

            monkeypatch.setattr(work, "rows", counted)
            yield work

    monkeypatch.setattr(unnaming, "_LINES", 3)
    monkeypatch.setattr(erasing, "_LINES", 3)
    monkeypatch.setattr(db, "transaction", watched)
    with changed(naming, _PAGE=3):
        await erase(db, *[tablet.profile] * whole)

    assert max(read) <= 3
    assert sorted(await kept(db)) == sorted(map(blanked, [*bare, *said]))


async def test_refused_lines_with_the_document_go_also_those_that_come_meanwhile(db: Database) -> None:
    await store(db, b"no event", b"nor this", *(f"{n} {DOCUMENT}".encode() for n in range(5)))
    with changed(unnaming, _LINES=2):
        seen = await take_out(db, DOCUMENT, at=AT)
    assert await db.value("SELECT count(*) FROM quarantine") == 2

    await store(db, f"later {DOCUMENT}".encode(), b"neither")
    async with db.transaction() as work:
        await erase_names(work, DOCUMENT, [], seen, at=AT)
    rows = await db.rows("SELECT line FROM quarantine")
    assert {bytes(row["line"]) for row in rows} == {b"no event", b"nor this", b"neither"}


async def test_what_was_stopped_half_way_is_done_by_the_next(
    db: Database, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [tablet.identifies("Nélida", DOCUMENT) for _ in range(3)]
    await store(db, *said)

    async def full(*_: object) -> None:
        raise Unavailable(FULL)

    with monkeypatch.context() as disk:
        disk.setattr(unnaming, "_blank", full)
        with pytest.raises(Unavailable):
            await erase(db)
    assert await kept(db) == said

    await erase(db)
    assert set(await kept(db)) == {*map(blanked, said)}
    assert await db.value("SELECT count(*) FROM named") == 0


async def test_one_line_that_was_erased_hides_none_that_names_the_same(db: Database, tablet: Tablet) -> None:
    said = [tablet.identifies("Nélida", DOCUMENT) for _ in range(2)]
    await store(db, *said)
    async with db.transaction() as work:
        await erase_lines(work, {(tablet.profile, wire.decode(said[0]).id)}, at=AT)
    assert set(await kept(db)) == {blanked(said[0]), said[1]}

    await erase(db)
    assert set(await kept(db)) == {*map(blanked, said)}


async def test_a_document_that_only_looks_alike_is_still_found_where_another_line_names_it(
    db: Database, tablet: Tablet
) -> None:
    alike = f"{DOCUMENT}5"  # somebody's foreigner's card
    said = [tablet.identifies("Ruth", alike), tablet.identifies("Nélida", DOCUMENT)]
    only = Tablet(tablet.course)
    await store(db, *said, only.identifies("Ruth", alike))

    await take_out(db, alike, at=AT)

    assert said[1] in await kept(db)
    assert alike.encode() not in b"".join(await kept(db))
    rows = await db.rows("SELECT document, profile FROM named")
    assert [(row["document"], row["profile"]) for row in rows] == [(DOCUMENT, tablet.profile)]


async def test_who_uses_a_profile_is_looked_up_by_an_index(db: Database) -> None:
    explain = {"sqlite": "EXPLAIN QUERY PLAN", "postgres": "EXPLAIN"}[db.engine]
    if db.engine == "postgres":
        await db.execute("SET enable_seqscan = off")
    asked = {"profile": "", "number": 0, "most": 2}
    plan = await db.rows(f"{explain} {ownership.SAYING_WHO}", asked)
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
