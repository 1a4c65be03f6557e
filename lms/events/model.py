"""Every kind of event, and the envelope they all travel in; `docs/events.md` says what each means.

The shapes are msgspec structs (frozen, like dataclasses): one definition is both the value and what `wire`
checks. To add an event, write its data here, name it in `EVENTS` and give it a heading in `docs/events.md`.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

# `\Z`, not `$`: `$` would let a final newline through.
_HEX = "[0-9a-f]"
EventId = Annotated[
    str, Meta(pattern=rf"^{_HEX}{{8}}-{_HEX}{{4}}-7{_HEX}{{3}}-[89ab]{_HEX}{{3}}-{_HEX}{{12}}\Z")
]
RandomId = Annotated[
    str, Meta(pattern=rf"^{_HEX}{{8}}-{_HEX}{{4}}-4{_HEX}{{3}}-[89ab]{_HEX}{{3}}-{_HEX}{{12}}\Z")
]
Name = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]{0,200}\Z")]
Rev = Annotated[str, Meta(pattern=r"^[0-9a-f]{8,64}\Z")]
Graded = Literal["device", "server"]


class LessonOpened(Struct, frozen=True):
    """Somebody opened the lesson `item`."""


class LessonCompleted(Struct, frozen=True):
    """Somebody said that they finished the lesson `item`."""


class ExerciseAnswered(Struct, frozen=True):
    """An answer to the exercise `item`, of revision `rev`; its shape depends on the exercise's type.

    `mark` (0 to 1) is what the sender made of it: the receiver grades again.
    """

    rev: Rev
    answer: Any
    mark: Annotated[float, Meta(ge=0, le=1)]
    graded: Graded


class AssessmentAnswer(Struct, frozen=True):
    """One answer within an assessment."""

    name: Name
    rev: Rev
    answer: Any


class AssessmentSubmitted(Struct, frozen=True):
    """All answers of one attempt (from 1) at the assessment `item`, of revision `rev`.

    `mark` (0 to 20, one decimal) is what the sender made of it: the receiver grades again.
    """

    rev: Rev
    attempt: Annotated[int, Meta(ge=1, le=10_000)]
    answers: Annotated[tuple[AssessmentAnswer, ...], Meta(max_length=200)]
    mark: Annotated[float, Meta(ge=0, le=20)]
    graded: Graded


class ProfileIdentified(Struct, frozen=True):
    """Whoever uses the profile says who they are; nothing is claimed by it. Each text may be empty."""

    name: Annotated[str, Meta(max_length=200)]
    document_type: Annotated[str, Meta(max_length=40)]
    document: Annotated[str, Meta(max_length=40)]


EventData = (
    LessonOpened
    | LessonCompleted
    | ExerciseAnswered
    | AssessmentSubmitted
    | ProfileIdentified
    | Mapping[str, Any]
)
"""The data of a known type, or the mapping as received of a type or version that this node does not know."""

EVENTS: dict[str, type[Struct]] = {
    "lesson.opened": LessonOpened,
    "lesson.completed": LessonCompleted,
    "exercise.answered": ExerciseAnswered,
    "assessment.submitted": AssessmentSubmitted,
    "profile.identified": ProfileIdentified,
}

VERSION = 1
"""The newest version of the envelope that this node writes and understands."""


class Event(Struct, frozen=True):
    """One thing that happened on one device, in the order its fields are written.

    `id` is a UUIDv7 and names the event everywhere. `at` is the device's clock, possibly wrong and never used
    to order. `seq` counts from 1 without gaps within (device, profile); two ids on one seq are a fork.
    """

    v: Annotated[int, Meta(ge=1, le=1000)]
    id: EventId
    type: Annotated[str, Meta(pattern=r"^[a-z0-9]{1,32}(\.[a-z0-9-]{1,32}){1,3}\Z")]
    at: Annotated[str, Meta(pattern=r"^[0-9TZ:.+-]{1,40}\Z")]
    device: RandomId
    profile: RandomId
    seq: Annotated[int, Meta(ge=1, le=2**53)]
    course: Annotated[str, Meta(pattern=r"^[a-z0-9-]{0,80}\Z")]
    version: Annotated[str, Meta(pattern=r"^[0-9A-Za-z.+-]{0,40}\Z")]
    item: Name
    data: Any
