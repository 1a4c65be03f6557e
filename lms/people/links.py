"""Whose a profile is, in this server's opinion: correctable, deletable, never part of the progress itself.

A link is *unverified* when somebody merely said so, and *vouched* when its owner proved it with document and
PIN, or a coach did. What is vouched for one person is never taken away for another; only `unlink` undoes it,
and what was undone is remembered. Who may do which, by what a profile says of its user, is decided in
`lms.events.ownership`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lms.db import Statements

Status = Literal["vouched", "unverified"]


@dataclass(frozen=True, slots=True)
class Link:
    """A profile linked to a person; `vouched_by` is a person's id, empty while unverified; `at` RFC 3339."""

    profile: str
    person: str
    status: Status
    vouched_by: str
    at: str


async def vouch(db: Statements, profile: str, person: str, *, by: str, at: str) -> Link:
    """Link a profile to a person on the word of the person `by`; the link now in force.

    A claim that nobody vouched for gives way, whoever it named; a vouched link stays, whosever it is.
    """
    link = await _link(db, Link(profile, person, "vouched", by, at))
    forgotten = "DELETE FROM undone_links WHERE profile = :profile AND person = :person"
    await db.execute(forgotten, {"profile": profile, "person": link.person})
    return link


async def claim(db: Statements, profile: str, person: str, *, at: str) -> Link:
    """Note that a profile says it is a person's; the link in force: an older one stays as it was."""
    return await _link(db, Link(profile, person, "unverified", "", at))


async def confirm(db: Statements, profile: str, *, by: str, at: str) -> bool:
    """Vouch for a link as it stands, on the word of the person `by`; False if there is none to confirm."""
    changed = await db.execute(
        "UPDATE links SET status = 'vouched', vouched_by = :by, at = :at"
        " WHERE profile = :profile AND status = 'unverified'",
        {"profile": profile, "by": by, "at": at},
    )
    return changed == 1


async def take_back(db: Statements, profile: str, *, by: str, at: str) -> None:
    """Undo a link that the person `by` vouched for at one moment, as if they never had, with the keys of its devices."""
    made = {"profile": profile, "by": by, "at": at}
    if await db.execute("DELETE FROM links WHERE profile = :profile AND vouched_by = :by AND at = :at", made):
        await db.execute("DELETE FROM device_keys WHERE profile = :profile", {"profile": profile})


async def unlink(db: Statements, profile: str, *, by: str, at: str) -> Link | None:
    """Undo a link, on the word of the person `by` (empty: who administers the server); the link that was.

    The events stay, belonging to nobody, and its devices speak for nobody any more.
    """
    link = await link_of(db, profile)
    if link is not None:
        for table in ("links", "device_keys"):
            await db.execute(f"DELETE FROM {table} WHERE profile = :profile", {"profile": profile})  # noqa: S608 - a text of ours
        await db.execute(
            "INSERT INTO undone_links (profile, person, by, at) VALUES (:profile, :person, :by, :at)"
            " ON CONFLICT (profile, person) DO UPDATE SET by = excluded.by, at = excluded.at",
            {"profile": profile, "person": link.person, "by": by, "at": at},
        )
    return link


async def undone_by(db: Statements, profile: str, person: str) -> str | None:
    """Who undid the link of a profile to a person, as in `unlink`; None if nobody did."""
    found = await db.value(
        "SELECT by FROM undone_links WHERE profile = :profile AND person = :person",
        {"profile": profile, "person": person},
    )
    return None if found is None else str(found)


async def was_undone(db: Statements, profile: str) -> bool:
    """Whether a profile was ever taken from anybody who still has an account."""
    found = await db.value(
        "SELECT 1 FROM undone_links WHERE profile = :profile LIMIT 1", {"profile": profile}
    )
    return found is not None


async def link_of(db: Statements, profile: str) -> Link | None:
    """The link of a profile."""
    return await db.row(
        "SELECT profile, person, status, vouched_by, at FROM links WHERE profile = :profile",
        {"profile": profile},
        into=Link,
    )


async def links_of(db: Statements, persons: Sequence[str]) -> list[Link]:
    """The links of some persons, oldest first."""
    return await db.rows(
        "SELECT profile, person, status, vouched_by, at FROM links WHERE person IN (:persons)"
        " ORDER BY at, profile",
        {"persons": list(persons)},
        into=Link,
    )


async def unverified(db: Statements) -> list[Link]:
    """Every link that waits to be confirmed, oldest first."""
    return await db.rows(
        "SELECT profile, person, status, vouched_by, at FROM links WHERE status = 'unverified'"
        " ORDER BY at, profile",
        into=Link,
    )


async def _link(db: Statements, link: Link) -> Link:
    await db.execute(
        "INSERT INTO links (profile, person, status, vouched_by, at)"
        " VALUES (:profile, :person, :status, :vouched_by, :at)"
        " ON CONFLICT (profile) DO UPDATE SET person = excluded.person, status = excluded.status,"
        " vouched_by = excluded.vouched_by, at = excluded.at"
        " WHERE links.status = 'unverified' AND excluded.status = 'vouched'",
        {
            "profile": link.profile,
            "person": link.person,
            "status": link.status,
            "vouched_by": link.vouched_by,
            "at": link.at,
        },
    )
    return await link_of(db, link.profile) or link
