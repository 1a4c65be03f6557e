"""Whose a profile may become, by all that was ever said in it of who uses it.

A profile is a random id, so whoever has somebody's progress file knows it, and can write into the file, or send
along, whatever they like. Hence three rules. An owner, who has proved to be a person with document and PIN,
takes a profile only if every document it ever named is empty or theirs. One that also names somebody else goes
to the first it named, unverified, for a coach to decide. And what an erased account left belongs to nobody.
A name proves even less than a document, but one that is somebody else's is worth a question before anything is done.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Sequence

from lms.db import Statements
from lms.events import stand_ins, wire
from lms.events.model import ProfileIdentified
from lms.people import links
from lms.people.documents import LONGEST, readings
from lms.people.links import Link
from lms.people.model import Person
from lms.people.names import words_of
from lms.people.queries import persons_typed

NAMED = "INSERT INTO named (document, profile) VALUES (:document, :profile) ON CONFLICT (document, profile) DO NOTHING"
"""Notes that a profile names a document, as `names_in` tells it."""

MOST_CLAIMS = 50
"""Most profiles that wait for one person's answer: anybody can write a document into as many as they like.

What comes beyond stays nobody's, in «Por revisar», until they have answered and sign in again.
"""

MOST_SAID = 100
"""Lines of a profile that are read for whose it is: people type who they are a few times, and anybody can send many."""

AND_MORE = ProfileIdentified("", "", "…")
"""Stands for those beyond: what they name is nobody's document, so that such a profile is a coach's to decide about."""

# The numbers apart, or PostgreSQL may read the whole log in its order for the first of them.
_FIRST_SAYING_WHO = """
WITH own AS MATERIALIZED (SELECT number FROM events WHERE type = 'profile.identified' AND profile = :profile)
SELECT line FROM events WHERE number IN (SELECT number FROM own ORDER BY number LIMIT :most) ORDER BY number
"""

# The type as a word of its own, or no index is used.
SAYING_WHO = """
SELECT number, line FROM events WHERE type = 'profile.identified' AND profile = :profile AND number > :number
ORDER BY number LIMIT :most
"""


async def said_in(db: Statements, profile: str) -> list[ProfileIdentified]:
    """What a profile said of who uses it, in order of arrival: as much as is read, and whether there is more."""
    rows = await db.rows(_FIRST_SAYING_WHO, {"profile": profile, "most": MOST_SAID + 1})
    return as_said(row["line"] for row in rows)


def as_said(lines: Iterable[bytes]) -> list[ProfileIdentified]:
    """What the first lines of a profile say, one more than are read if there are more."""
    said = [said_by(line) for line in lines]
    return [*said[:MOST_SAID], AND_MORE] if len(said) > MOST_SAID else said


async def all_said_in(db: Statements, profile: str) -> AsyncIterator[ProfileIdentified]:
    """Everything a profile said of who uses it, however much that is."""
    asked = {"profile": profile, "number": 0, "most": MOST_SAID}
    while rows := await db.rows(SAYING_WHO, asked):
        for row in rows:
            yield said_by(row["line"])
        asked["number"] = rows[-1]["number"]


def said_by(line: bytes) -> ProfileIdentified:
    """What one `profile.identified` says, also in a version that this node does not know."""
    data = wire.decode(line).data
    if isinstance(data, ProfileIdentified):
        return data
    return ProfileIdentified(*(str(data.get(name, "")) for name in ("name", "document_type", "document")))


def documents_in(said: Iterable[ProfileIdentified]) -> list[str]:
    """The documents named, as they were typed, each once."""
    return list(dict.fromkeys(one.document for one in said if one.document.strip()))


def another_name(said: Iterable[ProfileIdentified], person: Person) -> str:
    """What a profile calls its user last, if no name in it shares a word with the person's; else empty."""
    return name_unlike(said, person.full_name)


def name_unlike(said: Iterable[ProfileIdentified], full_name: str) -> str:
    """The same, for whom only the name is at hand."""
    names = [one.name for one in said if words_of(one.name)]
    own = words_of(full_name)
    return names[-1] if names and all(own.isdisjoint(words_of(name)) for name in names) else ""


def names_one(said: Sequence[ProfileIdentified], named: Sequence[Person]) -> bool:
    """Whether a profile that says this names one of those who have an account, and for certain nobody else of them."""
    return len(named) == 1 and AND_MORE not in said


async def in_doubt(db: Statements, profile: str, person: Person) -> str:
    """The name of somebody else, if a person could take a profile and nothing but that name speaks against it."""
    said = await said_in(db, profile)
    if documents_in(said) or await links.link_of(db, profile) or not await may_take(db, profile, person):
        return ""
    return another_name(said, person)


async def is_free(db: Statements, profile: str) -> bool:
    """Whether a profile is nobody's, by link or by name, and never was an erased person's."""
    if await links.link_of(db, profile) or await _is_erased(db, profile):
        return False
    return not documents_in(await said_in(db, profile))


async def may_take(db: Statements, profile: str, person: Person) -> bool:
    """Whether a profile becomes a person's, or stays theirs, on their word alone."""
    link = await links.link_of(db, profile)
    if link and (link.person != person.id or link.status == "vouched"):
        return link.person == person.id
    # What they undid themselves they may take back; not what a coach undid.
    if await links.undone_by(db, profile, person.id) not in (None, person.id):
        return False
    if await _is_erased(db, profile):
        return False
    return _names_only(await said_in(db, profile), person)


async def is_up_to(db: Statements, profile: str, person: Person) -> bool:
    """Whether a profile that is not a person's for certain would be if they said so: then they are asked before."""
    link = await links.link_of(db, profile)
    return (link is None or link.status != "vouched") and await may_take(db, profile, person)


async def take(db: Statements, profile: str, person: Person, *, at: str) -> Link | None:
    """Link a profile to its owner, who has just proved who they are; None if it is not theirs to take."""
    if not await may_take(db, profile, person):
        return None
    link = await links.vouch(db, profile, person.id, by=person.id, at=at)
    await stand_ins.join(db, profile)
    return link


async def take_brought(db: Statements, profile: str, person: Person, *, at: str) -> Link | None:
    """Link a profile that is here and nobody's, and names nobody, to whoever says that it is theirs; None if it is not."""
    is_there = await db.value("SELECT 1 FROM events WHERE profile = :profile LIMIT 1", {"profile": profile})
    return await take(db, profile, person, at=at) if is_there and await is_free(db, profile) else None


async def whose(db: Statements, profiles: Sequence[str], person: Person | None) -> dict[str, str]:
    """Of these profiles, those that are not somebody else's for certain: `yours`, `nobodys`, or `free`.

    `free` is nobody's and never was taken from anybody, so that the person may be asked whether it is theirs.
    """
    links_here = await db.rows(
        "SELECT profile, person FROM links WHERE status = 'vouched' AND profile IN (:profiles)",
        {"profiles": list(profiles)},
    )
    vouched = {row["profile"]: row["person"] for row in links_here}
    said: dict[str, str] = {}
    for profile in profiles:
        if profile not in vouched:
            free = person and await is_free(db, profile) and not await links.was_undone(db, profile)
            said[profile] = "free" if free else "nobodys"
        elif person and vouched[profile] == person.id:
            said[profile] = "yours"
    return said


async def claim_for_named(db: Statements, profile: str, *, at: str) -> Link | None:
    """Give a profile that nobody has to the first person it names, unverified; the link in force, if any.

    Not if as many as they are asked about wait for that person already.
    """
    link = await links.link_of(db, profile)
    if link:
        return link
    for person in await named_in(db, documents_in(await said_in(db, profile))):
        if await links.undone_by(db, profile, person.id) is None:
            if await _room(db, person):
                link = await links.claim(db, profile, person.id, at=at)
            break
    await stand_ins.join(db, profile)
    return link


async def claim_what_names(db: Statements, person: Person, *, at: str) -> None:
    """Have profiles that are nobody's and name a person's document wait for their answer.

    When they arrived there was no account here with it, or too many others waited.
    """
    rows = await db.rows(
        "SELECT profile FROM named WHERE document = :document"
        " AND NOT EXISTS (SELECT 1 FROM links WHERE links.profile = named.profile)"
        # Nor what is not theirs after all: it would take the place of what is for good.
        " AND NOT EXISTS (SELECT 1 FROM undone_links AS undone"
        " WHERE undone.profile = named.profile AND undone.person = :person)"
        " ORDER BY profile LIMIT :most",
        {"document": person.document, "person": person.id, "most": await _room(db, person)},
    )
    for row in rows:
        if await claim_for_named(db, row["profile"], at=at) is None:  # it names them after others
            await links.claim(db, row["profile"], person.id, at=at)
            await stand_ins.join(db, row["profile"])


async def _room(db: Statements, person: Person) -> int:
    """How many more profiles may wait for a person's answer."""
    sql = "SELECT count(*) FROM links WHERE person = :person AND status = 'unverified'"
    return max(0, MOST_CLAIMS - int(await db.value(sql, {"person": person.id})))


def names_in(line: bytes, profile: str) -> Iterator[tuple[str, str]]:
    """The document that a `profile.identified` names, as it may be kept, beside its profile."""
    return ((one, profile) for one in kept_as(said_by(line).document))


def kept_as(document: str) -> list[str]:
    """The numbers under which a document may be kept; none of what is no number that anybody has."""
    return [one for one in readings(document) if 0 < len(one) <= LONGEST]


async def named_in(db: Statements, documents: Sequence[str]) -> list[Person]:
    """Everybody with an account here among those whom documents name, each once."""
    return list({person.id: person for person in await persons_typed(db, documents)}.values())


async def own_profiles(db: Statements, person: Person, besides: Collection[str] = ()) -> list[str]:
    """The profiles that are a person's and nobody else's: vouched for, or naming no document but theirs; `besides` some.

    Whoever has somebody's file can write their own document into it, and so get an unverified link to the profile.
    """
    return [
        link.profile
        for link in await links.links_of(db, [person.id])
        if link.profile not in besides
        and (link.status == "vouched" or _names_only(await said_in(db, link.profile), person))
    ]


def _names_only(said: Iterable[ProfileIdentified], person: Person) -> bool:
    return all(person.document in readings(one) for one in documents_in(said))


async def _is_erased(db: Statements, profile: str) -> bool:
    sql = "SELECT 1 FROM erased WHERE profile = :profile AND id = :profile"
    return await db.value(sql, {"profile": profile}) is not None
