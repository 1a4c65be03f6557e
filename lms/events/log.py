"""The append-only log: receive lines, keep their bytes, grade them, and say for each what became of it.

One batch is one transaction and two hops to the database thread, whatever its size: one asks, one writes. A
line that is refused goes to quarantine with the reason and never takes others with it.
"""

from collections.abc import Sequence

from msgspec import Struct

from lms.clock import Clock, stamp, system_clock
from lms.db import Database, NotUnique, Statements
from lms.errors import Invalid
from lms.events import wire
from lms.events.batch import Batch, Receipt
from lms.events.ids import new_event_id, new_random_id
from lms.events.model import VERSION, Event, EventData
from lms.events.revisions import Shelf

__all__ = ["BATCH", "Draft", "Receipt", "append", "record"]

BATCH = 1000
"""Most lines stored in one transaction; longer lists take several, so that others get their turn."""


FEW = 100
"""Most lines that somebody sends of their own just now; more are brought, and stand in line as such."""


class Draft(Struct, frozen=True):
    """What happened in a page without JavaScript: the server is the device that writes it down."""

    type: str
    profile: str
    course: str
    version: str
    item: str
    data: EventData


async def append(
    db: Database,
    lines: Sequence[bytes],
    *,
    source: str,
    sender: str | None = None,
    clock: Clock = system_clock,
) -> tuple[Receipt, ...]:
    """Store what is new among `lines` and say for each line, in order, what became of it.

    `source` names the way they came: "session", "open", "file", "page". With a `sender` (see `Batch`) it
    raises `Guarded` at the first batch with a line that is not theirs to bring; earlier ones are stored.
    """
    receipts: list[Receipt] = []
    for start in range(0, len(lines), BATCH):
        batch = Batch(lines[start : start + BATCH], source, stamp(clock()), sender)
        bulk = len(lines) > FEW
        try:
            async with db.transaction(bulk=bulk) as work:
                await batch.store(work, Shelf.of(db), careful=False)
        except NotUnique:
            async with db.transaction(bulk=bulk) as work:
                await batch.store(work, Shelf.of(db), careful=True)
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
        batch = Batch([wire.encode(event)], "page", stamp(clock()))
        await batch.store(work, Shelf.of(db), careful=True)
    if batch.receipts[0].status == "refused":
        raise Invalid(batch.receipts[0].reason)
    return batch.receipts[0]


async def _own_device(work: Statements) -> str:
    device = await work.value("SELECT device FROM own_device")
    if device is None:
        device = new_random_id()
        await work.execute("INSERT INTO own_device (device) VALUES (:device)", {"device": device})
    return str(device)
