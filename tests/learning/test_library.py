"""Pages made once, ahead of their readers, and not more of them than there is room for."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from lms.course.model import Course
from lms.db import open_database
from lms.learning.routes import library as kept
from lms.learning.routes import shell
from lms.learning.routes.library import Library
from lms.settings import Settings
from lms.web import pages
from lms.web.site import Site


@pytest.fixture
async def here(course: Course, tmp_path: Path):
    db = await open_database(":memory:")
    try:
        settings = Settings.load({"LMS_DATA": str(tmp_path)})
        yield Site(settings, db, "secreto", pages.load_scripts(), courses={course.id: course})
    finally:
        await db.close()


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lessons rendered so far, in order."""
    lessons: list[str] = []
    render = shell.lesson_shell

    def noted(here, course, lesson):
        lessons.append(lesson.id)
        return render(here, course, lesson)

    monkeypatch.setattr(shell, "lesson_shell", noted)
    return lessons


async def test_a_warm_library_has_every_lesson_and_its_keys(here, course, rendered):
    library = Library()
    assert await library.warm(here) == len(course.lessons) + len(course.units)
    assert rendered == [lesson.id for lesson in course.lessons]
    for lesson in course.lessons:
        await library.shell(here, course, lesson)
    assert len(rendered) == len(course.lessons)


async def test_what_nobody_asked_for_longest_makes_room(here, course, rendered, monkeypatch):
    monkeypatch.setattr(kept, "MOST_KEPT", 2)
    library = Library()
    one, two, three = course.lessons[:3]
    for lesson in (one, two, one, three, one, two):
        await library.shell(here, course, lesson)
    assert rendered == [one.id, two.id, three.id, two.id]


async def test_a_library_warms_only_what_it_keeps(here, course, rendered, monkeypatch):
    monkeypatch.setattr(kept, "MOST_KEPT", 3)
    assert await Library().warm(here) == 3
    assert rendered == [lesson.id for lesson in course.lessons[:3]]


async def test_readers_have_their_turn_while_a_library_warms(here, course, rendered):
    warming = asyncio.create_task(Library().warm(here))
    turns = 0
    while not warming.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 10 * len(course.lessons)


async def test_a_library_stops_warming_at_the_next_page(here, course, rendered):
    warming = asyncio.create_task(Library().warm(here))
    await asyncio.sleep(0.01)
    warming.cancel()
    with pytest.raises(asyncio.CancelledError):
        await warming
    assert len(rendered) < len(course.lessons)


async def test_styles_are_kept_once_for_all_lessons(here, course):
    library = Library()
    one, two = [await library.shell(here, course, lesson) for lesson in course.lessons[:2]]
    assert one.styles
    assert all(piece is two.styles[slot] for slot, piece in one.styles.items())
