"""The append-only log: receive lines, keep their bytes, grade them, and say for each what became of it.

One batch is one transaction and two hops to the database thread, whatever its size: one asks, one writes. A
line that is refused goes to quarantine with the reason and never takes others with it.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence

from lms import tally
from lms.clock import Clock, stamp, system_clock
from lms.db import Database, NotUnique
from lms.db.interface import Unfit
from lms.events.batch import Batch, Receipt
from lms.events.revisions import Shelf

__all__ = ["BATCH", "Receipt", "append", "fitting", "is_brought"]

logger = logging.getLogger(__name__)

BATCH = 1000
"""Most lines stored in one transaction; longer lists take several, so that others get their turn."""


FEW = 100
"""Most lines that somebody sends of their own just now; more are brought, and stand in line as such."""

BROUGHT = ("file", "signed", "node")
"""Ways by which lines are always brought, however few: many small files at once hold up an own answer too."""

Store = Callable[[Sequence[bytes], bool], Awaitable[Sequence[Receipt]]]
"""Stores lines in one transaction, or, where it is told that they do not fit, refuses them."""


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
    bulk = is_brought(lines, source)

    async def store(some: Sequence[bytes], fit: bool) -> Sequence[Receipt]:
        batch = Batch(some, source, stamp(clock()), sender)
        if not fit:
            batch.refuse()
        await _store(db, batch, bulk)
        return batch.receipts

    for start in range(0, len(lines), BATCH):
        with tally.waiting(len(lines) - start):
            done = await fitting(lines[start : start + BATCH], store)
        receipts.extend(done)
        tally.events.update((source, receipt.status) for receipt in done)
    return tuple(receipts)


async def _store(db: Database, batch: Batch, bulk: bool) -> None:
    try:
        async with db.transaction(bulk=bulk) as work:
            await batch.store(work, Shelf.of(db), careful=False)
    except NotUnique:
        async with db.transaction(bulk=bulk) as work:
            await batch.store(work, Shelf.of(db), careful=True)


async def fitting(lines: Sequence[bytes], store: Store) -> list[Receipt]:
    """What becomes of lines in one batch, or, where the database refuses a value of one, in ever smaller ones.

    That line is refused alone, at last: what is left out of it here no reader of lines knew to leave out.
    """
    try:
        return [*await store(lines, True)]
    except Unfit as error:
        if len(lines) == 1:
            logger.warning("the database takes no line like this one: %s", error)
            return [*await store(lines, False)]
    half = len(lines) // 2
    return [*await fitting(lines[:half], store), *await fitting(lines[half:], store)]


def is_brought(lines: Sequence[bytes], source: str) -> bool:
    """Whether lines that came this way stand in the line of all that is brought, not in that of who answers just now."""
    return len(lines) > FEW or source in BROUGHT
