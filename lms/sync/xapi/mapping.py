"""An event as an xAPI statement: a function of the line alone, but for descriptions and what is graded here.

So the same event gives the same statement on every node, under an id made of its own, whenever it is asked for.
What a node adds of its own knowledge stands where xAPI lets statements differ: in definitions and extensions.
"""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from lms.clock import moment_said, stamp
from lms.course.exercises import TYPES
from lms.course.model import Course
from lms.errors import Invalid
from lms.events import wire
from lms.events.grading import Revision, Revisions, grade
from lms.events.model import AssessmentSubmitted, Event, ExerciseAnswered, LessonCompleted, ProgressReported
from lms.sync.xapi.interactions import definition_of, response_to
from lms.sync.xapi.vocabulary import (
    KINDS,
    LANGUAGE,
    VERBS,
    activity,
    activity_type,
    extension,
    statement_id,
    verb,
)

Statement = dict[str, Any]

PLATFORM = "Chaski"
FULL_MARK = 20  # of an assessment


class Teller(Struct, frozen=True):
    """What a node knows beside the events: its address, its courses by id, the revisions published here.

    `called` gives profiles another name than their id, and the person's; only an export that was asked to does.
    """

    home: str
    courses: Mapping[str, Course]
    revisions: Revisions
    called: Mapping[str, tuple[str, str]] = {}

    def tell(self, line: bytes) -> Statement | None:
        """The statement of one line of the log; None for what has no verb, or is not understood here."""
        try:
            event = wire.decode(line)
        except Invalid:
            return None
        if event.type not in VERBS or isinstance(event.data, dict):
            return None
        return self._statement(event)

    def _statement(self, event: Event) -> Statement:
        result = self._result(event)
        return {
            "id": statement_id(event.id),
            "actor": self._actor(event.profile),
            "verb": {"id": verb(event.type), "display": {LANGUAGE: VERBS[event.type][1]}},
            "object": self._object(event),
            **({"result": result} if result else {}),
            "context": _context(event),
            **_moment(event.at),
            "version": "1.0.0",
        }

    def _actor(self, profile: str) -> Statement:
        account, name = self.called.get(profile, (profile, ""))
        actor = {"objectType": "Agent", "account": {"homePage": self.home, "name": account}}
        return {**actor, "name": name} if name else actor

    def _object(self, event: Event) -> Statement:
        reported = event.type == "progress.reported"
        course = self.courses.get(event.course)
        described = self._definition(event, course)
        definition = {"type": activity_type(KINDS[event.type]), **described}
        place = activity(event.course, "" if reported else event.item)
        return {"objectType": "Activity", "id": place, "definition": definition}

    def _definition(self, event: Event, course: Course | None) -> Statement:
        if isinstance(event.data, ExerciseAnswered):
            revision = self._revision(event, event.data.rev)
            return definition_of(revision) if revision else {}
        if course is None:
            return {}
        if isinstance(event.data, AssessmentSubmitted):
            told = _named(course.assessment, event.item)
            return {**told, "extensions": {extension("pass-mark"): course.pass_mark}}
        if isinstance(event.data, ProgressReported):
            return {"name": {LANGUAGE: course.title}}
        return _named(course.lesson, event.item)

    def _revision(self, event: Event, rev: str) -> Revision | None:
        found = self.revisions.of(event.course, event.item).get(rev)
        return found if found and found.type in TYPES else None

    def _result(self, event: Event) -> Statement:
        data = event.data
        if isinstance(data, LessonCompleted):
            return {"completion": True}
        if isinstance(data, ExerciseAnswered):
            said = {"score": _score(data.mark, 1), "success": data.mark == 1, "completion": True}
            return {**said, **self._response(event, data), "extensions": self._marks(event, data)}
        if isinstance(data, AssessmentSubmitted):
            answers = [{"name": one.name, "rev": one.rev, "answer": one.answer} for one in data.answers]
            more = {extension("attempt"): data.attempt, extension("answers"): answers}
            extensions = {**self._marks(event, data), **more}
            return {"score": _score(data.mark, FULL_MARK), "completion": True, "extensions": extensions}
        if isinstance(data, ProgressReported):
            reached = {"day": data.day, "lessons": data.lessons}
            marks = {"exercises": data.exercises, "assessments": data.assessments}
            return {"extensions": {extension("reported"): {**reached, **marks}}}
        return {}

    def _response(self, event: Event, data: ExerciseAnswered) -> Statement:
        revision = self._revision(event, data.rev)
        if revision is None or not TYPES[revision.type].valid(revision.key, data.answer):
            return {}
        return {"response": response_to(revision, data.answer)}

    def _marks(self, event: Event, data: ExerciseAnswered | AssessmentSubmitted) -> Statement:
        """Where the score comes from, and beside it the mark that this node gives, which may still rise."""
        said = {extension("rev"): data.rev, extension("graded"): data.graded}
        here = grade(self.revisions, event)
        counts = here.mark is not None and not here.pending
        return {**said, extension("mark-here"): here.mark} if counts else said


def _named(find: Callable[[str], Any], item: str) -> Statement:
    try:
        return {"name": {LANGUAGE: find(item).title}}
    except KeyError:  # a later version of the course, or an earlier one
        return {}


def _score(mark: float, full: int) -> Statement:
    return {"scaled": round(mark / full, 4), "raw": mark, "min": 0, "max": full}


def _context(event: Event) -> Statement:
    course = {"objectType": "Activity", "id": activity(event.course)}
    kind = {"definition": {"type": activity_type("course")}}
    return {
        "contextActivities": {"grouping": [{**course, **kind}]},
        **({"revision": event.version} if event.version else {}),
        "platform": PLATFORM,
        "language": LANGUAGE,
        "extensions": {extension("device"): event.device, extension("seq"): event.seq},
    }


def _moment(at: str) -> Statement:
    """When the device says it was; a clock that tells no moment says nothing, and what is stored stands for it."""
    moment = moment_said(at)
    return {"timestamp": stamp(moment)} if moment else {}
