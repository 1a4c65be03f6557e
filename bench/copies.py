"""A log made longer by copies of what a server made of some teachers' events, each a teacher with ids of their own.

A copy's events come ten at a time between those of all others, as they do week by week, so that tables and indexes are
as scattered as real ones. Its outcomes come with the events that they follow from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lms.events.ids import new_event_id, new_random_id

TEACHERS = 100
EACH = 100  # events of a teacher
A_WEEK = 10  # events of a teacher that come together

Row = tuple[Any, ...]
"""A row of `events`, which begins with number, id, profile and device and ends with the line, or one of `outcomes`."""

_PROFILE, _FIRST = 0, 7  # where they stand in a row of `outcomes`

Weeks = list[list[Row]]
"""The rows of a teacher, week by week."""


@dataclass(frozen=True)
class Copied:
    """A teacher: which of those in whose rows theirs are copied, and their own profile and device."""

    of: int
    profile: str
    device: str


def copied(count: int) -> list[Copied]:
    """So many new teachers."""
    return [Copied(at % TEACHERS, new_random_id(), new_random_id()) for at in range(count)]


class Seed:
    """The rows of the teachers of whom all others are copies."""

    def __init__(self, events: Iterable[Row], outcomes: Iterable[Row], studied: Iterable[Row]) -> None:
        """All that a server has of them, the events in their order; of `studied` profile and moment."""
        rows: dict[str, list[Row]] = {}
        weeks: dict[int, tuple[str, int]] = {}
        for event in events:
            own = rows.setdefault(event[2], [])
            weeks[event[0]] = event[2], len(own) // A_WEEK
            own.append(event)
        self._events = [[own[at : at + A_WEEK] for at in range(0, EACH, A_WEEK)] for own in rows.values()]
        made: dict[str, Weeks] = {profile: [[] for _ in range(0, EACH, A_WEEK)] for profile in rows}
        for outcome in outcomes:
            profile, week = weeks[outcome[_FIRST]]
            made[profile][week].append(outcome)
        self._outcomes = list(made.values())
        moments: dict[str, str] = dict(studied)
        self._studied = [moments[profile] for profile in rows]

    def events(self, teachers: Sequence[Copied], number: int) -> Iterator[Row]:
        """Rows for these teachers, after the one with this number."""
        for teacher, row in _by_week(self._events, teachers):
            number += 1
            yield _copy(row, number, teacher)

    def outcomes(self, teachers: Sequence[Copied]) -> Iterator[Row]:
        """What follows from their events."""
        for teacher, row in _by_week(self._outcomes, teachers):
            yield teacher.profile, *row[_PROFILE + 1 :]

    def studied(self, teachers: Sequence[Copied]) -> Iterator[Row]:
        """When each of them last studied."""
        for teacher in teachers:
            yield teacher.profile, self._studied[teacher.of]


def _by_week(rows: Sequence[Weeks], teachers: Sequence[Copied]) -> Iterator[tuple[Copied, Row]]:
    for week in range(EACH // A_WEEK):
        for teacher in teachers:
            for row in rows[teacher.of][week]:
                yield teacher, row


def _copy(row: Row, number: int, teacher: Copied) -> Row:
    _, id, profile, device, *rest, line = row
    own = new_event_id()
    for old, new in ((id, own), (profile, teacher.profile), (device, teacher.device)):
        line = line.replace(old.encode(), new.encode())
    return number, own, teacher.profile, teacher.device, *rest, line
