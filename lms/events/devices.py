"""Which key a device of a profile signs with, and whose word a file signed with it is.

A device announces its key in an event. The first one that the log holds for it is believed, and another is not,
as whoever has a progress file can write such a line. What the person of a vouched profile brings says more: from
then on the key is theirs, and what that device wrote counts by whatever hand it comes
(docs/decisions/0022-device-keys.md).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import msgspec
from msgspec import Struct

from lms.db import Statements
from lms.errors import Invalid
from lms.events import wire
from lms.events.model import DeviceAnnounced, Event

ANNOUNCED = "device.announced"

NOT_THE_DEVICE = (
    "Este archivo está firmado con una llave que no es la del equipo que lo hizo: otra persona pudo cambiarlo. "
    "No se recibió nada. Pide que lo guarden otra vez en el equipo donde se estudió."
)
ANOTHER_KEY = (
    "Este archivo está firmado con otra llave que la que conocemos de ese equipo. No se recibió nada. "
    "Si es tu avance, ingresa con tu cuenta y súbelo en «Mi avance»."
)

MOST_SIGNED = 500
"""Most profiles of a device that one file is signed for: more than people share a tablet."""

TOO_MANY = (
    "Este archivo trae el avance de demasiadas personas. No se recibió nada. Guarda el de cada una aparte."
)

Place = tuple[str, str]
"""A profile and one of its devices."""

_FIRST = """
SELECT line FROM events WHERE profile IN (:profiles) AND type = 'device.announced' ORDER BY number
"""

_OWN = """
INSERT INTO device_keys (profile, device, key, person, since)
SELECT profile, :device, :key, person, :at FROM links
WHERE profile = :profile AND person = :person AND status = 'vouched'
ON CONFLICT (profile, device) DO NOTHING
"""


class Known(Struct, frozen=True):
    """A key that is a person's, of one device of a profile."""

    profile: str
    device: str
    key: str
    person: str


def keys_in(lines: Iterable[bytes]) -> dict[Place, str]:
    """The key that each device announces in these lines: the first by `seq`, as it wrote them."""
    said = sorted(_announcements(lines), key=lambda event: event.seq)
    return {(event.profile, event.device): event.data.key for event in reversed(said)}


def signers(lines: Iterable[bytes], key: str) -> set[Place]:
    """The devices that announce this key in a file signed with it; `Invalid` if none does."""
    found = {place for place, announced in keys_in(lines).items() if announced == key}
    if not found:
        raise Invalid(NOT_THE_DEVICE)
    if len(found) > MOST_SIGNED:
        raise Invalid(TOO_MANY)
    return found


async def people_behind(
    db: Statements, places: Collection[Place], key: str, brought_by: str
) -> Mapping[Place, str]:
    """Of the devices that a file is signed for, those whose key is a person's, and that person's id.

    `Invalid` if another key is known of one. `brought_by` is the id of a person who proved who they are, else
    empty: in a profile that is theirs, or nobody's, what anybody said first does not count against their word.
    """
    known = {(one.profile, one.device): one for one in await _known(db, places)}
    first = await _first(db, places)
    theirs = await _free_for(db, places, brought_by)
    for place in places:
        before = known[place].key if place in known else None if place[0] in theirs else first.get(place)
        if before not in (None, key):
            raise Invalid(ANOTHER_KEY)
    return {place: known[place].person for place in places if place in known}


async def with_key(db: Statements, places: Collection[Place], key: str) -> set[Place]:
    """Of some devices, those of which this key is known as their person's."""
    return {
        place
        for one in await _known(db, places)
        if one.key == key and (place := (one.profile, one.device)) in places
    }


async def _free_for(db: Statements, places: Collection[Place], person: str) -> set[str]:
    """The profiles, among those of the places, that are a person's or nobody's; none for nobody."""
    profiles = {profile for profile, _ in places}
    taken = await db.rows(
        "SELECT profile FROM links WHERE profile IN (:profiles) AND person <> :person",
        {"profiles": sorted(profiles), "person": person},
    )
    return profiles - {row["profile"] for row in taken} if person else set()


async def own(db: Statements, keys: Mapping[Place, str], person: str, *, at: str) -> None:
    """Remember as a person's the keys that they brought, of devices of profiles vouched for as theirs."""
    await db.execute_many(
        _OWN,
        [
            {"profile": profile, "device": device, "key": key, "person": person, "at": at}
            for (profile, device), key in keys.items()
        ],
    )


async def owned_by(db: Statements, person: str) -> list[Known]:
    """The keys that are a person's."""
    return await db.rows(
        "SELECT profile, device, key, person FROM device_keys WHERE person = :person ORDER BY since, device",
        {"person": person},
        into=Known,
    )


async def with_other_keys(db: Statements) -> list[Place]:
    """The devices that announced more than one key, or another one than is known as a person's."""
    rows = await db.rows("SELECT line FROM events WHERE type = 'device.announced' ORDER BY number")
    keys: dict[Place, set[str]] = {}
    for event in _announcements(row["line"] for row in rows):
        keys.setdefault((event.profile, event.device), set()).add(event.data.key)
    for one in await _known(db, list(keys)):
        keys[one.profile, one.device].add(one.key)
    return sorted(place for place, found in keys.items() if len(found) > 1)


async def _known(db: Statements, places: Collection[Place]) -> list[Known]:
    profiles = sorted({profile for profile, _ in places})
    return await db.rows(
        "SELECT profile, device, key, person FROM device_keys WHERE profile IN (:profiles)",
        {"profiles": profiles},
        into=Known,
    )


async def _first(db: Statements, places: Collection[Place]) -> dict[Place, str]:
    """The key that the log knew first of each device."""
    rows = await db.rows(_FIRST, {"profiles": sorted({profile for profile, _ in places})})
    found: dict[Place, str] = {}
    for event in _announcements(row["line"] for row in rows):
        found.setdefault((event.profile, event.device), event.data.key)
    return found


class _Placed(Struct):
    profile: str
    device: str


_placed: Callable[[bytes], _Placed] = msgspec.json.Decoder(_Placed).decode


def place_of(line: bytes) -> Place:
    """The device that a line claims to be of, and its profile; two empty texts if it cannot be read."""
    try:
        found = _placed(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return "", ""
    return found.profile, found.device


class _Announcement(Struct, frozen=True):
    profile: str
    device: str
    seq: int
    data: DeviceAnnounced


def _announcements(lines: Iterable[bytes]) -> Sequence[_Announcement]:
    named = f'"{ANNOUNCED}"'.encode()
    events = (_read(bytes(line)) for line in lines if named in line)
    return [
        _Announcement(event.profile, event.device, event.seq, event.data)
        for event in events
        if event and isinstance(event.data, DeviceAnnounced)
    ]


def _read(line: bytes) -> Event | None:
    try:
        return wire.decode(line)
    except Invalid:
        return None
