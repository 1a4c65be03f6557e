"""Of a profile with any number of devices and courses what waits for a word is said quickly, the newest of it."""

from __future__ import annotations

from collections import Counter
from time import process_time

import pytest
from events_cast import Tablet, small_course, store

from lms.accounts.review import about
from lms.accounts.review.items import Look
from lms.db import Database


def test_each_device_is_noted_once_and_found_at_once() -> None:
    one, began = about.About(), process_time()
    for n in range(20_000):
        one.note({"device": f"d{n}", "source": "file"}, "lesson.opened", "curso")
    assert process_time() - began < 2
    assert (len(one.devices), one.device) == (20_000, "20\u202f000 equipos")


async def test_where_there_are_too_many_the_newest_are_looked_at_and_that_is_said(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(about, "_KINDS", 3)
    tablet = Tablet(small_course())
    profile, look = tablet.profile, Look(db, "coach", {tablet.course.id: "Curso"}, most=5)
    await store(db, tablet.opens(), source="page")
    await store(db, Tablet(small_course(), profile).opens())
    one = (await about.stored(look, [profile]))[profile]
    assert (one.lines, one.device, one.cut) == (2, "2 equipos", False)

    for _ in range(4):
        await store(db, Tablet(small_course(), profile).opens())
    one = (await about.stored(look, [profile]))[profile]
    assert (one.lines, one.device, one.types) == (6, "3 equipos o más", Counter({"lesson.opened": 3}))
    assert sorted(one.ways) == sorted(one.parts)
    assert one.parts["page"].lines == 1
    assert not one.parts["page"].types
