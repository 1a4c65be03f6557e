"""Two nodes make their logs the same, as far as both serve the same people.

Whoever begins says what it has, the other says what of it is different there, and then each gives what the
other lacks, a message at a time. Nothing is remembered between messages: whatever is lost, comes twice or comes
late, the next comparison finds what is still missing. What a node does not understand it keeps and passes on.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from lms.clock import stamp
from lms.events.heads import bring_up_to_date, digests, heads_of
from lms.sync import erased, nodes
from lms.sync.giving import (
    GROUP,
    Gift,
    Here,
    digests_of,
    gift_for,
    give,
    kept_of,
    place_of,
    receive,
    unlike,
)
from lms.sync.message import MOST_LINES, MOST_PROFILES, Kept, Message
from lms.sync.nodes import Peer
from lms.sync.parts import END, START, Level, advanced, parts_of

Told = tuple[Message, tuple[bytes, ...]]
"""A message and the events that came with it."""

Talk = Callable[[Message, Sequence[bytes]], Awaitable[Told]]
"""Says a message to the other node and gives its answer."""

_PROFILES_FOR_ONE = 5  # profiles compared at once, for each event that goes at once
_EVENTS_FOR_ONE = (
    4  # events that go at once, for each profile spoken of: so that heads are not most of a message
)
_GROWTH = 5  # a fifth more at once, after each message that got through full
_QUIET_ROUNDS = (
    2  # in which nothing new came or went: what is left cannot be had, such as a line that was refused
)


@dataclass
class Errand:
    """What an exchange is for, and what it has done so far: events given, events new here, messages.

    `room` is how many events go at once, either way; it grows with every message that had use for all of it.
    Profiles up to `after` are done, and of those after it devices up to where they are `level`: begun again, it goes
    on there.
    """

    gives: bool = True
    takes: bool = True
    room: int = MOST_LINES
    after: str = ""
    level: Level = field(default_factory=dict)
    sent: int = 0
    stored: int = 0
    messages: int = 0

    @property
    def got(self) -> tuple[object, ...]:
        """How far it has got: whatever gets through changes it."""
        return self.sent, self.stored, self.after, self.level


async def answer(here: Here, told: Told, peer: Peer) -> Told:
    """What this node says to a message of a node that has joined; its events are taken in first.

    What it says was erased goes before them.
    """
    message, lines = told
    await _note(here, peer, message)
    received = (await receive(here, lines)).profiles
    await bring_up_to_date(here.db)
    listed = [profile for profile, _ in message.profiles]
    await nodes.note_carried(here.db, peer, {*listed, *received, *message.wants})
    different = await unlike(here, message.profiles)
    gift = await gift_for(here, message)
    about = sorted({*different, *message.wants, *received})
    heads = await heads_of(here.db, about)
    reply = Message(
        here.card,
        unlike=different,
        heads=heads,
        erased=await erased.told(here.db, about),
        kept=await kept_of(here, heads, message) if message.wants or message.heads else [],
        unclear=gift.unclear,
        more=gift.more,
        parts=True,
        profiles=await _forgotten(here, peer, message),
    )
    return reply, tuple(gift.lines)


async def _forgotten(here: Here, peer: Peer, message: Message) -> list[tuple[str, str]]:
    """What a node once brought and does not list any more, within the range of its list."""
    if message.range is None:
        return []
    once = await nodes.carried_by(here.db, peer, message.range, but={one for one, _ in message.profiles})
    return await digests_of(here, once[:MOST_PROFILES])


async def _note(here: Here, peer: Peer, message: Message) -> None:
    """Take in what a message says besides the events that came with it."""
    at = stamp(here.clock())
    await erased.take_in(here.db, peer, message.erased, at=at)
    await nodes.note_receipts(here.db, peer, message.heads, at=at)
    await nodes.note_seen(here.db, peer, at=at)


async def exchange(here: Here, peer: Peer, talk: Talk, errand: Errand) -> None:
    """Compare with a node and give and take until both have the same; `errand` counts what is done.

    It may be stopped at any moment and begun again, with the same errand or a new one.
    """
    await _Exchange(here, peer, talk, errand).run()


class _Exchange:
    def __init__(self, here: Here, peer: Peer, talk: Talk, errand: Errand) -> None:
        self._here, self._peer, self._talk, self._errand = here, peer, talk, errand

    async def run(self) -> None:
        errand, last = self._errand, False
        await bring_up_to_date(self._here.db)
        while not last:
            most = min(MOST_PROFILES, _PROFILES_FOR_ONE * errand.room)
            page = await digests(self._here.db, errand.after, most)
            end = max(page, default="")
            last = not page or not await digests(self._here.db, end, 1)
            message = self._message(profiles=list(page.items()), range=(errand.after, None if last else end))
            reply, _ = await self._say(message, full=len(page) >= most)
            forgotten = [profile for profile, _ in reply.profiles if profile not in page]
            await self._level(sorted({*reply.unlike, *forgotten}), reply)
            errand.after = "" if last else end

    def _message(self, **said: Any) -> Message:
        room, invitation = self._errand.room, self._peer.invitation
        return Message(self._here.card, invitation=invitation, room=room, parts=True, **said)

    async def _say(self, message: Message, lines: Sequence[bytes] = (), *, full: bool = False) -> Told:
        """Say it and hear the answer; more goes at once from then on if this used all of its room."""
        errand = self._errand
        errand.messages += 1
        reply, brought = await self._talk(message, lines)
        errand.sent += len(lines)
        full = full or any(part.upto for part in (*message.kept, *reply.kept))
        if full or max(len(lines), len(brought)) >= errand.room:
            errand.room = min(MOST_LINES, errand.room + max(1, errand.room // _GROWTH))
        await _note(self._here, self._peer, reply)
        return reply, brought

    async def _level(self, profiles: Sequence[str], reply: Message) -> None:
        done = 0
        while done < len(profiles):
            many = max(1, min(GROUP, self._errand.room // _EVENTS_FOR_ONE))
            group = list(profiles[done : done + many])
            wanted = set(group)
            heads = [head for head in reply.heads if head.profile in wanted]
            await self._level_group(group, Message(self._here.card, heads=heads, parts=reply.parts))
            self._errand.after, self._errand.level = group[-1], {}
            done += many

    async def _level_group(self, group: list[str], there: Message) -> None:
        """Speak of some profiles until nothing is different, or nothing changes any more."""
        quiet = 0
        while quiet < _QUIET_ROUNDS:
            before = there
            there = await self._round(group, there)
            ours = await heads_of(self._here.db, group)
            if ours == sorted(there.heads, key=place_of):
                return
            quiet = quiet + 1 if there == before and ours == self._ours else 0

    async def _round(self, group: list[str], there: Message) -> Message:
        """Give what they lack, ask for what they have; what they say to it, once it is taken in."""
        errand = self._errand
        there = replace(there, room=errand.room if errand.gives else 0)
        gift = await give(self._here, group, there)
        self._ours = await heads_of(self._here.db, group)
        level, kept = await self._kept(there, gift)
        message = self._message(
            heads=self._ours,
            erased=await erased.told(self._here.db, group),
            kept=kept,
            unclear=gift.unclear if errand.gives and not there.parts else [],
            wants=group if errand.takes else [],
            # Who wants nothing has to be told all the same what the other has now.
            profiles=[] if errand.takes else [(profile, "") for profile in group],
        )
        reply, lines = await self._say(message, gift.lines)
        errand.level = level
        errand.stored += (await receive(self._here, lines)).stored
        await bring_up_to_date(self._here.db)
        return reply

    async def _kept(self, there: Message, gift: Gift) -> tuple[Level, list[Kept]]:
        """How far devices are level once this gift arrives, and the ids to say with it, of the next parts."""
        errand, db = self._errand, self._here.db
        if not there.parts:
            return {}, await kept_of(self._here, self._ours, there)
        level = await advanced(db, errand.level, there, gift.ids if errand.gives else None)
        same = {place_of(head) for head in set(self._ours) & set(there.heads)}
        places = [one for one in sorted({*gift.unclear, *level} - same) if level.get(one) != END]
        return level, await parts_of(
            db, [Kept(*one, [], level.get(one, START)) for one in places], errand.room
        )
