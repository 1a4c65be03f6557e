"""A page of the list of teachers, as it is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lms.accounts.roster import queries
from lms.accounts.roster.queries import Account, Begun, Completed, Listed
from lms.clock import day_in_peru, days_ago_in_words
from lms.course.model import Course
from lms.db import Statements
from lms.events.progress import is_current

MOST = 30
"""How many teachers stand on a page."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How many lessons of a course somebody has done."""

    title: str
    done: int
    lessons: int


@dataclass(frozen=True, slots=True)
class Teacher:
    """A line of the list. `last` is a stamp and `ago` the same in words; both empty as long as nothing was done."""

    id: str
    name: str
    since: str
    last: str
    ago: str
    courses: tuple[Reached, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of so many; of all, so many are `waiting` to begin, the first of them on the page `waiting_from`."""

    number: int
    pages: int
    total: int
    begun: tuple[Teacher, ...]
    waiting: int
    waiting_from: int
    not_begun: tuple[Teacher, ...]


async def page_of(
    db: Statements, listed: Listed, number: int, courses: Mapping[str, Course], today: date
) -> Page:
    """A page of teachers, or the last one where there are fewer; how far they came in the courses that are here."""
    total, started = await queries.totals(db, listed)
    pages = max(1, -(-total // MOST))
    number = min(max(number, 1), pages)
    found = await queries.accounts(db, listed, start=(number - 1) * MOST, most=MOST)
    ids = [one.id for one in found if one.last]
    reached = _reached(await queries.begun(db, ids), await queries.completed(db, ids), courses) if ids else {}
    teachers = [_teacher(one, reached.get(one.id, ()), today) for one in found]
    return Page(
        number,
        pages,
        total,
        tuple(one for one in teachers if one.last),
        total - started,
        started // MOST + 1,
        tuple(one for one in teachers if not one.last),
    )


def _teacher(one: Account, reached: Sequence[Reached], today: date) -> Teacher:
    surnames = " ".join(part for part in (one.paternal, one.maternal) if part)
    ago = days_ago_in_words(day_in_peru(one.last), today) if one.last else ""
    return Teacher(
        one.id, f"{surnames}, {one.given_names}", one.created_at, one.last or "", ago, tuple(reached)
    )


def _reached(
    begun: Iterable[Begun], completed: Iterable[Completed], courses: Mapping[str, Course]
) -> dict[str, list[Reached]]:
    """By person: the courses worked in; of one who only looked at some, the last, as «Mi avance» has it."""
    lessons = {id: {lesson.id for lesson in course.lessons} for id, course in courses.items()}
    done = Counter(
        (one.person, one.course)
        for one in completed
        if one.item in lessons.get(one.course, ())
        and is_current(courses[one.course].changes.major.get(one.item, ""), one.version)
    )
    found: dict[str, list[Reached]] = {}
    for place in begun:
        course = courses.get(place.course)
        if course and (place.worked or place.person not in found):
            much = done[place.person, place.course]
            found.setdefault(place.person, []).append(Reached(course.title, much, len(course.lessons)))
    return found
