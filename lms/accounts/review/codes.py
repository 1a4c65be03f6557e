"""Codes whose owner nobody knows, or of which two are said: what a coach is told of them.

A profile that calls its user by a name is listed by that name, with its codes (`queries.of_nobody`).
"""

from __future__ import annotations

from collections.abc import Sequence

from lms.accounts.review import about, words
from lms.accounts.review.about import About
from lms.accounts.review.items import Item, Listed, Look
from lms.db import Database
from lms.db.interface import Row
from lms.events.stand_ins import FREE_CODES, REST
from lms.people.model import Person
from lms.people.queries import person

MOST = 2_000
"""The newest profiles with codes that are looked at."""

# `least` and `greatest` are the same where what stands in (the id's end says that it does) is for one that is known.
_CODES = f"""
SELECT profile, newest, at, upto,
(SELECT min(one.profile) FROM events AS one WHERE one.profile > codes.profile AND one.profile < codes.next) AS least,
(SELECT max(one.profile) FROM events AS one WHERE one.profile > codes.profile AND one.profile < codes.next) AS greatest
FROM (SELECT events.profile AS profile, max(number) AS newest, max(received_at) AS at, coalesce(max(upto), 0) AS upto,
    CASE WHEN events.profile LIKE '%-4000-8000-000000000000' THEN substr(events.profile, 1, 13) || '-g' ELSE '' END AS next
    FROM events LEFT JOIN reviewed ON kind = 'code' AND subject = events.profile WHERE {FREE_CODES}
    GROUP BY events.profile ORDER BY newest DESC LIMIT :most) AS codes
ORDER BY newest DESC
"""  # noqa: S608 - texts of ours


_STAND_INS = f"""
SELECT profile, person, vouched_by, at FROM links WHERE profile LIKE '%{REST}' AND status = 'vouched' AND person <> :coach
ORDER BY at DESC, profile LIMIT :most
"""  # noqa: S608 - a text of ours

# By their beginnings at once: with links by the hundred thousand a join of ranges takes minutes.
_BEGIN_LIKE = f"""
SELECT DISTINCT substr(profile, 1, 13) AS start, person FROM links WHERE substr(profile, 1, 13) IN (:starts)
AND profile NOT LIKE '%{REST}' AND status = 'vouched' AND person <> :coach ORDER BY start, person
"""  # noqa: S608 - a text of ours


async def divided(look: Look) -> Listed:
    """Codes that are somebody's for certain, while the profile that begins like them is somebody else's."""
    if "divided" not in look.known:
        look.known["divided"] = await _of_two(look)
    wanted: list[tuple[Row, str]] = look.known["divided"]
    shown = wanted[look.start : look.start + look.most]
    found = await about.stored(look, [row["profile"] for row, _ in shown])
    who = {id: await person(look.db, id) for row, owner in shown for id in (row["person"], owner)}
    items = [
        _divided(look, row, found[row["profile"]], (has, owns))
        for row, owner in shown
        if (has := who[row["person"]]) and (owns := who[owner])
    ]
    return Listed(len(wanted), tuple(items))


async def _of_two(look: Look) -> list[tuple[Row, str]]:
    """The link of each code, and who else has the profile that it is of, unless a coach saw that."""
    rows = await look.db.rows(_STAND_INS, {"coach": look.coach, "most": MOST})
    starts = sorted({row["profile"][:13] for row in rows})
    asked = {"coach": look.coach, "starts": starts}
    owners: dict[str, list[str]] = {}
    for one in await look.db.rows(_BEGIN_LIKE, asked) if rows else ():
        owners.setdefault(one["start"], []).append(one["person"])
    seen = {
        one["subject"] for one in await look.db.rows("SELECT subject FROM reviewed WHERE kind = 'divided'")
    }
    return [
        (row, owner)
        for row in rows
        for owner in owners.get(row["profile"][:13], ())
        if owner != row["person"] and f"{row['profile']} {owner}" not in seen
    ]


def _divided(look: Look, row: Row, one: About, people: tuple[Person, Person]) -> Item:
    has, owns = people
    surnames = f"{has.paternal} {has.maternal}".strip()
    return Item(
        f"{row['profile']} {owns.id} 1",
        f"{surnames}, {has.given_names}",
        row["profile"],
        has.document,
        lines=one.lines,
        what=words.contents(one.work, look.titles),
        way=one.came,
        at=row["at"],
        why=words.divided(row["vouched_by"] == has.id, owns.full_name),
        offer=owns.full_name,
        codes=one.codes(look.titles),
    )


async def of_nobody(look: Look) -> Listed:
    """Profiles of nobody of which codes came and that say no name."""
    if "codes" not in look.known:
        look.known["codes"] = await _nameless(look)
    wanted: list[tuple[str, Row]] = look.known["codes"]
    shown = wanted[look.start : look.start + look.most]
    profiles = [row["profile"] for _, row in shown]
    found = await about.stored(look, profiles)
    return Listed(len(wanted), tuple(_item(look, row, found[row["profile"]], to) for to, row in shown))


def _item(look: Look, row: Row, one: About, to: str) -> Item:
    """The codes of one profile, to be linked by way of the profile `to`."""
    return Item(
        f"{row['profile']} - {row['newest']}",
        words.codes([data.token for _, data in one.reported]),
        to,
        lines=one.lines,
        what=words.contents(one.work, look.titles),
        way=one.came,
        at=row["at"],
        why=" ".join(words.reported(look.titles.get(course, ""), data) for course, data in one.reported),
    )


async def _nameless(look: Look) -> list[tuple[str, Row]]:
    """Each profile with codes that nobody saw yet, and the one to link for it: if it stands in for one, that one."""
    rows = await look.db.rows(_CODES, {"most": MOST})
    own = {row["profile"] for row in rows}
    real = {row["profile"]: row["least"] or "" for row in rows if row["least"] == row["greatest"]}
    linked = await _linked(look.db, [one for one in real.values() if one])
    pairs = [
        (row["profile"] if not (one := real.get(row["profile"])) or one in linked else one, row)
        for row in rows
        if real.get(row["profile"]) not in own and row["newest"] > row["upto"]
    ]
    said = await about.said(look, [profile for profile, _ in pairs])
    return [
        (profile, row) for profile, row in pairs if not any(one.name or one.document for one in said[profile])
    ]


async def _linked(db: Database, profiles: Sequence[str]) -> set[str]:
    if not profiles:
        return set()
    rows = await db.rows(
        "SELECT profile FROM links WHERE profile IN (:profiles)", {"profiles": list(profiles)}
    )
    return {row["profile"] for row in rows}
