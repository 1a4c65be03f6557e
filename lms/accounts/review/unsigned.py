"""What came in the name of a device without its signature, apart from what it signed, device by device."""

from __future__ import annotations

from collections.abc import Sequence

from lms.accounts.review import about, words
from lms.accounts.review.about import About
from lms.accounts.review.items import Item, Listed, Look
from lms.accounts.review.queries import name_in, part_of
from lms.db.interface import Row
from lms.events import wire

_LOOKED_AT = 100
"""Newest lines of a device that are read to say what they are."""

_DEVICES = """FROM (SELECT profile, device, count(*) AS lines, max(number) AS newest
    FROM unsigned WHERE (by <> '') = :refused GROUP BY profile, device) AS those
    LEFT JOIN links ON links.profile = those.profile LEFT JOIN persons ON persons.id = links.person
    WHERE coalesce(links.person, '') <> :coach AND newest > coalesce((SELECT upto FROM reviewed
    WHERE kind = :kind AND subject = those.profile || ' ' || those.device), 0)"""

_ASKED = """those.profile AS profile, those.device AS device, lines, newest, document,
    coalesce(paternal || ' ' || maternal, '') AS surnames, coalesce(given_names, '') AS given_names,
    (SELECT received_at FROM events WHERE number = newest) AS at,
    EXISTS (SELECT 1 FROM oddities WHERE oddities.profile = those.profile AND oddities.device = those.device
        AND kind = 'fork') AS forked"""

_LINES = """
SELECT device, source, line FROM events WHERE number IN (SELECT number FROM unsigned
    WHERE profile = :profile AND device = :device AND (by <> '') = :refused ORDER BY number DESC LIMIT :most)
ORDER BY number DESC
"""


async def unsigned(look: Look) -> Listed:
    """The devices in whose name lines came that nothing proves to be theirs, and that nobody refused yet."""
    return await _listed(look, refused=False)


async def refused(look: Look) -> Listed:
    """The devices in whose name lines came that somebody refused."""
    return await _listed(look, refused=True)


async def _listed(look: Look, *, refused: bool) -> Listed:
    which = {"refused": refused, "kind": "unsigned refused" if refused else "unsigned"}
    total, rows = await part_of(look, _ASKED, _DEVICES, "ORDER BY newest DESC", **which)
    brought = await about.stored(look, [row["profile"] for row in rows])
    items = [await _item(look, row, brought[row["profile"]], refused=refused) for row in rows]
    return Listed(total, tuple(items))


async def _item(look: Look, row: Row, all: About, *, refused: bool) -> Item:
    place = {"profile": row["profile"], "device": row["device"], "most": _LOOKED_AT, "refused": refused}
    those = _about(await look.db.rows(_LINES, place))
    return Item(
        f"{row['profile']} {row['device']} {row['newest']}",
        name_in(row) or all.called,
        row["profile"],
        row["document"] or "",
        lines=row["lines"],
        what=words.contents(those.work, look.titles, part=row["lines"] > those.lines),
        device=words.device(row["device"]),
        way=words.came(all.bringers, tuple(those.ways), ()),
        at=row["at"],
        why=words.UNSIGNED_REFUSED if refused else words.UNSIGNED_BESIDE if row["forked"] else words.UNSIGNED,
        offer="por confirmar" if refused else "",
    )


def _about(rows: Sequence[Row]) -> About:
    """What some lines of one device are."""
    found, lessons = About(), dict[tuple[str, str], bool]()
    for row in rows:
        event = wire.decode(bytes(row["line"]))
        found.note(row, event.type, event.course)
        if event.type in (words.BEGUN, words.FINISHED):
            lesson = (event.course, event.item)
            lessons[lesson] = lessons.get(lesson, False) or event.type == words.FINISHED
    found.finished, found.begun = sum(lessons.values()), len(lessons) - sum(lessons.values())
    return found
