"""Lines on their way into the log: what each is worth, and what becomes of it.

Nearly every batch is new and follows what its device sent before. So it is first stored as if it were, with
one question to the database for each device in it; only if that turns out wrong is it taken line by line.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct

from lms.db import Statements
from lms.errors import Invalid
from lms.events import outcomes, wire
from lms.events.grading import Graded, Revisions, grade
from lms.events.model import Event
from lms.events.revisions import Shelf

QUARANTINE_ROWS = 10_000
"""How many refused lines are kept; the oldest make room."""

OTHER_BYTES = "Ya existe otro registro con este identificador."

Status = Literal["stored", "known", "refused", "held"]

_INSERT = """
INSERT INTO events (number, id, profile, device, seq, type, course, item, source, received_at, line)
VALUES (:number, :id, :profile, :device, :seq, :type, :course, :item, :source, :received_at, :line)
ON CONFLICT (id) DO NOTHING
"""

_QUARANTINE = """
INSERT INTO quarantine (digest, source, received_at, reason, line)
VALUES (:digest, :source, :received_at, :reason, :line) ON CONFLICT (digest) DO NOTHING
"""

_IDENTIFIED = "profile.identified"

Place = tuple[str, str, int]
"""A profile, a device and a seq: where an event stands among those of its device."""


class Receipt(Struct, frozen=True, gc=False):
    """What became of one line.

    `id` is what the line claims, empty if unreadable. `reason` is Spanish, for refused lines only. `grade`
    is `{mark, feedback}` as graded here, mark 0 to 1 for an exercise and 0 to 20 for an assessment; None when
    there is nothing to grade or it still waits. `fork` says that another event holds the same place (device,
    profile, seq): the device should take a new id. Only `lms.events.holding` says `held`.
    """

    id: str
    status: Status
    reason: str = ""
    grade: Mapping[str, Any] | None = None
    fork: bool = False


class Collision(Exception):
    """An id of the batch is in the log already although its place was free: take the batch line by line."""


class Batch:
    """Lines to store in one transaction; `receipts` are theirs, in order, once `store` is done."""

    def __init__(self, lines: Sequence[bytes], source: str, received_at: str) -> None:
        self._lines = lines
        self._events = [_try_decode(line) for line in lines]
        self._source = source
        self._received_at = received_at
        self._begin()

    def _begin(self) -> None:
        self.receipts: list[Receipt] = []
        self._rows: list[dict[str, Any]] = []
        self._counted: list[outcomes.Counted] = []
        self._refused: list[dict[str, Any]] = []
        self._erased: set[str] = set()

    async def store(self, work: Statements, shelf: Shelf, *, careful: bool) -> None:
        """Store what is new; unless `careful`, `Collision` says that nothing can be without care."""
        self._begin()
        good = [event for event in self._events if isinstance(event, Event)]
        number, newest, follows = await _standing(work, good)
        revisions = await shelf.current(work, newest)
        self._erased = await _erased(work, good)
        known: dict[str, bytes] = {}
        places: set[Place] = set()
        if careful or not follows:
            known, places = await _present(work, good)
        for line, event in zip(self._lines, self._events, strict=True):
            number += self._sort(line, event, number + 1, (revisions, known, places))
        await self._write(work)

    def _sort(
        self,
        line: bytes,
        event: Event | Invalid,
        number: int,
        seen: tuple[Revisions, dict[str, bytes], set[Place]],
    ) -> int:
        """Decide on one line; 1 if it takes the number it was offered."""
        revisions, known, places = seen
        if isinstance(event, Invalid):
            self._refuse(line, wire.id_of(line), event.message)
            return 0
        if event.type == _IDENTIFIED and not self._erased.isdisjoint((event.id, event.profile)):
            self.receipts.append(Receipt(event.id, "known"))
            return 0
        before = known.get(event.id)
        if before is not None and before != line:
            self._refuse(line, event.id, OTHER_BYTES)
            return 0
        graded = grade(revisions, event)
        if before is not None:
            self._receive("known", event.id, graded, fork=False)
            return 0
        place = (event.profile, event.device, event.seq)
        self._receive("stored", event.id, graded, fork=place in places)
        known[event.id] = line
        places.add(place)
        self._counted.append((number, event, graded))
        self._rows.append(self._row(number, event, line))
        return 1

    def _row(self, number: int, event: Event, line: bytes) -> dict[str, Any]:
        return {
            "number": number,
            "id": event.id,
            "profile": event.profile,
            "device": event.device,
            "seq": event.seq,
            "type": event.type,
            "course": event.course,
            "item": event.item,
            "source": self._source,
            "received_at": self._received_at,
            "line": line,
        }

    def _receive(self, status: Status, event_id: str, graded: Graded, *, fork: bool) -> None:
        waits = graded.mark is None or graded.pending
        result = None if waits else {"mark": graded.mark, "feedback": graded.feedback}
        self.receipts.append(Receipt(event_id, status, "", result, fork))

    def _refuse(self, line: bytes, claimed: str, reason: str) -> None:
        self.receipts.append(Receipt(claimed, "refused", reason))
        self._refused.append(
            {"source": self._source, "received_at": self._received_at, "reason": reason, "line": line}
        )

    async def _write(self, work: Statements) -> None:
        if self._rows:
            if await work.execute_many(_INSERT, self._rows) != len(self._rows):
                raise Collision
            await outcomes.add(work, self._counted)
        if self._refused:
            await quarantine(work, self._refused)


async def quarantine(work: Statements, refused: Sequence[Mapping[str, Any]]) -> None:
    """Keep lines (with their `source`, `received_at` and the `reason`) for a person to look at.

    Not those that hold a name and a document.
    """
    kept = [
        {**row, "digest": hashlib.sha256(row["line"]).hexdigest(), "line": row["line"][: wire.MAX_LINE]}
        for row in refused
        if _IDENTIFIED.encode() not in row["line"]
    ]
    await work.execute_many(_QUARANTINE, kept)
    await work.execute(
        "DELETE FROM quarantine WHERE number <= (SELECT max(number) FROM quarantine) - :kept",
        {"kept": QUARANTINE_ROWS},
    )


def _try_decode(line: bytes) -> Event | Invalid:
    try:
        return wire.decode(line)
    except Invalid as problem:
        return problem


async def _standing(work: Statements, events: Sequence[Event]) -> tuple[int, int, bool]:
    """The last numbers of log and revisions, and whether all events come after the last of their device."""
    first: dict[tuple[str, str], int] = {} if events else {("", ""): 1}
    for event in events:
        sender = (event.profile, event.device)
        first[sender] = min(event.seq, first.get(sender, event.seq))
    follows = True
    number = revision = 0
    for (profile, device), seq in first.items():
        row = await work.row(_STANDING, {"profile": profile, "device": device})
        if row is not None:
            number, revision = row["number"], row["revision"]
            follows = follows and row["seq"] < seq
    return number, revision, follows


_STANDING = """
SELECT coalesce((SELECT max(number) FROM events), 0) AS number,
       coalesce((SELECT max(number) FROM revisions), 0) AS revision,
       coalesce((SELECT max(seq) FROM events WHERE profile = :profile AND device = :device), 0) AS seq
"""


async def _erased(work: Statements, events: Sequence[Event]) -> set[str]:
    """Which of the identifications, or their profiles, belonged to an account that was erased."""
    ids = {id for event in events if event.type == _IDENTIFIED for id in (event.id, event.profile)}
    if not ids:
        return set()
    rows = await work.rows("SELECT id FROM erased WHERE id IN (:ids)", {"ids": sorted(ids)})
    return {row["id"] for row in rows}


async def _present(work: Statements, events: Sequence[Event]) -> tuple[dict[str, bytes], set[Place]]:
    """What the log holds of these events: the bytes by id, and which places of unknown ones are taken."""
    rows = await work.rows(
        "SELECT id, line FROM events WHERE id IN (:ids)", {"ids": [event.id for event in events]}
    )
    known = {row["id"]: row["line"] for row in rows}
    seqs: dict[tuple[str, str], list[int]] = {}
    for event in events:
        if event.id not in known:
            seqs.setdefault((event.profile, event.device), []).append(event.seq)
    places: set[Place] = set()
    for (profile, device), wanted in seqs.items():
        rows = await work.rows(
            "SELECT seq FROM events WHERE profile = :profile AND device = :device AND seq IN (:seqs)",
            {"profile": profile, "device": device, "seqs": wanted},
        )
        places.update((profile, device, row["seq"]) for row in rows)
    return known, places
