"""A progress file arrives: store what is new, and link each profile to the person it belongs to.

Who brings the file decides what a link is worth. Its owner, signed in, vouches for profiles that name them or
nobody; a coach vouches for whoever a profile names; a bearer for nobody. Typing a document never claims
anything: a profile that names somebody else is linked to that person, unverified, until they confirm it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from lms.clock import Clock, stamp, system_clock
from lms.db import Database
from lms.events import log
from lms.events.log import Receipt
from lms.events.queries import identified
from lms.people import links
from lms.people.documents import readings
from lms.people.model import Person
from lms.people.queries import person as person_with_id
from lms.people.queries import person_typed
from lms.sync.over_file import parse_progress_file

By = Literal["owner", "coach", "bearer"]


class Linked(Struct, frozen=True):
    """A profile of the file and whose it is now; `name` is the person's, as they are called on screen.

    `status` is "taken" when the profile was vouched for somebody else before, and stays theirs.
    """

    profile: str
    person: str
    name: str
    status: Literal["vouched", "unverified", "taken"]


class Received(Struct, frozen=True):
    """What became of a file: counts of its events, its profiles, who they belong to, its main course."""

    stored: int
    known: int
    refused: int
    profiles: tuple[str, ...]
    linked: tuple[Linked, ...]
    course: str


async def receive_file(
    db: Database, data: bytes, person: Person | None, by: By, clock: Clock = system_clock
) -> Received:
    """Take a whole progress file that `person` brings (None: nobody signed in); `Invalid` if it is none."""
    return await receive_lines(db, parse_progress_file(data), person, by, clock)


async def receive_lines(
    db: Database, lines: Sequence[bytes], person: Person | None, by: By, clock: Clock = system_clock
) -> Received:
    """Take the event lines of a checked file."""
    receipts: list[Receipt] = []
    for start in range(0, len(lines), log.BATCH):
        receipts += await log.append(db, lines[start : start + log.BATCH], source="file", clock=clock)
    taken = [line for line, receipt in zip(lines, receipts, strict=True) if receipt.status != "refused"]
    profiles, course = _about(taken)
    at = stamp(clock())
    found = [await link_profile(db, profile, person, by, at) for profile in profiles]
    count = Counter(receipt.status for receipt in receipts)
    return Received(
        stored=count["stored"],
        known=count["known"],
        refused=count["refused"],
        profiles=profiles,
        linked=tuple(linked for linked in found if linked),
        course=course,
    )


async def link_profile(db: Database, profile: str, person: Person | None, by: By, at: str) -> Linked | None:
    """Link one profile as far as who brings it allows; None when it names nobody who is known here."""
    said = await identified(db, profile)
    document = said.document if said else ""
    named = await person_typed(db, document) if document else None
    if by == "owner" and person and (not document or person.document in readings(document)):
        link = await links.vouch(db, profile, person.id, by=person.id, at=at)
        return await _linked(db, link, person)
    if named is None:
        return None
    if by == "coach" and person:
        link = await links.vouch(db, profile, named.id, by=person.id, at=at)
    else:
        link = await links.claim(db, profile, named.id, at=at)
    return await _linked(db, link, named)


async def _linked(db: Database, link: links.Link, wanted: Person) -> Linked:
    """The link in force, beside the one that was wanted."""
    owner = wanted if link.person == wanted.id else await person_with_id(db, link.person)
    status = link.status if link.person == wanted.id else "taken"
    return Linked(link.profile, link.person, owner.short_name if owner else "", status)


class _Place(Struct):
    profile: str
    course: str


_place: Callable[[bytes], _Place] = msgspec.json.Decoder(_Place).decode


def _about(lines: Sequence[bytes]) -> tuple[tuple[str, ...], str]:
    """The profiles in order of first appearance, and the course that most lines are about."""
    places = [_place(line) for line in lines]
    courses = Counter(place.course for place in places if place.course)
    return tuple(dict.fromkeys(place.profile for place in places)), next(
        iter(courses.most_common(1)), ("", 0)
    )[0]
