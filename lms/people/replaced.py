"""What a link was before somebody's answer replaced it, so that the answer can be taken back as if it had never been."""

from dataclasses import asdict, dataclass

from lms.db import Statements
from lms.people import links

_KEEP = """
INSERT INTO replaced_links (profile, by, at, person, status, vouched_by, since, given, undone_by, undone_at)
VALUES (:profile, :by, :at, :person, :status, :vouched_by, :since, :given,
    (SELECT by FROM undone_links WHERE profile = :profile AND person = :given),
    (SELECT at FROM undone_links WHERE profile = :profile AND person = :given))
ON CONFLICT (profile, by, at) DO NOTHING
"""

_LINK = """
INSERT INTO links (profile, person, status, vouched_by, at) VALUES (:profile, :person, :status, :vouched_by, :at)
ON CONFLICT (profile) DO UPDATE SET person = excluded.person, status = excluded.status,
vouched_by = excluded.vouched_by, at = excluded.at
"""

_UNDONE = """
INSERT INTO undone_links (profile, person, by, at) VALUES (:profile, :person, :by, :at)
ON CONFLICT (profile, person) DO UPDATE SET by = excluded.by, at = excluded.at
"""


@dataclass(frozen=True, slots=True)
class _Before:
    person: str
    status: links.Status
    vouched_by: str
    since: str
    given: str
    undone_by: str | None
    undone_at: str | None


async def keep(db: Statements, profile: str, given: str, *, by: str, at: str) -> None:
    """Keep what a profile's link is before the person `by` answers, at one moment, whether it is the person `given`'s."""
    link = await links.link_of(db, profile) or links.Link(profile, "", "unverified", "", "")
    before = {"person": link.person, "status": link.status, "vouched_by": link.vouched_by, "since": link.at}
    await db.execute(_KEEP, {"profile": profile, "given": given, "by": by, "at": at, **before})


async def put_back(db: Statements, profile: str, *, by: str, at: str) -> bool:
    """Make a link again what it was before an answer, which made it another or none; False if that is not known."""
    moment = {"profile": profile, "by": by, "at": at}
    where = "WHERE profile = :profile AND by = :by AND at = :at"
    asked = "person, status, vouched_by, since, given, undone_by, undone_at"
    was = await db.row(f"SELECT {asked} FROM replaced_links {where}", moment, into=_Before)  # noqa: S608 - ours
    if was is None:
        return False
    for table in ("replaced_links", "undone_links"):
        await db.execute(f"DELETE FROM {table} {where}", moment)  # noqa: S608 - ours
    if was.person:
        link = links.Link(profile, was.person, was.status, was.vouched_by, was.since)
        await db.execute(_LINK, asdict(link))
    else:
        await db.execute("DELETE FROM links WHERE profile = :profile", {"profile": profile})
    if was.undone_by is not None:
        undone = {"profile": profile, "person": was.given, "by": was.undone_by, "at": was.undone_at}
        await db.execute(_UNDONE, undone)
    return True
