"""A progress file arrives: store what is new, and link each profile to the person it belongs to.

Who brings the file decides what a link is worth. Its owner, signed in, vouches for profiles that never named
anybody else; a coach vouches for whom a profile names, if it is one person; a bearer for nobody. Typing a
document never claims anything: a profile that names somebody else is linked to that person, unverified, until
they or a coach confirm it; one that calls its user by somebody else's name waits for an answer, linked to nobody.
`lms.events.ownership` has the rules. What a device signed that its owner brought before counts by any hand
(`lms.events.devices`).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from lms.clock import Clock, stamp, system_clock
from lms.db import Database
from lms.events import devices, holding, log, ownership, signatures, stand_ins
from lms.events.bringing import note_brought, note_refused
from lms.events.devices import Place
from lms.events.log import Receipt
from lms.events.model import ProfileIdentified
from lms.people import links
from lms.people.model import Person
from lms.people.queries import person as person_with_id
from lms.sync.contents import About
from lms.sync.over_closed_file import File, read_progress_file

if TYPE_CHECKING:
    from lms.sync.sealing import Identity

By = Literal["owner", "coach", "keeper", "node", "bearer"]
"""A keeper administers the server and brings files at its terminal; a node is another server that they accepted."""


class Bringer(Struct, frozen=True):
    """Who brings a file, and as what; `person` is None when nobody signed in."""

    person: Person | None
    by: By


_MOST_FREE = (
    20  # profiles of nobody of one file that a coach is given to link at once: a file may name thousands
)
_PAUSE = 0.025  # seconds between batches: so long SQLite may let another process wait before it asks for its turn again


class Linked(Struct, frozen=True):
    """A profile of the file and whose it is now; `name` is the person's, as they are called on screen.

    `status` is "taken" when the profile was vouched for somebody else before, and stays theirs. `called` is what it
    calls its user, if that is another name than the person's.
    """

    profile: str
    person: str
    name: str
    status: Literal["vouched", "unverified", "taken"]
    called: str = ""


class Unsure(Struct, frozen=True):
    """A profile of the file that is nobody's yet, and the name by which it calls its user."""

    profile: str
    name: str


class Received(Struct, frozen=True):
    """What became of a file: counts of its events, its profiles, who they belong to, its main course.

    `unknown` is how many of those that are nobody's name a document which no account here has; `free` are those
    themselves, as far as a coach is told of each.
    """

    stored: int
    known: int
    held: int
    refused: int
    profiles: tuple[str, ...]
    linked: tuple[Linked, ...]
    course: str
    asked: tuple[Unsure, ...] = ()
    unknown: int = 0
    free: tuple[Unsure, ...] = ()

    @property
    def nobodys(self) -> int:
        """How many of its profiles are nobody's, without those about whom their bearer is asked."""
        return len(self.profiles) - len(self.linked) - len(self.asked)


async def read_file(data: bytes, identity: Callable[[], Identity]) -> File:
    """What a progress file holds; `Invalid` if it is none, or is closed to another server than that `identity`."""
    return await asyncio.to_thread(
        read_progress_file, data, identity
    )  # megabytes; others are served meanwhile


async def receive_lines(
    db: Database, lines: Sequence[bytes], person: Person | None, by: By, clock: Clock = system_clock
) -> Received:
    """Take event lines as those of an open file."""
    return await receive_file(db, File(lines), person, by, clock)


async def receive_file(
    db: Database, file: File, person: Person | None, by: By, clock: Clock = system_clock
) -> Received:
    """Take a whole progress file that `person` brings (None: nobody signed in); `Invalid` if who signed it is in doubt."""
    places = devices.signers(file.lines, file.key) if file.key else set()
    bringer, about = Bringer(person, by), About(places)
    owner = person.id if person and by == "owner" else ""
    behind = await devices.people_behind(db, places, file.key, owner) if places else {}
    signed = {place: behind.get(place, "") for place in places}
    count = await _take(db, file, bringer, (signed, about), clock)
    at = stamp(clock())
    if by != "node":
        await note_brought(db, about.news, person.id if person else "", by, at)
    asked = [
        Unsure(profile, name) for profile in about.documents if (name := await _doubt(db, profile, bringer))
    ]
    sure = [profile for profile in about.documents if profile not in {one.profile for one in asked}]
    found = [await _link(db, profile, about.documents[profile], bringer, at) for profile in sure]
    nobodys = _without_link(sure, found)
    if owner:
        await devices.own(db, dict.fromkeys(places, file.key), owner, at=at)
    await _note_signed(db, about, await devices.with_key(db, places, file.key) if places else set())
    return Received(
        stored=count["stored"],
        known=count["known"],
        held=count["held"],
        refused=count["refused"],
        profiles=tuple(about.documents),
        linked=tuple(linked for linked in found if linked),
        course=next((course for course, _ in about.courses.most_common(1)), ""),
        asked=tuple(asked),
        unknown=sum([await _is_strangers(db, about.documents[one]) for one in nobodys]),
        free=tuple([await _called(db, one) for one in nobodys[:_MOST_FREE]]) if by == "coach" else (),
    )


async def _take(
    db: Database, file: File, bringer: Bringer, noted: tuple[Mapping[Place, str], About], clock: Clock
) -> Counter[str]:
    """Store the lines of a file, a batch at a time, and note what they are about; how many had which status."""
    (signed, about), count = noted, Counter[str]()
    way = (bringer.person.id if bringer.person else "", "node" if bringer.by == "node" else "file")
    sender, own = way[0] if bringer.by == "owner" else "", {place for place in signed if signed[place]}
    for start in range(0, len(file.lines), log.BATCH):
        if start:
            await asyncio.sleep(_PAUSE)
        batch = file.lines[start : start + log.BATCH]
        receipts = await _append(db, batch, bringer, signed, clock)
        await note_refused(db, batch, receipts, way, stamp(clock()))
        if bringer.by != "node":
            await signatures.note_forks(db, receipts)
            await signatures.note_unsigned(db, batch, receipts, sender, own)
        count.update(receipt.status for receipt in receipts)
        about.note(batch, receipts)
    return count


async def _note_signed(db: Database, about: About, own: Collection[Place]) -> None:
    """A whole file came that some devices signed with the key of their person: note what is theirs, and what is not."""
    ids = [one for place in own for one in about.ids[place]]
    for start in range(0, len(ids), log.BATCH):
        if start:
            await asyncio.sleep(_PAUSE)
        await signatures.note_signed(db, ids[start : start + log.BATCH])
    await signatures.note_others(db, own)


async def _called(db: Database, profile: str) -> Unsure:
    """A profile, and the name by which it calls its user last."""
    names = [one.name.strip() for one in await ownership.said_in(db, profile) if one.name.strip()]
    return Unsure(profile, names[-1] if names else "")


def _without_link(profiles: Sequence[str], found: Sequence[Linked | None]) -> list[str]:
    return [profile for profile, linked in zip(profiles, found, strict=True) if linked is None]


async def _is_strangers(db: Database, documents: Sequence[str]) -> bool:
    """Whether these documents are of somebody without an account here."""
    named = [one for one in documents if one.strip()]
    return bool(named) and not await ownership.named_in(db, named)


async def _append(
    db: Database, lines: Sequence[bytes], bringer: Bringer, signed: Mapping[Place, str], clock: Clock
) -> Sequence[Receipt]:
    """What coaches, keepers and nodes bring counts on their word; anybody else's lines only where they are theirs,
    or written by a device, among the `signed`, that stands for its person.
    """
    is_trusted = bringer.by in ("coach", "keeper", "node")
    sender = bringer.person.id if bringer.person else ""
    groups: dict[tuple[str, str], list[int]] = {}
    for number, line in enumerate(lines):
        place = devices.place_of(line) if signed else ("", "")
        source = "signed" if place in signed else "node" if bringer.by == "node" else "file"
        whose = "" if is_trusted else signed.get(place) or sender
        groups.setdefault((source, whose), []).append(number)
    receipts: dict[int, Receipt] = {}
    for (source, whose), numbers in groups.items():
        group = [lines[number] for number in numbers]
        said = (
            await log.append(db, group, source=source, clock=clock)
            if is_trusted
            else await holding.append(db, group, sender=whose, source=source, clock=clock)
        )
        receipts.update(zip(numbers, said, strict=True))
    return [receipts[number] for number in range(len(lines))]


async def _doubt(db: Database, profile: str, bringer: Bringer) -> str:
    """The name that keeps a profile from being linked, as only whoever brings it knows whose it is; else empty."""
    if bringer.by == "owner" and bringer.person:
        return await ownership.in_doubt(db, profile, bringer.person)
    said = await ownership.said_in(db, profile) if bringer.by == "keeper" else []
    if ownership.documents_in(said) or not said or await links.link_of(db, profile):
        return ""
    return said[-1].name.strip()


async def link_profile(db: Database, profile: str, owner: Person, at: str) -> None:
    """Link a profile that somebody sent with their document and PIN, as far as that proves it theirs."""
    await _link(db, profile, (), Bringer(owner, "owner"), at)


async def _link(
    db: Database, profile: str, brought: Sequence[str], bringer: Bringer, at: str
) -> Linked | None:
    """Link one profile as far as who brings it allows; None when it names nobody who is known here.

    `brought` are the documents that the file itself names: all that is left to say whose an erased one was.
    """
    said = await ownership.said_in(db, profile)
    stored = ownership.documents_in(said)
    person = bringer.person
    if bringer.by == "owner" and person:
        taken = await ownership.take(db, profile, person, at=at)
        named = await ownership.named_in(db, stored)
        theirs = not stored or person.id in (one.id for one in named)
        wanted = [person] if taken or theirs else named
    else:
        wanted = named = await ownership.named_in(db, [*stored, *brought])
        if (
            bringer.by == "coach"
            and person
            and ownership.names_one(said, named)
            and not ownership.another_name(said, named[0])
        ):
            await _vouch_for(db, profile, named[0], person, at)
    await ownership.claim_for_named(db, profile, at=at)
    await stand_ins.join(db, profile)
    link = await links.link_of(db, profile)
    everybodys = bringer.by in ("coach", "keeper", "node")
    return await _linked(db, link, wanted, said) if link and (wanted or everybodys) else None


async def _vouch_for(db: Database, profile: str, named: Person, coach: Person, at: str) -> None:
    """A coach's word, which is worth nothing more than anybody's when it is about themselves."""
    if named.id == coach.id:
        await ownership.take(db, profile, coach, at=at)
    else:
        await links.vouch(db, profile, named.id, by=coach.id, at=at)


async def _linked(
    db: Database, link: links.Link, wanted: Sequence[Person], said: Sequence[ProfileIdentified]
) -> Linked:
    """The link in force, beside those whom it was wanted for, if it was for anybody."""
    person = await person_with_id(db, link.person)
    as_wanted = not wanted or link.person in (one.id for one in wanted)
    status = link.status if as_wanted else "taken"
    called = ownership.another_name(said, person) if person else ""
    return Linked(link.profile, link.person, person.short_name if person else "", status, called)
