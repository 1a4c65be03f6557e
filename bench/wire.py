"""Bytes that what a teacher does in a whole course has as events and as a token, against xAPI JSON of the same.

The teacher tries each exercise one to three times and has half of the tries right: a token of nothing but right answers
would be a third of this one.
"""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial

import msgspec

from bench.ingest import COURSE
from lms.clock import stamp
from lms.course.loader import load_course
from lms.course.model import Course
from lms.events.grading import Revisions
from lms.events.ids import new_event_id, new_random_id
from lms.events.model import Event
from lms.events.progress import progress
from lms.events.wire import decode, encode
from lms.sync.over_token import MARKS, size
from lms.sync.over_token import encode as as_text
from lms.sync.reported import Whose, token_of
from lms.sync.xapi.mapping import Teller


def run() -> list[tuple[str, float, str, float, float]]:
    """Return bytes of an event, plain and compressed with its neighbours, and of a token of all of them.

    The statements are the shortest that say as much: without the texts of lessons and questions.
    """
    course = load_course(COURSE).course
    assert course is not None
    profile = new_random_id()
    lines = [encode(event) for event in _everything(course, profile)]
    teller = Teller("https://aula.example/", {}, Revisions())
    statements = [msgspec.json.encode(teller.tell(line)) for line in lines]
    reached = progress(course.outline(), [decode(line) for line in lines])
    token = size(as_text(token_of(course, reached, Whose(profile, date(2026, 3, 14)), MARKS, {})))
    whole = _compressed(statements)
    count = len(lines)
    return [
        _row("an event", sum(map(len, lines)) / count, sum(map(len, statements)) / count),
        _row("an event on the wire, gzip", _compressed(lines) / count, whole / count),
        _row(f"a token of {count} events", token, whole),
    ]


def _row(what: str, ours: float, xapi: float) -> tuple[str, float, str, float, float]:
    return f"bytes of {what} ÷ xAPI JSON of the same", ours, "bytes", xapi, ours / xapi


def _compressed(lines: list[bytes]) -> int:
    return len(gzip.compress(b"\n".join(lines), 6))


def _everything(course: Course, profile: str) -> Iterator[Event]:
    """One after the other, some seconds or minutes apart, as moments and ids are what compresses worst."""
    device, draw, now = new_random_id(), random.Random(5), datetime(2026, 3, 14, 20, tzinfo=UTC)
    for seq, (kind, item, data) in enumerate(_acts(course, draw), 1):
        now += timedelta(milliseconds=draw.randrange(5_000, 200_000))
        place = (stamp(now), device, profile, seq, course.id, course.version, item)
        yield Event(1, new_event_id(partial(_same, now)), kind, *place, data)


def _same(moment: datetime) -> datetime:
    return moment


def _acts(course: Course, draw: random.Random) -> Iterator[tuple[str, str, dict[str, object]]]:
    for lesson in course.lessons:
        yield "lesson.opened", lesson.id, {}
        for exercise in lesson.exercises:
            for _ in range(draw.randint(1, 3)):
                mark = float(draw.random() < 0.5)
                data = {"rev": exercise.rev, "answer": draw.randrange(4), "mark": mark, "graded": "device"}
                yield "exercise.answered", exercise.name, data
        yield "lesson.completed", lesson.id, {}
    for unit in course.units:
        if exam := unit.assessment:
            drawn = exam.bank[: exam.draw]
            answers = [{"name": one.name, "rev": one.rev, "answer": draw.randrange(4)} for one in drawn]
            more = {"attempt": 1, "answers": answers, "mark": 15.5, "graded": "device"}
            yield "assessment.submitted", exam.id, {"rev": exam.rev, **more}
