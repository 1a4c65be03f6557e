"""Every revision of every exercise ever published here: an answer can be graded however late it comes.

Each is kept with the newest version of its course that has it, so what counts today is what the newest version
published here has, also when that version went back to an earlier revision.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from lms.course import versions
from lms.course.exercises import TYPES
from lms.course.model import Course, Exercise
from lms.db import Database, Statements
from lms.db.interface import Row
from lms.events import outcomes
from lms.events.grading import ASSESSMENT, Revision, Revisions

# A changed row takes a new number too, so that the greatest one tells every process that something changed.
_PUBLISH = """
INSERT INTO revisions (number, course, item, rev, type, source, key, version)
VALUES ((SELECT coalesce(max(number), 0) + 1 FROM revisions),
        :course, :item, :rev, :type, :source, :key, :version)
ON CONFLICT (course, item, rev) DO UPDATE
SET number = excluded.number, key = excluded.key, version = excluded.version
"""

Known = Mapping[tuple[str, str], Row]
"""Rows of revisions by item and `rev`."""

_UNREAD = -1  # not 0, which is what a log without revisions answers


class Shelf:
    """The revisions of a database in memory, read again only when some were published or changed."""

    def __init__(self) -> None:
        self._newest = _UNREAD
        self._revisions = Revisions()

    @classmethod
    def of(cls, db: Database) -> "Shelf":
        """The one shelf of this open database."""
        return _SHELVES.setdefault(db, cls())

    async def current(self, work: Statements, newest: int | None = None) -> Revisions:
        """All published revisions; `newest` spares a query when the greatest `number` is known already."""
        if newest is None:
            newest = await work.value("SELECT coalesce(max(number), 0) FROM revisions")
        if newest != self._newest:
            rows = await work.rows("SELECT course, item, rev, type, source, key, version FROM revisions")
            self._revisions = Revisions(_revision(row) for row in rows)
            self._newest = newest
        return self._revisions

    def forget(self) -> None:
        """Read again at the next use."""
        self._newest = _UNREAD


_SHELVES: WeakKeyDictionary[Database, Shelf] = WeakKeyDictionary()


async def publish_revisions(db: Database, course: Course) -> int:
    """Keep the course's exercises and assessments; how many are new.

    Call `regrade_stale` (`lms.events.regrading`) afterwards, at leisure: it grades what waited, and what they may better.
    """
    # Most starts find nothing to keep: they need not wait for who is writing now.
    if not any(_changed(course, await _known(db, course))):
        Shelf.of(db).forget()
        return 0
    async with db.transaction() as work:
        known = await _known(work, course)
        changed = [*_changed(course, known)]
        await work.execute_many(_PUBLISH, changed)
        await work.execute_many(
            "INSERT INTO stale_outcomes (course, item) VALUES (:course, :item) ON CONFLICT DO NOTHING",
            [{"course": course.id, "item": item} for item in await _stale(work, course.id, known, changed)],
        )
    Shelf.of(db).forget()
    return sum(_place(row) not in known for row in changed)


async def _known(work: Statements, course: Course) -> Known:
    rows = await work.rows(
        "SELECT item, rev, key, version FROM revisions WHERE course = :course", {"course": course.id}
    )
    return {(row["item"], row["rev"]): row for row in rows}


async def rebuild_outcomes(db: Database) -> int:
    """Make all outcomes again from the log; how many events were read. Writers wait meanwhile."""
    return await outcomes.rebuild_outcomes(db, await Shelf.of(db).current(db))


def _changed(course: Course, known: Known) -> Iterator[dict[str, str]]:
    """What the course has that is not kept yet, or with another explanation, or of an earlier version only."""
    for row, source in _rows(course):
        before = known.get(_place(row))
        if before is not None:
            row["version"] = max(row["version"], before["version"], key=versions.order)
            if (row["key"], row["version"]) == (before["key"], before["version"]):
                continue
        yield {**row, "source": _json(source)}


async def _stale(work: Statements, course: str, known: Known, changed: list[dict[str, str]]) -> set[str]:
    """The items that may be graded otherwise now, and the assessments that were ever drawn from any of them."""
    several = Counter(item for item, _ in known)
    # The only revision of an item grades the same in whatever version it stands.
    items = {row["item"] for row in changed if _place(row) not in known or several[row["item"]] > 1}
    rows = await work.rows(
        "SELECT item, source FROM revisions WHERE course = :course AND type = :type",
        {"course": course, "type": ASSESSMENT},
    )
    return items | {row["item"] for row in rows if items.intersection(json.loads(row["source"])["bank"])}


def _place(row: dict[str, str]) -> tuple[str, str]:
    return row["item"], row["rev"]


def _rows(course: Course) -> Iterator[tuple[dict[str, str], Any]]:
    """A row for each item, and its source: written out only where it is new, as each start compares them all."""
    for unit in course.units:
        for lesson in unit.lessons:
            yield from (_exercise_row(course, exercise) for exercise in lesson.exercises)
        if unit.assessment:
            yield from (_exercise_row(course, exercise) for exercise in unit.assessment.bank)
            bank = [exercise.name for exercise in unit.assessment.bank]
            row = {
                "course": course.id,
                "item": unit.assessment.id,
                "rev": unit.assessment.rev,
                "type": ASSESSMENT,
                "key": "{}",
                "version": course.version,
            }
            yield row, {"draw": unit.assessment.draw, "bank": bank}


def _exercise_row(course: Course, exercise: Exercise) -> tuple[dict[str, str], Any]:
    kind = TYPES[exercise.type]
    row = {
        "course": course.id,
        "item": exercise.name,
        "rev": exercise.rev,
        "type": exercise.type,
        "key": _json(kind.key(exercise)),
        "version": course.version,
    }
    return row, kind.canonical(exercise)


_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def _revision(row: Any) -> Revision:
    source, key = json.loads(row["source"]), json.loads(row["key"])
    return Revision(row["course"], row["item"], row["rev"], row["type"], source, key, row["version"])
