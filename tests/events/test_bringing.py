"""Who brought what: refused lines are counted by bringer, way and reason, and nobody's words are kept."""

from __future__ import annotations

from typing import Any

import pytest
from events_cast import Tablet, changed, small_course

from lms.course.model import Course
from lms.db import Database
from lms.events import bringing, holding, log
from lms.events.batch import OTHER_BYTES
from lms.events.bringing import forget_bringer, forget_held, note_brought, note_refused
from lms.people import links

AT = "2026-11-23T13:40:00.000Z"
LATER = "2027-03-01T13:40:00.000Z"
WAY = ("nelida", "file")


async def refuse(db: Database, *lines: bytes, way: tuple[str, str] = WAY, at: str = AT) -> None:
    await note_refused(db, lines, await log.append(db, lines, source=way[1]), way, at)


async def told(db: Database) -> list[tuple[Any, ...]]:
    rows = await db.rows(
        "SELECT brought_by, source, reason, lines, type, course FROM refusals ORDER BY reason, brought_by"
    )
    return [tuple(row[name] for name in row.keys()) for row in rows]  # noqa: SIM118 - rows iterate over values


async def test_refused_lines_are_counted_by_reason_and_the_rest_goes_in(db: Database, small: Course) -> None:
    tablet = Tablet(small)
    good = tablet.completes()
    bad = [tablet.answers("senal", 0).replace(b'"seq":', b'"seq":-') for _ in range(3)]
    await refuse(db, good, *bad, b"{")
    assert await told(db) == [
        (
            "nelida",
            "file",
            "El número de orden (seq) debe ser un entero desde 1.",
            3,
            "exercise.answered",
            "curso",
        ),
        ("nelida", "file", "Esta línea no es un registro de avance.", 1, "", ""),
    ]
    assert await db.value("SELECT count(*) FROM events") == 1


async def test_whoever_sends_rubbish_makes_a_number_grow_and_no_list(db: Database, small: Course) -> None:
    for _ in range(3):
        await refuse(db, *[b"rubbish %d" % number for number in range(50)], way=("", "open"))
    await refuse(db, b"x")
    assert [(by, lines) for by, _, _, lines, _, _ in await told(db)] == [("", 150), ("nelida", 1)]


async def test_no_words_of_anybody_stay_in_it(db: Database, small: Course) -> None:
    tablet = Tablet(small)
    line = tablet.identifies("Nélida", "40000002")
    await refuse(db, line.replace(b'"course":""', b'"course":"Secreto de Rosa"'))
    await log.append(db, [line], source="file")
    await refuse(db, line.replace("Nélida".encode(), b"Rosa"))
    rows = await db.rows("SELECT * FROM refusals")
    text = " ".join(str(value) for row in rows for value in (row[name] for name in row.keys()))  # noqa: SIM118 - a row is no mapping
    assert OTHER_BYTES in text
    for word in ("Nélida", "Rosa", "40000002"):
        assert word not in text


async def test_it_is_told_for_ninety_days_after_the_last(db: Database) -> None:
    await refuse(db, b"x")
    await db.execute(
        "INSERT INTO reviewed (kind, subject, upto, by, at) SELECT 'refused', id, 1, '', '' FROM refusals"
    )
    await refuse(db, b"y", way=("ruth", "file"), at=LATER)
    assert [row[0] for row in await told(db)] == ["ruth"]
    assert await db.value("SELECT count(*) FROM reviewed") == 0


async def test_it_goes_with_the_account_of_who_brought_it(db: Database) -> None:
    await refuse(db, b"x")
    await note_brought(db, {"p1": True}, "nelida", "owner", AT)
    async with db.transaction() as work:
        await forget_bringer(work, "nelida")
    assert await told(db) == []
    assert await db.value("SELECT count(*) FROM brought") == 0


@pytest.mark.parametrize("ahead", [True, False])
async def test_and_lines_that_wait_do_not_say_it_any_more(db: Database, ahead: bool) -> None:
    tablet = Tablet(small_course())
    await links.vouch(db, tablet.profile, "ruth", by="ruth", at=AT)
    for sender in ("nelida", "nelida", "elias"):
        await holding.append(db, [tablet.opens()], sender=sender, source="file")

    upto = 0
    if ahead:
        upto = await db.value("SELECT max(number) FROM held")
        with changed(bringing, _AT_ONCE=1):
            await forget_held(db, "nelida")
    async with db.transaction() as work:
        await forget_bringer(work, "nelida", held_after=upto)

    rows = await db.rows("SELECT brought_by FROM held ORDER BY number")
    assert [row["brought_by"] for row in rows] == ["", "", "elias"]


async def who_brought(db: Database) -> list[tuple[str, str, str]]:
    rows = await db.rows("SELECT profile, person, by FROM brought ORDER BY profile")
    return [(row["profile"], row["person"], row["by"]) for row in rows]


async def test_the_last_who_brought_a_file_counts(db: Database) -> None:
    await note_brought(db, {"p1": True, "p2": True}, "nelida", "owner", AT)
    await note_brought(db, {"p2": True}, "elias", "coach", LATER)
    await note_brought(db, {}, "elias", "coach", LATER)
    assert await who_brought(db) == [("p1", "nelida", "owner"), ("p2", "elias", "coach")]
    await note_brought(db, {"p2": True}, "", "bearer", LATER)
    assert await who_brought(db) == [("p1", "nelida", "owner"), ("p2", "", "bearer")]


async def test_who_brings_nothing_new_takes_no_coachs_place(db: Database) -> None:
    for person, by in (("", "bearer"), ("nelida", "owner"), ("", "bearer"), ("elias", "coach")):
        await note_brought(db, {"p1": False}, person, by, AT)
        assert await who_brought(db) == [("p1", person, by)]
    for person, by in (("", "bearer"), ("nelida", "owner")):
        await note_brought(db, {"p1": False}, person, by, LATER)
    assert await who_brought(db) == [("p1", "elias", "coach")]
    await note_brought(db, {"p1": False}, "", "keeper", LATER)
    assert await who_brought(db) == [("p1", "", "keeper")]
