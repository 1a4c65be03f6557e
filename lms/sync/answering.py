"""What a node says to a message of another, which compares, gives or asks (`lms.sync.exchange`)."""

from __future__ import annotations

from lms.events.heading import bring_up_to_date
from lms.events.heads import digests_of
from lms.events.stand_ins import stand_in_of
from lms.sync import nodes
from lms.sync.giving import Here, gift_for, kept_of, receive, unlike
from lms.sync.message import MOST_PROFILES, Listed, Message, Range, Told
from lms.sync.nodes import Peer
from lms.sync.noting import note, note_alike
from lms.sync.spans import room_for, view_of


async def answer(here: Here, told: Told, peer: Peer) -> Told:
    """What this node says to a message of a node that has joined; its events are taken in first.

    What it says was erased goes before them.
    """
    message, lines = told
    await note(here, peer, message)
    received = (await receive(here, lines)).profiles
    await bring_up_to_date(here.db)
    listed = [profile for profile, _ in message.profiles]
    await nodes.note_carried(here.db, peer, {*listed, *received, *message.wants})
    different = await unlike(here, message)
    await note_alike(here, peer, message, different)
    about = sorted({*different, *message.wants, *received})
    ours = await view_of(here.db, about, message.span, room_for(message))
    gift = await gift_for(here, message, ours.heads)
    forgotten, between = await _forgotten(here, peer, message)
    reply = Message(
        here.card,
        unlike=different,
        heads=ours.heads,
        erased=ours.erased,
        span=ours.span,
        kept=await kept_of(here, ours, message) if message.wants or message.heads else [],
        unclear=gift.unclear,
        more=gift.more,
        parts=True,
        profiles=forgotten,
        range=between,
    )
    return reply, tuple(gift.lines)


async def _forgotten(here: Here, peer: Peer, message: Message) -> tuple[list[Listed], Range | None]:
    """What a node once brought and does not list any more, within the range of its list; and what here stands in for
    what it lists, since whoever serves a person is given their codes too.

    With the shorter range that it is of, if there is no room for all of that one.
    """
    if message.range is None:
        return [], None
    listed = {one for one, _ in message.profiles}
    beside = await digests_of(here.db, sorted({stand_in_of(one) for one in listed} - listed))
    once = await nodes.carried_by(here.db, peer, message.range, but={*listed, *beside})
    room = MOST_PROFILES - len(beside)
    told = {**beside, **await digests_of(here.db, once[:room])}
    between = (message.range[0], once[room - 1]) if len(once) > room > 0 else None
    return list(told.items())[:MOST_PROFILES], between
