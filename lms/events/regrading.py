"""Results made again from the log: where a new revision may better them, or where other lines count than did.

One profile may have any number of answers to one question. So they are read and graded a few at a time, outside of any
transaction, and only rows of results are kept in memory; a short transaction then adds what came meanwhile, and puts
the new rows in the place of the old. Where what counts or a revision changed meanwhile, it begins anew.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from lms.db import Database, Statements, Transaction
from lms.db.interface import Row
from lms.events import outcomes, studied
from lms.events.grading import Revisions
from lms.events.revisions import Shelf

_AT_ONCE = 1000  # answers of several profiles, or items of one

_A_PAGE = 100  # lines, so that a learner's own answer waits a moment at most, however long they are

_NUMBERS = 10_000

# Those to read are known by their numbers, as otherwise each page would look through all that a profile has.
_COUNTED = """
SELECT number FROM events WHERE {which} AND number > :after AND number <= :upto AND {counts}
ORDER BY number LIMIT :most
"""

# Few as a rule, whereas their profile may have many: so the range of numbers has to be looked through.
_LATE = """
WITH late AS MATERIALIZED (SELECT number, id, profile, course, item FROM events WHERE number > :after)
SELECT number FROM late AS events WHERE {which} AND {counts} ORDER BY number
"""

_LINES = "SELECT number, line, received_at FROM events WHERE number IN (:numbers) ORDER BY number"

_NEWEST = "SELECT coalesce(max(number), 0) FROM events"

_STANDING = """
SELECT coalesce((SELECT max(number) FROM revisions), 0) AS revision,
       coalesce((SELECT times FROM counts_changed), 0) AS changed
"""

# What tokens brought came without answers to grade.
_DELETE = """
DELETE FROM outcomes
WHERE profile IN (:profiles) AND course = :course AND item IN (:items) AND type NOT LIKE 'reported.%'
"""

_DELETE_REPORTED = """
DELETE FROM outcomes WHERE profile IN (:profiles) AND course = :course AND type LIKE 'reported.%'
"""

_STALE = "SELECT profile, course, item FROM stale_profiles ORDER BY profile, course, item LIMIT :most"

_DONE = "DELETE FROM stale_profiles WHERE profile IN (:profiles) AND course = :course AND item IN (:items)"

_NOTE = """
INSERT INTO stale_profiles (profile, course, item) VALUES (:profile, :course, :item)
ON CONFLICT (profile, course, item) DO NOTHING
"""

_CHANGE = """
INSERT INTO counts_changed (one, times) VALUES (1, :times)
ON CONFLICT (one) DO UPDATE SET times = counts_changed.times + excluded.times
"""


class Again(Protocol):
    """What is made again from some lines of the log."""

    which: str
    """The condition that its lines meet."""

    params: Mapping[str, Any]
    """What that condition names."""

    def take(self, lines: Sequence[Row], revisions: Revisions) -> None:
        """Count rows of `number`, `line` and `received_at` too."""

    async def keep(self, work: Transaction) -> None:
        """Put what was made of all of them in the place of what there is."""


class Results(Again):
    """The results of some `items` of a `course`, of some `profiles`."""

    which = "profile IN (:profiles) AND course = :course AND item IN (:items)"

    def __init__(self, place: Mapping[str, Any]) -> None:
        self.params = place
        self._rows: outcomes.Rows = {}

    def take(self, lines: Sequence[Row], revisions: Revisions) -> None:
        """Count them too."""
        outcomes.tally(outcomes.graded_rows(lines, revisions), self._rows)

    async def keep(self, work: Transaction) -> None:
        """Put them in the place of what there is."""
        await work.execute(_DELETE, self.params)
        if (
            self.params["course"] in self.params["items"]
        ):  # what tokens, or lines like theirs, say of the whole course
            await work.execute(_DELETE_REPORTED, self.params)
        outcomes.add(work, (), self._rows)


class Studied(Again):
    """When a profile was last studied with."""

    which = "profile = :profile AND course <> ''"

    def __init__(self, profile: str) -> None:
        self.params = {"profile": profile}
        self._at: list[tuple[str, str]] = []

    def take(self, lines: Sequence[Row], revisions: Revisions) -> None:
        """Count them too."""
        received = {row["number"]: row["received_at"] for row in lines}
        counted = outcomes.graded_rows(lines, revisions)
        found = studied.latest((event, received[number]) for number, event, _ in counted)
        self._at = sorted(self._at + found)[-1:]

    async def keep(self, work: Transaction) -> None:
        """Put it in the place of what there is."""
        await work.execute("DELETE FROM studied WHERE profile = :profile", self.params)
        work.with_commit(studied.UPSERT, self._at)


async def regrade_stale(db: Database) -> None:
    """Grade again what is marked as stale, a few profiles at a time; a stopped one begins anew."""
    await count_changed(db)
    stale: dict[str, list[str]] = {}
    for row in await db.rows("SELECT course, item FROM stale_outcomes"):
        stale.setdefault(row["course"], []).append(row["item"])
    for course, items in stale.items():
        place = {"course": course, "items": items}
        found = await db.rows(
            "SELECT profile, CAST(sum(attempts) AS INTEGER) AS attempts FROM outcomes"
            " WHERE course = :course AND item IN (:items) GROUP BY profile",
            place,
        )
        for profiles in _groups(found):
            await _make(db, partial(Results, place | {"profiles": profiles}))
        await db.execute("DELETE FROM stale_outcomes WHERE course = :course AND item IN (:items)", place)


def _groups(found: Iterable[Row]) -> Iterator[list[str]]:
    """The profiles, so many together as have few answers in all."""
    group: list[str] = []
    answers = 0
    for row in found:
        if group and answers + row["attempts"] > _AT_ONCE:
            yield group
            group, answers = [], 0
        group.append(row["profile"])
        answers += row["attempts"]
    if group:
        yield group


async def note_changed(work: Transaction, where: Sequence[Row]) -> None:
    """Of these rows of `profile`, `course` and `item` other lines count now: `count_changed` has to come after this."""
    if where:
        profiles = sorted({row["profile"] for row in where})
        places = [(row["profile"], row["course"], row["item"]) for row in where]
        work.with_commit(_NOTE, [*((profile, "", "") for profile in profiles), *places])
        work.with_commit(_CHANGE, [(1,)])


async def count_changed(db: Database) -> None:
    """Make again whatever other lines count for than did, and what a stopped run left."""
    while rows := await db.rows(_STALE, {"most": _AT_ONCE}):
        profile, course = rows[0]["profile"], rows[0]["course"]
        items = [row["item"] for row in rows if (row["profile"], row["course"]) == (profile, course)]
        place = {"profiles": [profile], "course": course, "items": items}
        await _make(db, partial(Results, place) if course else partial(Studied, profile), place)


async def _make(db: Database, new: Callable[[], Again], stale: Mapping[str, Any] | None = None) -> None:
    """Make what `new` begins, as often as it takes, and take from what is `stale` what that covers."""
    while not await _made(db, new(), stale):
        pass


async def _made(db: Database, again: Again, stale: Mapping[str, Any] | None) -> bool:
    """Whether nothing changed while it was made."""
    standing = await _standing(db)
    revisions = await Shelf.of(db).current(db, standing[0])
    upto = 0
    while (newest := await db.value(_NEWEST)) - upto > (_AT_ONCE if upto else 0):
        await _take(db, again, revisions, (upto, newest))
        upto = newest
    async with db.transaction(bulk=True) as work:
        if await _standing(work) != standing:
            return False
        sql = _LATE.format(which=again.which, counts=outcomes.COUNTS)
        rows = await work.rows(sql, {**again.params, "after": upto})
        await _read(work, again, revisions, [row["number"] for row in rows])
        await again.keep(work)
        if stale:
            await work.execute(_DONE, stale)
    return True


async def _standing(work: Statements) -> tuple[int, int]:
    row = await work.row(_STANDING)
    assert row is not None  # noqa: S101 - it always answers
    return row["revision"], row["changed"]


async def _take(db: Database, again: Again, revisions: Revisions, span: tuple[int, int]) -> None:
    after, upto = span
    sql = _COUNTED.format(which=again.which, counts=outcomes.COUNTS)
    while rows := await db.rows(sql, {**again.params, "after": after, "upto": upto, "most": _NUMBERS}):
        await _read(db, again, revisions, [row["number"] for row in rows])
        after = rows[-1]["number"]


async def _read(work: Statements, again: Again, revisions: Revisions, numbers: Sequence[int]) -> None:
    for start in range(0, len(numbers), _A_PAGE):
        again.take(await work.rows(_LINES, {"numbers": list(numbers[start : start + _A_PAGE])}), revisions)
