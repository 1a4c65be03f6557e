"""Codes that come before the profile they are of: what stands in for it, and whose that is once it is known.

A code (`lms.sync.over_token`) has the first 48 bits of a profile's id. Until a profile that begins so is known here,
what it says is kept for an id made of them alone. Then it belongs to whoever has the profile, as it would if the code
had come later: linked with it, and unlinked. Two profiles that begin alike (one pair in 2^48, but who saw a code may make
one) leave it to a coach, whenever it turns out that the second is somebody else's.
"""

from collections.abc import Iterable

from lms.db import Statements
from lms.people import links

REST = "-4000-8000-000000000000"
"""How the id of what stands in for a profile ends."""

FREE_CODES = """type = 'progress.reported'
AND NOT EXISTS (SELECT 1 FROM links WHERE links.profile = events.profile)
AND NOT EXISTS (SELECT 1 FROM erased WHERE erased.profile = events.profile AND erased.id = events.profile)"""
"""Which events are codes whose owner nobody knows."""

_IS_THERE = "SELECT 1 FROM events WHERE profile = :profile LIMIT 1"

# Erased it stays nobody's, unless so was the profile that it stands in for, and a coach linked that again.
_IS_FREE = """
SELECT 1 FROM events WHERE profile = :stand_in
AND NOT EXISTS (SELECT 1 FROM links WHERE links.profile = :stand_in AND status = 'vouched')
AND (NOT EXISTS (SELECT 1 FROM erased WHERE erased.profile = :stand_in AND erased.id = :stand_in)
    OR EXISTS (SELECT 1 FROM erased WHERE erased.profile = :profile AND erased.id = :profile)) LIMIT 1
"""

# The least and the greatest say whether there is one or more, however many events each has.
_LIKE = """
SELECT min(profile) AS profile FROM events WHERE profile > :stand_in AND profile < :end
UNION ALL SELECT max(profile) AS profile FROM events WHERE profile > :stand_in AND profile < :end
UNION ALL SELECT min(profile) AS profile FROM links WHERE profile > :stand_in AND profile < :end
UNION ALL SELECT max(profile) AS profile FROM links WHERE profile > :stand_in AND profile < :end
"""

# Whether other hands had it than those whose word counts for a profile that is somebody's (`lms.events.holding`).
_BY_OTHER_HANDS = """
SELECT 1 FROM events WHERE profile = :profile AND source NOT IN ('file', 'signed', 'node')
UNION ALL SELECT 1 FROM brought WHERE profile = :profile AND by NOT IN ('coach', 'keeper')
"""

_ERASE = """
INSERT INTO erased (profile, id, at) SELECT :stand_in, :stand_in, at FROM erased WHERE profile = :profile AND id = :profile
ON CONFLICT (profile, id) DO NOTHING
"""


# What only followed a profile's link has its voucher and its time, and what nobody vouched for only follows. It is left
# to a coach if another that begins alike is somebody else's for certain, or a coach or a keeper brought it: else whoever
# saw a code would take what it says from whose it is, with one line that anybody may send.
_LEAVE = """
DELETE FROM links WHERE profile = :stand_in AND (status = 'unverified' OR EXISTS (
    SELECT 1 FROM links AS followed WHERE followed.profile > :stand_in AND followed.profile < :end
    AND followed.person = links.person AND followed.vouched_by = links.vouched_by AND followed.at = links.at
)) AND (EXISTS (
    SELECT 1 FROM links AS other WHERE other.profile > :stand_in AND other.profile < :end
    AND other.person <> links.person AND other.status = 'vouched'
) OR EXISTS (
    SELECT 1 FROM brought WHERE brought.profile > :stand_in AND brought.profile < :end AND by IN ('coach', 'keeper')
    AND NOT EXISTS (SELECT 1 FROM links AS own WHERE own.profile = brought.profile AND own.person = links.person)
))
"""

_PART = """
DELETE FROM links WHERE profile = :stand_in AND person = :person
AND (status = 'unverified' OR vouched_by = :by AND at = :at)
"""

_OWNERS = "SELECT person FROM links WHERE profile > :stand_in AND profile < :end AND status = 'vouched'"

# Named twice, as PostgreSQL compares a column of `events` otherwise than one of `links`, by whose index it then finds none.
_BESIDE = """
SELECT DISTINCT profile FROM events WHERE profile IN (:profiles)
AND profile NOT IN (SELECT links.profile FROM links WHERE links.profile IN (:profiles) AND status = 'vouched')
"""


def stand_in_of(profile: str) -> str:
    """What stands in for a profile, or for all that begin like it."""
    return f"{profile[:13]}{REST}"


def is_stand_in(profile: str) -> bool:
    """Whether nothing but the beginning of a profile is known."""
    return profile.endswith(REST)


async def unowned_codes(db: Statements) -> int:
    """How many codes are nobody's."""
    return int(await db.value(f"SELECT count(*) FROM events WHERE {FREE_CODES}"))  # noqa: S608 - ours


async def known_like(db: Statements, profile: str) -> list[str]:
    """The profiles known here that begin like one, itself too; if there are many, two of them."""
    stand_in = stand_in_of(profile)
    rows = await db.rows(_LIKE, {"stand_in": stand_in, "end": _end(profile)})
    return sorted({row["profile"] for row in rows if row["profile"]})[:2]


async def join(db: Statements, profile: str) -> None:
    """Give what stands in for a profile to whoever has it, unless somebody answered for it; nobody's stays nobody's.

    To be called whenever a profile was linked, its link changed, or anything came for it.
    """
    stand_in = stand_in_of(profile)
    if await db.value(_IS_THERE, {"profile": stand_in}) is None:
        return
    known = await known_like(db, profile)
    if len(known) > 1:
        await db.execute(_LEAVE, {"stand_in": stand_in, "end": _end(profile)})
    if len(known) != 1 or await db.value(_IS_FREE, {"stand_in": stand_in, "profile": known[0]}) is None:
        return
    link = await links.link_of(db, known[0])
    if link and await links.undone_by(db, stand_in, link.person) is None:
        await _follow(db, stand_in, link)
    elif link is None:
        await _let_go(db, stand_in)
        await db.execute(_ERASE, {"stand_in": stand_in, "profile": known[0]})


async def part(db: Statements, link: links.Link) -> bool:
    """A profile's link is undone, and so is what only followed it; False if nothing did.

    What its owner or a coach said of the codes themselves stays: whoever saw one can make a profile that begins like it.
    """
    asked = {"person": link.person, "by": link.vouched_by, "at": link.at}
    return await db.execute(_PART, {"stand_in": stand_in_of(link.profile), **asked}) > 0


async def owners(db: Statements, stand_in: str) -> set[str]:
    """Who has the profiles, for certain, for which something stands in."""
    rows = await db.rows(_OWNERS, {"stand_in": stand_in, "end": _end(stand_in)})
    return {row["person"] for row in rows}


async def beside(db: Statements, profiles: Iterable[str]) -> list[str]:
    """What is here that stands in for some profiles, and that nobody vouched for; not what may be of others as well."""
    rows = await db.rows(_BESIDE, {"profiles": sorted({stand_in_of(one) for one in profiles})})
    return [row["profile"] for row in rows if len(await known_like(db, row["profile"])) < 2]


def _end(profile: str) -> str:
    """What comes after all profiles that begin like one."""
    return f"{profile[:13]}-g"


async def _follow(db: Statements, stand_in: str, link: links.Link) -> None:
    before = await links.link_of(db, stand_in)
    if before and before.person != link.person:
        await _let_go(db, stand_in)
    if link.status == "vouched" and await db.value(_BY_OTHER_HANDS, {"profile": stand_in}) is None:
        await links.vouch(db, stand_in, link.person, by=link.vouched_by, at=link.at)
    else:
        await links.claim(db, stand_in, link.person, at=link.at)


async def _let_go(db: Statements, stand_in: str) -> None:
    """Only a profile's link made this one: a code names nobody."""
    sql = "DELETE FROM links WHERE profile = :profile AND status = 'unverified'"
    await db.execute(sql, {"profile": stand_in})
