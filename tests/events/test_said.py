"""However often somebody writes into a profile whose it is, so much of it is read as people ever type."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from events_cast import Tablet, changed, small_course, store

from lms.accounts.review import queries as review
from lms.accounts.review.items import Look
from lms.db import Database
from lms.events import ownership
from lms.people import links
from lms.people.queries import add_person
from lms.sync.receiving import receive_lines
from tests.sync.bringing import COACH, NELIDA, RUTH

AT = "2026-11-26T12:00:00.000Z"


@pytest.fixture
async def tablet(db: Database) -> Tablet:
    """One into which somebody wrote Nélida's document again and again, and then Ruth's."""
    for person in (NELIDA, RUTH):
        assert await add_person(db, person, pin_hash="", recovery_hash="")
    found = Tablet(small_course())
    lines = [found.identifies(f"Nélida {number}", NELIDA.document) for number in range(20)]
    await store(db, *lines, found.identifies("Ruth", RUTH.document))
    return found


@pytest.fixture(autouse=True)
def few() -> Iterator[None]:
    with changed(ownership, MOST_SAID=3):
        yield


async def test_what_is_beyond_makes_it_a_coachs_to_decide(db: Database, tablet: Tablet) -> None:
    said = await ownership.said_in(db, tablet.profile)
    assert [one.name for one in said[:3]] == ["Nélida 0", "Nélida 1", "Nélida 2"]
    assert said[3:] == [ownership.AND_MORE]
    assert not await ownership.may_take(db, tablet.profile, NELIDA)
    assert await ownership.claim_for_named(db, tablet.profile, at=AT) == links.Link(
        tablet.profile, NELIDA.id, "unverified", "", AT
    )
    (item,) = (await review.contested(Look(db, COACH.id, most=5))).items
    assert item.others == ("…",)


async def test_no_coach_vouches_for_it_by_bringing_a_file_nor_in_one_tap(db: Database) -> None:
    thief = Tablet(small_course())
    lines = [thief.identifies("Nélida", NELIDA.document) for _ in range(4)]
    await store(db, *lines, thief.identifies("Ruth", "49999999"))
    (item,) = (await review.of_nobody(Look(db, COACH.id, most=5))).items
    assert item.said == f"{NELIDA.document}, …"

    assert await add_person(db, NELIDA, pin_hash="", recovery_hash="")
    (item,) = (await review.of_nobody(Look(db, COACH.id, most=5))).items
    assert (item.offer, item.key.split()[1]) == ("", "-")
    received = await receive_lines(db, [thief.completes()], COACH, "coach")
    assert [one.status for one in received.linked] == ["unverified"]


async def test_as_much_as_is_read_is_not_too_much(db: Database, tablet: Tablet) -> None:
    hers = Tablet(small_course())
    await store(db, *(hers.identifies("Nélida", NELIDA.document) for _ in range(3)))
    assert await ownership.may_take(db, hers.profile, NELIDA)


@pytest.mark.parametrize(
    "ask",
    [
        lambda db, tablet: ownership.is_free(db, tablet.profile),
        lambda db, tablet: ownership.in_doubt(db, tablet.profile, NELIDA),
        lambda db, tablet: ownership.claim_for_named(db, tablet.profile, at=AT),
        lambda db, _: ownership.claim_what_names(db, RUTH, at=AT),
        lambda db, _: review.of_nobody(Look(db, COACH.id, most=5)),
    ],
    ids=["a guest's", "a file", "whom it names", "signing in", "a coach's list"],
)
async def test_nobody_reads_all_of_it(
    db: Database, tablet: Tablet, monkeypatch: pytest.MonkeyPatch, ask: Callable[..., Awaitable[Any]]
) -> None:
    read: list[int] = []
    rows = db.rows

    async def counted(*asked: Any, **into: Any) -> Any:
        found = await rows(*asked, **into)
        read.append(len(found))
        return found

    monkeypatch.setattr(db, "rows", counted)
    await ask(db, tablet)
    assert max(read) <= 4


async def test_whom_it_names_after_many_others_finds_it_all_the_same(db: Database) -> None:
    other = Tablet(small_course())
    lines = [other.identifies("Nadie", f"{number:08}") for number in range(4)]
    await store(db, *lines, other.identifies("Ruth", RUTH.document))
    assert await add_person(db, RUTH, pin_hash="", recovery_hash="")

    await ownership.claim_what_names(db, RUTH, at=AT)
    link = await links.link_of(db, other.profile)
    assert link is not None
    assert (link.person, link.status) == (RUTH.id, "unverified")


async def test_whoever_many_documents_mean_is_asked_at_once(
    db: Database, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    rows = db.rows

    async def counted(sql: str, *more: Any, **into: Any) -> Any:
        asked.append(sql)
        return await rows(sql, *more, **into)

    monkeypatch.setattr(db, "rows", counted)
    documents = [*(f"{number:08}" for number in range(200)), f"{RUTH.document}-1", f"{NELIDA.document}1"]
    found = await ownership.named_in(db, [*documents, *documents])
    assert [person.id for person in found] == [RUTH.id, NELIDA.id]
    assert len(asked) == 1


async def test_the_first_of_it_is_found_by_an_index_however_long_the_log_is(db: Database) -> None:
    explain = {"sqlite": "EXPLAIN QUERY PLAN", "postgres": "EXPLAIN"}[db.engine]
    if db.engine == "postgres":
        await db.execute("SET enable_seqscan = off")
    plan = await db.rows(f"{explain} {ownership._FIRST_SAYING_WHO}", {"profile": "", "most": 2})
    assert any("events_identified" in str(value) for row in plan for value in row)
