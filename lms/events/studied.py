"""When somebody last studied with a profile: kept beside the log, as the outcomes are, and made again from it at will.

It is the day that the device's clock says, for progress that travelled for a month was not made the day it arrived; where
that clock cannot be right, when it arrived. It is for people to read and orders no events.
"""

from collections.abc import Iterable

from lms.clock import moment_said, stamp
from lms.db import Transaction
from lms.events.model import EVENTS, OWN, Event, ProgressReported
from lms.events.oddities import FIRST_DAY

UPSERT = """
INSERT INTO studied (profile, at) VALUES (:profile, :at)
ON CONFLICT (profile) DO UPDATE SET at = excluded.at WHERE excluded.at > studied.at
"""

Arrived = tuple[Event, str]
"""An event and when it was received."""


def add(work: Transaction, arrived: Iterable[Arrived]) -> None:
    """Bring it up to date, with the commit."""
    rows = latest(arrived)
    if rows:
        work.with_commit(UPSERT, rows)


def latest(arrived: Iterable[Arrived]) -> list[tuple[str, str]]:
    """Each profile that somebody studied with, and when they last did. Bookmarks and notes are nobody else's business."""
    found: dict[str, tuple[str, str]] = {}
    for event, received_at in arrived:
        if event.course and event.type in EVENTS and event.type not in OWN:
            said = _said(event)
            if not FIRST_DAY <= said <= received_at:
                said = received_at
            if said > found.get(event.profile, ("", ""))[0]:
                found[event.profile] = (said, received_at)
    return [(profile, _stamped(*both)) for profile, both in found.items()]


def _said(event: Event) -> str:
    """When it happened, by its device, "" if its clock was not set; a code knows only the day, which is one in Peru."""
    if not isinstance(event.data, ProgressReported):
        return event.at
    return f"{event.data.day}T12:00:00.000Z" if event.data.day > FIRST_DAY else ""


def _stamped(said: str, received_at: str) -> str:
    """As every stamp is written, whatever form that of another program has."""
    moment = moment_said(said)
    return min(stamp(moment), received_at) if moment else received_at
