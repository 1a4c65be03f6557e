"""Lines for a vouched profile, from a sender who did not prove to be the person it is vouched for.

Its id stands in every progress file, so anybody who has one can write such lines. They may be honest all the
same: a colleague brought the file, a session ended while its page stayed open. So they are neither refused nor
counted: they are held, whole, until the owner or a coach answers. Lines for profiles that nobody vouched for
need no such care, as they raise nothing that is confirmed.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

import msgspec
from msgspec import Struct

from lms.clock import Clock, stamp, system_clock
from lms.db import Database
from lms.errors import Invalid
from lms.events import log, wire
from lms.events.batch import Guarded, Receipt, quarantine
from lms.events.model import Event

MOST = 25_000
"""Most lines held for one profile: as many as a whole progress file has."""

TOO_MANY = (
    "Hay demasiado avance por confirmar a nombre de esta persona. "
    "Que ingrese con su PIN y responda; después vuelve a enviarlo."
)
NOT_THEIRS = "La persona de este perfil dijo que no es suyo."

_HOLD = """
INSERT INTO held (id, digest, profile, source, received_at, line)
VALUES (:id, :digest, :profile, :source, :received_at, :line)
"""

# Of two versions of one line the first to come in wins, and most who write such lines only have a file to upload.
_NEXT = """
SELECT number, source, line FROM held WHERE profile = :profile
ORDER BY CASE source WHEN 'session' THEN 0 ELSE 1 END, number LIMIT :most
"""

_COUNT = "SELECT count(*) FROM held WHERE profile = :profile"


class _Place(Struct):
    profile: str


_place: Callable[[bytes], _Place] = msgspec.json.Decoder(_Place).decode


async def append(
    db: Database, lines: Sequence[bytes], *, sender: str, source: str, clock: Clock = system_clock
) -> tuple[Receipt, ...]:
    """As `log.append`, for lines that the person with id `sender` brings (empty: nobody proved who they are)."""
    receipts: list[Receipt] = []
    for start in range(0, len(lines), log.BATCH):
        batch = lines[start : start + log.BATCH]
        try:
            receipts += await log.append(db, batch, source=source, sender=sender, clock=clock)
        except Guarded:
            receipts += await _apart(db, batch, sender, source, clock)
    return tuple(receipts)


async def _apart(
    db: Database, lines: Sequence[bytes], sender: str, source: str, clock: Clock
) -> list[Receipt]:
    """Hold those lines that are for somebody else's profile, and store the rest."""
    aside = await _to_hold(db, lines, sender)
    held = await _hold(db, aside, source, stamp(clock()))
    rest = [line for place, line in enumerate(lines) if place not in held]
    stored = iter(await log.append(db, rest, source=source, clock=clock))
    return [held.get(place) or next(stored) for place in range(len(lines))]


async def release(db: Database, profile: str, *, clock: Clock = system_clock) -> None:
    """Let the lines held for a profile into the log: they are its owner's, or it is nobody's any more."""
    while rows := await db.rows(_NEXT, {"profile": profile, "most": log.BATCH}):
        for source, group in groupby(rows, key=lambda row: str(row["source"])):
            await log.append(db, [bytes(row["line"]) for row in group], source=source, clock=clock)
        # Only now: if this is cut short, the log knows them already when it is done again.
        await db.execute_many(
            "DELETE FROM held WHERE number = :number", [{"number": row["number"]} for row in rows]
        )


async def turn_away(db: Database, profile: str) -> None:
    """The owner says that the lines held for their profile are not theirs."""
    async with db.transaction() as work:
        rows = await work.rows(
            "SELECT source, received_at, line FROM held WHERE profile = :profile", {"profile": profile}
        )
        quarantine(work, [(row["source"], row["received_at"], NOT_THEIRS, row["line"]) for row in rows])
        work.with_commit("DELETE FROM held WHERE profile = :profile", [(profile,)])


async def _to_hold(db: Database, lines: Sequence[bytes], sender: str) -> dict[int, tuple[Event, bytes]]:
    """The lines, by their place, that are good and new, for a profile that is somebody else's."""
    profiles = [profile_of(line) for line in lines]
    rows = await db.rows(
        "SELECT profile FROM links WHERE status = 'vouched' AND person <> :sender AND profile IN (:profiles)",
        {"sender": sender, "profiles": sorted(set(profiles))},
    )
    guarded = {row["profile"] for row in rows}
    found = {
        place: (event, line)
        for place, line in enumerate(lines)
        if profiles[place] in guarded and (event := _event_in(line))
    }
    if not found:
        return {}
    ids = [event.id for event, _ in found.values()]
    known = {row["id"] for row in await db.rows("SELECT id FROM events WHERE id IN (:ids)", {"ids": ids})}
    return {place: (event, line) for place, (event, line) in found.items() if event.id not in known}


async def _hold(
    db: Database, aside: Mapping[int, tuple[Event, bytes]], source: str, at: str
) -> dict[int, Receipt]:
    """Keep the lines, as far as there is room; their receipts."""
    rows: list[tuple[str, str, str, str, str, bytes]] = []
    receipts: dict[int, Receipt] = {}
    async with db.transaction(bulk=len(aside) > log.FEW) as work:
        events = [event for event, _ in aside.values()]
        known = await work.rows(
            "SELECT id, digest FROM held WHERE id IN (:ids)", {"ids": [one.id for one in events]}
        )
        held = {(row["id"], row["digest"]) for row in known}
        room = {one: MOST - await work.value(_COUNT, {"profile": one}) for one in {e.profile for e in events}}
        for place, (event, line) in aside.items():
            version = (event.id, hashlib.sha256(line).hexdigest())
            fits = version in held or room[event.profile] > 0
            receipts[place] = Receipt(event.id, "held") if fits else Receipt(event.id, "refused", TOO_MANY)
            if fits and version not in held:
                held.add(version)
                room[event.profile] -= 1
                rows.append((*version, event.profile, source, at, line))
        work.with_commit(_HOLD, rows)
    return receipts


def profile_of(line: bytes) -> str:
    """The profile a line claims to be of; empty if it cannot be read, and then the log refuses it."""
    try:
        return _place(line).profile
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""


def _event_in(line: bytes) -> Event | None:
    try:
        return wire.decode(line)
    except Invalid:
        return None
