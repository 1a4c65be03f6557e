"""What pages are made of, as names under which they are kept: a page is made again only where one of these changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lms.course.made import name_of, packed
from lms.course.model import Course, Lesson, Media, Unit


class MadeOf:
    """What decides how the pages of a course come out (`lms.course.made`).

    `course` is what all of them show of the course itself, and `lesson` has, by id, all that is in a lesson.
    """

    def __init__(self, course: Course) -> None:
        self._by_path = {media.path: media for media in course.media}
        self.course = name_of((packed(replace(course, units=(), media=(), folder=Path(), numbers=())),))
        self.lesson = {
            lesson.id: name_of((packed(lesson, [media.sha256 for media in self.media(lesson)]),))
            for lesson in course.lessons
        }

    def media(self, lesson: Lesson) -> list[Media]:
        """The files that a lesson shows."""
        return [self._by_path[path] for path in lesson.media if path in self._by_path]

    def assessment(self, unit: Unit) -> bytes:
        """What a unit's assessment is made of."""
        return packed(replace(unit, lessons=()), bool(unit.lessons))
