"""The append-only log: receive lines, keep their bytes, grade them, and say for each what became of it.

One batch is one transaction and a handful of hops to the database thread, whatever its size. A line that is
refused goes to quarantine with the reason and never takes others with it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct

from lms.clock import Clock, stamp, system_clock
from lms.db import Database, Statements
from lms.errors import Invalid
from lms.events import outcomes, wire
from lms.events.grading import Graded, Revisions, grade
from lms.events.ids import new_event_id, new_random_id
from lms.events.model import VERSION, Event, EventData
from lms.events.revisions import Shelf

BATCH = 1000
"""Most lines stored in one transaction; longer lists take several, so that others get their turn."""

QUARANTINE_ROWS = 10_000
"""How many refused lines are kept; the oldest make room."""

Status = Literal["stored", "known", "refused"]

_OTHER_BYTES = "Ya existe otro registro con este identificador."

_INSERT = """
INSERT INTO events (number, id, profile, device, seq, type, course, item, source, received_at, line)
VALUES (:number, :id, :profile, :device, :seq, :type, :course, :item, :source, :received_at, :line)
"""

_QUARANTINE = """
INSERT INTO quarantine (digest, source, received_at, reason, line)
VALUES (:digest, :source, :received_at, :reason, :line) ON CONFLICT (digest) DO NOTHING
"""


class Receipt(Struct, frozen=True):
    """What became of one line.

    `id` is what the line claims, empty if unreadable. `reason` is Spanish, for refused lines only. `grade`
    is `{mark, feedback}` as graded here, mark 0 to 1 for an exercise and 0 to 20 for an assessment; None when
    there is nothing to grade or it still waits. `fork` says that another event holds the same place (device,
    profile, seq): the device should take a new id.
    """

    id: str
    status: Status
    reason: str = ""
    grade: Mapping[str, Any] | None = None
    fork: bool = False


class Draft(Struct, frozen=True):
    """What happened in a page without JavaScript: the server is the device that writes it down."""

    type: str
    profile: str
    course: str
    version: str
    item: str
    data: EventData


async def append(
    db: Database, lines: Sequence[bytes], *, source: str, clock: Clock = system_clock
) -> tuple[Receipt, ...]:
    """Store what is new among `lines` and say for each line, in order, what became of it.

    `source` names the way they came: "session", "open", "file", "page".
    """
    receipts: list[Receipt] = []
    for start in range(0, len(lines), BATCH):
        batch = _Batch(lines[start : start + BATCH], source, stamp(clock()))
        async with db.transaction() as work:
            await batch.store(work, Shelf.of(db))
        receipts.extend(batch.receipts)
    return tuple(receipts)


async def record(db: Database, draft: Draft, *, clock: Clock = system_clock) -> Receipt:
    """Write down what somebody did in a page, with the next `seq` of this server as a device."""
    async with db.transaction() as work:
        device = await _own_device(work)
        seq = await work.value(
            "SELECT coalesce(max(seq), 0) + 1 FROM events WHERE profile = :profile AND device = :device",
            {"profile": draft.profile, "device": device},
        )
        event = Event(
            VERSION, new_event_id(clock), draft.type, stamp(clock()), device, draft.profile, seq,
            draft.course, draft.version, draft.item, draft.data,
        )  # fmt: skip
        batch = _Batch([wire.encode(event)], "page", stamp(clock()))
        await batch.store(work, Shelf.of(db))
    if batch.receipts[0].status == "refused":
        raise Invalid(batch.receipts[0].reason)
    return batch.receipts[0]


async def _own_device(work: Statements) -> str:
    device = await work.value("SELECT device FROM own_device")
    if device is None:
        device = new_random_id()
        await work.execute("INSERT INTO own_device (device) VALUES (:device)", {"device": device})
    return str(device)


class _Batch:
    """Lines on their way into the log, and what becomes of them."""

    def __init__(self, lines: Sequence[bytes], source: str, received_at: str) -> None:
        self._lines = lines
        self._common = {"source": source, "received_at": received_at}
        self._counted: list[outcomes.Counted] = []
        self._rows: list[dict[str, Any]] = []
        self._refused: list[dict[str, Any]] = []
        self.receipts: list[Receipt] = []

    async def store(self, work: Statements, shelf: Shelf) -> None:
        events = [_try_decode(line) for line in self._lines]
        good = [event for event in events if isinstance(event, Event)]
        known, places = await _present(work, good)
        newest = await work.row(
            "SELECT coalesce((SELECT max(number) FROM events), 0) AS event,"
            " coalesce((SELECT max(number) FROM revisions), 0) AS revision"
        )
        assert newest is not None  # noqa: S101 - a query without FROM always has its one row
        revisions = await shelf.current(work, newest["revision"])
        number = int(newest["event"])
        for line, event in zip(self._lines, events, strict=True):
            if isinstance(event, Invalid):
                self._refuse(line, wire.id_of(line), event.message)
            elif known.get(event.id, line) != line:
                self._refuse(line, event.id, _OTHER_BYTES)
            elif event.id in known:
                self._receive("known", event, grade(revisions, event), fork=False)
            else:
                number += 1
                known[event.id] = line
                self._take(number, line, event, revisions, places)
        await self._write(work)

    def _take(
        self, number: int, line: bytes, event: Event, revisions: Revisions, places: set[tuple[str, str, int]]
    ) -> None:
        graded = grade(revisions, event)
        place = (event.profile, event.device, event.seq)
        self._receive("stored", event, graded, fork=place in places)
        places.add(place)
        self._counted.append((number, event, graded))
        self._rows.append(
            {
                "number": number,
                "id": event.id,
                "profile": event.profile,
                "device": event.device,
                "seq": event.seq,
                "type": event.type,
                "course": event.course,
                "item": event.item,
                "line": line,
                **self._common,
            }
        )

    def _receive(self, status: Status, event: Event, graded: Graded, *, fork: bool) -> None:
        waits = graded.mark is None or graded.pending
        result = None if waits else {"mark": graded.mark, "feedback": graded.feedback}
        self.receipts.append(Receipt(event.id, status, "", result, fork))

    def _refuse(self, line: bytes, claimed: str, reason: str) -> None:
        self.receipts.append(Receipt(claimed, "refused", reason))
        kept = line[: wire.MAX_LINE]
        digest = hashlib.sha256(line).hexdigest()
        self._refused.append({"digest": digest, "reason": reason, "line": kept, **self._common})

    async def _write(self, work: Statements) -> None:
        if self._rows:
            await work.execute_many(_INSERT, self._rows)
            await outcomes.add(work, self._counted)
        if self._refused:
            await work.execute_many(_QUARANTINE, self._refused)
            await work.execute(
                "DELETE FROM quarantine WHERE number <= (SELECT max(number) FROM quarantine) - :kept",
                {"kept": QUARANTINE_ROWS},
            )


def _try_decode(line: bytes) -> Event | Invalid:
    try:
        return wire.decode(line)
    except Invalid as problem:
        return problem


async def _present(
    work: Statements, events: Sequence[Event]
) -> tuple[dict[str, bytes], set[tuple[str, str, int]]]:
    """What the log holds of these events: the bytes by id, and the places (profile, device, seq) taken."""
    known: dict[str, bytes] = {}
    places: set[tuple[str, str, int]] = set()
    if not events:
        return known, places
    rows = await work.rows(
        "SELECT id, line FROM events WHERE id IN (:ids)", {"ids": [event.id for event in events]}
    )
    known = {row["id"]: row["line"] for row in rows}
    seqs: dict[tuple[str, str], list[int]] = {}
    for event in events:
        if event.id not in known:
            seqs.setdefault((event.profile, event.device), []).append(event.seq)
    for (profile, device), wanted in seqs.items():
        rows = await work.rows(
            "SELECT seq FROM events WHERE profile = :profile AND device = :device AND seq IN (:seqs)",
            {"profile": profile, "device": device, "seqs": wanted},
        )
        places.update((profile, device, row["seq"]) for row in rows)
    return known, places
