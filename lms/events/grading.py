"""Grade what arrived again: with the revision it was answered in and with those that came after it.

Of the marks that come out the best counts, so a corrected key raises what was answered before it and no
correction lowers anything. "After" is told by the course's version, never by when something reached this
node: the order in which revisions and answers arrive decides nothing (`docs/decisions/0005`). Choices are
positions, so they are carried to another revision by the text of what was chosen; where a text is gone there,
that revision says nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from lms.course.draw import draw
from lms.course.exercises import TYPES
from lms.course.versions import is_older
from lms.events.model import AssessmentSubmitted, Event, ExerciseAnswered

ASSESSMENT = "assessment"
"""The type under which an assessment's own revisions are kept, beside the types of exercises."""


class Revision(Struct, frozen=True):
    """One published state of an exercise (`source` is its canonical form) or of an assessment.

    An assessment's source is `{draw: int, bank: [names]}` and its key is empty. `version` is the newest
    version of the course that has it: that of today's course for what can be answered today.
    """

    course: str
    item: str
    rev: str
    type: str
    source: Mapping[str, Any]
    key: Mapping[str, Any]
    version: str


class Graded(Struct, frozen=True, gc=False):
    """What this node makes of one event: `mark` is None, and `pending` true, while a revision is unknown.

    A pending assessment has the mark of those answers that could be graded, if its own revision is known.
    """

    mark: float | None
    feedback: tuple[str, ...] = ()
    pending: bool = False


WAITS = Graded(None, (), True)
_UNMARKED = Graded(None)
_LONGEST_REMEMBERED = 100  # signs: what is longer nobody else writes alike, and anybody may send it
_REMEMBERED = 4096  # answers; with choices a course has a few hundred that are ever given


class Revisions:
    """Every published revision of some courses, and the grades of answers that many people give alike."""

    def __init__(self, revisions: Iterable[Revision] = ()) -> None:
        self._items: dict[tuple[str, str], dict[str, Revision]] = {}
        self._grades: dict[tuple[str, str, str, str, str], Graded] = {}
        for revision in revisions:
            self._items.setdefault((revision.course, revision.item), {})[revision.rev] = revision

    def of(self, course: str, item: str) -> Mapping[str, Revision]:
        """The item's revisions by `rev`; none if it was never published here."""
        return self._items.get((course, item), {})

    def grade(self, event: Event, item: str, rev: str, answer: Any) -> Graded:
        """Grade an answer that `event` brings to `rev` of an exercise; its mark is 0 to 1."""
        given = repr(answer)
        place = (event.course, event.version, item, rev, given)
        graded = self._grades.get(place)
        if graded is None:
            graded = grade_answer(self.of(event.course, item), rev, answer, event.version)
            if graded is not WAITS and len(given) <= _LONGEST_REMEMBERED:
                self._remember(place, graded)
        return graded

    def _remember(self, place: tuple[str, str, str, str, str], graded: Graded) -> None:
        if len(self._grades) >= _REMEMBERED:
            self._grades.clear()
        self._grades[place] = graded


def grade(revisions: Revisions, event: Event) -> Graded:
    """Grade one event; one that carries no answer has no mark and never waits."""
    if isinstance(event.data, ExerciseAnswered):
        return revisions.grade(event, event.item, event.data.rev, event.data.answer)
    if isinstance(event.data, AssessmentSubmitted):
        return _grade_assessment(revisions, event, event.data)
    return _UNMARKED


def grade_answer(published: Mapping[str, Revision], rev: str, answer: Any, version: str) -> Graded:
    """Grade an answer given to `rev` of an exercise in a `version` of its course; its mark is 0 to 1."""
    own = published.get(rev)
    if own is None or own.type not in TYPES:
        return WAITS
    graded = _by_key(own, answer)
    for other in published.values():
        if other is own or other.type != own.type or is_older(other.version, version):
            continue
        again = _by_key(other, translate(own, other, answer))
        if again.mark > graded.mark:
            graded = again
    return Graded(graded.mark, graded.feedback)


def vigesimal(total: float, count: int) -> float:
    """A mark of 0 to 20 with one decimal, halves up, from the sum of `count` marks of 0 to 1.

    The same arithmetic as `lms.vigesimal` in the browser; the small term keeps sums such as 0.1 + 0.2 on the
    right side of a half.
    """
    return int(200 * total / count + 0.5 + 1e-9) / 10 if count else 0.0


def translate(own: Revision, other: Revision, answer: Any) -> Any:
    """The answer's positions in `own` as positions in `other`, by text; None where that cannot be said."""
    if not TYPES[own.type].valid(own.key, answer):
        return None
    carry = _CARRIED.get(own.type)
    return carry(own.source, other.source, answer) if carry else answer


def _by_key(revision: Revision, answer: Any) -> Any:
    return TYPES[revision.type].grade(revision.key, answer)


def _grade_assessment(revisions: Revisions, event: Event, data: AssessmentSubmitted) -> Graded:
    own = revisions.of(event.course, event.item).get(data.rev)
    if own is None or own.type != ASSESSMENT:
        return WAITS
    drawn = draw(event.profile, data.rev, data.attempt, own.source["bank"], own.source["draw"])
    # Of two answers to one question the first counts; what was not drawn does not count at all.
    given = {one.name: one for one in reversed(data.answers)}
    total = 0.0
    pending = False
    for name in drawn:
        if name not in given:
            continue
        graded = revisions.grade(event, name, given[name].rev, given[name].answer)
        total += graded.mark or 0.0
        pending = pending or graded.pending
    return Graded(vigesimal(total, len(drawn)), (), pending)


def _carry_single(old: Mapping[str, Any], new: Mapping[str, Any], answer: int) -> int | None:
    return _place(new["options"], old["options"][answer])


def _carry_multiple(old: Mapping[str, Any], new: Mapping[str, Any], answer: list[int]) -> list[int] | None:
    places = [_place(new["options"], old["options"][position]) for position in answer]
    found = sorted(place for place in places if place is not None)
    return found if len(found) == len(answer) else None


def _carry_matching(
    old: Mapping[str, Any], new: Mapping[str, Any], answer: list[int | None]
) -> list[int | None]:
    chosen = {
        left: old["right"][position]
        for left, position in zip(old["left"], answer, strict=True)
        if position is not None
    }
    return [_place(new["right"], chosen[left]) if left in chosen else None for left in new["left"]]


def _carry_ordering(old: Mapping[str, Any], new: Mapping[str, Any], answer: list[int]) -> list[int] | None:
    places = [_place(new["items"], old["items"][position]) for position in answer]
    found = [place for place in places if place is not None]
    return found if len(found) == len(places) == len(new["items"]) else None


_CARRIED: dict[str, Any] = {
    "single": _carry_single,
    "multiple": _carry_multiple,
    "matching": _carry_matching,
    "ordering": _carry_ordering,
}


def _place(texts: list[str], text: str) -> int | None:
    return texts.index(text) if text in texts else None
