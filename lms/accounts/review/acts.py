"""What a coach answers to what waits, and how an answer is taken back.

Whatever is answered with one form has one moment, and what it changed keeps who did it and when. So an answer is
undone by its moment, and nothing else has to be remembered. What is in the log stays there: held lines that were let
in cannot be taken back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from lms.accounts.queries import Verdict, answer_claim
from lms.accounts.review.reasons import KINDS, Reason
from lms.db import Database
from lms.events import holding, naming, ownership, signatures, stand_ins
from lms.people import links
from lms.people import queries as people
from lms.people.model import Person

_SEEN = """
INSERT INTO reviewed (kind, subject, upto, by, at) VALUES (:kind, :subject, :upto, :by, :at)
ON CONFLICT (kind, subject) DO UPDATE SET upto = excluded.upto, by = excluded.by, at = excluded.at
"""


def lasts(reason: str, verb: str) -> bool:
    """Whether an answer cannot be taken back: lines that were let into the log stay there."""
    return verb == "vuelve" or (reason, verb) == ("traido", "si")


@dataclass(frozen=True, slots=True)
class Act:
    """A coach answers things of one reason at one moment."""

    db: Database
    coach: Person
    at: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Key:
    """A thing as a page names it: a profile with a person or a device, or an id; how much of it was shown."""

    first: str
    second: str
    upto: int


async def answer(act: Act, verb: str, keys: Sequence[Key]) -> int:
    """Give some things an answer; for how many it changed anything."""
    if verb not in act.reason.verbs:
        return 0
    return sum([await _VERBS[verb](act, key) for key in keys])


async def give(act: Act, profile: str, person: Person) -> bool:
    """Link a profile to a person on the coach's word; False if somebody else has it for certain, or it is oneself."""
    if person.id == act.coach.id:
        return False
    async with act.db.transaction() as work:
        link = await links.link_of(work, profile)
        if link and link.status == "vouched":
            return False
        await links.vouch(work, profile, person.id, by=act.coach.id, at=act.at)
        await stand_ins.join(work, profile)
    return True


async def given_to(db: Database, coach: str, at: str) -> str:
    """The name of whom a coach gave a profile at one moment, "" if that does not hold any more."""
    sql = "SELECT person FROM links WHERE vouched_by = :coach AND at = :at AND person <> :coach LIMIT 1"
    person = await people.person(db, str(await db.value(sql, {"coach": coach, "at": at}) or ""))
    return person.full_name if person else ""


async def undo(db: Database, coach: Person, at: str) -> int:
    """Take back what a coach answered at one moment; how many things are as they were."""
    moment = {"by": coach.id, "at": at}
    return (
        await _take_links_back(db, moment)
        + await _claim_again(db, moment)
        + await holding.take_back(db, **moment)
        + await signatures.take_back(db, **moment)
        + await db.execute("DELETE FROM reviewed WHERE by = :by AND at = :at", moment)
    )


async def _accept(act: Act, key: Key) -> bool:
    if act.reason.name != "nadie":
        return await _judge(act, key, theirs=True)
    person = await people.person(act.db, key.second)
    free = await links.link_of(act.db, key.first) is None
    return person is not None and free and await give(act, key.first, person)


async def _refuse(act: Act, key: Key) -> bool:
    if act.reason.name == "firma":
        return await _refuse_unsigned(act, key)
    return await _judge(act, key, theirs=False)


async def _refuse_unsigned(act: Act, key: Key) -> bool:
    """Let what came unsigned of a device, as far as the page showed it, count no more; not of the coach's own."""
    link = await links.link_of(act.db, key.first)
    if link and link.person == act.coach.id:
        return False
    place = (key.first, key.second)
    return await signatures.refuse(act.db, place, upto=key.upto, by=act.coach.id, at=act.at) > 0


async def _judge(act: Act, key: Key, *, theirs: bool) -> bool:
    if key.second == act.coach.id:
        return False
    return await answer_claim(act.db, Verdict(key.first, key.second, theirs, act.coach, act.at, key.upto))


async def _see(act: Act, key: Key) -> bool:
    devices = act.reason.name in ("reloj", "copia", "firma", "sinfirma")
    seen = {
        "kind": KINDS[act.reason.name],
        "subject": f"{key.first} {key.second}" if devices else key.first,
        "upto": key.upto,
        "by": act.coach.id,
        "at": act.at,
    }
    return await act.db.execute(_SEEN, seen) > 0


async def _ask_again(act: Act, key: Key) -> bool:
    """Ask again about what an answer turned away, as far as the page showed it; not of the coach's own."""
    link = await links.link_of(act.db, key.first)
    if link and link.person == act.coach.id:
        return False
    if act.reason.name == "sinfirma":
        return await signatures.take_up(act.db, (key.first, key.second), upto=key.upto) > 0
    return await holding.take_up(act.db, key.first, upto=key.upto) > 0


_VERBS: Mapping[str, Callable[[Act, Key], Awaitable[bool]]] = {
    "si": _accept,
    "no": _refuse,
    "visto": _see,
    "vuelve": _ask_again,
}


async def _take_links_back(db: Database, moment: Mapping[str, str]) -> int:
    """The links that were vouched for: each profile is asked about again, as if nobody had answered."""
    rows = await db.rows(
        "SELECT profile, person FROM links WHERE vouched_by = :by AND at = :at AND person <> :by", moment
    )
    # What stands in comes last: before the link that it follows was taken back it would follow that again.
    for row in sorted(rows, key=lambda row: stand_ins.is_stand_in(row["profile"])):
        async with db.transaction() as work:
            await naming.take_back(work, row["profile"], at=moment["at"])
            await links.take_back(work, row["profile"], **moment)
            await people.end_sessions(work, row["person"])  # one may be open on that profile
        await _nobodys(db, row["profile"], moment["at"])
    return len(
        {stand_ins.stand_in_of(row["profile"]) for row in rows}
    )  # what stands in follows, and is no other thing


async def _claim_again(db: Database, moment: Mapping[str, str]) -> int:
    """The links that were undone: back as they were, unverified, unless by now somebody has the profile for certain."""
    rows = await db.rows("SELECT profile, person FROM undone_links WHERE by = :by AND at = :at", moment)
    again: set[str] = set()
    for row in rows:
        place = {"profile": row["profile"], "person": row["person"]}
        async with db.transaction() as work:
            link = await links.link_of(work, row["profile"])
            if link and link.status == "vouched":
                continue
            await work.execute("DELETE FROM links WHERE profile = :profile", {"profile": row["profile"]})
            await work.execute(
                "DELETE FROM undone_links WHERE profile = :profile AND person = :person", place
            )
            await links.claim(work, row["profile"], row["person"], at=moment["at"])
            await stand_ins.join(work, row["profile"])
        again.add(stand_ins.stand_in_of(row["profile"]))
    return len(again)


async def _nobodys(db: Database, profile: str, at: str) -> None:
    await holding.release(db, profile)
    async with db.transaction() as work:
        await ownership.claim_for_named(work, profile, at=at)
