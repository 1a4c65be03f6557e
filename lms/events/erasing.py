"""Taking a person's name and notes out of what is stored, for good.

A log that merges by union brings everything back: the next copy of an old file, from whoever has one. So what was
blanked leaves tombstones behind. `lms.events.batch` keeps of such lines no more than their place, and other servers are
told (`lms.sync.erased`). A line that was blanked keeps its id, so logs with and without the words have the same heads.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from lms.db import Statements
from lms.db.interface import Row
from lms.events import ownership, stand_ins, wire
from lms.events.model import PERSONAL, Event, NoteWritten, ProfileIdentified
from lms.people.documents import readings, stands_in

_IDENTIFIED, _NOTE = "profile.identified", "note.written"

_AT_ONCE = 100  # statements: one may have 64 KiB
_PAGE = 1000  # lines, or tombstones
# What of a statement is counted, told by a clock or made up by a program; what an extension says may be anything.
_NO_WORDS = frozenset(
    ("id", "homePage", "score", "timestamp", "stored", "duration", "registration", "version", "authority")
)

Tombstone = tuple[str, str]
"""A profile, and either its own id, for all names and notes in it, or that of one of its events."""

# The type as a word of its own, or no index is used.
_SAYING_WHO = """
SELECT profile, number, line FROM events
WHERE type = 'profile.identified' AND (profile, number) > (:profile, :number)
ORDER BY profile, number LIMIT :most
"""


class Sightings(Struct, frozen=True):
    """The events up to one in which a document may stand, by number."""

    numbers: Sequence[int]
    upto: int


def blanked(line: bytes) -> bytes:
    """A line that names somebody, or holds a note, without a word of theirs: the same bytes wherever it is done.

    What a newer version says besides goes too, as it may be words.
    """
    event = wire.decode(line)
    if event.type == _NOTE:
        after = event.data.after if isinstance(event.data, NoteWritten) else ()
        return wire.encode(replace(event, data=NoteWritten("", after)))
    return wire.encode(replace(event, data=ProfileIdentified("", "", "")))


def tells_more(line: bytes, before: bytes) -> bool:
    """Whether a line is the event that is here `before`, with the words that this one lacks.

    Anybody can take the words out of a copy and bring it first, so it keeps none away. What was erased here never gets
    so far: it comes without its words (`erased_among`).
    """
    return line != before and wire.decode(line).type in PERSONAL and blanked(line) == before


async def tombstones_of(db: Statements, profiles: Sequence[str]) -> list[Tombstone]:
    """What was erased of these profiles, in order."""
    rows = await db.rows(
        "SELECT profile, id FROM erased WHERE profile IN (:profiles) ORDER BY profile, id",
        {"profiles": list(profiles)},
    )
    return [(row["profile"], row["id"]) for row in rows]


async def tombstones_among(db: Statements, asked: Collection[Tombstone]) -> set[Tombstone]:
    """Those that there are of these, and of those of their whole profiles."""
    wanted = sorted({*asked, *((profile, profile) for profile, _ in asked)})
    found: set[Tombstone] = set()
    for start in range(0, len(wanted), _PAGE):
        rows = await db.rows(
            "WITH asked (profile, id) AS (VALUES (:asked))"
            " SELECT profile, id FROM asked JOIN erased USING (profile, id)",
            {"asked": wanted[start : start + _PAGE]},
        )
        found.update((row["profile"], row["id"]) for row in rows)
    return found


async def erased_among(db: Statements, events: Mapping[int, Event]) -> set[int]:
    """The places of those events whose words were erased, so that they come in without them."""
    said = {place: event for place, event in events.items() if event.type in PERSONAL}
    if not said:
        return set()
    erased = await tombstones_among(db, {(event.profile, event.id) for event in said.values()})
    return {
        place
        for place, event in said.items()
        if not erased.isdisjoint(((event.profile, event.profile), (event.profile, event.id)))
    }


async def sightings(db: Statements, document: str) -> Sightings:
    """Where a document may stand in the log, for `erase_names`: found while others write, as there is much to look at.

    Also every line without words, since they may come any moment.
    """
    upto = int(await db.value("SELECT coalesce(max(number), 0) FROM events"))
    numbers: list[int] = []
    place = {"profile": "", "number": 0}
    while rows := await db.rows(_SAYING_WHO, {**place, "most": _PAGE}):
        numbers += [row["number"] for row in rows if _may_name(row["line"], document)]
        place = {"profile": rows[-1]["profile"], "number": rows[-1]["number"]}
    return Sightings(numbers, upto)


async def erase_names(
    work: Statements, document: str, profiles: Collection[str], seen: Sightings, *, at: str
) -> None:
    """Blank what was said of a person, and their notes, in their profiles, and their document wherever else it stands.

    What was done there stays as it is; of those profiles no name and no note is taken in again, and nobody but a coach
    can link them to a person. Anybody can write the document into another's profile: of that one only the
    line that names it is kept out, and it stays whose it is.
    """
    await erase_profiles(work, profiles, at=at)
    rows = await work.rows(
        "SELECT number, id, profile, line FROM events WHERE type = 'profile.identified' AND number > :upto",
        {"upto": seen.upto},
    )
    for start in range(0, len(seen.numbers), _PAGE):
        rows += await work.rows(
            "SELECT number, id, profile, line FROM events WHERE number IN (:numbers)",
            {"numbers": seen.numbers[start : start + _PAGE]},
        )
    await _erase_rows(work, [row for row in rows if _names(row["line"], document)], at)
    await _erase_aside(work, document, at)


async def erase_profiles(work: Statements, profiles: Collection[str], *, at: str) -> None:
    """Blank every name and note in these profiles, for good; a claim that nobody vouched for goes too.

    So does what receipts that were brought say, which only «Mi avance» of their owner told. What servers say that they
    have stays, as ids do: without it a parcel would bring them all again. What stands in for them goes with them.
    """
    profiles = {*profiles, *await stand_ins.beside(work, profiles)}
    rows = await work.rows(
        "SELECT number, line FROM events WHERE profile IN (:profiles) AND type IN (:types)",
        {"profiles": list(profiles), "types": [_IDENTIFIED, _NOTE]},
    )
    await _blank(work, rows)
    sets = [{"profile": one, "at": at} for one in sorted(profiles)]
    for sql in (
        "DELETE FROM held WHERE profile = :profile",
        "DELETE FROM links WHERE profile = :profile AND status = 'unverified'",
        "DELETE FROM erased WHERE profile = :profile AND id <> profile",
        "DELETE FROM erased_elsewhere WHERE profile = :profile",
        "DELETE FROM kept_receipts WHERE profile = :profile",
    ):
        await work.execute_many(sql, sets)
    await _note(work, [(one, one) for one in profiles], at)


async def erase_lines(work: Statements, lines: set[Tombstone], *, at: str) -> None:
    """Blank some lines that name somebody or hold a note, by profile and id, also those that may still come."""
    ids = [id for _, id in lines]
    rows = await work.rows(
        "SELECT number, id, profile, line FROM events WHERE id IN (:ids) AND type IN (:types)",
        {"ids": ids, "types": [_IDENTIFIED, _NOTE]},
    )
    await _blank(work, [row for row in rows if (row["profile"], row["id"]) in lines])
    await _note(work, lines, at)
    await _drop_claims(work, sorted({profile for profile, _ in lines}), at)


async def _drop_claims(work: Statements, profiles: Sequence[str], at: str) -> None:
    """Take back claims that nobody vouched for and no line of their profile makes any more; ask whom else it names."""
    rows = await work.rows(
        "SELECT profile, document FROM links JOIN persons ON persons.id = links.person"
        " WHERE status = 'unverified' AND profile IN (:profiles)",
        {"profiles": profiles},
    )
    for row in rows:
        named = ownership.documents_in(await ownership.said_in(work, row["profile"]))
        if not any(row["document"] in readings(one) for one in named):
            gone = "DELETE FROM links WHERE profile = :profile AND status = 'unverified'"
            await work.execute(gone, {"profile": row["profile"]})
            await ownership.claim_for_named(work, row["profile"], at=at)


async def _erase_rows(work: Statements, rows: Sequence[Row], at: str) -> None:
    """Blank single lines, for good."""
    await _blank(work, rows)
    await _note_lines(work, rows, at)


async def _note_lines(work: Statements, rows: Sequence[Row], at: str) -> None:
    """Keep the words of single lines out; where the whole profile was erased, its own tombstone does already."""
    whole = {profile for profile, id in await tombstones_of(work, _profiles_in(rows)) if id == profile}
    await _note(work, [(row["profile"], row["id"]) for row in rows if row["profile"] not in whole], at)


def _profiles_in(rows: Iterable[Row]) -> list[str]:
    return sorted({row["profile"] for row in rows})


async def _blank(work: Statements, rows: Sequence[Row]) -> None:
    await work.execute_many(
        "UPDATE events SET line = :line WHERE number = :number",
        [{"line": blanked(row["line"]), "number": row["number"]} for row in rows],
    )
    lines = [(row["line"], wire.decode(row["line"])) for row in rows]
    named = [
        (document, profile)
        for line, event in lines
        if event.type == _IDENTIFIED
        for document, profile in ownership.names_in(line, event.profile)
    ]
    await work.execute_many("DELETE FROM named WHERE document = :document AND profile = :profile", named)


async def _note(work: Statements, tombstones: Collection[Tombstone], at: str) -> None:
    await work.execute_many(
        "INSERT INTO erased (profile, id, at) VALUES (:profile, :id, :at) ON CONFLICT (profile, id) DO NOTHING",
        [{"profile": profile, "id": id, "at": at} for profile, id in sorted(tombstones)],
    )


async def _erase_aside(work: Statements, document: str, at: str) -> None:
    """Drop what is kept beside the log: lines that wait for an answer or were refused, statements of others."""
    await _erase_held(work, document, at)
    refused = "DELETE FROM quarantine WHERE instr(line, :document) > 0"
    await work.execute(refused, {"document": document.encode()})
    await _erase_statements(work, document)


async def _erase_held(work: Statements, document: str, at: str) -> None:
    """Drop lines that wait and name a document, for good.

    Not for good where the log, or another that waits, has the same id: somebody made one of the two up, and the
    tombstone would take the name out of the true one too, on every server.
    """
    rows = await work.rows(
        "SELECT number, id, profile, line FROM held WHERE instr(line, :type) > 0",
        {"type": _IDENTIFIED.encode()},
    )
    doomed = [row for row in rows if _names(row["line"], document)]
    await work.execute_many(
        "DELETE FROM held WHERE number = :number", [{"number": row["number"]} for row in doomed]
    )
    left = await work.rows(
        "SELECT id FROM held WHERE id IN (:ids) UNION ALL SELECT id FROM events WHERE id IN (:ids)",
        {"ids": [row["id"] for row in doomed]},
    )
    others = {row["id"] for row in left}
    await _note_lines(work, [row for row in doomed if row["id"] not in others], at)


async def _erase_statements(work: Statements, document: str) -> None:
    """Drop the statements of others that name a document, be it as an account, an address or in their words."""
    sql = (
        "SELECT id, statement FROM statements WHERE id > :last"
        " AND (instr(statement, :document) > 0 OR instr(statement, :small) > 0) ORDER BY id LIMIT :most"
    )
    wanted = {"last": "", "document": document.encode(), "small": document.lower().encode(), "most": _AT_ONCE}
    while rows := await work.rows(sql, wanted):
        doomed = [{"id": row["id"]} for row in rows if _tells(json.loads(row["statement"]), document)]
        await work.execute_many("DELETE FROM statements WHERE id = :id", doomed)
        wanted["last"] = rows[-1]["id"]


def _tells(said: Any, document: str, passing: Collection[str] = _NO_WORDS) -> bool:
    """Whether a statement, or a part of it, has the document in a word or a number that could mean it."""
    if isinstance(said, dict):
        inside = (
            (one, () if name == "extensions" else passing)
            for name, one in said.items()
            if name not in passing
        )
        return any(_tells(one, document, beyond) for one, beyond in inside)
    if isinstance(said, list):
        return any(_tells(one, document, passing) for one in said)
    return isinstance(said, str | int) and stands_in(str(said), document)


def _may_name(line: bytes, document: str) -> bool:
    said = ownership.said_by(line)
    return not (said.name or said.document) or document in readings(said.document)


def _names(line: bytes, document: str) -> bool:
    event = wire.decode(line)
    return event.type == _IDENTIFIED and document in readings(ownership.said_by(line).document)
