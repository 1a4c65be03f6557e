"""Lines for a vouched profile, from a sender who did not prove to be the person it is vouched for.

Its id stands in every progress file, so anybody who has one can write such lines. They may be honest all the
same: a colleague brought the file, a session ended while its page stayed open. So they are neither refused nor
counted: they are held, whole, until the owner or a coach answers. Lines for profiles that nobody vouched for
need no such care, as they raise nothing that is confirmed.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

import msgspec
from msgspec import Struct

from lms import tally
from lms.clock import Clock, stamp, system_clock
from lms.db import Database, Statements, Transaction
from lms.errors import Invalid
from lms.events import log, wire
from lms.events.batch import Batch, Guarded, Receipt
from lms.events.erasing import blanked, erased_among, tells_more
from lms.events.model import FORMS, PERSONAL, Event
from lms.events.revisions import Shelf

MOST = 25_000
"""Most lines that wait for one profile from one device by one way: as many as a whole progress file has.

Room of its own for each, so that who fills one does not turn away what another sends.
"""

EVERY = 2**63 - 1
"""As the last number an answer covers: whatever there is."""

TOO_MANY = (
    "Hay demasiado avance por confirmar a nombre de esta persona. "
    "Que ingrese con su PIN y responda; después vuelve a enviarlo."
)

_HOLD = """
INSERT INTO held (id, digest, profile, device, source, brought_by, received_at, line)
VALUES (:id, :digest, :profile, :device, :source, :brought_by, :received_at, :line)
"""

# Of two versions of one line the first to come in wins, and most who write such lines only have an open file to upload.
_NEXT = """
SELECT number, source, line FROM held WHERE profile = :profile AND number <= :upto AND status = 'waiting'
ORDER BY CASE source WHEN 'session' THEN 0 WHEN 'signed' THEN 1 ELSE 2 END, number LIMIT :most
"""

_WAITING = """
WITH place (profile, device) AS (VALUES (:places))
SELECT profile, device, count(*) AS lines FROM place JOIN held USING (profile, device)
WHERE source = :source AND status = 'waiting' GROUP BY profile, device
"""

_LEFT = """
SELECT DISTINCT profile FROM held WHERE status = 'waiting'
AND NOT EXISTS (SELECT 1 FROM links WHERE links.profile = held.profile AND links.status = 'vouched')
"""

_PERSONAL = " OR ".join(f"instr(line, :p{place}) > 0" for place in range(len(PERSONAL)))


class _Place(Struct):
    profile: str


_place: Callable[[bytes], _Place] = msgspec.json.Decoder(_Place).decode
_is_profile = re.compile(FORMS["profile"]).fullmatch  # or no database could be asked about it


async def append(
    db: Database, lines: Sequence[bytes], *, sender: str, source: str, clock: Clock = system_clock
) -> tuple[Receipt, ...]:
    """As `log.append`, for lines that the person with id `sender` brings (empty: nobody proved who they are)."""
    receipts: list[Receipt] = []

    async def apart(some: Sequence[bytes], fit: bool) -> Sequence[Receipt]:
        return await _apart(db, some, (source, sender, stamp(clock())), fit)

    for start in range(0, len(lines), log.BATCH):
        batch = lines[start : start + log.BATCH]
        try:
            receipts += await log.append(db, batch, source=source, sender=sender, clock=clock)
        except Guarded:
            with tally.waiting(len(batch)):
                done = await log.fitting(batch, apart)
            tally.events.update((source, receipt.status) for receipt in done)
            receipts += done
    return tuple(receipts)


async def _apart(db: Database, lines: Sequence[bytes], way: tuple[str, str, str], fit: bool) -> list[Receipt]:
    """Hold those lines that are for somebody else's profile, and store the rest, or refuse them all if they do not fit.

    All in one transaction: a link made or undone in between would leave a line counted, or held for nobody. `way`: how
    they came, who brought them, when.
    """
    source, sender, at = way
    async with db.transaction(bulk=log.is_brought(lines, source)) as work:
        held = await _hold(work, await _to_hold(work, lines, sender), way) if fit else {}
        rest = Batch([line for place, line in enumerate(lines) if place not in held], source, at)
        if not fit:
            rest.refuse()
        await rest.store(work, Shelf.of(db), careful=True)
    stored = iter(rest.receipts)
    return [held.get(place) or next(stored) for place in range(len(lines))]


async def release(db: Database, profile: str, *, upto: int = EVERY, clock: Clock = system_clock) -> None:
    """Let the lines held for a profile into the log: they are its owner's, or it is nobody's any more."""
    while rows := await db.rows(_NEXT, {"profile": profile, "upto": upto, "most": log.BATCH}):
        receipts: list[Receipt] = []
        for source, group in groupby(rows, key=lambda row: str(row["source"])):
            lines = [bytes(row["line"]) for row in group]
            receipts += await log.append(db, lines, source=source, clock=clock)
        answers = zip(rows, receipts, strict=True)
        refused = {row["number"]: one.reason for row, one in answers if one.status == "refused"}
        # Only now: if this is cut short, the log knows them already when it is done again.
        async with db.transaction(bulk=True) as work:
            await _keep_aside(work, refused)
            await work.execute(
                "DELETE FROM held WHERE status = 'waiting' AND number IN (:numbers)",
                {"numbers": [row["number"] for row in rows]},
            )


async def turn_away(db: Database, profile: str, *, upto: int = EVERY, by: str = "", at: str = "") -> None:
    """The owner or a coach, the person with id `by`, says that the lines held for a profile are not its owner's."""
    while rows := await db.rows(_NEXT, {"profile": profile, "upto": upto, "most": log.BATCH}):
        async with db.transaction(bulk=True) as work:
            await _keep_aside(work, {row["number"]: "" for row in rows}, by, at)


async def take_up(db: Database, profile: str, *, upto: int) -> int:
    """Ask again about lines that an answer turned away, as it may have been wrong; not about what the log refused.

    Returns about how many.
    """
    async with db.transaction(bulk=True) as work:
        count = await work.execute(
            "UPDATE held SET status = 'waiting', turned_by = '', turned_at = ''"
            " WHERE profile = :profile AND number <= :upto"
            " AND status = 'turned away' AND reason = ''",
            {"profile": profile, "upto": upto},
        )
    await release_if_free(db, profile, upto=upto)
    return count


async def take_back(db: Database, *, by: str, at: str) -> int:
    """Undo what the person `by` turned away at one moment; for how many profiles it is asked about again."""
    where = "WHERE turned_by = :by AND turned_at = :at AND status = 'turned away' AND reason = ''"
    async with db.transaction(bulk=True) as work:
        rows = await work.rows(f"SELECT DISTINCT profile FROM held {where}", {"by": by, "at": at})  # noqa: S608 - a text of ours
        await work.execute(
            f"UPDATE held SET status = 'waiting', turned_by = '', turned_at = '' {where}",  # noqa: S608 - a text of ours
            {"by": by, "at": at},
        )
    for row in rows:
        await release_if_free(db, row["profile"])
    return len(rows)


async def release_left(db: Database) -> None:
    """Let in what waits for profiles that are nobody's for certain any more.

    Nobody is asked about it, and who took them from their person may have been stopped before it was let in.
    """
    for row in await db.rows(_LEFT):
        await release_if_free(db, row["profile"])


async def release_if_free(db: Database, profile: str, *, upto: int = EVERY) -> None:
    """Let in what waits for a profile, unless it is somebody's for certain."""
    guarded = "SELECT 1 FROM links WHERE profile = :profile AND status = 'vouched'"
    if await db.value(guarded, {"profile": profile}) is None:  # nobody is left to answer
        await release(db, profile, upto=upto)


async def _keep_aside(work: Statements, away: Mapping[int, str], by: str = "", at: str = "") -> None:
    """Keep lines that do not count, with the log's reason if it gave one: an answer may be wrong. But no names.

    Nor notes. Blanked they would stand in the way of what they are copies of, so they go whole, as names do.
    """
    words = {f"p{place}": name.encode() for place, name in enumerate(PERSONAL)}
    await work.execute_many(
        f"DELETE FROM held WHERE number = :number AND ({_PERSONAL})",  # noqa: S608 - names of ours
        [{"number": number, **words} for number in away],
    )
    await work.execute_many(
        "UPDATE held SET status = 'turned away', reason = :reason, turned_by = :by, turned_at = :at"
        " WHERE number = :number",
        [{"number": number, "reason": reason, "by": by, "at": at} for number, reason in away.items()],
    )


async def _to_hold(work: Statements, lines: Sequence[bytes], sender: str) -> dict[int, tuple[Event, bytes]]:
    """The lines, by their place, that are good and new, for a profile that is somebody else's; without erased words.

    New is also one that tells more than the same event in the log.
    """
    profiles = [profile_of(line) for line in lines]
    rows = await work.rows(
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
    rows = await work.rows("SELECT id, line FROM events WHERE id IN (:ids)", {"ids": ids})
    known = {row["id"]: row["line"] for row in rows}
    for place in await erased_among(work, {place: event for place, (event, _) in found.items()}):
        event, line = found[place]
        found[place] = event, blanked(line)
    return {
        place: (event, line)
        for place, (event, line) in found.items()
        if event.id not in known or tells_more(line, known[event.id])
    }


async def _hold(
    work: Transaction, aside: Mapping[int, tuple[Event, bytes]], way: tuple[str, str, str]
) -> dict[int, Receipt]:
    """Keep the lines, as far as there is room; their receipts. `way`: how they came, who brought them, when."""
    rows: list[tuple[Any, ...]] = []
    receipts: dict[int, Receipt] = {}
    ids = [event.id for event, _ in aside.values()]
    known = await work.rows("SELECT id, digest FROM held WHERE id IN (:ids)", {"ids": ids})
    held = {(row["id"], row["digest"]) for row in known}
    taken = await _taken(work, [event for event, _ in aside.values()], way[0])
    for place, (event, line) in aside.items():
        version, origin = (event.id, hashlib.sha256(line).hexdigest()), (event.profile, event.device)
        fits = version in held or taken[origin] < MOST
        receipts[place] = Receipt(event.id, "held") if fits else Receipt(event.id, "refused", TOO_MANY)
        if fits and version not in held:
            held.add(version)
            taken[origin] += 1
            rows.append((*version, *origin, *way, line))
    work.with_commit(_HOLD, rows)
    return receipts


async def _taken(work: Statements, events: Sequence[Event], source: str) -> Counter[tuple[str, str]]:
    """How many lines wait from each profile and device of these, by this way."""
    places = sorted({(event.profile, event.device) for event in events})
    rows = await work.rows(_WAITING, {"places": places, "source": source}) if places else []
    return Counter({(row["profile"], row["device"]): row["lines"] for row in rows})


def profile_of(line: bytes) -> str:
    """The profile a line claims to be of; empty if it names none, and then the log refuses it."""
    try:
        profile = _place(line).profile
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""
    return profile if _is_profile(profile) else ""


def _event_in(line: bytes) -> Event | None:
    try:
        return wire.decode(line)
    except Invalid:
        return None
