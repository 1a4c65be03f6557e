"""What a coach answers to what waits, and how an answer is taken back.

Whatever is answered with one form has one moment, and what it changed keeps who did it and when. So an answer is
undone by its moment; only what a link was before has to be remembered (`lms.people.replaced`). What is in the log stays
there: held lines that were let in cannot be taken back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.accounts.queries import Verdict, answer_claim
from lms.accounts.review import about
from lms.accounts.review.items import Look
from lms.accounts.review.reasons import KINDS, Reason
from lms.db import Database
from lms.events import holding, naming, ownership, signatures, stand_ins
from lms.people import links, replaced
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


async def alike(act: Act, keys: Sequence[Key]) -> list[Key]:
    """Those that may be accepted with others: not what calls its user by another name than whose it would become."""
    said = await about.said(Look(act.db, act.coach.id), [key.first for key in keys])
    found = []
    for key in keys:
        person = await people.person(act.db, key.second)
        if person is None or not ownership.another_name(said[key.first], person):
            found.append(key)
    return found


async def give(act: Act, profile: str, person: Person) -> bool:
    """Link a profile to a person on the coach's word; False if somebody else has it for certain, or it is oneself."""
    if person.id == act.coach.id:
        return False
    async with act.db.transaction() as work:
        link = await links.link_of(work, profile)
        if link and link.status == "vouched":
            return False
        await replaced.keep(work, profile, person.id, by=act.coach.id, at=act.at)
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
    if act.reason.name == "dividido":
        return await _move(act, key)
    if act.reason.name != "nadie":
        return await _judge(act, key, theirs=True)
    person = await people.person(act.db, key.second)
    free = await links.link_of(act.db, key.first) is None
    return person is not None and free and await give(act, key.first, person)


async def _move(act: Act, key: Key) -> bool:
    """Codes are whose their profile is, and not whose somebody said; False if by now neither is so."""
    async with act.db.transaction() as work:
        link = await links.link_of(work, key.first)
        taken = link is None or link.person in (key.second, act.coach.id)
        if taken or key.second == act.coach.id or key.second not in await stand_ins.owners(work, key.first):
            return False
        await replaced.keep(work, key.first, key.second, by=act.coach.id, at=act.at)
        await links.unlink(work, key.first, by=act.coach.id, at=act.at)
        await links.vouch(work, key.first, key.second, by=act.coach.id, at=act.at)
    return True


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
    await replaced.keep(act.db, key.first, key.second, by=act.coach.id, at=act.at)
    return await answer_claim(act.db, Verdict(key.first, key.second, theirs, act.coach, act.at, key.upto))


async def _see(act: Act, key: Key) -> bool:
    pairs = act.reason.name in ("reloj", "copia", "dividido", "firma", "sinfirma")
    seen = {
        "kind": KINDS[act.reason.name],
        "subject": f"{key.first} {key.second}" if pairs else key.first,
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
    """The links that were vouched for: each is what it was before, and asked about as if nobody had answered."""
    rows = await db.rows(
        "SELECT profile, person FROM links WHERE vouched_by = :by AND at = :at AND person <> :by", moment
    )
    # What stands in comes last: before the link that it follows was taken back it would follow that again.
    for row in sorted(rows, key=lambda row: stand_ins.is_stand_in(row["profile"])):
        profile = row["profile"]
        async with db.transaction() as work:
            await naming.take_back(work, profile, at=moment["at"])
            await links.take_back(work, profile, **moment)
            known = await replaced.put_back(work, profile, **moment)
            await stand_ins.join(work, profile)
            await people.end_sessions(work, row["person"])  # one may be open on that profile
        await holding.release_if_free(db, profile)
        if not known:
            async with db.transaction() as work:
                await ownership.claim_for_named(work, profile, at=moment["at"])
    return _things(row["profile"] for row in rows)


async def _claim_again(db: Database, moment: Mapping[str, str]) -> int:
    """The links that were undone: back as they were, unless by now somebody has the profile for certain."""
    rows = await db.rows("SELECT profile, person FROM undone_links WHERE by = :by AND at = :at", moment)
    again: list[str] = []
    for row in rows:
        profile = row["profile"]
        async with db.transaction() as work:
            link = await links.link_of(work, profile)
            if link and link.status == "vouched":
                continue
            if not await replaced.put_back(work, profile, **moment):
                await work.execute("DELETE FROM links WHERE profile = :profile", {"profile": profile})
                await work.execute(
                    "DELETE FROM undone_links WHERE profile = :profile AND person = :person",
                    {"profile": profile, "person": row["person"]},
                )
                await links.claim(work, profile, row["person"], at=moment["at"])
            await stand_ins.join(work, profile)
        again.append(profile)
    return _things(again)


def _things(profiles: Iterable[str]) -> int:
    """How many things these are: what stands in follows, and is no other."""
    return len({stand_ins.stand_in_of(profile) for profile in profiles})
