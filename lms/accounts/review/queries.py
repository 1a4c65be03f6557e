"""What waits for a coach, reason by reason: how many there are, and those of one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from lms.accounts.review import about, words
from lms.accounts.review.about import About
from lms.accounts.review.items import Item, Listed, Look
from lms.db.interface import Row
from lms.events import ownership, stand_ins
from lms.events.ids import IS_SERVER
from lms.events.model import ProfileIdentified
from lms.people import links
from lms.people.documents import readings

MOST_OF_NOBODY = MOST_CLAIMS = 2_000
"""The newest profiles of nobody, and unverified links, that are looked at: what they name stands inside their lines."""

MOST_OF_ONE = 50
"""Of those that one person may have, as anybody can write a document into thousands: the next when these are answered."""

_NAME = "coalesce(paternal || ' ' || maternal, '') AS surnames, coalesce(given_names, '') AS given_names"
_OWNER = f"links.profile, person, document, {_NAME}"
_BY_NAME = "ORDER BY paternal, maternal, given_names, links.profile"

_HELD = """FROM (SELECT profile, count(*) AS lines, min(received_at) AS at, max(number) AS newest
    FROM held WHERE status = 'waiting' GROUP BY profile) AS waits
    JOIN links ON links.profile = waits.profile JOIN persons ON persons.id = links.person
    WHERE links.status = 'vouched' AND links.person <> :coach"""

_UNVERIFIED = (
    "FROM links JOIN persons ON persons.id = links.person WHERE status = 'unverified' AND person <> :coach"
)

_NEWEST_CLAIMS = f"""
SELECT * FROM (SELECT * FROM (SELECT {_OWNER}, links.at AS at,
    row_number() OVER (PARTITION BY person ORDER BY links.at DESC, links.profile) AS place {_UNVERIFIED}) AS placed
    WHERE place <= :each ORDER BY at DESC, profile LIMIT :most) AS newest
ORDER BY surnames, given_names, profile
"""  # noqa: S608 - texts of ours

_OF_NOBODY = """
WITH free AS (SELECT profile, max(number) AS newest, max(received_at) AS at FROM events
    WHERE type = 'profile.identified' AND NOT EXISTS (SELECT 1 FROM links WHERE links.profile = events.profile)
    AND NOT EXISTS (SELECT 1 FROM erased WHERE erased.profile = events.profile AND erased.id = events.profile)
    GROUP BY profile),
theirs AS (SELECT profile, min(document) AS document FROM named
    WHERE document IN (SELECT document FROM persons) GROUP BY profile)
SELECT profile, newest, at FROM (SELECT free.profile, newest, at,
    row_number() OVER (PARTITION BY coalesce(document, free.profile) ORDER BY newest DESC) AS place
    FROM free LEFT JOIN theirs ON theirs.profile = free.profile
    WHERE newest > coalesce((SELECT upto FROM reviewed WHERE kind = 'nobody' AND subject = free.profile), 0)) AS placed
WHERE place <= :each ORDER BY newest DESC LIMIT :most
"""

_ODD = """FROM oddities LEFT JOIN links ON links.profile = oddities.profile
    LEFT JOIN persons ON persons.id = links.person WHERE oddities.kind = :kind AND lines > coalesce((SELECT upto
    FROM reviewed WHERE kind = :kind AND subject = oddities.profile || ' ' || oddities.device), 0)"""

_OF_BROWSERS = f"{_ODD} AND NOT {IS_SERVER}"

# Where it can be told which of two came unsigned, that is another reason.
_FORKED = f"""{_ODD} AND NOT EXISTS (SELECT 1 FROM unsigned
    WHERE unsigned.profile = oddities.profile AND unsigned.device = oddities.device)"""  # noqa: S608 - texts of ours

_REFUSED = """FROM refusals LEFT JOIN links ON links.profile = refusals.profile
    LEFT JOIN persons ON persons.id = links.person WHERE lines > coalesce((SELECT upto
    FROM reviewed WHERE kind = 'refused' AND subject = refusals.id), 0)"""

_APART = """FROM (SELECT profile, reason, turned_by, count(*) AS lines, max(received_at) AS at, max(number) AS newest
    FROM held WHERE status = 'turned away' GROUP BY profile, reason, turned_by) AS away
    LEFT JOIN links ON links.profile = away.profile LEFT JOIN persons ON persons.id = links.person
    WHERE coalesce(links.person, '') <> :coach AND newest > coalesce((SELECT upto
    FROM reviewed WHERE kind = 'apart' AND subject = away.profile), 0)"""


_ELSEWHERE = """FROM erased_elsewhere AS there JOIN links ON links.profile = there.profile
    JOIN persons ON persons.id = links.person LEFT JOIN nodes ON nodes.id = there.node
    WHERE links.status = 'vouched' AND person <> :coach
    AND NOT EXISTS (SELECT 1 FROM reviewed WHERE kind = 'erased' AND subject = there.profile)"""


async def held(look: Look) -> Listed:
    """Lines for a profile that somebody has, which came without their word."""
    total, rows = await part_of(look, f"{_OWNER}, lines, waits.at AS at, newest", _HELD, _BY_NAME)
    found = await about.held(look, [row["profile"] for row in rows])
    keys = [f"{row['profile']} {row['person']} {row['newest']}" for row in rows]
    return Listed(total, tuple(_item(look, row, key, found) for row, key in zip(rows, keys, strict=True)))


async def contested(look: Look) -> Listed:
    """Unverified links of profiles that name somebody else too."""
    return await _claims(look, contested=True)


async def unverified(look: Look) -> Listed:
    """The other unverified links."""
    return await _claims(look, contested=False)


async def _claims(look: Look, *, contested: bool) -> Listed:
    wanted = (await _sorted_claims(look))[contested]
    shown = wanted[look.start : look.start + look.most]
    found = await about.stored(look, [row["profile"] for row in shown])
    items = [_item(look, row, f"{row['profile']} {row['person']} 0", found) for row in shown]
    return Listed(len(wanted), tuple(_as_code(item) for item in items))


async def _sorted_claims(look: Look) -> dict[bool, list[Row]]:
    """The unverified links by whether they are contested: what a profile names stands inside its lines."""
    if "claims" not in look.known:
        asked = {"coach": look.coach, "most": MOST_CLAIMS, "each": MOST_OF_ONE}
        rows = await look.db.rows(_NEWEST_CLAIMS, asked)
        said = await about.said(look, [row["profile"] for row in rows])
        found: dict[bool, list[Row]] = {True: [], False: []}
        for row in rows:
            found[bool(_others(said[row["profile"]], row["document"]))].append(row)
        look.known["claims"] = found
    known: dict[bool, list[Row]] = look.known["claims"]
    return known


async def of_nobody(look: Look) -> Listed:
    """Profiles that say whose they are, by a name or a document, and are nobody's here."""
    if "nobodys" not in look.known:
        rows = await look.db.rows(_OF_NOBODY, {"most": MOST_OF_NOBODY, "each": MOST_OF_ONE})
        said = await about.said(look, [row["profile"] for row in rows])
        named = [row for row in rows if any(one.name or one.document for one in said[row["profile"]])]
        look.known["nobodys"] = named
    wanted: list[Row] = look.known["nobodys"]
    shown = wanted[look.start : look.start + look.most]
    found = await about.stored(look, [row["profile"] for row in shown])
    return Listed(len(wanted), tuple([await _unclaimed(look, row, found) for row in shown]))


async def _unclaimed(look: Look, row: Row, found: Mapping[str, About]) -> Item:
    """A profile of nobody, with whom it names if that is one person who could have it."""
    profile, one = row["profile"], found[row["profile"]]
    documents = ownership.documents_in(one.said)
    named = [person for person in await ownership.named_in(look.db, documents) if person.id != look.coach]
    sure = (
        ownership.names_one(one.said, named) and await links.undone_by(look.db, profile, named[0].id) is None
    )
    why = "Solo dice un nombre." if not documents else "Su documento no tiene cuenta aquí."
    if named:
        why = f"Su documento es de {words.joined([person.full_name for person in named])}."
    return Item(
        f"{profile} {named[0].id if sure else '-'} {row['newest']}",
        one.called,
        profile,
        said=", ".join(documents),
        lines=one.lines,
        what=words.contents(one.work, look.titles),
        device=one.device,
        way=one.came,
        at=row["at"],
        why=why,
        offer=named[0].full_name if sure else "",
        codes=one.codes(look.titles),
        unlike=sure and bool(ownership.another_name(one.said, named[0])),
    )


async def erased_elsewhere(look: Look) -> Listed:
    """Profiles of accounts here that another server says were erased there."""
    asked = f"{_OWNER}, nodes.name AS node, there.at AS at"
    total, rows = await part_of(look, asked, _ELSEWHERE, "ORDER BY there.at DESC, there.profile")
    found = await about.stored(look, [row["profile"] for row in rows])
    items = [_item(look, row, f"{row['profile']} - 1", found) for row in rows]
    said = [words.erased(row["node"] or "", row["at"]) for row in rows]
    return Listed(total, tuple(replace(item, way="", why=why) for item, why in zip(items, said, strict=True)))


async def clocks(look: Look) -> Listed:
    """Devices whose clock cannot be right."""
    return await _odd(look, "clock")


async def forks(look: Look) -> Listed:
    """Devices of which there are two."""
    return await _odd(look, "fork")


async def _odd(look: Look, kind: str) -> Listed:
    asked = f"oddities.profile AS profile, document, {_NAME}, device, lines, last_at AS at, said_at"
    odd = _FORKED if kind == "fork" else _OF_BROWSERS
    total, rows = await part_of(
        look, asked, odd, "ORDER BY last_at DESC, oddities.profile, device", kind=kind
    )
    profiles = [row["profile"] for row in rows]
    said = await about.said(look, profiles)
    brought = await about.stored(look, profiles) if kind == "fork" else {}
    items = [
        Item(
            f"{row['profile']} {row['device']} {row['lines']}",
            name_in(row) or ", ".join(dict.fromkeys(one.name for one in said[row["profile"]] if one.name)),
            row["profile"],
            row["document"] or "",
            lines=row["lines"],
            device=words.device(row["device"]),
            way=brought[row["profile"]].came if brought else "",
            at=row["at"],
            why=words.clock(row["said_at"]) if kind == "clock" else "",
        )
        for row in rows
    ]
    return Listed(total, tuple(items))


async def refused(look: Look) -> Listed:
    """Lines that the log did not take, by who brought them and why."""
    asked = f"refusals.*, last_at AS at, {_NAME}"
    total, rows = await part_of(look, asked, _REFUSED, "ORDER BY last_at DESC, refusals.id")
    names = await about.names_of(look, {row["brought_by"] for row in rows})
    servers = await about.nodes_of(look, [row["profile"] for row in rows if row["source"] == "node"])
    items = [
        Item(
            f"{row['id']} - {row['lines']}",
            words.server(servers[row["profile"]])
            if row["source"] == "node"
            else names.get(row["brought_by"], words.NO_BRINGER),
            lines=row["lines"],
            what=words.last(row["type"], row["course"], look.titles, name_in(row)),
            way=f"Llegó {words.WAYS[row['source']]}",
            at=row["at"],
            why=words.advice(row["reason"], row["source"]),
        )
        for row in rows
    ]
    return Listed(total, tuple(items))


async def apart(look: Look) -> Listed:
    """Held lines that do not count: the log refused them, or somebody said that they are not its owner's."""
    asked = (
        f"away.profile AS profile, person, document, {_NAME}, reason, turned_by, lines, away.at AS at, newest"
    )
    total, rows = await part_of(look, asked, _APART, "ORDER BY newest DESC")
    items = [
        Item(
            f"{row['profile']} - {row['newest']}",
            name_in(row),
            row["profile"],
            row["document"] or "",
            lines=row["lines"],
            at=row["at"],
            why=words.turned_away(row["reason"], row["turned_by"] == row["person"]),
            offer="" if row["reason"] else "por confirmar" if row["person"] else "de nadie",
        )
        for row in rows
    ]
    return Listed(total, tuple(items))


async def part_of(look: Look, asked: str, of: str, order: str, **more: Any) -> tuple[int, list[Row]]:
    """How many there are, and the rows of the part that is looked at."""
    params = {"coach": look.coach, **more}
    total = int(await look.db.value(f"SELECT count(*) {of}", params))
    if not total or not look.most:
        return total, []
    part = {"most": look.most, "start": look.start}
    sql = f"SELECT {asked} {of} {order} LIMIT :most OFFSET :start"
    return total, await look.db.rows(sql, params | part)


def _as_code(item: Item) -> Item:
    return replace(item, why=words.OF_A_CODE) if stand_ins.is_stand_in(item.profile) else item


def _item(look: Look, row: Row, key: str, found: Mapping[str, About]) -> Item:
    """What somebody has or may have, with what its lines are."""
    one = found[row["profile"]]
    lines = row["lines"] if "lines" in row.keys() else one.lines  # noqa: SIM118 - rows iterate over values
    return Item(
        key,
        name_in(row),
        row["profile"],
        row["document"],
        one.called,
        _others(one.said, row["document"]),
        lines,
        words.contents(one.work, look.titles, part=lines > one.lines),
        one.device,
        one.came,
        row["at"],
        codes=one.codes(look.titles),
        unlike=bool(ownership.name_unlike(one.said, f"{row['given_names']} {row['surnames']}")),
    )


def name_in(row: Row) -> str:
    """Whose a row is, surnames first, as in a list; empty for nobody's."""
    return f"{row['surnames'].strip()}, {row['given_names']}" if row["given_names"] else ""


def _others(said: Sequence[ProfileIdentified], document: str) -> tuple[str, ...]:
    return tuple(one for one in ownership.documents_in(said) if document not in readings(one))
