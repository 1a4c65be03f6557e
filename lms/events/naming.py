"""Whose a profile is, said in its own log by the server that knows it, so that others hear of it as of anything else.

Who registers at a school types their document there, and nothing of that is in what they did. Where somebody proved to
be a profile's person, or a coach said so, this server writes `profile.identified` once, when the profile is about to
leave: so a link that was wrong and undone before said nothing to anybody. Elsewhere such a line claims no more than any
other. When the link is undone the line is blanked, and other servers are told, as of what was erased.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from lms.clock import Clock, system_clock
from lms.db import Database, Statements, Transaction
from lms.errors import Unavailable
from lms.events import ownership
from lms.events.erasing import erase_lines, tombstones_of
from lms.events.model import ProfileIdentified
from lms.events.ownership import NAMED, names_in
from lms.events.recording import Draft, say
from lms.events.stand_ins import is_stand_in
from lms.people.documents import readings
from lms.people.model import Person
from lms.people.queries import person

log = logging.getLogger(__name__)

_AT_ONCE = 100  # profiles: others get their turn between them
_PAGE = 200  # lines: one may have 16 KiB
_ITSELF = "-"

_UNSAID = """
SELECT profile, person FROM links WHERE status = 'vouched' AND said = '' {only} AND profile > :after
AND EXISTS (SELECT 1 FROM events WHERE events.profile = links.profile) ORDER BY profile LIMIT :most
"""
_EVERY, _SOME = _UNSAID.format(only=""), _UNSAID.format(only="AND profile IN (:profiles)")

_BEFORE = """
SELECT profile, number, line FROM events
WHERE type = 'profile.identified' AND (profile, number) > (:profile, :number)
ORDER BY profile, number LIMIT :most
"""

# The same words by a device that did nothing else in the profile: what was a server put back to an older day had said it
# before, and got that back from another.
_BEFORE_A_RESTORE = """
SELECT id FROM events AS one WHERE type = 'profile.identified' AND profile = :profile AND instr(line, :data) > 0
AND NOT EXISTS (SELECT 1 FROM events AS more WHERE more.profile = one.profile AND more.device = one.device
    AND more.type <> 'profile.identified')
"""

_MADE = """
INSERT INTO named_made (one, profile, number, done) VALUES (1, :profile, :number, :done)
ON CONFLICT (one) DO UPDATE SET profile = excluded.profile, number = excluded.number, done = excluded.done
"""


async def name_owners(
    db: Database, profiles: Sequence[str] | None = None, *, clock: Clock = system_clock
) -> None:
    """Have profiles (None: all) that are vouched for as somebody's, and in which something was done, say whose they are.

    A disk that is full keeps no progress from leaving without it.
    """
    sql, after = (_EVERY if profiles is None else _SOME), ""
    asked = {"most": _AT_ONCE, **({} if profiles is None else {"profiles": profiles})}
    try:
        while page := [row["profile"] for row in await db.rows(sql, {"after": after, **asked})]:
            async with db.transaction(bulk=profiles is None) as work:
                await _name(db, work, page, clock)
            after = page[-1]
    except Unavailable as error:
        log.warning("not all profiles say whose they are: %s", error.message)


async def _name(db: Database, work: Transaction, profiles: Sequence[str], clock: Clock) -> None:
    # Asked again: meanwhile a link may have been undone, or another process have done this.
    rows = await work.rows(_SOME, {"after": "", "most": _AT_ONCE, "profiles": profiles})
    owners = {row["profile"]: await person(work, row["person"]) for row in rows}
    silent = await _silent(work, {one: owner for one, owner in owners.items() if owner})
    ids = await say(db, work, [_draft(one, owner) for one, owner in silent.items()], clock)
    said = {**dict.fromkeys(owners, _ITSELF), **dict(zip(silent, ids, strict=True))}
    await work.execute_many(
        "UPDATE links SET said = :said WHERE profile = :profile",
        [{"said": id, "profile": one} for one, id in said.items()],
    )


async def _silent(work: Statements, owners: Mapping[str, Person]) -> dict[str, Person]:
    """Those profiles that do not name their owner's document; what was erased stays so.

    What stands in for a profile, as only codes of it came, is whose that one is.
    """
    erased = {profile for profile, id in await tombstones_of(work, list(owners)) if profile == id}
    found: dict[str, Person] = {}
    for profile, owner in owners.items():
        if profile in erased or is_stand_in(profile):
            continue
        named = ownership.documents_in(await ownership.said_in(work, profile))
        if not any(owner.document in readings(one) for one in named):
            found[profile] = owner
    return found


def _draft(profile: str, owner: Person) -> Draft:
    data = ProfileIdentified(owner.full_name, owner.document_type, owner.document)
    return Draft("profile.identified", profile, "", "", "", data)


async def take_back(work: Statements, profile: str, *, at: str) -> None:
    """Take out what this server said of whose a profile is, here and wherever it went: the link is wrong, or was."""
    said = await work.value("SELECT said FROM links WHERE profile = :profile", {"profile": profile})
    if said and said != _ITSELF:
        lines = {(profile, said), *((profile, id) for id in await _said_before(work, profile, said))}
        await erase_lines(work, lines, at=at)
    await work.execute("UPDATE links SET said = '' WHERE profile = :profile", {"profile": profile})


async def _said_before(work: Statements, profile: str, said: str) -> list[str]:
    """The ids of other lines in which this server said the same, as far as that can be told."""
    line = await work.value("SELECT line FROM events WHERE id = :id", {"id": said})
    if line is None or not ownership.said_by(line).document:
        return []
    data = b"".join(bytes(line).partition(b'"data":')[1:])
    rows = await work.rows(_BEFORE_A_RESTORE, {"profile": profile, "data": data})
    return [row["id"] for row in rows]


async def note_names(db: Database) -> None:
    """Note which documents lines name that came before this was noted, a page at a time; stopped, it goes on there."""
    done = False
    while not done:
        async with db.transaction(bulk=True) as work:
            place = await work.row("SELECT profile, number, done FROM named_made")
            done = place is not None and bool(place["done"])
            if not done:
                done = await _note_page(work, (place["profile"], place["number"]) if place else ("", 0))


async def _note_page(work: Transaction, after: tuple[str, int]) -> bool:
    """Look at the next lines; whether they were the last."""
    rows = await work.rows(_BEFORE, {"profile": after[0], "number": after[1], "most": _PAGE})
    work.with_commit(NAMED, [one for row in rows for one in names_in(row["line"], row["profile"])])
    last = (rows[-1]["profile"], rows[-1]["number"]) if rows else after
    done = len(rows) < _PAGE
    await work.execute(_MADE, {"profile": last[0], "number": last[1], "done": int(done)})
    return done
