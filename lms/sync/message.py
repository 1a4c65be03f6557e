"""What two nodes say to each other: one message, whoever speaks and whatever carries it.

A message is one line of JSON and then event lines as they are. Everything in it may be missing; nothing in it
depends on a message before, so it may be lost, come twice, or come a year later.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from lms.errors import Invalid, TooLarge
from lms.events.heads import Head

MOST_LINES = 1000
"""Most events in one message."""

ROOM = 1024 * 1024
"""Bytes of events in one message, after which no more are put in."""

MOST_PROFILES = 5_000
"""Most profiles that one message names."""

MOST_ERASED = 10_000
"""Most that one message says was erased."""

MOST_CLOSED = 1024 * 1024
"""Most bytes of a closed file that goes on in a message: as many as some 25,000 events have when they are compressed."""

UNREADABLE = (
    "El mensaje del otro servidor no se puede leer. Si su versión es más nueva, actualiza este servidor."
)

_LONGEST_ID = 36
_MOST = 2**63  # what a database takes
_Id = Annotated[str, Meta(max_length=_LONGEST_ID)]
_Digest = Annotated[str, Meta(max_length=64)]
Listed = tuple[_Id, _Digest]
"""A profile and the digest of its heads."""

_HEX32 = re.compile("[0-9a-f]{32}")


Span = tuple[tuple[_Id, _Id], tuple[_Id, _Id] | None]
"""From after one place up to another, in order; None for the last there is. A tombstone's place has its id for a device."""

ALL: Span = (("", ""), None)
"""All there is."""


class Card(Struct, frozen=True):
    """How a node introduces itself; only `public` proves anything.

    `name` is cleaned where it is kept (`lms.sync.nodes.shown`).
    """

    name: Annotated[str, Meta(max_length=100)]
    public: Annotated[str, Meta(max_length=100)]
    address: Annotated[str, Meta(max_length=300)] = ""


_Step = tuple[Annotated[int, Meta(ge=0, le=_MOST - 1)], _Id]


class Kept(Struct, frozen=True, array_like=True):
    """The ids that a node has of a device whose events a head does not describe.

    They are all from after one seq and id up to another; None stands for the last there is.
    """

    profile: _Id
    device: _Id
    ids: Annotated[list[_Id], Meta(max_length=200_000)]
    after: _Step = (0, "")
    upto: _Step | None = None


Nobodys = Literal["", "part", "all"]
"""How much of what a receipt is for is in nobody's name yet."""


class Answered(Struct, frozen=True, array_like=True):
    """What became of a closed file that the other carried, told by the SHA-256 of its parcel.

    `said` is for whoever left it there; `receipt` are the letters of one.
    """

    digest: Annotated[str, Meta(max_length=64)]
    taken: bool
    said: Annotated[str, Meta(max_length=2000)] = ""
    receipt: Annotated[str, Meta(max_length=128 * 1024)] = ""
    nobodys: Nobodys = ""


Range = tuple[_Id, _Id | None]
"""Profiles after one up to another; None stands for the last there is."""


class Message(Struct, frozen=True, omit_defaults=True):
    """One thing that a node says.

    - `profiles`: what the speaker has, to be compared; with a `range` that is all it has between the two, the first not
      included, the second open if it is null: what the speaker once brought of it and does not list, the answer does;
      of no more than its own `range`, if it says a shorter one, as it has room for so many. In a file, where nobody
      answers, `heads` are all that the speaker has between the two, within the `span`.
    - `unlike`: which of the profiles compared are not the same here; `heads` says what there is of them.
    - `heads`: what the speaker has of some profiles; it is a receipt too. `kept` are ids of devices of which the other
      does not have the beginning, or that were `unclear` to the other for this reason.
    - `parts`: the speaker knows that `kept` may be a part of a device's ids, and answers a part with its own of it.
    - `erased`: what the speaker says was erased of the profiles that `heads` are about: a profile and its own id for all
      of its names and notes, or that of one event. It is for good, and comes before the events of the same message.
    - `span`: digests, `heads`, `erased` and what is given are of the places in it alone; the answer may say a shorter one,
      as it has room for so many. Who says none knows nothing of it, and speaks of all there is.
    - `wants`: profiles of which the other gives what is missing, going by `heads` and `kept`.
    - `more`: not everything wanted had room.
    - `room`: how many events the speaker likes to get at once; fewer where links break.
    - `closed`: a closed file (`lms.sync.over_closed_file`) for the other that the speaker carries, as its parcel, and in
      return `answered`, what became of it. Who does not say `takes_closed` does not know them.
    """

    sender: Card
    v: Annotated[int, Meta(ge=1)] = 1
    profiles: Annotated[list[Listed], Meta(max_length=MOST_PROFILES)] = []
    range: Range | None = None
    unlike: Annotated[list[_Id], Meta(max_length=MOST_PROFILES)] = []
    heads: Annotated[list[Head], Meta(max_length=100_000)] = []
    erased: Annotated[list[tuple[_Id, _Id]], Meta(max_length=MOST_ERASED)] = []
    kept: Annotated[list[Kept], Meta(max_length=10_000)] = []
    unclear: Annotated[list[tuple[_Id, _Id]], Meta(max_length=10_000)] = []
    wants: Annotated[list[_Id], Meta(max_length=MOST_PROFILES)] = []
    span: Span | None = None
    more: bool = False
    parts: bool = False
    room: Annotated[int, Meta(ge=1)] = MOST_LINES
    closed: Annotated[list[Annotated[bytes, Meta(max_length=MOST_CLOSED)]], Meta(max_length=1)] = []
    answered: Annotated[list[Answered], Meta(max_length=1)] = []
    takes_closed: bool = False
    invitation: Annotated[str, Meta(max_length=100)] = ""


Told = tuple[Message, tuple[bytes, ...]]
"""A message and the events that came with it."""

_read = msgspec.json.Decoder(Message).decode


def write(message: Message, lines: Sequence[bytes] = ()) -> bytes:
    """The message and the events that go with it, as bytes."""
    return b"\n".join((msgspec.json.encode(message), *lines))


def read(content: bytes) -> Told:
    """What `write` wrote; `Invalid` for anything else."""
    first, *lines = content.split(b"\n", MOST_LINES + 1)
    try:
        message = _read(first)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Invalid(UNREADABLE) from None
    if message.v != 1 or not _are_heads(message.heads) or not all(map(_is_id, _looked_for(message))):
        raise Invalid(UNREADABLE)
    if not all(one.digest.isalnum() for one in message.answered):
        raise Invalid(UNREADABLE)
    if len(lines) > MOST_LINES:
        raise TooLarge(UNREADABLE)
    return _with_plain_address(message), tuple(lines)


def _with_plain_address(message: Message) -> Message:
    """Without an address that no database or terminal takes: it leads nowhere, and what else is said is good."""
    sender = message.sender
    return message if sender.address.isprintable() else replace(message, sender=replace(sender, address=""))


def _are_heads(heads: Sequence[Head]) -> bool:
    """Whether they can be kept: each device once, numbers and names such as events have."""
    return all(map(_is_head, heads)) and len({(head.profile, head.device) for head in heads}) == len(heads)


def _looked_for(message: Message) -> Iterator[str]:
    """Every id that a database is asked about, or keeps, but those of heads; ids of events in `kept` are only compared."""
    yield from (*message.unlike, *message.wants, *(profile for profile, _ in message.profiles))
    yield from (one for one in message.range or () if one)
    ends = (place for place in message.span or () if place)
    parts = ((part.profile, part.device) for part in message.kept)
    for place in chain(message.erased, message.unclear, ends, parts):
        yield from place


def _is_id(text: str) -> bool:
    return len(text) <= _LONGEST_ID and text.isprintable()


def _is_head(head: Head) -> bool:
    numbers = (head.upto, head.last, head.events)
    named = _is_id(head.profile) and _is_id(head.device)
    return named and all(0 <= one < _MOST for one in numbers) and _HEX32.fullmatch(head.digest) is not None
