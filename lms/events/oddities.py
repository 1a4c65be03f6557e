"""What is odd about a device's events and refuses none of them: a clock that cannot be right, a copied disk.

It is noted as the events are stored, in the same transaction, and costs nothing where nothing is odd.
"""

from datetime import date, datetime, timedelta
from typing import Literal

from lms.clock import day_in_words, stamp
from lms.db import Transaction
from lms.events.model import Event

FIRST_DAY = "2024-01-01"
"""Before this no course was there to be studied: an earlier clock was never set."""

_AHEAD = timedelta(days=2)

_NOTE = """
INSERT INTO oddities (profile, device, kind, lines, first_at, last_at, said_at)
VALUES (:profile, :device, :kind, :lines, :first_at, :last_at, :said_at)
ON CONFLICT (profile, device, kind) DO UPDATE
SET lines = oddities.lines + excluded.lines, last_at = excluded.last_at, said_at = excluded.said_at
"""

Kind = Literal["clock", "fork"]


def day_said(day: date) -> str:
    """The day that a code says, in words; a clock that nobody set makes it the first that a code can say."""
    if day.isoformat() <= FIRST_DAY:
        return "sin fecha (su equipo no estaba en hora)"
    return day_in_words(day)


class Oddities:
    """Those of the events that one batch stores."""

    def __init__(self, received_at: str) -> None:
        self._received_at = received_at
        self._latest = stamp(datetime.fromisoformat(received_at) + _AHEAD)
        self._found: dict[tuple[str, str, Kind], tuple[int, str]] = {}

    def look(self, event: Event, *, fork: bool) -> None:
        """Look at one that is stored; `fork` says that another holds its place."""
        if not FIRST_DAY <= event.at <= self._latest:
            self._add(event, "clock")
        if fork:
            self._add(event, "fork")

    def write(self, work: Transaction) -> None:
        """Note what was found, with the commit."""
        if self._found:
            at = self._received_at
            rows = sorted((*place, lines, at, at, said) for place, (lines, said) in self._found.items())
            work.with_commit(_NOTE, rows)

    def _add(self, event: Event, kind: Kind) -> None:
        place = (event.profile, event.device, kind)
        lines, _ = self._found.get(place, (0, ""))
        self._found[place] = (lines + 1, event.at)
