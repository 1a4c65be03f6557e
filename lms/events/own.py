"""Bookmarks and private notes: what of them counts now.

Each event names those that it stands in for, as its writer saw them. What nobody stands in for is current, in
whatever order the events arrive; two devices that wrote without knowing of each other leave two versions, and
both are kept until somebody writes the next one. `lms/static/js/own.js` is the twin; `tests/vectors/own.json`
holds both to the same answers.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from lms.events.model import Event, LessonBookmarked, NoteWritten


class Own(Struct, frozen=True):
    """One lesson's bookmark and note: `texts` are the versions that are not empty.

    `marks` and `notes` are the ids that the next event of each kind stands in for; `deleted` is what a note said
    before it was deleted, empty if it was not.
    """

    marked: bool = False
    texts: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    deleted: str = ""

    @property
    def record(self) -> dict[str, object]:
        """As a page's code wants it."""
        return {"marked": self.marked, "texts": self.texts, "marks": self.marks, "notes": self.notes}

    @property
    def any(self) -> bool:
        """Whether there is anything to show."""
        return self.marked or bool(self.texts)


def own(events: Iterable[Event]) -> dict[str, Own]:
    """What is current of each lesson, from one person's events in one course."""
    by_lesson: dict[str, dict[str, Event]] = {}
    for event in events:
        if isinstance(event.data, LessonBookmarked | NoteWritten):
            by_lesson.setdefault(event.item, {})[event.id] = event
    return {lesson: _of(found) for lesson, found in by_lesson.items()}


def _of(found: dict[str, Event]) -> Own:
    replaced = {id for event in found.values() for id in event.data.after}
    current = [found[id] for id in sorted(found.keys() - replaced)]
    marks = [event for event in current if isinstance(event.data, LessonBookmarked)]
    notes = [event for event in current if isinstance(event.data, NoteWritten)]
    texts = tuple(dict.fromkeys(event.data.text for event in notes if event.data.text))
    before = [found[id].data.text for event in notes for id in event.data.after if id in found]
    return Own(
        any(event.data.marked for event in marks),
        texts,
        tuple(event.id for event in marks),
        tuple(event.id for event in notes),
        "" if texts else next((text for text in before if text), ""),
    )
