"""Taking a person's document out of wherever it stands, a page at a time while others write.

Anybody can send lines by the hundred thousand, and an account goes in one transaction for which all who write wait. So
what names the document goes before, in short ones, and that one finds no more than what came meanwhile. Stopped
half-way, the account is still there and its person can erase it again.
"""

import json
from collections.abc import Collection, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from lms.db import Database, Statements
from lms.db.interface import Row
from lms.events import naming, ownership, wire
from lms.events.erasing import (
    Place,
    blank_lines,
    drop_beside,
    empty_profiles,
    erase_profiles,
    note_lines,
    page_by_page,
    within,
)
from lms.people.documents import readings, stands_in

_LINES = 200  # at once: one may have 16 KiB
_AT_ONCE = 100  # statements: one may have 64 KiB
_ROUNDS = 3  # whoever goes on sending the document does not keep its person from being erased
# What of a statement is counted, told by a clock or made up by a program; what an extension says may be anything.
_NO_WORDS = frozenset(
    ("id", "homePage", "score", "timestamp", "stored", "duration", "registration", "version", "authority")
)

_NAMING = "SELECT profile FROM named WHERE document = :key AND profile > :after ORDER BY profile LIMIT :most"

_WAITING = """
SELECT number, id, profile, line FROM held WHERE number > :number AND instr(line, :type) > 0
ORDER BY number LIMIT :most
"""

_REFUSED = """
SELECT number FROM quarantine WHERE number > :number AND instr(line, :document) > 0 ORDER BY number LIMIT :most
"""

_LAST_REFUSED = "SELECT coalesce(max(number), 0) FROM quarantine"

_TELLING = """
SELECT stored, id, statement FROM statements WHERE (stored, id) > (:stored, :id)
AND (instr(statement, :document) > 0 OR instr(statement, :small) > 0) ORDER BY stored, id LIMIT :most
"""


class Seen(Struct, frozen=True):
    """What need not be looked at again: profiles, lines that wait or were refused, up to a number, and statements from
    before a moment.
    """

    emptied: frozenset[str] = frozenset()
    held: int = 0
    refused: int = 0
    stored: str = ""


async def take_out(db: Database, document: str, profiles: Collection[str] = (), *, at: str) -> Seen:
    """Blank or drop what `erase_names` is to, so that little is left for it."""
    seen = Seen(
        await empty_profiles(db, profiles, at=at),
        held=await db.value("SELECT coalesce(max(number), 0) FROM held"),
        stored=await db.value("SELECT coalesce(max(stored), '') FROM statements"),
    )
    await naming.note_names(db)
    place = page_by_page(db)
    await _erase_log(place, document, _apart(document), at)  # somebody may have been stopped
    for _ in range(_ROUNDS):
        if not await _erase_log(place, document, document, at):
            break
    await _erase_held(place, document, 0, at)
    await _erase_statements(place, document, "")
    return replace(seen, refused=await _erase_refused(place, document, 0))


async def erase_names(
    work: Statements, document: str, profiles: Collection[str], seen: Seen, *, at: str
) -> None:
    """Blank what was said of a person, and their notes, in their profiles, and their document wherever else it stands.

    What was done there stays as it is; of those profiles no name and no note is taken in again, and nobody but a coach
    can link them to a person. Anybody can write the document into another's profile: of that one only the
    line that names it is kept out, and it stays whose it is.
    """
    await drop_beside(work, seen.emptied)
    await erase_profiles(work, set(profiles) - seen.emptied, at=at)
    place = within(work)
    await _erase_log(place, document, document, at)
    await _erase_held(place, document, seen.held, at)
    await _erase_refused(place, document, seen.refused)
    await _erase_statements(place, document, seen.stored)


def _apart(document: str) -> str:
    """Where `named` keeps a document while its lines are gone through, so that one which comes then is seen.

    No document that is kept has a space.
    """
    return f"{document} "


async def _erase_log(place: Place, document: str, key: str, at: str) -> bool:
    """Blank, for good, the lines that name a document; whether any profile named it."""
    page = {"key": key, "after": "", "most": _LINES}
    while profiles := [row["profile"] for row in await place.db.rows(_NAMING, page)]:
        if key == document:
            async with place.turn() as work:
                await _note(work, [(_apart(document), profile) for profile in profiles])
                await _forget(work, [document], profiles)
        stay = await _erase_in(place, document, profiles, at)
        async with place.turn() as work:
            await _forget(work, [_apart(document), *_twins(document)], profiles)
            await _note(work, sorted(stay))
        page["after"] = profiles[-1]
    return page["after"] != ""


async def _erase_in(place: Place, document: str, profiles: Sequence[str], at: str) -> set[tuple[str, str]]:
    """Blank lines of these profiles; which twins of the document stay in others, with their profiles."""
    doomed: list[int] = []
    twins, stay = _twins(document), set[tuple[str, str]]()
    for profile in profiles:
        asked = {"profile": profile, "number": 0, "most": _LINES}
        while rows := await place.db.rows(ownership.SAYING_WHO, asked):
            for row in rows:
                named = _named(row["line"])
                if document in named:
                    doomed.append(row["number"])
                else:
                    stay.update((one, profile) for one in twins.intersection(named))
                if len(doomed) == _LINES:
                    await _blank(place, document, doomed, at)
                    doomed.clear()
            asked["number"] = rows[-1]["number"]
    await _blank(place, document, doomed, at)
    return stay


async def _blank(place: Place, document: str, numbers: Sequence[int], at: str) -> None:
    if not numbers:
        return
    async with place.turn() as work:
        # Once more, as it may have been done meanwhile.
        rows = await work.rows(
            "SELECT number, id, profile, line FROM events WHERE number IN (:numbers)",
            {"numbers": list(numbers)},
        )
        await blank_lines(work, [row for row in rows if document in _named(row["line"])], at)


def _twins(document: str) -> frozenset[str]:
    """What a line that names a document may name too: the same with its check character, or without."""
    return frozenset((document[:8], *(document + check for check in "0123456789ABCDEFGHIJK"))) - {document}


async def _note(work: Statements, named: Sequence[tuple[str, str]]) -> None:
    await work.execute_many(ownership.NAMED, named)


async def _forget(work: Statements, documents: Sequence[str], profiles: Sequence[str]) -> None:
    await work.execute(
        "DELETE FROM named WHERE document IN (:documents) AND profile IN (:profiles)",
        {"documents": list(documents), "profiles": list(profiles)},
    )


async def _erase_held(place: Place, document: str, after: int, at: str) -> None:
    """Drop lines that wait and name a document, for good."""
    asked = {"number": after, "type": b"profile.identified", "most": _LINES}
    while rows := await place.db.rows(_WAITING, asked):
        doomed = [row for row in rows if document in _named(row["line"])]
        if doomed:
            async with place.turn() as work:
                await _drop(work, doomed, at)
        asked["number"] = rows[-1]["number"]


async def _drop(work: Statements, doomed: Sequence[Row], at: str) -> None:
    """Not for good where the log, or another that waits, has the same id.

    Somebody made one of the two up, and the tombstone would take the name out of the true one too, on every server.
    """
    await work.execute_many(
        "DELETE FROM held WHERE number = :number", [{"number": row["number"]} for row in doomed]
    )
    left = await work.rows(
        "SELECT id FROM held WHERE id IN (:ids) UNION ALL SELECT id FROM events WHERE id IN (:ids)",
        {"ids": [row["id"] for row in doomed]},
    )
    others = {row["id"] for row in left}
    await note_lines(work, [row for row in doomed if row["id"] not in others], at)


async def _erase_refused(place: Place, document: str, after: int) -> int:
    """Drop refused lines that have a document in them; up to which number none need be looked at again.

    Where the last lines go, SQLite gives their numbers to those that come next.
    """
    upto = int(await place.db.value(_LAST_REFUSED))
    asked = {"number": after, "document": document.encode(), "most": _LINES}
    while rows := await place.db.rows(_REFUSED, asked):
        async with place.turn() as work:
            await work.execute(
                "DELETE FROM quarantine WHERE number IN (:numbers) AND instr(line, :document) > 0",
                {"numbers": [row["number"] for row in rows], "document": document.encode()},
            )
            upto = min(upto, await work.value(_LAST_REFUSED))
        asked["number"] = rows[-1]["number"]
    return upto


async def _erase_statements(place: Place, document: str, since: str) -> None:
    """Drop the statements of others that name a document, be it as an account, an address or in their words."""
    asked = {"stored": since, "id": "", "most": _AT_ONCE}
    wanted = {"document": document.encode(), "small": document.lower().encode()}
    while rows := await place.db.rows(_TELLING, {**asked, **wanted}):
        doomed = [{"id": row["id"]} for row in rows if _tells(json.loads(row["statement"]), document)]
        async with place.turn() as work:
            await work.execute_many("DELETE FROM statements WHERE id = :id", doomed)
        asked |= {"stored": rows[-1]["stored"], "id": rows[-1]["id"]}


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


def _named(line: bytes) -> Collection[str]:
    """The documents that a line may mean by the one it names."""
    event = wire.decode(line)
    return readings(ownership.said_by(line).document) if event.type == "profile.identified" else ()
