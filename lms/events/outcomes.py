"""The read model: for each profile and item the best mark, the number of attempts and the newest version completed.

Filled in the transaction that stores the events, and made again from the log at will: both ways go through
`tally`, so they give the same rows.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import astuple

from lms.db import Database, Transaction
from lms.events import studied, wire
from lms.events.grading import Graded, Revisions, grade
from lms.events.model import EVENTS, Event, ProgressReported
from lms.events.progress import best, claims, completed_version

log = logging.getLogger(__name__)

_CHUNK = 1000

COUNTS = "NOT EXISTS (SELECT 1 FROM unsigned WHERE unsigned.id = events.id AND by <> '')"
"""Of lines in the log, those about which nobody said that they are not their person's (`lms.events.signatures`)."""

_UPSERT = """
INSERT INTO outcomes (profile, course, item, type, mark, attempts, pending, first, last, version)
VALUES (:profile, :course, :item, :type, :mark, :attempts, :pending, :first, :last, :version)
ON CONFLICT (profile, course, item, type) DO UPDATE SET
    mark = CASE WHEN outcomes.mark IS NULL OR excluded.mark > outcomes.mark THEN excluded.mark
                ELSE outcomes.mark END,
    attempts = CASE WHEN excluded.type NOT LIKE 'reported.%' THEN outcomes.attempts + excluded.attempts
                    WHEN excluded.attempts > outcomes.attempts THEN excluded.attempts ELSE outcomes.attempts END,
    pending = outcomes.pending + excluded.pending,
    last = excluded.last,
    version = CASE WHEN excluded.version > outcomes.version THEN excluded.version ELSE outcomes.version END
"""

# Those that do not count are read too, so that a chunk without any other ends nothing.
_REBUILT = f"""
SELECT number, line, received_at, CASE WHEN {COUNTS} THEN 1 ELSE 0 END AS counts FROM events
WHERE number > :after ORDER BY number LIMIT :chunk
"""  # noqa: S608 - texts of ours

Counted = tuple[int, Event, Graded]
"""An event with its order of arrival and what it was graded."""


class _Row(Struct, gc=False):
    mark: float | None
    attempts: int
    pending: int
    first: int
    last: int
    version: int


Rows = dict[tuple[str, str, str, str], _Row]
"""By profile, course, item and type."""


def add(work: Transaction, counted: Iterable[Counted], before: Rows | None = None) -> None:
    """Bring the outcomes up to date, with the commit, by events in their order of arrival, and by those `before`."""
    rows = tally(counted, before)
    if rows:
        work.with_commit(_UPSERT, rows)


def tally(counted: Iterable[Counted], before: Rows | None = None) -> list[tuple[Any, ...]]:
    """One row of outcomes for each profile, course, item and type among the events; they are added to those `before`."""
    rows: Rows = {} if before is None else before
    for number, event, graded in counted:
        if isinstance(event.data, ProgressReported):
            _claim(rows, number, event, event.data)
            continue
        # Asked first: a type that is not known here may be called as a row of what a token brought is.
        if event.type not in EVENTS or not event.course:
            continue
        place = (event.profile, event.course, event.item, event.type)
        row = rows.get(place)
        if row is not None:
            row.attempts += 1
            row.pending += graded.pending
            row.last = number
            row.version = max(row.version, completed_version(event))
            if graded.mark is not None and (row.mark is None or graded.mark > row.mark):
                row.mark = graded.mark
        else:
            rows[place] = _Row(graded.mark, 1, int(graded.pending), number, number, completed_version(event))
    return [(*place, *astuple(row)) for place, row in rows.items()]


def _claim(
    rows: dict[tuple[str, str, str, str], _Row], number: int, event: Event, data: ProgressReported
) -> None:
    """Raise the rows of what a token brings: two of them do not add up."""
    for one in claims(event, data):
        place = (event.profile, event.course, one.item, one.type)
        row = rows.setdefault(place, _Row(one.mark, one.attempts, 0, number, number, one.version))
        row.attempts, row.version = max(row.attempts, one.attempts), max(row.version, one.version)
        row.mark, row.last = best(row.mark, one.mark), number


async def rebuild_outcomes(db: Database, revisions: Revisions) -> int:
    """Make all outcomes again from the log, and when each profile was last studied with; how many events were read.

    Writers wait meanwhile.
    """
    read = after = 0
    async with db.transaction() as work:
        await work.execute("DELETE FROM outcomes")
        await work.execute("DELETE FROM studied")
        while rows := await work.rows(
            _REBUILT,
            {"after": after, "chunk": _CHUNK},
        ):
            counted = list(graded_rows([row for row in rows if row["counts"]], revisions))
            await work.execute_many(_UPSERT, tally(counted))
            await _study(work, rows, counted)
            after = rows[-1]["number"]
            read += len(rows)
    return read


async def _study(work: Transaction, rows: Sequence[Any], counted: Iterable[Counted]) -> None:
    received = {row["number"]: row["received_at"] for row in rows}
    arrived = ((event, received[number]) for number, event, _ in counted)
    await work.execute_many(studied.UPSERT, studied.latest(arrived))


def graded_rows(rows: Sequence[Any], revisions: Revisions) -> Iterator[Counted]:
    """Rows of `number` and `line` as events with their grades, without those that cannot be read or graded."""
    for row in rows:
        try:
            event = wire.decode(row["line"])
            graded = grade(revisions, event)
        except Exception:  # whatever is wrong with one line, the others must not wait for its mending
            log.exception("line %s of the log cannot be graded and is passed over", row["number"])
        else:
            yield row["number"], event, graded
