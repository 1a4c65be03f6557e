"""Lines on their way into the log: what each is worth, and what becomes of it.

Nearly every batch is new and follows what its device sent before. So it is first stored as if it were, with
one question to the database for each device in it; only if that turns out wrong is it taken line by line.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, Literal

from msgspec import Struct

from lms.db import Statements, Transaction
from lms.errors import Invalid
from lms.events import outcomes, studied, wire
from lms.events.erasing import blanked, erased_among, tells_more
from lms.events.grading import Revisions, grade
from lms.events.model import PERSONAL, Event
from lms.events.oddities import Oddities
from lms.events.ownership import NAMED, names_in
from lms.events.revisions import Shelf

QUARANTINE_ROWS = 10_000
"""How many refused lines are kept; the oldest make room."""

OTHER_BYTES = "Ya existe otro registro con este identificador."
UNFIT = "La base de datos de este servidor no puede guardar este registro."

Status = Literal["stored", "known", "refused", "held"]

_INSERT = """
INSERT INTO events (number, id, profile, device, seq, type, course, item, source, received_at, line)
VALUES (:number, :id, :profile, :device, :seq, :type, :course, :item, :source, :received_at, :line)
"""

_QUARANTINE = """
INSERT INTO quarantine (digest, source, received_at, reason, line)
VALUES (:digest, :source, :received_at, :reason, :line) ON CONFLICT (digest) DO NOTHING
"""

# By their count, not by their numbers: PostgreSQL uses one up for each line that was there already.
_MAKE_ROOM = """
DELETE FROM quarantine
WHERE number <= (SELECT number FROM quarantine ORDER BY number DESC LIMIT 1 OFFSET :kept)
"""

Place = tuple[str, str, int]
"""A profile, a device and a seq: where an event stands among those of its device."""


class Receipt(Struct, frozen=True, gc=False):
    """What became of one line.

    `id` is what the line claims, empty if unreadable. `reason` is Spanish, for refused lines only. `mark` and
    `feedback` are as graded here, 0 to 1 for an exercise and 0 to 20 for an assessment; the mark is None when
    there is nothing to grade or it still waits. `fork` says that another event holds the same place (device,
    profile, seq): the device should take a new id. Only `lms.events.holding` says `held`.
    """

    id: str
    status: Status
    reason: str = ""
    mark: float | None = None
    feedback: tuple[str, ...] = ()
    fork: bool = False


class Guarded(Exception):
    """Some lines are for a profile that is vouched for somebody else: they are not stored like this."""


class Batch:
    """Lines to store in one transaction; `receipts` are theirs, in order, once `store` is done.

    `sender` is the id of the person who brings them, empty for one who did not prove to be anybody, None for
    one whose word is enough for all. `lms.events.holding` says what that means.
    """

    def __init__(
        self, lines: Sequence[bytes], source: str, received_at: str, sender: str | None = None
    ) -> None:
        self._lines = list(lines)
        self._sender = sender
        self._events = [_try_decode(line) for line in lines]
        self._source = source
        self._received_at = received_at
        self._begin()

    def _begin(self) -> None:
        self.receipts: list[Receipt] = []
        self._rows: list[tuple[Any, ...]] = []
        self._counted: list[outcomes.Counted] = []
        self._refused: list[tuple[str, str, str, bytes]] = []
        self._words: list[tuple[bytes, str]] = []
        self._named: list[tuple[str, str]] = []
        self._blanked: set[str] = set()
        self._odd = Oddities(self._received_at)

    def refuse(self) -> None:
        """Store none of these lines: the database refuses a value in them."""
        self._events = [one if isinstance(one, Invalid) else Invalid(UNFIT) for one in self._events]

    async def store(self, work: Transaction, shelf: Shelf, *, careful: bool) -> None:
        """Store what is new with the commit, which raises `NotUnique` where it would have needed care.

        That is when an id is in the log already although its place was free. `Guarded` stores nothing.
        """
        self._begin()
        good = [event for event in self._events if isinstance(event, Event)]
        number, newest, follows = await _standing(work, good, self._sender) if good else (0, 0, True)
        revisions = await shelf.current(work, newest) if good else Revisions()
        known, places = ({}, set()) if follows and not careful else await _present(work, good)
        await self._blank(work)
        self._sort(number, revisions, known, places)
        self._write(work)

    async def _blank(self, work: Statements) -> None:
        """Take the words out of lines that would bring back a name or a note that was erased.

        They are stored all the same, and pass as known: a log without them would never be equal to another's.
        """
        good = {place: event for place, event in enumerate(self._events) if isinstance(event, Event)}
        for place in await erased_among(work, good):
            self._lines[place] = blanked(self._lines[place])
            self._events[place] = wire.decode(self._lines[place])
            self._blanked.add(good[place].id)

    def _sort(self, number: int, revisions: Revisions, known: dict[str, bytes], places: set[Place]) -> None:
        """Decide on each line: what is in the log already is `known` by id and takes up its `places`."""
        for line, event in zip(self._lines, self._events, strict=True):
            if isinstance(event, Invalid):
                self._refuse(line, wire.id_of(line), event.message)
                continue
            before = known.get(event.id)
            if before is not None and tells_more(line, before):
                self._words.append((line, event.id))
                self._note_name(line, event)
                before = known[event.id] = line
            if before is not None and not _same(line, before):
                self._refuse(line, event.id, OTHER_BYTES)
                continue
            graded = grade(revisions, event)
            mark = None if graded.pending else graded.mark
            if before is not None:
                self.receipts.append(Receipt(event.id, "known", "", mark, graded.feedback))
                continue
            place = (event.profile, event.device, event.seq)
            fork = place in places
            self._odd.look(event, fork=fork)
            status: Status = "known" if event.id in self._blanked else "stored"
            self.receipts.append(Receipt(event.id, status, "", mark, graded.feedback, fork))
            known[event.id] = line
            places.add(place)
            self._note_name(line, event)
            number += 1
            self._counted.append((number, event, graded))
            self._rows.append(
                (
                    number, event.id, *place, event.type, event.course, event.item,
                    self._source, self._received_at, line,
                )
            )  # fmt: skip

    def _note_name(self, line: bytes, event: Event) -> None:
        if event.type == "profile.identified":
            self._named += names_in(line, event.profile)

    def _refuse(self, line: bytes, claimed: str, reason: str) -> None:
        self.receipts.append(Receipt(claimed, "refused", reason))
        self._refused.append((self._source, self._received_at, reason, line))

    def _write(self, work: Transaction) -> None:
        if self._rows:
            work.with_commit(_INSERT, self._rows)
            outcomes.add(work, self._counted)
            studied.add(work, ((event, self._received_at) for _, event, _ in self._counted))
            self._odd.write(work)
        if self._words:
            work.with_commit("UPDATE events SET line = :line WHERE id = :id", self._words)
        if self._named:
            work.with_commit(NAMED, self._named)
        if self._refused:
            _quarantine(work, self._refused)


def _quarantine(work: Transaction, refused: Sequence[tuple[str, str, str, bytes]]) -> None:
    """Keep lines (source, when they were received, reason, line) for a person to look at, with the commit.

    Not those that hold a name and a document, or a note.
    """
    kept = [
        (hashlib.sha256(line).hexdigest(), source, at, reason, line[: wire.MAX_LINE])
        for source, at, reason, line in refused
        if not any(type.encode() in line for type in PERSONAL)
    ]
    if kept:
        work.with_commit(_QUARANTINE, kept)
        work.with_commit(_MAKE_ROOM, [(QUARANTINE_ROWS,)])


def _same(line: bytes, before: bytes) -> bool:
    """Whether a line is the one that is here with its id, though it may have lost a name or a note elsewhere."""
    return line == before or tells_more(before, line)


def _try_decode(line: bytes) -> Event | Invalid:
    try:
        return wire.decode(line)
    except Invalid as problem:
        return problem


async def _standing(work: Statements, events: Sequence[Event], sender: str | None) -> tuple[int, int, bool]:
    """The last numbers of log and revisions, and whether all events come after the last of their device."""
    first: dict[tuple[str, str], int] = {}
    for event in events:
        device = (event.profile, event.device)
        if event.seq < first.setdefault(device, event.seq):
            first[device] = event.seq
    places = [(*device, seq) for device, seq in first.items()]
    row = await work.row(_STANDING, {"first": places, "sender": sender})
    assert row is not None  # noqa: S101 - aggregates always answer
    if row["guarded"]:
        raise Guarded
    return row["number"], row["revision"], not row["behind"]


# The newest of each device by itself, as a join would be planned anew by PostgreSQL for each batch, for five times
# what it costs to answer.
_STANDING = """
WITH first (profile, device, seq) AS (VALUES (:first))
SELECT coalesce((SELECT max(number) FROM events), 0) AS number,
       coalesce((SELECT max(number) FROM revisions), 0) AS revision,
       EXISTS (SELECT 1 FROM first WHERE first.seq <= (
           SELECT max(seq) FROM events WHERE events.profile = first.profile AND events.device = first.device
       )) AS behind,
       EXISTS (SELECT 1 FROM first JOIN links USING (profile)
               WHERE links.status = 'vouched' AND links.person <> :sender) AS guarded
"""


async def _present(work: Statements, events: Sequence[Event]) -> tuple[dict[str, bytes], set[Place]]:
    """What the log holds of these events: the bytes by id, and which of their places are taken."""
    found = await work.rows(
        "SELECT id, line FROM events WHERE id IN (:ids)", {"ids": [event.id for event in events]}
    )
    known = {row["id"]: row["line"] for row in found}
    places = [(event.profile, event.device, event.seq) for event in events if event.id not in known]
    if not places:
        return known, set()
    taken = await work.rows(
        "WITH place (profile, device, seq) AS (VALUES (:places))"
        " SELECT DISTINCT profile, device, seq FROM place JOIN events USING (profile, device, seq)",
        {"places": places},
    )
    return known, {(row["profile"], row["device"], row["seq"]) for row in taken}
