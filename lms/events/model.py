"""Every kind of event, and the envelope they all travel in; `docs/events.md` says what each means.

The shapes are msgspec structs (frozen, like dataclasses): one definition is both the value and what `wire`
checks. Values read from JSON hold no cycles, so the collector need not look at them (`gc=False`). To add an
event, write its data here, name it in `EVENTS` and give it a heading in `docs/events.md`.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Rev = Annotated[str, Meta(min_length=1, max_length=64)]
Graded = Literal["device", "server"]


class LessonOpened(Struct, frozen=True, gc=False):
    """Somebody opened the lesson `item`."""


class LessonCompleted(Struct, frozen=True, gc=False):
    """Somebody said that they finished the lesson `item`."""


class ExerciseAnswered(Struct, frozen=True, gc=False):
    """An answer to the exercise `item`, of revision `rev`; its shape depends on the exercise's type.

    `mark` (0 to 1) is what the sender made of it: the receiver grades again.
    """

    rev: Rev
    answer: Any
    mark: Annotated[float, Meta(ge=0, le=1)]
    graded: Graded


class AssessmentAnswer(Struct, frozen=True, gc=False):
    """One answer within an assessment."""

    name: Annotated[str, Meta(max_length=200)]
    rev: Rev
    answer: Any


class AssessmentSubmitted(Struct, frozen=True, gc=False):
    """All answers of one attempt (from 1) at the assessment `item`, of revision `rev`.

    `mark` (0 to 20, one decimal) is what the sender made of it: the receiver grades again.
    """

    rev: Rev
    attempt: Annotated[int, Meta(ge=1, le=10_000)]
    answers: Annotated[tuple[AssessmentAnswer, ...], Meta(max_length=200)]
    mark: Annotated[float, Meta(ge=0, le=20)]
    graded: Graded


Claim = tuple[Annotated[float, Meta(ge=0, le=20)] | None, Annotated[int, Meta(ge=1, le=10_000)]]
"""A best mark, None for none yet, and how many attempts there were."""

_ItemId = Annotated[str, Meta(min_length=1, max_length=200)]


class ProgressReported(Struct, frozen=True, gc=False):
    """What a progress token said of the whole course (`item` is its id); `docs/events.md` has the fields."""

    token: Annotated[str, Meta(max_length=4000)]
    day: Annotated[str, Meta(max_length=10)]
    lessons: dict[_ItemId, Literal["opened", "completed", "changed"]]
    exercises: dict[_ItemId, Claim]
    assessments: dict[_ItemId, Claim]
    answers: dict[str, Any]


LONGEST_NOTE = 2000
"""Characters of a private note."""

MOST_REPLACED = 50
_Replaced = Annotated[tuple[Annotated[str, Meta(max_length=36)], ...], Meta(max_length=MOST_REPLACED)]


class LessonBookmarked(Struct, frozen=True, gc=False):
    """Somebody put a bookmark on the lesson `item`, or took it off, in place of the events `after`."""

    marked: bool
    after: _Replaced


class NoteWritten(Struct, frozen=True, gc=False):
    """The whole of somebody's private note on the lesson `item`, in place of the events `after`; empty: deleted."""

    text: Annotated[str, Meta(max_length=LONGEST_NOTE)]
    after: _Replaced


class ProfileIdentified(Struct, frozen=True, gc=False):
    """Whoever uses the profile says who they are; nothing is claimed by it. Each text may be empty."""

    name: Annotated[str, Meta(max_length=200)]
    document_type: Annotated[str, Meta(max_length=40)]
    document: Annotated[str, Meta(max_length=40)]


PUBLIC_KEY = "[A-Za-z0-9_-]{87}"
"""The form of a public key: an uncompressed point of P-256 in base64url."""


class DeviceAnnounced(Struct, frozen=True, gc=False):
    """The key with which the device of this event signs what it sends in files."""

    key: Annotated[str, Meta(max_length=87, pattern=f"^{PUBLIC_KEY}$")]


EventData = (
    LessonOpened
    | LessonCompleted
    | ExerciseAnswered
    | AssessmentSubmitted
    | ProgressReported
    | LessonBookmarked
    | NoteWritten
    | ProfileIdentified
    | DeviceAnnounced
    | Mapping[str, Any]
)
"""The data of a known type, or the mapping as received of a type or version that this node does not know."""

EVENTS: dict[str, type[Struct]] = {
    "lesson.opened": LessonOpened,
    "lesson.completed": LessonCompleted,
    "exercise.answered": ExerciseAnswered,
    "assessment.submitted": AssessmentSubmitted,
    "progress.reported": ProgressReported,
    "lesson.bookmarked": LessonBookmarked,
    "note.written": NoteWritten,
    "profile.identified": ProfileIdentified,
    "device.announced": DeviceAnnounced,
}

OF_NO_COURSE = ("profile.identified", "device.announced")
"""What is said of a profile or a device, and belongs to no course and no item."""

OWN = ("lesson.bookmarked", "note.written")
"""What somebody keeps for themselves: it is shown to nobody else and is no progress."""

PERSONAL = ("note.written", "profile.identified")
"""What goes when its person is erased, and does not come back."""

VERSION = 1
"""The newest version of the envelope that this node writes and understands."""


class Event(Struct, frozen=True, gc=False):
    """One thing that happened on one device, in the order its fields are written.

    `id` is a UUIDv7 and names the event everywhere. `at` is the device's clock, possibly wrong and never used
    to order. `seq` counts from 1 without gaps within (device, profile); two ids on one seq are a fork.
    """

    v: Annotated[int, Meta(ge=1, le=1000)]
    id: str
    type: str
    at: str
    device: str
    profile: str
    seq: Annotated[int, Meta(ge=1, le=2**53)]
    course: str
    version: str
    item: str
    data: Any


_HEX = "[0-9a-f]"
_RANDOM_ID = f"{_HEX}{{8}}-{_HEX}{{4}}-4{_HEX}{{3}}-[89ab]{_HEX}{{3}}-{_HEX}{{12}}"

FORMS: Mapping[str, str] = {
    "id": _RANDOM_ID.replace("-4", "-7"),
    "type": r"[a-z0-9]{1,32}(?:\.[a-z0-9-]{1,32}){1,3}",
    "at": "[0-9TZ:.+-]{1,40}",
    "device": _RANDOM_ID,
    "profile": _RANDOM_ID,
    "course": "[a-z0-9-]{0,80}",
    "version": "[0-9A-Za-z.+-]{0,40}",
    "item": r"[^\x00-\x1f\x7f]{0,200}",
}
"""The form each text of the envelope has, as a regular expression for all of it; none admits a line end."""
