"""What accounts ask of the database beyond the tables of persons."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lms.db import Database, Statements
from lms.events.queries import identified
from lms.people import links
from lms.people import queries as people
from lms.people.model import Person


@dataclass(frozen=True, slots=True)
class Link:
    """A profile that is or may be a person's; `progress` counts what was done with it."""

    profile: str
    status: str
    vouched_by: str
    at: str
    progress: int


async def has_progress(db: Statements, profile: str | None) -> bool:
    """Whether anything was done with a profile."""
    sql = "SELECT 1 FROM events WHERE profile = :profile LIMIT 1"
    return profile is not None and await db.value(sql, {"profile": profile}) is not None


async def links_of(db: Statements, person: str) -> list[Link]:
    """The profiles of a person, with what was done with each."""
    return await db.rows(
        """SELECT profile, status, vouched_by, at,
        (SELECT count(*) FROM events WHERE events.profile = links.profile) AS progress
        FROM links WHERE person = :person ORDER BY at, profile""",
        {"person": person},
        into=Link,
    )


async def accept_privacy(db: Statements, person: str, version: str, at: str) -> None:
    """Keep which notice was accepted, and when."""
    await db.execute(
        "UPDATE persons SET privacy_version = :version, privacy_at = :at WHERE id = :person",
        {"person": person, "version": version, "at": at},
    )


async def erase(db: Database, person: Person) -> None:
    """Forget a person: the account, the links, and names and documents in stored events and refused lines.

    What the profiles did stays as numbers that belong to nobody.
    """
    async with db.transaction() as work:
        profiles = await people.profiles_of(work, person.id)
        await _blank_identities(work, person.document, profiles)
        refused = "DELETE FROM quarantine WHERE instr(line, :document) > 0"
        await work.execute(refused, {"document": person.document.encode()})
        await people.erase_person(work, person.id)


async def _blank_identities(work: Statements, document: str, profiles: Sequence[str]) -> None:
    """Blank what `profile.identified` said of the person, in whichever profile; the rest of a line stays."""
    rows = await work.rows("SELECT number, profile, line FROM events WHERE type = 'profile.identified'")
    for row in rows:
        event = json.loads(row["line"])
        if row["profile"] not in profiles and event["data"].get("document") != document:
            continue
        event["data"] = {"name": "", "document_type": "", "document": ""}
        line = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        await work.execute(
            "UPDATE events SET line = :line WHERE number = :number", {"line": line, "number": row["number"]}
        )


@dataclass(frozen=True, slots=True)
class Claim:
    """A profile that says it is a person's: what was done with it, and what it said of its user."""

    profile: str
    person: str
    given_names: str
    paternal: str
    maternal: str
    document: str
    at: str
    progress: int
    said: str = ""


_CLAIMS = """SELECT profile, person, given_names, paternal, maternal, document, at,
    (SELECT count(*) FROM events WHERE events.profile = links.profile) AS progress
    FROM links JOIN persons ON persons.id = links.person WHERE status = 'unverified' """


async def claims_of(db: Database, person: str) -> list[Claim]:
    """The profiles that say they are this person's and nobody has confirmed."""
    return await _with_words(
        db,
        await db.rows(_CLAIMS + "AND person = :person ORDER BY at, profile", {"person": person}, into=Claim),
    )


async def all_claims(db: Database, *, but: str, most: int) -> list[Claim]:
    """The first `most` unconfirmed profiles of everybody, but one's own."""
    sql = _CLAIMS + "AND person <> :but ORDER BY paternal, maternal, given_names, at, profile LIMIT :most"
    return await _with_words(db, await db.rows(sql, {"but": but, "most": most}, into=Claim))


async def _with_words(db: Database, claims: list[Claim]) -> list[Claim]:
    """Add the name that each profile's user wrote."""
    found = [await identified(db, claim.profile) for claim in claims]
    return [replace(claim, said=said.name if said else "") for claim, said in zip(claims, found, strict=True)]


async def answer_claim(
    db: Database, profile: str, person: str, *, is_theirs: bool, by: Person, at: str
) -> None:
    """Confirm or undo an unconfirmed link; nothing happens if by now it says something else.

    What was done with an undone profile stays, belonging to nobody.
    """
    async with db.transaction() as work:
        link = await links.link_of(work, profile)
        if link is None or link.person != person or link.status == "vouched":
            return
        if is_theirs:
            await links.confirm(work, profile, by=by.id, at=at)
        else:
            await links.unlink(work, profile)
