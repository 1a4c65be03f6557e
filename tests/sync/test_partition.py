"""Whatever happens to nodes and links, at the end all logs are equal, and nothing that was acknowledged is missing.

Three nodes and a few devices live through partitions, lost answers, replays, crashes, restored backups and cloned
disks. A device keeps what it did, and gives it again to a node that has less of it than it said. Of who was erased on
one node, and is remembered to be, no name and no note is left on any, but where the profile is an account's.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, suppress
from itertools import permutations
from typing import Any

import pytest
from events_cast import Tablet, changed, small_course, store
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from lms.db import Database
from lms.events import wire
from lms.events.erasing import blanked, erase_profiles
from lms.events.heads import heads_of
from lms.events.model import PERSONAL, NoteWritten
from lms.events.queries import progress_in
from lms.people import links
from lms.sync import giving, spans
from tests.sync.meeting import AT, Cut, Node, joined, meet

COURSE = small_course()
OUTLINE = COURSE.outline()
NODES = st.integers(0, 2)
DEVICES = st.integers(0, 4)
DOCUMENT = "40000001"
TABLES = (
    "events", "outcomes", "links", "heads", "heads_made", "heads_waiting", "nodes", "carried", "receipts", "quarantine",
    "undone_links", "erased", "erased_elsewhere",
)  # fmt: skip

Rows = dict[str, list[dict[str, Any]]]


async def backup(db: Database) -> Rows:
    """Every row of every table."""
    return {
        table: [
            {name: row[name] for name in row.keys()}  # noqa: SIM118 - rows iterate over values
            for row in await db.rows(f"SELECT * FROM {table}")  # noqa: S608 - tables of ours
        ]
        for table in TABLES
    }


async def restore(db: Database, rows: Rows) -> None:
    """Put a node back to what it was."""
    async with db.transaction() as work:
        for table in TABLES:
            await work.execute(f"DELETE FROM {table}")  # noqa: S608 - tables of ours
            for row in rows[table]:
                names = ", ".join(row)
                values = ", ".join(f":{name}" for name in row)
                await work.execute(f"INSERT INTO {table} ({names}) VALUES ({values})", row)  # noqa: S608 - a text of ours


class Partition(RuleBasedStateMachine):
    """Devices write, nodes meet, and everything goes wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.limits = ExitStack()
        self.limits.enter_context(changed(giving, MOST_LINES=3))

    def teardown(self) -> None:
        try:
            if hasattr(self, "nodes"):
                self.runner.run(self.settle())
        finally:
            self.limits.close()
            self.runner.close()

    @initialize(most_heads=st.sampled_from([1, 2, 5]))
    def begin(self, most_heads: int) -> None:
        self.limits.enter_context(changed(spans, MOST_HEADS=most_heads))
        self.nodes: list[Node] = self.runner.run(joined("Escuela", "UGEL", "DIFODS"))
        self.backups: list[Rows] = [self.runner.run(backup(node.db)) for node in self.nodes]
        rosa, edwin = Tablet(COURSE), Tablet(COURSE)
        # Rosa has a tablet, a laptop with the same profile, and a clone of her tablet; Edwin has two profiles.
        self.devices = [
            rosa,
            Tablet(COURSE, rosa.profile),
            Tablet(COURSE, rosa.profile, rosa.device),
            edwin,
            Tablet(COURSE),
        ]
        self.written: dict[int, list[bytes]] = {number: [] for number in range(len(self.devices))}
        self.acknowledged: set[bytes] = set()

    @rule(device=DEVICES, count=st.integers(1, 5))
    def somebody_studies(self, device: int, count: int) -> None:
        tablet = self.devices[device]
        self.written[device] += [tablet.answers("senal", n % 4) for n in range(count)]

    @rule(device=DEVICES, noted=st.booleans())
    def somebody_writes_words_of_their_own(self, device: int, noted: bool) -> None:
        tablet = self.devices[device]
        note = NoteWritten("El pozo", ())
        written = tablet.writes("note.written", "uno", note) if noted else tablet.identifies("Rosa", DOCUMENT)
        self.written[device].append(written)

    @rule(device=DEVICES, node=NODES)
    def somebody_is_erased(self, device: int, node: int) -> None:
        self.runner.run(self.erase(self.nodes[node].db, self.devices[device].profile))

    async def erase(self, db: Database, profile: str) -> None:
        """Forget an account whose profile it is, or may be."""
        async with db.transaction() as work:
            await erase_profiles(work, [profile], at=AT)
            await work.execute("DELETE FROM links WHERE profile = :profile", {"profile": profile})

    @rule(device=DEVICES, node=NODES, first=st.integers(0, 8), count=st.integers(1, 8))
    def some_of_it_arrives(self, device: int, node: int, first: int, count: int) -> None:
        lines = self.written[device][first : first + count]
        receipts = self.runner.run(store(self.nodes[node].db, *lines))
        assert all(receipt.status in ("stored", "known") for receipt in receipts)
        self.acknowledged.update(lines)

    @rule(one=NODES, other=NODES, cut=st.integers(0, 9), when=st.sampled_from(["before", "after", "well"]))
    def two_nodes_meet(self, one: int, other: int, cut: int, when: str) -> None:
        if one != other:
            with suppress(Cut):
                self.runner.run(
                    meet(self.nodes[one], self.nodes[other], lambda n: when if n == cut else "well")
                )

    @rule(node=NODES, which=st.integers(0, 30))
    def an_old_message_comes_again(self, node: int, which: int) -> None:
        heard = self.nodes[node].heard
        if heard:
            self.runner.run(self.nodes[node].hears(heard[which % len(heard)][1]))

    @rule(node=NODES)
    def somebody_makes_a_backup(self, node: int) -> None:
        self.backups[node] = self.runner.run(backup(self.nodes[node].db))

    @rule(node=NODES)
    def a_node_is_restored_from_it(self, node: int) -> None:
        self.runner.run(restore(self.nodes[node].db, self.backups[node]))

    @rule(node=NODES, other=NODES)
    def a_node_begins_again_as_a_clone_of_anothers_disk(self, node: int, other: int) -> None:
        self.runner.run(self.clone(node, other))

    async def clone(self, node: int, other: int) -> None:
        """The disk of one node in the machine of another: its log and what it knew, and its key too."""
        mine, theirs = self.nodes[node], self.nodes[other]
        rows = await backup(theirs.db)
        rows["nodes"] = (await backup(mine.db))["nodes"]
        await restore(mine.db, rows)

    @rule(node=NODES, device=DEVICES)
    def a_profile_is_linked(self, node: int, device: int) -> None:
        profile = self.devices[device].profile
        self.runner.run(links.vouch(self.nodes[node].db, profile, "persona", by="coach", at=AT))

    @rule(node=NODES, device=DEVICES)
    def a_link_is_undone(self, node: int, device: int) -> None:
        profile = self.devices[device].profile
        self.runner.run(links.unlink(self.nodes[node].db, profile, by="coach", at=AT))

    async def settle(self) -> None:
        """Every device comes back, and everybody meets everybody."""
        for number, lines in self.written.items():
            await store(self.nodes[number % 3].db, *lines)
        erased = set[str]().union(*[await self.erased_on(node) for node in self.nodes])
        for one, other in (*permutations(range(3), 2), *permutations(range(3), 2)):
            await meet(self.nodes[one], self.nodes[other])
        profiles = sorted({device.profile for device in self.devices})
        logs = [await node.lines() for node in self.nodes]
        heads = [await heads_of(node.db, profiles) for node in self.nodes]
        kept = [erased - await self.erased_on(node) for node in self.nodes]
        accounts = [await self.of_accounts_on(node) for node in self.nodes]
        marks = [await progress_in(node.db, OUTLINE, profiles) for node in self.nodes]
        again = [await meet(self.nodes[one], self.nodes[other]) for one, other in permutations(range(3), 2)]
        for node in self.nodes:
            await node.db.close()
        everything = {line for lines in self.written.values() for line in lines}
        seen = {wire.decode(line).profile for line in everything}
        assert everything >= self.acknowledged
        for log, whose, here in zip(logs, kept, accounts, strict=True):
            assert whose & seen <= here, "somebody was erased and is still here"
            expected = {self.left_of(line, erased) for line in everything}
            assert {self.left_of(line, whose) for line in log} == expected, "something is missing"
            assert len(log) == len(everything), "something is double"
        assert heads[0] == heads[1] == heads[2], "the logs differ"
        assert marks[0] == marks[1] == marks[2]
        assert not any(done.sent or done.stored for done in again), "there is no end to it"

    async def erased_on(self, node: Node) -> set[str]:
        return {row["profile"] for row in await node.db.rows("SELECT profile FROM erased")}

    async def of_accounts_on(self, node: Node) -> set[str]:
        """The profiles of which an account there keeps names and notes, whatever another server says."""
        rows = await node.db.rows("SELECT profile FROM links WHERE status = 'vouched'")
        return {row["profile"] for row in rows}

    def left_of(self, line: bytes, erased: set[str]) -> bytes:
        """A line as it is where these profiles were erased."""
        event = wire.decode(line)
        return blanked(line) if event.profile in erased and event.type in PERSONAL else line


TestPartition = pytest.mark.long(Partition.TestCase)
TestPartition.settings = settings(max_examples=max(500, settings().max_examples), stateful_step_count=25)
