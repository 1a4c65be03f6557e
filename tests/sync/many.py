"""A profile of more devices than one message tells of, those beside it, and lines that were erased."""

from __future__ import annotations

from collections.abc import Sequence

from events_cast import Tablet, small_course

from lms.events.erasing import Tombstone
from tests.sync.meeting import AT, Node

COURSE = small_course()
MOST = 4
"""Heads in one message, where `lms.sync.spans` is told so."""

DEVICES = 25


def absurd() -> list[bytes]:
    """What many devices of one profile wrote, each one line."""
    profile = Tablet(COURSE).profile
    return [Tablet(COURSE, profile).opens() for _ in range(DEVICES)]


def ordinary(tablets: int = 5) -> list[bytes]:
    return [tablet.opens() for tablet in [Tablet(COURSE) for _ in range(tablets)] * 2]


async def gone(node: Node, tombstones: Sequence[Tombstone]) -> None:
    await node.db.execute_many(
        "INSERT INTO erased (profile, id, at) VALUES (:profile, :id, :at)",
        [(profile, id, AT) for profile, id in tombstones],
    )
