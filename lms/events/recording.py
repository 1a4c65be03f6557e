"""What is done in a page without JavaScript: the server is the device that writes it down.

It is another device each time it starts. So a disk that was cloned and a backup that was restored never go on
counting where their other half did. Its id says which server it is, as its clock may be wrong, and nobody else's.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from weakref import WeakKeyDictionary

from msgspec import Struct

from lms.clock import Clock, stamp, system_clock
from lms.db import Database, Statements, Transaction
from lms.errors import Invalid
from lms.events import holding, wire
from lms.events.batch import Batch, Guarded, Receipt
from lms.events.ids import new_event_id, new_server_id
from lms.events.model import VERSION, Event, EventData
from lms.events.revisions import Shelf
from lms.nodekey import id_in

_SOURCE = "page"


class Draft(Struct, frozen=True):
    """What happened, before it has an id, an hour and a place."""

    type: str
    profile: str
    course: str
    version: str
    item: str
    data: EventData


async def record(db: Database, draft: Draft, *, sender: str, clock: Clock = system_clock) -> Receipt:
    """Write down what somebody did in a page, with the next `seq` of this server as a device.

    `sender` is the id of the person whose session it is (empty: a guest). As with lines that a browser sends,
    what is for somebody else's vouched profile is held.
    """
    device = _device(db)
    async with db.transaction() as work:
        line = wire.encode(await _event(work, draft, device, clock))
        batch = Batch([line], _SOURCE, stamp(clock()), sender)
        with suppress(Guarded):
            await batch.store(work, Shelf.of(db), careful=True)
    receipts = batch.receipts or await holding.append(db, [line], sender=sender, source=_SOURCE, clock=clock)
    if receipts[0].fork:  # a machine was copied while it ran
        _DEVICES.pop(db, None)
    if receipts[0].status == "refused":
        raise Invalid(receipts[0].reason)
    return receipts[0]


async def say(db: Database, work: Transaction, drafts: Sequence[Draft], clock: Clock) -> list[str]:
    """Write down what this server itself knows, with the rest of a transaction; the ids of the events."""
    device = _device(db)
    events = [await _event(work, draft, device, clock) for draft in drafts]
    batch = Batch([wire.encode(event) for event in events], _SOURCE, stamp(clock()))
    await batch.store(work, Shelf.of(db), careful=True)
    if any(receipt.fork for receipt in batch.receipts):
        _DEVICES.pop(db, None)
    return [event.id for event in events]


async def _event(work: Statements, draft: Draft, device: str, clock: Clock) -> Event:
    seq = await work.value(
        "SELECT coalesce(max(seq), 0) + 1 FROM events WHERE profile = :profile AND device = :device",
        {"profile": draft.profile, "device": device},
    )
    return Event(
        VERSION, new_event_id(clock), draft.type, stamp(clock()), device, draft.profile, seq,
        draft.course, draft.version, draft.item, draft.data,
    )  # fmt: skip


def written_at(db: Database, data: Path) -> None:
    """What is written into this database is written by the server with this data folder."""
    _FOLDERS[db] = data


def _device(db: Database) -> str:
    """Which device this process is; another one once its server has got an id to be known by."""
    device, node = _DEVICES.get(db, ("", ""))
    if not device or (not node and db in _FOLDERS):
        node = id_in(_FOLDERS[db]) if db in _FOLDERS else ""
    if not device or not device.startswith(node[:8]):
        device = new_server_id(node)
    _DEVICES[db] = device, node
    return device


_FOLDERS: WeakKeyDictionary[Database, Path] = WeakKeyDictionary()

_DEVICES: WeakKeyDictionary[Database, tuple[str, str]] = WeakKeyDictionary()
"""Which device an open database is, and of which server; a process has one, and each of several has its own."""
