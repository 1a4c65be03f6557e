"""Lines that no program of ours writes: each engine takes the same of them, and none takes others with it."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from events_cast import Tablet, all_outcomes, right, small_course, store
from hypothesis import given
from hypothesis import strategies as st
from postgres_server import Postgres

from lms.course.model import Course
from lms.db import Database, migrate, open_database
from lms.events import batch, holding
from lms.events.ids import new_event_id, new_random_id
from lms.events.model import (
    EVENTS,
    DeviceAnnounced,
    EventData,
    LessonBookmarked,
    NoteWritten,
    ProfileIdentified,
    ProgressReported,
)
from lms.events.revisions import publish_revisions, rebuild_outcomes
from lms.people import links
from lms.sync.receiving import receive_lines

AT = "2026-11-23T13:40:00.000Z"
NUL = "a\0b"

SMALL = small_course()
_OTHERS: dict[str, tuple[str, EventData]] = {
    "progress.reported": (
        "curso",
        ProgressReported("CHASKI", "2026-11-20", {"uno": "completed"}, {"senal": (0.5, 2)}, {"final": (14, 1)}, {}),
    ),
    "lesson.bookmarked": ("uno", LessonBookmarked(True, (new_event_id(),))),
    "note.written": ("uno", NoteWritten("Mi nota", ())),
    "profile.identified": ("", ProfileIdentified("Rosa", "dni", "12345678")),
    "device.announced": ("", DeviceAnnounced("A" * 87)),
    "lesson.praised": ("uno", {"by": ["Rosa"]}),
}  # fmt: skip


def of_every_type() -> dict[str, dict[str, Any]]:
    """A good line of each type, and of one that is not known here."""
    tablet = Tablet(SMALL)
    lines = [
        tablet.opens(),
        tablet.completes(),
        tablet.answers("palabra", "SIM"),
        tablet.submits({"b1": 0, "b2": 1}),
    ]
    lines += [tablet.writes(kind, item, data) for kind, (item, data) in _OTHERS.items()]
    return {line["type"]: line for line in map(json.loads, lines)}


WHOLE = of_every_type()


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a line, and beside what each object has one for something more."""
    if path:
        yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inside:
        yield from places(one, (*path, name))
    if isinstance(value, dict) and path:
        yield (*path, NUL)
        yield (*path, "\ud800")
        yield (*path, "x" * 200)


ODD = [
    NUL, "\0", "\ud800", "\udfff\ud800", "\u2028", "\x85", "", "ñ" * 200, "\U0001f9d9" * 200, "reported.x.y",
    0, -1, True, None, 2**31, 2**53, 2**53 + 1, 2**63, 10**400, 1e308, 5e-324, -0.0,
    "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59",
    "completed", [0.5, 1], [0.5, 10_001], [None, 1], [2**63, 2**63], {NUL: NUL}, {"\ud800": 1}, {"uno": "opened"},
    [[[[[1]]]]],
]  # fmt: skip


def with_odd(kind: str, path: tuple[Any, ...], odd: Any, *, escaped: bool = True) -> bytes:
    """A new line of a type, with something odd in one place."""
    line = copy.deepcopy(WHOLE[kind])
    line |= {"id": new_event_id(), "profile": new_random_id(), "device": new_random_id()}
    at: Any = line
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = odd
    return json.dumps(line, ensure_ascii=escaped, separators=(",", ":")).encode("utf-8", "surrogatepass")


@st.composite
def odd_lines(draw: Any) -> bytes:
    """A line of some type with something odd in some place."""
    kind = draw(st.sampled_from(sorted(WHOLE)))
    path = draw(st.sampled_from([*places(WHOLE[kind])]))
    odd = draw(st.sampled_from(ODD) | st.text(max_size=3))
    return with_odd(kind, path, odd, escaped=draw(st.booleans()))


class Both:
    """A site on each engine, with the same course, on which the same is done."""

    def __init__(self, runner: asyncio.Runner, sites: list[Database]) -> None:
        self._runner, self._sites = runner, sites

    def do(self, act: Any, *about: Any) -> Any:
        """What it comes to, which has to be the same on both."""
        one, other = [self._runner.run(act(db, *about)) for db in self._sites]
        assert one == other
        return one


async def opened(place: str) -> Database:
    db = await open_database(place)
    await migrate(db)
    await publish_revisions(db, SMALL)
    return db


@pytest.fixture
def both(tmp_path: Path, postgres: Postgres) -> Iterator[Both]:
    """Both engines at once."""
    with asyncio.Runner() as runner:
        sites = [runner.run(opened(place)) for place in (str(tmp_path / "lms.db"), postgres.emptied())]
        yield Both(runner, sites)
        for db in sites:
            runner.run(db.close())


async def brought(db: Database, lines: list[bytes], owned: str) -> tuple[Any, ...]:
    """What becomes of lines by anybody's hand, and where a profile is somebody's; all that is told of it."""
    if owned:
        await links.vouch(db, owned, "nelida", by="nelida", at=AT)
    receipts = await holding.append(db, lines, sender="", source="open")
    again = await receive_lines(db, lines, None, "bearer")
    tables = [
        await db.rows(f"SELECT {columns} FROM {table} ORDER BY {columns}")  # noqa: S608 - tables of ours
        for table, columns in (
            ("studied", "profile"),
            ("named", "document, profile"),
            ("oddities", "profile, device, kind, lines, said_at"),
            ("held", "id, digest"),
            ("refusals", "reason, lines, profile, type, course"),
            ("quarantine", "digest, reason"),
        )
    ]
    kept = [[tuple(row[name] for name in row.keys()) for row in rows] for rows in tables]  # noqa: SIM118 - rows iterate over values
    return receipts, again, sorted(await all_outcomes(db)), [sorted(rows) for rows in kept]


async def made_again(db: Database) -> bool:
    before = await all_outcomes(db)
    await rebuild_outcomes(db)
    return await all_outcomes(db) == before


def test_every_type_is_tried() -> None:
    assert WHOLE.keys() >= EVENTS.keys()


def test_whatever_stands_in_a_line_both_engines_take_the_same_and_the_rest_goes_in(both: Both) -> None:
    @given(st.lists(odd_lines(), min_size=1, max_size=8), st.booleans())
    def run(odd: list[bytes], owned: bool) -> None:
        good, hers = Tablet(SMALL), Tablet(SMALL)
        lines = [good.answers("senal", 0), *odd, hers.completes(), good.opens()]

        (first, *between, second, third), *_ = both.do(brought, lines, hers.profile if owned else "")

        others = [one.status for one in (first, second, third)]
        assert others == ["stored", "held" if owned else "stored", "stored"]
        assert batch.UNFIT not in [one.reason for one in between]

    run()
    assert both.do(made_again)


def test_nothing_odd_in_any_place_of_any_type_is_refused_by_one_engine_only(both: Both) -> None:
    for kind, line in WHOLE.items():
        odd = [with_odd(kind, path, one) for path in places(line) for one in ODD]

        receipts, *_ = both.do(brought, odd, "")

        assert batch.UNFIT not in [one.reason for one in receipts]
        assert {one.status for one in receipts} >= {"stored", "refused"}
    assert both.do(made_again)


async def test_what_a_code_says_of_what_no_item_is_called_counts_for_nothing(
    db: Database, small: Course
) -> None:
    tablet = Tablet(small)
    said = ProgressReported(
        "CHASKI", "2026-11-20", {NUL: "opened", "uno": "opened"}, {"a\nb": (1, 1)}, {"\x7f": (20, 1)}, {}
    )

    receipts = await store(db, tablet.writes("progress.reported", "curso", said), tablet.opens())

    assert [receipt.status for receipt in receipts] == ["stored"] * 2
    items = {(row[2], row[3]) for row in await all_outcomes(db)}
    assert items == {("uno", "reported.lesson.opened"), ("uno", "lesson.opened")}


class TestTheDatabaseItself:
    """What it refuses of a line that can be read keeps back that line alone."""

    @pytest.fixture
    async def narrow(self, postgres: Postgres, small: Course) -> Any:
        """A database that takes no item of more than ten letters."""
        db = await opened(postgres.emptied())
        await db.execute("ALTER TABLE outcomes ALTER COLUMN item TYPE VARCHAR(10)")
        yield db
        await db.execute("ALTER TABLE outcomes ALTER COLUMN item TYPE TEXT")
        await db.close()

    async def test_the_others_go_in_and_the_line_is_kept_to_be_looked_at(
        self, narrow: Database, small: Course
    ) -> None:
        tablets = [Tablet(small) for _ in range(7)]
        bad = tablets[5].opens("una-leccion-de-largo-nombre")
        lines = [*(one.answers("senal", right(small.exercise("senal"))) for one in tablets), bad]
        lines += [one.opens() for one in tablets]

        receipts = await store(narrow, *lines)

        assert [one.status for one in receipts] == ["stored"] * 7 + ["refused"] + ["stored"] * 7
        assert (receipts[7].id, receipts[7].reason) == (json.loads(bad)["id"], batch.UNFIT)
        assert len(await all_outcomes(narrow)) == 14
        row = await narrow.row("SELECT line, reason FROM quarantine")
        assert row is not None
        assert (row["line"], row["reason"]) == (bad, batch.UNFIT)
        assert [one.status for one in await store(narrow, *lines)] == ["known"] * 7 + ["refused"] + [
            "known"
        ] * 7

    async def test_also_where_other_lines_wait_for_their_owner(self, narrow: Database, small: Course) -> None:
        hers, other = Tablet(small), Tablet(small)
        await links.vouch(narrow, hers.profile, "nelida", by="nelida", at=AT)
        lines = [hers.opens(), other.opens("una-leccion-de-largo-nombre"), other.opens(), hers.completes()]

        receipts = await holding.append(narrow, lines, sender="", source="open")

        assert [one.status for one in receipts] == ["held", "refused", "stored", "held"]
