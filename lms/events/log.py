"""The append-only log: receive lines, keep their bytes, grade them, and say for each what became of it.

One batch is one transaction and two hops to the database thread, whatever its size: one asks, one writes. A
line that is refused goes to quarantine with the reason and never takes others with it.
"""

from collections.abc import Sequence

from lms import tally
from lms.clock import Clock, stamp, system_clock
from lms.db import Database, NotUnique
from lms.events.batch import Batch, Receipt
from lms.events.revisions import Shelf

__all__ = ["BATCH", "Receipt", "append", "is_brought"]

BATCH = 1000
"""Most lines stored in one transaction; longer lists take several, so that others get their turn."""


FEW = 100
"""Most lines that somebody sends of their own just now; more are brought, and stand in line as such."""

BROUGHT = ("file", "signed", "node")
"""Ways by which lines are always brought, however few: many small files at once hold up an own answer too."""


async def append(
    db: Database,
    lines: Sequence[bytes],
    *,
    source: str,
    sender: str | None = None,
    clock: Clock = system_clock,
) -> tuple[Receipt, ...]:
    """Store what is new among `lines` and say for each line, in order, what became of it.

    `source` names the way they came: "session", "open", "page", "file", "signed", "node". With a `sender` (see `Batch`) it
    raises `Guarded` at the first batch with a line that is not theirs to bring; earlier ones are stored.
    """
    receipts: list[Receipt] = []
    for start in range(0, len(lines), BATCH):
        batch = Batch(lines[start : start + BATCH], source, stamp(clock()), sender)
        bulk = is_brought(lines, source)
        with tally.waiting(len(lines) - start):
            try:
                async with db.transaction(bulk=bulk) as work:
                    await batch.store(work, Shelf.of(db), careful=False)
            except NotUnique:
                async with db.transaction(bulk=bulk) as work:
                    await batch.store(work, Shelf.of(db), careful=True)
        receipts.extend(batch.receipts)
        tally.events.update((source, receipt.status) for receipt in batch.receipts)
    return tuple(receipts)


def is_brought(lines: Sequence[bytes], source: str) -> bool:
    """Whether lines that came this way stand in the line of all that is brought, not in that of who answers just now."""
    return len(lines) > FEW or source in BROUGHT
