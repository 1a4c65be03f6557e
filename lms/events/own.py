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
    """One lesson's bookmark and note.

    `said` is what is current of both, each event by its id with whether the lesson is marked or with the note's text.
    `deleted` is what a note said before it was deleted, empty if it was not.
    """

    said: tuple[tuple[str, bool | str], ...] = ()
    deleted: str = ""

    @property
    def marked(self) -> bool:
        """Whether the bookmark is on."""
        return any(says is True for _, says in self.said)

    @property
    def texts(self) -> tuple[str, ...]:
        """The versions of the note that differ and are not empty."""
        return tuple(dict.fromkeys(says for _, says in self.said if isinstance(says, str) and says))

    @property
    def marks(self) -> tuple[str, ...]:
        """The ids that the next bookmark stands in for."""
        return tuple(id for id, says in self.said if isinstance(says, bool))

    @property
    def notes(self) -> tuple[str, ...]:
        """The ids that the next note stands in for."""
        return tuple(id for id, says in self.said if isinstance(says, str))

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
    marks = [(event.id, event.data.marked) for event in current if isinstance(event.data, LessonBookmarked)]
    notes = [(event.id, event.data) for event in current if isinstance(event.data, NoteWritten)]
    texts = [(id, note.text) for id, note in notes]
    before = [found[id].data.text for _, note in notes for id in note.after if id in found]
    deleted = "" if any(text for _, text in texts) else next((text for text in before if text), "")
    return Own((*marks, *texts), deleted)
