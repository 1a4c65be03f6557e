"""What a node has to give to another that said what it has."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from lms.clock import Clock, system_clock
from lms.db import Database
from lms.events.heads import Head, Place, Step, digests_of, lacking, steps_at
from lms.sync.message import ALL, MOST_LINES, ROOM, Card, Kept, Message
from lms.sync.parts import parts_of, within
from lms.sync.receiving import Received, receive_lines
from lms.sync.spans import View, inside, place_of, room_for, view_of

GROUP = 50
"""Profiles, or devices, whose events are looked at in one go."""


@dataclass(frozen=True)
class Here:
    """This node, as whoever speaks with others."""

    db: Database
    card: Card
    clock: Clock = system_clock


@dataclass
class Gift:
    """Events to send, devices of which the other should say what it has, and whether there was no room for all."""

    ids: list[str] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)
    unclear: list[Place] = field(default_factory=list)
    more: bool = False


async def receive(here: Here, lines: Sequence[bytes]) -> Received:
    """Take in what a node brings, on its word."""
    return await receive_lines(here.db, lines, None, "node", here.clock)


async def give(
    here: Here, ours: Sequence[Head], there: Message, *, but: Collection[str] = (), sure: bool = True
) -> Gift:
    """What whoever said `there` lacks of these devices of ours, as much as there is room for, without some ids.

    Where there is no room at all it only says what is unclear.
    If they cannot be asked (not `sure`), everything goes of a device where it is unclear what they have.
    """
    said, same = _There(there, sure), set(there.heads)
    most = min(there.room, MOST_LINES)
    unlike = [head for head in ours if head not in same and (most or said.has(head))]
    gift, wanted = Gift(), list[str]()
    for start in range(0, len(unlike), GROUP):
        group = unlike[start : start + GROUP]
        steps = await steps_at(here.db, [place_of(head) for head in group])
        for head in group:
            place = place_of(head)
            lacks = said.lacks(head, steps.get(place, ()))
            if lacks is None:
                gift.unclear.append(place)
                lacks = () if sure else steps.get(place, ())
            if most:
                wanted += [id for _, id in lacks if id not in but]
        if len(wanted) > most:
            break
    gift.more = len(wanted) > most
    await _fill(here, gift, wanted[:most])
    return gift


class _There:
    """What whoever said a message has of devices."""

    def __init__(self, said: Message, sure: bool) -> None:
        self._heads = {place_of(head): head for head in said.heads}
        self._kept = {(one.profile, one.device): one for one in said.kept}
        self._unclear = set(said.unclear)
        self._looks = said.parts and sure

    def has(self, ours: Head) -> bool:
        """Whether they have anything of a device."""
        return place_of(ours) in self._heads

    def lacks(self, ours: Head, steps: Sequence[Step]) -> Sequence[Step] | None:
        """Of our events of a device those to send; None if they should say which they have."""
        place = place_of(ours)
        theirs = self._heads.get(place)
        lacks = lacking(theirs, steps)
        if lacks is not None or theirs is None:
            return lacks
        if kept := self._kept.get(place):
            ids = set(kept.ids)
            return [step for step in within(steps, kept) if step[1] not in ids]
        if (
            ours.last < theirs.last
            and place not in self._unclear
            and (self._looks or (ours.plain and theirs.plain))
        ):
            return ()  # they see whether ours is the beginning of theirs, and say so if not
        return None


async def gift_for(here: Here, said: Message, ours: Sequence[Head]) -> Gift:
    """What of ours to give to whoever said this; of who wants nothing, only what is unclear of what they have."""
    if said.wants or not said.parts:
        wanted = set(said.wants)
        return await give(here, [head for head in ours if head.profile in wanted], said)
    return await give(here, ours, replace(said, room=0))


async def _fill(here: Here, gift: Gift, ids: list[str]) -> None:
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
        gift.ids.append(id)
        gift.lines.append(lines[id])


async def kept_of(here: Here, ours: View, there: Message) -> list[Kept]:
    """The ids of the devices that a head does not describe to whoever said `there`, and that are different there.

    Of who speaks of parts only those parts.
    """
    if there.parts:
        asked = [part for part in there.kept if inside((part.profile, part.device), ours.span)]
        return await parts_of(here.db, asked, min(there.room, MOST_LINES))
    unclear, same = set(there.unclear), set(there.heads)
    places = [
        place_of(head)
        for head in ours.heads
        if head not in same and (not head.plain or place_of(head) in unclear)
    ]
    found = await steps_at(here.db, places)
    return [Kept(*place, [id for _, id in steps]) for place, steps in found.items()]


async def unlike(here: Here, said: Message) -> list[str]:
    """Which of the profiles that another lists are not the same here, in the span that it speaks of."""
    theirs = dict(said.profiles)
    profiles = sorted(theirs)
    if said.span is None or said.span == ALL:
        ours = await digests_of(here.db, profiles)
    else:
        view = await view_of(here.db, profiles, said.span, room_for(said))
        ours = {profile: view.digest(profile) for profile in profiles if view.span == said.span}
    return [profile for profile, digest in theirs.items() if ours.get(profile) != digest]
