"""Two nodes make their logs the same, as far as each serves the same people.

Whoever begins says what it has, the other says what of it is different there, and then each gives what the
other lacks, a message at a time. Nothing is remembered between messages: whatever is lost, comes twice or comes
late, the next comparison finds what is still missing. What a node does not understand it keeps and passes on.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from lms.clock import Clock, stamp, system_clock
from lms.db import Database
from lms.events.heads import (
    Head,
    Place,
    bring_up_to_date,
    digest_of,
    digests,
    heads_of,
    lacking,
    steps_at,
)
from lms.sync import nodes
from lms.sync.message import MOST_LINES, MOST_PROFILES, ROOM, Card, Kept, Message
from lms.sync.nodes import Peer
from lms.sync.receiving import Received, receive_lines

Told = tuple[Message, tuple[bytes, ...]]
"""A message and the events that came with it."""

Talk = Callable[[Message, Sequence[bytes]], Awaitable[Told]]
"""Says a message to the other node and gives its answer."""

_GROUP = 50  # profiles whose events are looked at in one go
_QUIET_ROUNDS = (
    2  # in which nothing new came or went: what is left cannot be had, such as a name that was erased
)


@dataclass(frozen=True)
class Here:
    """This node, as whoever speaks with others."""

    db: Database
    card: Card
    clock: Clock = system_clock


@dataclass
class Exchanged:
    """What an exchange did, as it goes on: events given, events that were new here, messages."""

    sent: int = 0
    stored: int = 0
    messages: int = 0


@dataclass
class _Gift:
    lines: list[bytes] = field(default_factory=list)
    unclear: list[Place] = field(default_factory=list)
    more: bool = False


async def answer(here: Here, told: Told, peer: Peer) -> Told:
    """What this node says to a message of a node that has joined; its events are taken in first."""
    message, lines = told
    at = stamp(here.clock())
    received = await _take(here, lines, peer)
    await bring_up_to_date(here.db)
    listed = [profile for profile, _ in message.profiles]
    await nodes.note_carried(here.db, peer, {*listed, *received, *message.wants})
    await nodes.note_receipts(here.db, peer, message.heads, at=at)
    await nodes.note_seen(here.db, peer, at=at)
    unlike = await _unlike(here, message.profiles)
    gift = await _give(here, message.wants, message)
    heads = await heads_of(here.db, [*unlike, *sorted({*message.wants, *received} - set(unlike))])
    reply = Message(
        here.card,
        unlike=unlike,
        heads=heads,
        kept=await _kept(here, heads, message.unclear) if message.wants else [],
        unclear=gift.unclear,
        more=gift.more,
        profiles=await _once_carried(here, peer, listed) if message.whole else [],
    )
    return reply, tuple(gift.lines)


async def exchange(
    here: Here,
    peer: Peer,
    talk: Talk,
    *,
    first: Message | None = None,
    give: bool = True,
    want: bool = True,
    so_far: Exchanged | None = None,
) -> Exchanged:
    """Compare with a node and give and take until both have the same; what was done.

    `first` is what every message should say besides. It may be stopped at any moment and begun again.
    """
    done = so_far or Exchanged()
    plain = first or Message(here.card)

    async def say(message: Message, lines: Sequence[bytes] = ()) -> Told:
        done.messages += 1
        reply, brought = await talk(message, lines)
        await nodes.note_receipts(here.db, peer, reply.heads, at=stamp(here.clock()))
        done.sent += len(lines)
        return reply, brought

    await bring_up_to_date(here.db)
    after, whole = "", False
    while not whole:
        page = await digests(here.db, after, MOST_PROFILES)
        # Only a list that is the only one names everything; a node with more than one has its data.
        whole = len(page) == 0 or not await digests(here.db, max(page), 1)
        listed = replace(plain, profiles=list(page.items()), whole=whole and not after)
        reply, _ = await say(listed)
        missing = [profile for profile, _ in reply.profiles if profile not in page]
        await _level(here, peer, [*reply.unlike, *missing], reply.heads, plain, say, give, want, done)
        after = max(page, default="")
    await nodes.note_seen(here.db, peer, at=stamp(here.clock()))
    return done


async def _level(
    here: Here,
    peer: Peer,
    profiles: Sequence[str],
    theirs: Sequence[Head],
    plain: Message,
    say: Callable[..., Awaitable[Told]],
    give: bool,
    want: bool,
    done: Exchanged,
) -> None:
    for start in range(0, len(profiles), _GROUP):
        group = list(profiles[start : start + _GROUP])
        there = Message(here.card, heads=[head for head in theirs if head.profile in set(group)])
        await _Levelling(here, peer, group, plain, give, want).run(there, say, done)


class _Levelling:
    """The same events of a few profiles here and there."""

    def __init__(
        self, here: Here, peer: Peer, group: list[str], plain: Message, give: bool, want: bool
    ) -> None:
        self._here, self._peer, self._group, self._plain = here, peer, group, plain
        self._give, self._want = give, want

    async def run(self, there: Message, say: Callable[..., Awaitable[Told]], done: Exchanged) -> None:
        """Speak until nothing is different, or nothing changes any more."""
        quiet = 0
        while quiet < _QUIET_ROUNDS:
            gift = await _give(self._here, self._group, there) if self._give else _Gift()
            heads = await heads_of(self._here.db, self._group)
            message = replace(
                self._plain,
                heads=heads,
                kept=await _kept(self._here, heads, there.unclear),
                unclear=gift.unclear,
                wants=self._group if self._want else [],
            )
            reply, lines = await say(message, gift.lines)
            stored = await _count(self._here, lines, self._peer)
            done.stored += stored
            await bring_up_to_date(self._here.db)
            if stored == 0 and reply.heads == there.heads:
                quiet += 1
            else:
                quiet = 0
            there = reply
            if await heads_of(self._here.db, self._group) == sorted(reply.heads, key=_place):
                return


def _place(head: Head) -> Place:
    return head.profile, head.device


async def _take(here: Here, lines: Sequence[bytes], peer: Peer) -> tuple[str, ...]:
    received = await _receive(here, lines)
    await nodes.note_carried(here.db, peer, received.profiles)
    return received.profiles


async def _count(here: Here, lines: Sequence[bytes], peer: Peer) -> int:
    return (await _receive(here, lines)).stored


async def _receive(here: Here, lines: Sequence[bytes]) -> Received:
    return await receive_lines(here.db, lines, None, "node", here.clock)


async def _unlike(here: Here, listed: Iterable[tuple[str, str]]) -> list[str]:
    theirs = dict(listed)
    ours = await _digests_of(here, list(theirs))
    return [profile for profile, digest in theirs.items() if ours.get(profile) != digest]


async def _digests_of(here: Here, profiles: list[str]) -> dict[str, str]:
    by_profile: dict[str, list[Head]] = {}
    for head in await heads_of(here.db, profiles):
        by_profile.setdefault(head.profile, []).append(head)
    return {profile: digest_of(heads) for profile, heads in by_profile.items()}


async def _once_carried(here: Here, peer: Peer, listed: Sequence[str]) -> list[tuple[str, str]]:
    once = await nodes.carried_by(here.db, peer, set(listed), MOST_PROFILES)
    return sorted((await _digests_of(here, once)).items())


async def _kept(here: Here, heads: Sequence[Head], unclear: Sequence[Place]) -> list[Kept]:
    """The ids of the devices that a head does not describe to the other."""
    asked = set(unclear)
    places = [_place(head) for head in heads if not head.plain or _place(head) in asked]
    found = await steps_at(here.db, places)
    return [Kept(*place, [id for _, id in steps]) for place, steps in found.items()]


async def _give(here: Here, profiles: Sequence[str], there: Message) -> _Gift:
    """What whoever said `there` lacks of these profiles, as much as there is room for."""
    theirs = {_place(head): head for head in there.heads}
    kept = {(one.profile, one.device): frozenset(one.ids) for one in there.kept}
    ours = [head for head in await heads_of(here.db, profiles) if theirs.get(_place(head)) != head]
    gift, wanted = _Gift(), list[str]()
    for start in range(0, len(ours), _GROUP):
        group = ours[start : start + _GROUP]
        steps = await steps_at(here.db, [_place(head) for head in group])
        for head in group:
            place = _place(head)
            lacks = lacking(head, theirs.get(place), steps.get(place, ()), kept.get(place))
            if lacks is None:
                gift.unclear.append(place)
            else:
                wanted += [id for _, id in lacks]
        if len(wanted) > MOST_LINES:
            break
    gift.more = len(wanted) > MOST_LINES
    await _fill(here, gift, wanted[:MOST_LINES])
    return gift


async def _fill(here: Here, gift: _Gift, ids: list[str]) -> None:
    if not ids:
        return
    rows = await here.db.rows("SELECT id, line FROM events WHERE id IN (:ids)", {"ids": ids})
    lines = {row["id"]: row["line"] for row in rows}
    room = ROOM
    for id in ids:
        room -= len(lines[id]) + 1
        if room < 0:
            gift.more = True
            return
        gift.lines.append(lines[id])
