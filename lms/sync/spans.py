"""What is said of some profiles, one span of places after another, so that no message grows with what a profile ever had.

Anybody can make a profile of a hundred thousand devices, and every exchange would fail at it and at all that come
after. So whoever speaks says where what it tells ends, the other may end earlier, and what comes after is the next span.
Tombstones stand in the same order, each with its id where others have a device.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from lms.db import Statements
from lms.events.erasing import Tombstone
from lms.events.heads import Head, Place, digest_of, erased_after, heads_after, heads_of
from lms.sync import erased
from lms.sync.message import ALL, MOST_LINES, MOST_PROFILES, Message, Span

MOST_HEADS = MOST_PROFILES
"""Most heads in one message, and most tombstones, of whoever knows spans."""


class View(Struct, frozen=True):
    """What there is of some profiles in a span; without one all of it, but for tombstones that have no room."""

    heads: list[Head]
    erased: list[Tombstone]
    span: Span | None

    def digest(self, profile: str) -> str:
        """The digest of what of it is a profile's."""
        heads = (head for head in self.heads if head.profile == profile)
        return digest_of(heads, (id for one, id in self.erased if one == profile))

    def reaches_into(self, span: Span) -> bool:
        """Whether anything of it is in a span."""
        return any(inside(place, span) for place in (*map(place_of, self.heads), *self.erased))


def place_of(head: Head) -> Place:
    """The profile and the device that a head is about."""
    return head.profile, head.device


def inside(place: Place, span: Span | None) -> bool:
    """Whether a span has a place in it."""
    after, upto = span or ALL
    return after < place and (upto is None or place <= upto)


def room_for(said: Message) -> int:
    """How many heads an answer tells: as many as events may go at once, or as the message names profiles."""
    return max(min(said.room, MOST_LINES), len(said.profiles))


def agreed(said: Span, answer: Message) -> Span:
    """The span of which both told everything.

    Whoever ends earlier does so with the last that has room. Any other end counts for nothing: there are too many places
    to believe one that an answer tells nothing of.
    """
    shorter = answer.span[1] if answer.span else None
    if shorter is None or not inside(shorter, said):
        return said
    return (said[0], shorter) if shorter in {*map(place_of, answer.heads), *answer.erased} else said


def heard(message: Message, reply: Message) -> Message:
    """What was said to a message, of the span of which both told everything."""
    span = message.span and agreed(message.span, reply)
    return replace(reply, heads=[head for head in reply.heads if inside(place_of(head), span)], span=span)


async def view_of(db: Statements, profiles: Sequence[str], span: Span | None, most: int) -> View:
    """What there is in the span of these profiles, or in as much of it as has no more than so many of anything."""
    if span is None:
        return View(await heads_of(db, profiles), await erased.told(db, profiles), None)
    (after, upto), most = span, min(most, MOST_HEADS)
    heads = await heads_in(db, profiles, span, most + 1)
    gone = [one for one in await erased_after(db, profiles, after, most + 1) if inside(one, span)]
    for places in ([place_of(head) for head in heads], gone):
        if len(places) > most and (upto is None or places[most - 1] < upto):
            upto = places[most - 1]
    span = after, upto
    return View(
        [head for head in heads if inside(place_of(head), span)],
        [one for one in gone if inside(one, span)],
        span,
    )


async def heads_in(db: Statements, profiles: Sequence[str], span: Span | None, most: int) -> list[Head]:
    """The first so many heads in a span; all if there is none."""
    if span is None:
        return await heads_of(db, profiles)
    heads = await heads_after(db, profiles, span[0], most)
    return [head for head in heads if inside(place_of(head), span)]


async def views(db: Statements, profiles: Sequence[str]) -> AsyncIterator[View]:
    """All there is of these profiles, one span after another."""
    upto: Place | None = ALL[0]
    while upto:
        view = await view_of(db, profiles, (upto, None), MOST_HEADS)
        yield view
        upto = view.span[1] if view.span else None
