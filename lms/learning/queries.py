"""What this feature asks the database: what somebody did, and in which unconfirmed profiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lms.course.versions import UNRANKED
from lms.db import Statements
from lms.events import wire
from lms.events.model import OWN, Event
from lms.events.outcomes import COUNTS
from lms.events.progress import Tally

MOST_ROWS = 10_000  # somebody who has done every course has some hundreds

# A person is every profile linked to them, and the one of this browser; a guest only the latter.
_WHOSE = "profile IN (SELECT profile FROM links WHERE person = :person UNION ALL SELECT :profile)"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose progress: a person's id (empty: a guest), and this browser's profile (empty before the first)."""

    person: str
    profile: str

    @property
    def known(self) -> bool:
        """Whether anything can have been written down for them."""
        return bool(self.person or self.profile)

    @property
    def params(self) -> dict[str, Any]:
        """As the queries want it."""
        return {"person": self.person, "profile": self.profile}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the events of one type came to in one item of a course; `last` is the latest's order of arrival.

    `mark` is what this server graded, None while answers wait (`pending` counts them). `version` is as in `Tally`.
    """

    course: str
    item: str
    type: str
    mark: float | None
    attempts: int
    pending: int
    last: int
    version: int = UNRANKED

    @property
    def tally(self) -> Tally:
        """As the fold of progress wants it."""
        return Tally(self.item, self.type, self.mark, self.attempts, self.version)


async def outcomes(db: Statements, owner: Owner, course: str = "") -> Sequence[Outcome]:
    """Everything somebody did, in one course or in all (empty), the latest first."""
    if not owner.known:
        return ()
    only = "AND course = :course" if course else ""
    found: Sequence[Outcome] = await db.rows(
        "SELECT course, item, type, mark, attempts, pending, last, version FROM outcomes"  # noqa: S608 - texts of ours
        f" WHERE {_WHOSE} {only} ORDER BY last DESC LIMIT {MOST_ROWS}",
        {**owner.params, "course": course} if course else owner.params,
        into=Outcome,
    )
    return found


async def own_events(db: Statements, owner: Owner, course: str, lesson: str = "") -> list[Event]:
    """Somebody's bookmarks and notes in a course, or on one lesson of it."""
    only = "AND item = :item" if lesson else ""
    rows = await db.rows(
        f"SELECT line FROM events WHERE {_WHOSE} AND course = :course AND type IN (:types) AND {COUNTS} {only}",  # noqa: S608 - texts of ours
        {**owner.params, "course": course, "types": list(OWN), **({"item": lesson} if lesson else {})},
    )
    return [wire.decode(row["line"]) for row in rows]


async def submissions(db: Statements, profile: str, course: str, assessment: str) -> list[bytes]:
    """The lines of a profile's attempts at an assessment, in order of arrival."""
    rows = await db.rows(
        "SELECT line FROM events WHERE profile = :profile AND course = :course AND item = :item"  # noqa: S608 - a text of ours
        f" AND type = 'assessment.submitted' AND {COUNTS} ORDER BY number",
        {"profile": profile, "course": course, "item": assessment},
    )
    return [bytes(row["line"]) for row in rows]


async def profiles(db: Statements, owner: Owner) -> list[str]:
    """Every profile that counts as somebody's."""
    rows = await db.rows("SELECT profile FROM links WHERE person = :person", {"person": owner.person})
    return sorted({*(row["profile"] for row in rows), *([owner.profile] if owner.profile else [])})


async def profiles_that_fit(db: Statements, owner: Owner, room: int) -> tuple[list[str], int]:
    """The profiles of somebody whose lines fit into `room` bytes, and how many that are not confirmed yet do not.

    What is confirmed goes first, whether it fits or not: anybody can write a document into megabytes of profiles.
    """
    rows = await db.rows(
        "SELECT profile, status, CAST((SELECT coalesce(sum(length(line) + 1), 0) FROM events"
        " WHERE events.profile = links.profile) AS BIGINT) AS size"
        " FROM links WHERE person = :person ORDER BY at, profile",
        {"person": owner.person},
    )
    sure = {row["profile"] for row in rows if row["status"] == "vouched"} | {owner.profile} - {""}
    left, room = 0, room - sum(row["size"] for row in rows if row["profile"] in sure)
    found = sorted(sure)
    for row in rows:
        if row["profile"] not in sure:
            fits = row["size"] <= room
            room -= row["size"] * fits
            found += [row["profile"]] * fits
            left += not fits
    return found, left


async def unconfirmed(db: Statements, person: str) -> int:
    """About how many profiles a person is asked whether they are, or what came for them is, theirs."""
    sql = (
        "SELECT count(*) FROM links WHERE person = :person AND (status = 'unverified' OR EXISTS"
        " (SELECT 1 FROM held WHERE held.profile = links.profile AND held.status = 'waiting'))"
    )
    return int(await db.value(sql, {"person": person}))


async def unconfirmed_items(db: Statements, person: str) -> set[tuple[str, str]]:
    """(course, item) of every result that stands on unconfirmed profiles alone."""
    rows = await db.rows(
        "SELECT course, item FROM outcomes JOIN links ON links.profile = outcomes.profile"
        " WHERE links.person = :person GROUP BY course, item"
        " HAVING max(CASE WHEN links.status = 'vouched' THEN 1 ELSE 0 END) = 0",
        {"person": person},
    )
    return {(row["course"], row["item"]) for row in rows}


async def last_studied(db: Statements, person: str) -> str:
    """When a person last studied (see `lms.events.studied`), as a stamp; empty as long as they have not begun."""
    sql = "SELECT max(studied.at) FROM links JOIN studied ON studied.profile = links.profile WHERE person = :person"
    return await db.value(sql, {"person": person}) or ""
