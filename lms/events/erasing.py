"""Taking a person's name and notes out of what is stored, for good.

A log that merges by union brings everything back: the next copy of an old file, from whoever has one. So what was
blanked leaves tombstones behind. `lms.events.batch` keeps of such lines no more than their place, and other servers are
told (`lms.sync.erased`). A line that was blanked keeps its id, so logs with and without the words have the same heads.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext

from msgspec import Struct
from msgspec.structs import replace

from lms.db import Database, Statements
from lms.db.interface import Row
from lms.events import ownership, stand_ins, wire
from lms.events.model import PERSONAL, Event, NoteWritten, ProfileIdentified
from lms.people.documents import readings

_IDENTIFIED, _NOTE = "profile.identified", "note.written"

_PAGE = 1000  # tombstones, or profiles
_TURN = 200  # profiles for which others wait: anybody can write a document into as many as they like
_LINES = 200  # at once: one may have 16 KiB

Tombstone = tuple[str, str]
"""A profile, and either its own id, for all names and notes in it, or that of one of its events."""

_WORDS = """
SELECT number, device, seq, line FROM events
WHERE profile = :profile AND type IN (:types) AND (device, seq, number) > (:device, :seq, :number)
ORDER BY device, seq, number LIMIT :most
"""

_DROP_SOME = "DELETE FROM held WHERE number IN (SELECT number FROM held WHERE profile = :profile LIMIT :most)"


class Place(Struct, frozen=True):
    """Where to read, and how to get a turn at writing: a transaction each time, or always the one there is."""

    db: Statements
    turn: Callable[[], AbstractAsyncContextManager[Statements]]


def page_by_page(db: Database) -> Place:
    """Where others get their turn between pages."""
    return Place(db, lambda: db.transaction(bulk=True))


def within(work: Statements) -> Place:
    """Where all is done in one transaction, or none of it."""
    return Place(work, lambda: nullcontext(work))


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


async def empty_profiles(db: Database, profiles: Collection[str], *, at: str) -> frozenset[str]:
    """Blank every name and note in these profiles, and what stands in for them, a page at a time; drop what is kept beside.

    Their tombstones come first: from there on no words come in.
    """
    doomed: set[str] = set()
    for page in _pages(profiles, _TURN):
        async with db.transaction(bulk=True) as work:
            found = {*page, *await stand_ins.beside(work, page)}
            await _note(work, [(one, one) for one in found], at)
        doomed |= found
    for page in _pages(doomed, _TURN):
        for profile in page:
            await _blank_all(page_by_page(db), profile)
            waiting = {"profile": profile, "most": _LINES}
            while await db.execute(_DROP_SOME, waiting):
                pass
        async with db.transaction(bulk=True) as work:
            await drop_beside(work, page)
    return frozenset(doomed)


async def erase_profiles(work: Statements, profiles: Collection[str], *, at: str) -> None:
    """Blank every name and note in these profiles, for good; a claim that nobody vouched for goes too.

    What stands in for them goes with them.
    """
    doomed = {*profiles, *await stand_ins.beside(work, profiles)}
    for profile in sorted(doomed):
        await _blank_all(within(work), profile)
    await drop_beside(work, doomed)
    await _note(work, [(one, one) for one in doomed], at)


async def drop_beside(work: Statements, profiles: Collection[str]) -> None:
    """Drop what is kept beside the log of profiles whose words are gone for good.

    So goes what receipts that were brought say, which only «Mi avance» of their owner told. What servers say that they
    have stays, as ids do: without it a parcel would bring them all again.
    """
    for page in _pages(profiles, _PAGE):
        for sql in (
            "DELETE FROM held WHERE profile IN (:profiles)",
            "DELETE FROM links WHERE profile IN (:profiles) AND status = 'unverified'",
            "DELETE FROM erased WHERE profile IN (:profiles) AND id <> profile",
            "DELETE FROM erased_elsewhere WHERE profile IN (:profiles)",
            "DELETE FROM kept_receipts WHERE profile IN (:profiles)",
        ):
            await work.execute(sql, {"profiles": page})


async def erase_lines(work: Statements, lines: set[Tombstone], *, at: str) -> None:
    """Blank some lines that name somebody or hold a note, by profile and id, also those that may still come."""
    ids = [id for _, id in lines]
    rows = await work.rows(
        "SELECT number, id, profile, line FROM events WHERE id IN (:ids) AND type IN (:types)",
        {"ids": ids, "types": [_IDENTIFIED, _NOTE]},
    )
    doomed = [row for row in rows if (row["profile"], row["id"]) in lines]
    await _blank(work, doomed)
    await _ask_again(work, doomed)
    await _note(work, lines, at)
    await _name_again(work, sorted({row["profile"] for row in rows}))
    await _drop_claims(work, sorted({profile for profile, _ in lines}), at)


async def _name_again(work: Statements, profiles: Sequence[str]) -> None:
    """Note what other lines of these profiles name: the same document may stand in one that stays."""
    for profile in profiles:
        typed = {said.document async for said in ownership.all_said_in(work, profile)}
        named = {one for said in typed for one in ownership.kept_as(said)}
        await work.execute_many(ownership.NAMED, [(one, profile) for one in sorted(named)])


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


async def blank_lines(work: Statements, rows: Sequence[Row], at: str) -> None:
    """Blank single lines (number, id, profile, line), for good; what their profiles name is the caller's to look after."""
    await _write_blank(work, rows)
    await _ask_again(work, rows)
    await note_lines(work, rows, at)


async def _ask_again(work: Statements, rows: Sequence[Row]) -> None:
    """Have `lms.events.naming` look again whether these profiles say whose they are: it may have stood in these lines."""
    await work.execute(
        "UPDATE links SET said = '' WHERE profile IN (:profiles) AND (said = '-' OR said IN (:ids))",
        {"profiles": sorted({row["profile"] for row in rows}), "ids": [row["id"] for row in rows]},
    )


async def note_lines(work: Statements, rows: Sequence[Row], at: str) -> None:
    """Keep the words of single lines out; where the whole profile was erased, its own tombstone does already."""
    whole = await tombstones_among(work, {(row["profile"], row["profile"]) for row in rows})
    lines = [(row["profile"], row["id"]) for row in rows]
    await _note(work, [one for one in lines if (one[0], one[0]) not in whole], at)


async def _blank_all(place: Place, profile: str) -> None:
    after = {"device": "", "seq": 0, "number": 0}
    asked = {"profile": profile, "types": [_IDENTIFIED, _NOTE], "most": _LINES}
    while rows := await place.db.rows(_WORDS, {**asked, **after}):
        if wordy := [row for row in rows if blanked(row["line"]) != row["line"]]:
            async with place.turn() as work:
                await _blank(work, wordy)
        after = {name: rows[-1][name] for name in after}


async def _blank(work: Statements, rows: Sequence[Row]) -> None:
    await _write_blank(work, rows)
    lines = [(row["line"], wire.decode(row["line"])) for row in rows]
    named = [
        (document, profile)
        for line, event in lines
        if event.type == _IDENTIFIED
        for document, profile in ownership.names_in(line, event.profile)
    ]
    await work.execute_many("DELETE FROM named WHERE document = :document AND profile = :profile", named)


async def _write_blank(work: Statements, rows: Sequence[Row]) -> None:
    await work.execute_many(
        "UPDATE events SET line = :line WHERE number = :number",
        [{"line": blanked(row["line"]), "number": row["number"]} for row in rows],
    )


def _pages(profiles: Collection[str], size: int) -> list[list[str]]:
    ordered = sorted(profiles)
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]


async def _note(work: Statements, tombstones: Collection[Tombstone], at: str) -> None:
    await work.execute_many(
        "INSERT INTO erased (profile, id, at) VALUES (:profile, :id, :at) ON CONFLICT (profile, id) DO NOTHING",
        [{"profile": profile, "id": id, "at": at} for profile, id in sorted(tombstones)],
    )
