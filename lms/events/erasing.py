"""Taking a person's name and notes out of what is stored, for good.

A log that merges by union brings everything back: the next copy of an old file, from whoever has one. So the
ids of what was blanked stay behind as tombstones, and `lms.events.batch` receives such lines as known.
"""

import json
from collections.abc import Collection
from typing import Any

from lms.db import Statements
from lms.people.documents import readings, stands_in

_IDENTIFIED, _NOTE = "profile.identified", "note.written"
_BLANK = {_IDENTIFIED: {"name": "", "document_type": "", "document": ""}, _NOTE: {"text": ""}}

_AT_ONCE = 100  # statements: one may have 64 KiB
# What of a statement is counted, told by a clock or made up by a program; what an extension says may be anything.
_NO_WORDS = frozenset(
    ("id", "homePage", "score", "timestamp", "stored", "duration", "registration", "version", "authority")
)


async def erase_names(work: Statements, document: str, profiles: Collection[str], *, at: str) -> None:
    """Blank what was said of a person, and their notes, in their profiles, and their document wherever else it stands.

    What was done there stays as it is; of those profiles no name and no note is taken in again, and nobody but a coach
    can link them to a person. Anybody can write the document into another's profile: of that one only the
    line that names it is kept out, and it stays whose it is.
    """
    erased = set(profiles)
    sql = "SELECT number, id, profile, line FROM events WHERE type = :named OR (type = :note AND profile IN (:profiles))"
    wanted = {"named": _IDENTIFIED, "note": _NOTE, "profiles": list(profiles)}
    for row in await work.rows(sql, wanted):
        event = json.loads(row["line"])
        if row["profile"] not in profiles and not _names(event, document):
            continue
        erased.add(row["id"])
        event["data"] = {**event["data"], **_BLANK[event["type"]]}
        line = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        await work.execute(
            "UPDATE events SET line = :line WHERE number = :number", {"line": line, "number": row["number"]}
        )
    await _erase_aside(work, document, profiles)
    await work.execute_many(
        "INSERT INTO erased (id, at) VALUES (:id, :at) ON CONFLICT (id) DO NOTHING",
        [{"id": one, "at": at} for one in sorted(erased)],
    )


async def _erase_aside(work: Statements, document: str, profiles: Collection[str]) -> None:
    """Drop what is kept beside the log: lines that wait for an answer or were refused, statements of others."""
    await work.execute_many("DELETE FROM held WHERE profile = :id", [{"id": one} for one in profiles])
    rows = await work.rows(
        "SELECT number, line FROM held WHERE instr(line, :type) > 0", {"type": _IDENTIFIED.encode()}
    )
    doomed = [{"number": row["number"]} for row in rows if _names(json.loads(row["line"]), document)]
    await work.execute_many("DELETE FROM held WHERE number = :number", doomed)
    refused = "DELETE FROM quarantine WHERE instr(line, :document) > 0"
    await work.execute(refused, {"document": document.encode()})
    await _erase_statements(work, document)


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


def _names(event: Any, document: str) -> bool:
    said = event["data"].get("document", "") if event["type"] == _IDENTIFIED else ""
    return isinstance(said, str) and document in readings(said)
