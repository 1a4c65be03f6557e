"""What is kept of a message besides the events that came with it."""

from __future__ import annotations

from collections.abc import Sequence

from lms.clock import stamp
from lms.sync import erased, node_receipts, nodes
from lms.sync.giving import Here
from lms.sync.message import Message
from lms.sync.nodes import Peer


async def note(here: Here, peer: Peer, message: Message) -> None:
    """Take in what a message says besides the events that came with it."""
    at = stamp(here.clock())
    await erased.take_in(here.db, peer, message.erased, at=at)
    await node_receipts.note_receipts(here.db, peer, message.heads, at=at)
    await nodes.note_seen(here.db, peer, at=at)


async def note_alike(here: Here, peer: Peer, listed: Message, different: Sequence[str]) -> None:
    """Take what both have of a list for acknowledged, which is all but what is different."""
    others = set(different)
    alike = [one for one in listed.profiles if one[0] not in others]
    await node_receipts.note_alike(here.db, peer, alike, at=stamp(here.clock()))
