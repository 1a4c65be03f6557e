"""Two nodes make their logs the same, as far as both serve the same people: what whoever begins does.

Whoever begins says what it has, the other says what of it is different there, and then each gives what the
other lacks, a message at a time. Nothing is remembered between messages: whatever is lost, comes twice or comes
late, the next comparison finds what is still missing. What a node does not understand it keeps and passes on.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from lms.errors import Unavailable
from lms.events.heading import bring_up_to_date
from lms.events.heads import Place, digests_of, page_of_profiles, profiles_after
from lms.sync.giving import GROUP, Gift, Here, give, kept_of, receive
from lms.sync.message import ALL, MOST_LINES, MOST_PROFILES, Kept, Message, Told
from lms.sync.nodes import Peer
from lms.sync.noting import note, note_alike
from lms.sync.parts import END, START, Level, advanced, parts_of
from lms.sync.spans import View, agreed, heads_in, heard, inside, place_of, view_of

Talk = Callable[[Message, Sequence[bytes]], Awaitable[Told]]
"""Says a message to the other node and gives its answer."""

ENDLESS = (
    "El intercambio con «{name}» se dejó para la próxima vez: contesta una y otra vez otra cosa sin que llegue nada "
    "nuevo. Si se repite, avisa a quien lo administra."
)

_PROFILES_FOR_ONE = 5  # profiles compared at once, for each event that goes at once
MOST_HEADS_OF_A_LIST = 20_000
"""Heads that there are here of profiles compared at once: who knows no spans answers with all its own of them."""

_EVENTS_FOR_ONE = (
    4  # events that go at once, for each profile spoken of: so that heads are not most of a message
)
_GROWTH = 5  # a fifth more at once, after each message that got through full
_QUIET_ROUNDS = (
    2  # in which nothing new came or went: what is left cannot be had, such as a line that was refused
)
MOST_VAIN = 1000
"""Messages of which no event comes, more than what is here explains, after which others get their turn."""

_EVENTS_OF_ONE = 2  # that a message settles at least, over the weakest link


@dataclass
class Errand:
    """What an exchange is for, and what it has done so far: events given, events new here, messages.

    `room` is how many events go at once, either way; it grows with every message that had use for all of it.
    `vain` is how many messages in a row brought nothing.
    Profiles up to `after` are done, and of those after it devices up to where they are `level`: begun again, it goes on
    there. Those that had no room whole are put `aside` until all others are `done`, each with the device it came to.
    `handed` are closed files that the other took, if it `takes_closed` ones. `pause` is for how many seconds the other
    asked to be left alone when it ended.
    """

    gives: bool = True
    takes: bool = True
    room: int = MOST_LINES
    after: str = ""
    level: Level = field(default_factory=dict)
    aside: Mapping[str, str] = field(default_factory=dict)
    done: bool = False
    sent: int = 0
    stored: int = 0
    messages: int = 0
    vain: int = 0
    takes_closed: bool = False
    handed: int = 0
    pause: float = 0.0

    @property
    def got(self) -> tuple[object, ...]:
        """How far it has got: whatever gets through changes it."""
        return self.sent, self.stored, self.after, self.level, self.aside

    def again(self) -> Errand:
        """Another one, that goes on where this one is, but for who is put aside, who waits for what others have new."""
        return dataclasses.replace(
            self, done=False, sent=0, stored=0, messages=0, vain=0, handed=0, pause=0.0
        )


async def exchange(here: Here, peer: Peer, talk: Talk, errand: Errand) -> None:
    """Compare with a node and give and take until both have the same; `errand` counts what is done.

    It may be stopped at any moment and begun again, with the same errand or a new one.
    """
    await _Exchange(here, peer, talk, errand).run()


class _Exchange:
    def __init__(self, here: Here, peer: Peer, talk: Talk, errand: Errand) -> None:
        self._here, self._peer, self._talk, self._errand = here, peer, talk, errand
        self._ours = View([], [], None)

    async def run(self) -> None:
        errand = self._errand
        await bring_up_to_date(self._here.db)
        while not errand.done:
            await self._compare()
        while errand.aside:
            await self._go_on_with(*next(iter(errand.aside.items())))
        errand.done = False

    async def _compare(self) -> None:
        """List some profiles, and level what is different of them."""
        errand, db = self._errand, self._here.db
        most = min(MOST_PROFILES, _PROFILES_FOR_ONE * errand.room)
        profiles = await page_of_profiles(db, errand.after, most, MOST_HEADS_OF_A_LIST)
        end = max(profiles, default="")
        last = not profiles or not await profiles_after(db, end, 1)
        message = self._message(
            profiles=list((await digests_of(db, profiles)).items()),
            range=(errand.after, None if last else end),
            span=ALL,
        )
        reply, _ = await self._say(message, full=len(profiles) >= most)
        await note_alike(self._here, self._peer, message, reply.unlike)
        forgotten = {profile for profile, _ in reply.profiles}.difference(profiles)
        different, told = sorted({*reply.unlike, *forgotten}), _told_upto(message, reply)
        first, stored = [one for one in different if not told or one <= told], errand.stored
        await self._level(first, reply)
        if told and errand.stored > stored:  # or it would go on for as long as the other makes something up
            errand.after = told
            return
        await self._level(different[len(first) :], reply)
        errand.after, errand.done = "" if last else end, last

    async def _go_on_with(self, profile: str, device: str) -> None:
        """Compare the next devices of a profile that was put aside, and level them; then it is the turn of another."""
        errand, after = self._errand, (profile, device)
        ours = await view_of(self._here.db, [profile], (after, None), errand.room)
        message = self._message(profiles=[(profile, ours.digest(profile))], span=ours.span)
        reply, _ = await self._say(message)
        upto = ours.span and ours.span[1]
        if not reply.unlike:
            errand.vain = 0
        else:
            upto = await self._level_span([profile], heard(message, reply))
        rest = {one: place for one, place in errand.aside.items() if one != profile}
        if upto and upto[0] == profile:
            rest[profile] = upto[1]
        errand.aside, errand.level = rest, {}
        self._stop_in_vain()
        if not upto or ours.reaches_into((after, upto)):
            errand.vain = 0

    def _message(self, **said: Any) -> Message:
        room, invitation = self._errand.room, self._peer.invitation
        return Message(self._here.card, invitation=invitation, room=room, parts=True, **said)

    async def _say(self, message: Message, lines: Sequence[bytes] = (), *, full: bool = False) -> Told:
        """Say it and hear the answer; more goes at once from then on if this used all of its room."""
        errand = self._errand
        errand.messages += 1
        reply, brought = await self._talk(message, lines)
        errand.sent += len(lines)
        errand.takes_closed = reply.takes_closed
        full = full or any(part.upto for part in (*message.kept, *reply.kept))
        full = full or any(span and span[1] for span in (message.span, reply.span))
        if full or max(len(lines), len(brought)) >= errand.room:
            errand.room = min(MOST_LINES, errand.room + max(1, errand.room // _GROWTH))
        await note(self._here, self._peer, reply)
        return reply, brought

    async def _level(self, profiles: Sequence[str], reply: Message) -> None:
        errand, done, whole = self._errand, 0, True
        while done < len(profiles):
            many = max(1, min(GROUP, errand.room // _EVENTS_FOR_ONE))
            group = list(profiles[done : done + many])
            there = self._told(group, reply) if whole else self._unknown(ALL[0])
            had_room = self._had_room(group, await self._level_span(group, there))
            whole = had_room == group
            errand.after, errand.level = had_room[-1], {}
            self._stop_in_vain()
            errand.vain = 0
            done += len(had_room)

    def _had_room(self, group: list[str], upto: Place | None) -> list[str]:
        """Those of a group that are done, as it was spoken of up to a place; who had no room even alone is put aside."""
        if upto is None:
            return group
        *before, last = [one for one in group if one <= upto[0]] or group[:1]
        if last == upto[0] and not before:
            self._errand.aside = {last: upto[1], **self._errand.aside}
        return before if last == upto[0] and before else [*before, last]

    def _told(self, group: list[str], reply: Message) -> Message:
        """What a reply to a list says there is of some profiles; if it does not come so far, that is to be asked."""
        upto, wanted = agreed(ALL, reply)[1], set(group)
        if upto and upto <= (group[0], ""):
            return self._unknown(ALL[0])
        span = ((ALL[0], upto) if upto and upto[0] <= group[-1] else ALL) if reply.span else None
        heads = [head for head in reply.heads if head.profile in wanted and inside(place_of(head), span)]
        return Message(self._here.card, heads=heads, parts=reply.parts, span=span)

    def _unknown(self, after: Place) -> Message:
        """Nobody said yet what there is after a place, so nothing of it is given."""
        return Message(self._here.card, parts=True, span=(after, None), room=0)

    async def _level_span(self, group: list[str], there: Message) -> Place | None:
        """Speak of a span of places until nothing is different, or nothing changes any more; where it ends."""
        quiet = 0
        while quiet < _QUIET_ROUNDS:
            before = there
            there = await self._round(group, there)
            theirs = sorted(there.heads, key=place_of)
            most = max(len(theirs), len(self._ours.heads)) + 1
            ours = await heads_in(self._here.db, group, there.span, most)
            if ours == theirs or self._in_vain():
                break
            quiet = quiet + 1 if there == before and ours == self._ours.heads else 0
        return there.span and there.span[1]

    def _in_vain(self) -> bool:
        """Whether the other says something else again and again, of what it does not give.

        Also what is given to it does not count for good: who never says that it has it would be given it for ever.
        """
        ours = sum(head.events for head in self._ours.heads)
        return self._errand.vain > MOST_VAIN + ours // _EVENTS_OF_ONE

    def _stop_in_vain(self) -> None:
        if self._in_vain():
            self._errand.vain = 0
            raise Unavailable(ENDLESS.format(name=self._peer.name))

    async def _round(self, group: list[str], there: Message) -> Message:
        """Give what they lack, ask for what they have; what they say to it, once it is taken in."""
        errand, db = self._errand, self._here.db
        there = replace(there, room=errand.room if errand.gives and there.room else 0)
        self._ours = await view_of(db, group, there.span, errand.room)
        gift = await give(self._here, self._ours.heads, there)
        level, kept = await self._kept(there, gift)
        message = self._message(
            heads=self._ours.heads,
            erased=self._ours.erased,
            span=self._ours.span,
            kept=kept,
            unclear=gift.unclear if errand.gives and not there.parts else [],
            wants=group if errand.takes else [],
            # Who wants nothing has to be told all the same what the other has now.
            profiles=[] if errand.takes else [(profile, "") for profile in group],
        )
        reply, lines = await self._say(message, gift.lines)
        errand.level = level
        stored = (await receive(self._here, lines)).stored
        errand.stored += stored
        errand.vain = 0 if stored else errand.vain + 1
        await bring_up_to_date(db)
        return heard(message, reply)

    async def _kept(self, there: Message, gift: Gift) -> tuple[Level, list[Kept]]:
        """How far devices are level once this gift arrives, and the ids to say with it, of the next parts."""
        errand, db, ours = self._errand, self._here.db, self._ours
        if not there.parts:
            return {}, await kept_of(self._here, ours, there)
        level = await advanced(db, errand.level, there, gift.ids if errand.gives else None)
        same = {place_of(head) for head in set(ours.heads) & set(there.heads)}
        unlike = [one for one in sorted({*gift.unclear, *level} - same) if inside(one, ours.span)]
        asked = [Kept(*one, [], level.get(one, START)) for one in unlike if level.get(one) != END]
        return level, await parts_of(db, asked, errand.room)


def _told_upto(message: Message, reply: Message) -> str | None:
    """The profile up to which a reply to a list had room to tell what was forgotten, if it had no room for all."""
    if message.range is None or reply.range is None or reply.range[1] is None:
        return None
    (after, upto), told = message.range, reply.range[1]
    return told if after < told and (upto is None or told < upto) else None
