"""What the results page shows of what was found: lesson by lesson, with the words marked that were sought."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import TYPE_CHECKING, NamedTuple

from lms.search.extracts import Piece, marked, phrase

if TYPE_CHECKING:
    from lms.course.model import Course
    from lms.search.query import Found, Hit

PASSAGES_A_LESSON = 3


class Shown(NamedTuple):
    """A passage with its heading marked; `phrase` is what its lesson is asked by, where nothing else is marked."""

    hit: Hit
    heading: tuple[Piece, ...]
    phrase: tuple[Piece, ...]


class Lesson(NamedTuple):
    """A lesson that was found: its best passage leads to it."""

    course: Course
    best: Hit
    title: tuple[Piece, ...]
    passages: tuple[Shown, ...]


def by_lesson(found: Found, courses: Mapping[str, Course]) -> list[Lesson]:
    """Lessons in the order of their best passage, each with its few best passages."""
    lessons: dict[tuple[str, str], list[Hit]] = {}
    for hit in found.hits:
        lessons.setdefault((hit.course, hit.lesson), []).append(hit)
    return [
        Lesson(
            courses[course],
            hits[0],
            marked(hits[0].lesson_title, found.sought),
            tuple(shown(hit, found.sought) for hit in hits[:PASSAGES_A_LESSON]),
        )
        for (course, _), hits in lessons.items()
        if course in courses
    ]


def shown(hit: Hit, sought: Set[str]) -> Shown:
    """Mark what of a passage its extract does not have."""
    heading = marked(hit.heading, sought)
    return Shown(hit, heading, phrase(hit.keywords, (*heading, *hit.extract), sought))
