"""A server whose clock is wrong is named by itself, once, and no teacher for what it wrote down."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from events_cast import Tablet, store

from lms.accounts.review.acts import Act, Key, answer, undo
from lms.accounts.review.items import Item, Look
from lms.accounts.review.reasons import REASONS
from lms.course.model import Course
from lms.db import Database
from lms.events.ids import new_random_id
from lms.events.model import LessonCompleted
from lms.events.recording import _DEVICES, Draft, record, written_at
from lms.nodekey import FOLDER, id_in
from lms.sync.giving import Here
from lms.sync.message import Card
from lms.sync.sealing import Identity
from tests.sync.bringing import COACH
from tests.sync.meeting import AT, Node, meet


def wrong() -> datetime:
    return datetime(2023, 11, 26, tzinfo=UTC)


async def waits(db: Database, reason: str) -> tuple[Item, ...]:
    listed = next(one for one in REASONS if one.name == reason).listed
    return (await listed(Look(db, COACH.id, most=5))).items


async def writes(db: Database, course: Course, profile: str) -> None:
    """Somebody finishes a lesson in a page without JavaScript."""
    draft = Draft("lesson.completed", profile, course.id, course.version, "uno", LessonCompleted())
    assert (await record(db, draft, sender="", clock=wrong)).status == "stored"


@pytest.fixture
async def sola(db: Database, tmp_path: Path, ugel: Node) -> Node:
    """A school's server three years behind, which the UGEL knows."""
    made = Node(Here(db, Card("sola", "")), Identity.kept_in(tmp_path / FOLDER))
    made.here = Here(db, Card("sola", made.identity.public.text))
    written_at(db, tmp_path)
    await ugel.knows(made)
    await made.knows(ugel, upstream=True)
    return made


def test_a_server_is_told_by_its_key_without_the_library(tmp_path: Path) -> None:
    assert id_in(tmp_path) == ""
    identity = Identity.kept_in(tmp_path / FOLDER)
    assert id_in(tmp_path) == identity.public.id
    (tmp_path / FOLDER / "node.pem").write_bytes(b"-----BEGIN\nx\n")
    assert id_in(tmp_path) == ""


async def test_above_it_is_that_server_whose_date_is_wrong_said_once(
    sola: Node, ugel: Node, small: Course
) -> None:
    for _ in range(2):
        _DEVICES.pop(sola.db, None)  # it starts again
        for _ in range(3):
            await writes(sola.db, small, new_random_id())
    await meet(sola, ugel)

    assert await waits(ugel.db, "reloj") == ()
    (item,) = await waits(ugel.db, "servidor")
    assert (item.who, item.lines) == ("El servidor «sola»", 6)
    assert item.why.startswith("Tiene la fecha mal: según él es el 25 nov 2023.")
    act = Act(ugel.db, COACH, AT, next(one for one in REASONS if one.name == "servidor"))
    first, second, upto = item.key.split()
    assert await answer(act, "visto", [Key(first, second, int(upto))]) == 1
    assert await waits(ugel.db, "servidor") == ()
    assert await undo(ugel.db, COACH, AT) == 1
    assert len(await waits(ugel.db, "servidor")) == 1


async def test_there_it_is_this_server_and_a_teachers_own_clock_stays_the_teachers(
    sola: Node, small: Course
) -> None:
    tablet = Tablet(small)
    await writes(sola.db, small, tablet.profile)
    await store(sola.db, tablet.opens().replace(b'"at":"2026', b'"at":"2010'))
    assert [item.who for item in await waits(sola.db, "servidor")] == ["Este servidor"]
    (item,) = await waits(sola.db, "reloj")
    assert item.device == f"Equipo {tablet.device[-4:].upper()}"


async def test_of_a_server_that_had_no_key_yet_it_is_said_from_where_it_came(
    sola: Node, ugel: Node, small: Course, tmp_path: Path
) -> None:
    written_at(sola.db, tmp_path / "nowhere")
    for _ in range(2):
        await writes(sola.db, small, new_random_id())
    await meet(sola, ugel)
    (item,) = await waits(ugel.db, "servidor")
    assert item.who == "El servidor «sola»"
