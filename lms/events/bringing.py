"""Who brought what, as far as a coach must know it to tell them what to do: files, and lines that were refused.

Of a refused line nothing stays here but what it was (its profile, type and course, if they have the right form);
the quarantine has the bytes, with other rules. One row for each bringer, way and reason, so whoever sends rubbish
by the thousand makes a number grow and takes nobody's place.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from lms.clock import stamp
from lms.db import Database, Statements
from lms.events.batch import Receipt
from lms.events.model import EVENTS, FORMS

KEPT = timedelta(days=90)
"""How long refusals are told after the last of their kind."""

_BROUGHT = """
INSERT INTO brought (profile, person, by, at) VALUES (:profile, :person, :by, :at)
ON CONFLICT (profile) DO UPDATE SET person = excluded.person, by = excluded.by, at = excluded.at
WHERE :outweighs = 1 OR brought.by NOT IN ('coach', 'keeper')
"""

_REFUSED = """
INSERT INTO refusals (id, brought_by, source, reason, lines, first_at, last_at, profile, type, course)
VALUES (:id, :brought_by, :source, :reason, :lines, :first_at, :last_at, :profile, :type, :course)
ON CONFLICT (id) DO UPDATE SET lines = refusals.lines + excluded.lines, last_at = excluded.last_at,
profile = excluded.profile, type = excluded.type, course = excluded.course
"""

_OF_BRINGER = (
    "SELECT number FROM held WHERE brought_by = :person AND number > :after ORDER BY number LIMIT :most"
)
_AT_ONCE = 1000  # lines, of which only the number is read


class _Line(Struct):
    profile: str = ""
    type: str = ""
    course: str = ""


_line: Callable[[bytes], _Line] = msgspec.json.Decoder(_Line).decode


async def note_brought(db: Database, profiles: Mapping[str, bool], person: str, by: str, at: str) -> None:
    """Remember who (a person's id, or empty) brought a file with these profiles last, and as what.

    Of each is said whether it brought anything new. Who brought nothing new, and is neither coach nor keeper, does not
    take the place of one who is: what is here came by a word that counts for others.
    """
    is_trusted = by in ("coach", "keeper")
    rows = [(profile, person, by, at, int(news or is_trusted)) for profile, news in sorted(profiles.items())]
    await db.execute_many(_BROUGHT, rows)


async def note_refused(
    db: Database, lines: Sequence[bytes], receipts: Sequence[Receipt], way: tuple[str, str], at: str
) -> None:
    """Count those lines that were refused; `way` is the id of who brought them (or empty) and how they came."""
    refused: dict[str, list[bytes]] = {}
    for line, receipt in zip(lines, receipts, strict=True):
        if receipt.status == "refused":
            refused.setdefault(receipt.reason, []).append(line)
    if not refused:
        return
    rows = [
        (_id(*way, reason), *way, reason, len(found), at, at, *_what(found[-1]))
        for reason, found in refused.items()
    ]
    old = {"old": stamp(datetime.fromisoformat(at) - KEPT)}
    async with db.transaction() as work:
        gone = "SELECT id FROM refusals WHERE last_at < :old"
        await work.execute(f"DELETE FROM reviewed WHERE kind = 'refused' AND subject IN ({gone})", old)  # noqa: S608 - a text of ours
        await work.execute("DELETE FROM refusals WHERE last_at < :old", old)
        work.with_commit(_REFUSED, sorted(rows))


def _id(*about: str) -> str:
    return hashlib.sha256("\n".join(about).encode()).hexdigest()[:32]


def _what(line: bytes) -> tuple[str, str, str]:
    """What a refused line was, by nothing that could hold somebody's words."""
    try:
        found = _line(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return "", "", ""
    profile, course = (
        text if re.fullmatch(FORMS[name], text) else ""
        for name, text in (("profile", found.profile), ("course", found.course))
    )
    return profile, found.type if found.type in EVENTS else "", course


async def forget_held(db: Database, person: str) -> None:
    """Forget who brought lines that wait, a page at a time, before `forget_bringer`; the lines stay."""
    asked = {"person": person, "after": 0, "most": _AT_ONCE}
    while rows := await db.rows(_OF_BRINGER, asked):
        async with db.transaction(bulk=True) as work:
            await work.execute(
                "UPDATE held SET brought_by = '' WHERE number IN (:numbers)",
                {"numbers": [row["number"] for row in rows]},
            )
        asked["after"] = rows[-1]["number"]


async def forget_bringer(work: Statements, person: str, *, held_after: int = 0) -> None:
    """Forget what somebody brought, as their account is erased; what they brought stays.

    Of lines that wait only those after a number are looked at.
    """
    await work.execute("DELETE FROM brought WHERE person = :person", {"person": person})
    await work.execute("DELETE FROM refusals WHERE brought_by = :person", {"person": person})
    await work.execute(
        "UPDATE held SET brought_by = '' WHERE brought_by = :person AND number > :after",
        {"person": person, "after": held_after},
    )
