"""What accounts ask of the database beyond the tables of persons."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lms.db import Database, Statements
from lms.events import holding, naming, ownership, stand_ins
from lms.events.erasing import erase_profiles
from lms.events.forgetting import erase as erase  # beside what else becomes of an account
from lms.people import links
from lms.people import queries as people
from lms.people.documents import readings
from lms.people.model import Person


@dataclass(frozen=True, slots=True)
class LinkedProfile:
    """A profile that is or may be a person's; `progress` counts what was done with it.

    `last` is when the latest of it arrived, `said` what its user called themselves. Both stay empty where the link
    was undone: by now somebody else may go on with the profile.
    """

    profile: str
    status: str
    vouched_by: str
    at: str
    progress: int
    last: str = ""
    said: str = ""

    @property
    def is_code(self) -> bool:
        """Whether all of it came in codes, before anything else of its profile."""
        return stand_ins.is_stand_in(self.profile)


async def has_progress(db: Statements, profile: str | None) -> bool:
    """Whether anything was done with a profile."""
    sql = "SELECT 1 FROM events WHERE profile = :profile LIMIT 1"
    return profile is not None and await db.value(sql, {"profile": profile}) is not None


async def links_of(db: Statements, person: str) -> list[LinkedProfile]:
    """The profiles of a person, with what was done with each."""
    found = await db.rows(
        """SELECT profile, status, vouched_by, at,
        (SELECT count(*) FROM events WHERE events.profile = links.profile) AS progress,
        coalesce((SELECT max(received_at) FROM events WHERE events.profile = links.profile), '') AS last
        FROM links WHERE person = :person ORDER BY at, profile""",
        {"person": person},
        into=LinkedProfile,
    )
    return [replace(link, said=await names_said(db, link.profile)) for link in found]


async def names_said(db: Statements, profile: str) -> str:
    """What a profile calls its users."""
    said = await ownership.said_in(db, profile)
    return ", ".join(dict.fromkeys(one.name for one in said if one.name))


async def undone_of(db: Statements, person: str) -> list[LinkedProfile]:
    """The profiles that were a person's until somebody, named in `vouched_by`, said that they are not."""
    return await db.rows(
        """SELECT profile, 'undone' AS status, by AS vouched_by, at,
        (SELECT count(*) FROM events WHERE events.profile = undone_links.profile) AS progress
        FROM undone_links WHERE person = :person ORDER BY at, profile""",
        {"person": person},
        into=LinkedProfile,
    )


async def undo_link(db: Database, profile: str, person: str, *, by: str, at: str) -> bool:
    """Undo the link of a profile to a person, on the word of `by`; False if it is not theirs by now.

    What was done with it stays; whom else it names is asked next. The person's sessions end, since one may be open
    on that profile and would go on writing into it; signing in begins another.
    """
    async with db.transaction() as work:
        link = await links.link_of(work, profile)
        if link is None or link.person != person:
            return False
        await naming.take_back(work, profile, at=at)
        await links.unlink(work, profile, by=by, at=at)
        parted = await stand_ins.part(work, link)
        if link.status == "vouched":
            await people.end_sessions(work, person)
    for one in [profile, stand_ins.stand_in_of(profile)] if parted else [profile]:
        await holding.release(db, one)
    async with db.transaction() as work:
        await ownership.claim_for_named(work, profile, at=at)
    return True


async def redo_link(db: Database, profile: str, person: str, *, by: str, at: str) -> None:
    """Make a link again that was undone by mistake, on the word of the coach `by`; not if it is another's now."""
    async with db.transaction() as work:
        undone = await links.undone_by(work, profile, person) is not None
        if undone and await links.link_of(work, profile) is None:
            await links.vouch(work, profile, person, by=by, at=at)
            await stand_ins.join(work, profile)


async def accept_privacy(db: Statements, person: str, version: str, at: str) -> None:
    """Keep which notice was accepted, and when."""
    await db.execute(
        "UPDATE persons SET privacy_version = :version, privacy_at = :at WHERE id = :person",
        {"person": person, "version": version, "at": at},
    )


async def erase_profile(db: Database, profile: str, *, at: str) -> bool:
    """Blank names, documents and notes of a profile; False if by now it is linked to an account here."""
    async with db.transaction() as work:
        if await links.link_of(work, profile) is not None:
            return False
        await erase_profiles(work, [profile], at=at)
    return True


@dataclass(frozen=True, slots=True)
class Claim:
    """What waits for somebody's answer: a profile that says it is a person's, or, if `held`, new lines for one
    that is, which came without the person's word.

    `progress` counts the lines, `said` is what their user called themselves. `others` are documents that the
    profile names and that are not the person's: then nobody but a coach can say whose it is. `newest` is the
    number of the last held line, 0 if there is none. `unsigned` counts those without the signature of a device that signs.
    """

    profile: str
    person: str
    given_names: str
    paternal: str
    maternal: str
    document: str
    held: int
    at: str
    progress: int
    newest: int
    unsigned: int = 0
    said: str = ""
    others: tuple[str, ...] = ()

    @property
    def is_code(self) -> bool:
        """Whether all of it came in codes, before anything else of its profile."""
        return stand_ins.is_stand_in(self.profile)


MOST_CLAIMS = 50
"""Most that one page asks somebody: anybody can write their document into as many profiles as they like."""

_WAITS = "FROM held WHERE held.profile = links.profile AND held.status = 'waiting'"

_CLAIMS = f"""SELECT profile, person, given_names, paternal, maternal, document,
    CASE WHEN status = 'vouched' THEN 1 ELSE 0 END AS held,
    CASE WHEN status = 'vouched' THEN (SELECT min(received_at) {_WAITS}) ELSE at END AS at,
    CASE WHEN status = 'vouched' THEN (SELECT count(*) {_WAITS})
        ELSE (SELECT count(*) FROM events WHERE events.profile = links.profile) END AS progress,
    coalesce((SELECT max(number) {_WAITS}), 0) AS newest,
    CASE WHEN status = 'vouched' THEN 0
        ELSE (SELECT count(*) FROM unsigned WHERE unsigned.profile = links.profile AND by = '') END AS unsigned
    FROM links JOIN persons ON persons.id = links.person WHERE """  # noqa: S608 - texts of ours


async def claims_of(db: Database, person: str) -> list[Claim]:
    """What waits for this person's answer, what came first first: as much as somebody answers at once."""
    waits = f"(status = 'unverified' OR EXISTS (SELECT 1 {_WAITS}))"
    sql = f"{_CLAIMS} person = :person AND {waits} ORDER BY at, profile LIMIT :most"
    found = await db.rows(sql, {"person": person, "most": MOST_CLAIMS}, into=Claim)
    return [await _with_words(db, claim) for claim in found]


async def _with_words(db: Database, claim: Claim) -> Claim:
    """Add what each profile's user wrote."""
    said = await ownership.said_in(db, claim.profile)
    names = dict.fromkeys(one.name for one in said if one.name)
    others = tuple(one for one in ownership.documents_in(said) if claim.document not in readings(one))
    return replace(claim, said=", ".join(names), others=others)


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer to a claim, by whom and when. Of held lines it covers those up to the claim's `newest`."""

    profile: str
    person: str
    is_theirs: bool
    by: Person
    at: str
    newest: int = 0


async def answer_claim(db: Database, said: Verdict) -> bool:
    """Confirm or undo an unconfirmed link, or let in or turn away what is held for a vouched one.

    Nothing happens, and it is False, if by now the profile is somebody else's. Owners confirm only what is theirs to take.
    """
    link = await links.link_of(db, said.profile)
    if link is None or link.person != said.person:
        return False
    if link.status == "vouched":
        if said.is_theirs:
            await holding.release(db, said.profile, upto=said.newest)
        else:
            await holding.turn_away(db, said.profile, upto=said.newest, by=said.by.id, at=said.at)
    elif not said.is_theirs:
        await undo_link(db, said.profile, said.person, by=said.by.id, at=said.at)
    elif said.by.id == said.person:
        async with db.transaction() as work:
            await ownership.take(work, said.profile, said.by, at=said.at)
    else:
        return await _confirm(db, said)
    return True


async def _confirm(db: Database, said: Verdict) -> bool:
    """Vouch for the link that the coach was shown; False if meanwhile it is another's, or none."""
    async with db.transaction() as work:
        link = await links.link_of(work, said.profile)
        if link is None or link.person != said.person:
            return False
        await links.confirm(work, said.profile, by=said.by.id, at=said.at)
        await stand_ins.join(work, said.profile)
    return True
