"""The ids of a device, told a part at a time, so that no message grows with what a device ever wrote.

Whoever begins says which ids it has from where both are known to have the same; the other answers with its own of
that part, as many as have room. Then both know what to give of it, and the next part begins where the answer ended.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from lms.db import Statements
from lms.events.heads import Place, Step, steps_at
from lms.sync.message import Kept, Message

START: Step = (0, "")
END: Step = (2**63, "")
"""Before and after every step."""

Level = Mapping[Place, Step]
"""Up to which step devices were compared, and what was missing given."""


def within(steps: Sequence[Step], part: Kept) -> Sequence[Step]:
    """Those steps that a part is about."""
    upto = part.upto or END
    return [step for step in steps if part.after < step <= upto]


async def parts_of(db: Statements, asked: Sequence[Kept], room: int) -> list[Kept]:
    """The ids that are here of the same parts, each from its beginning and all together as far as there is room."""
    told: list[Kept] = []
    found = await steps_at(db, [_place(part) for part in asked[:room]])
    for part in asked[:room]:
        if room <= 0:
            break
        steps = within(found.get(_place(part), ()), part)
        some = steps[:room]
        upto = part.upto if len(some) == len(steps) else some[-1]
        told.append(Kept(part.profile, part.device, [id for _, id in some], part.after, upto))
        room -= len(some) + 1
    return told


async def advanced(db: Statements, level: Level, there: Message, given: Collection[str] | None) -> Level:
    """How far devices are compared once these ids arrive (None: nothing is to be given), by the answer `there`.

    What is still missing here although nothing was left out for want of room cannot be had.
    """
    steps, now = await steps_at(db, [_place(part) for part in there.kept]), dict(level)
    for part in there.kept:
        place, theirs = _place(part), set(part.ids)
        at = now.setdefault(place, START)
        ours = {id for _, id in within(steps.get(place, ()), part)}
        arrives = given is None or ours - theirs <= set(given)
        if part.after <= at and arrives and (theirs <= ours or not there.more):
            now[place] = max(at, part.upto or END)
    return now


def _place(part: Kept) -> Place:
    return part.profile, part.device
