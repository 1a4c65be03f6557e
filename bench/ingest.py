"""Events stored a second through HTTP, graded and projected, against raw sqlite3 inserting the same rows."""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median

from bench.servers import Sender, ours
from lms.course.loader import load_course
from lms.course.model import Course
from lms.events.ids import new_event_id, new_random_id
from lms.events.model import Event
from lms.events.wire import encode

COURSE = Path(__file__).parent.parent / "courses" / "alfabetizacion-digital"
BATCHES = (100, 1000)
TEACHERS = 40
EACH = 100  # events of a teacher
RUNS = 9


def run() -> list[tuple[str, float, str, float, float]]:
    """Measure both in turns, batch by batch of the same lines, `synchronous=FULL` on both sides."""
    rows = []
    with (
        tempfile.TemporaryDirectory() as folder,
        ours(Path(folder) / "data") as running,
        Sender(running.port) as sender,
        closing(_raw_log(Path(folder) / "raw.db")) as log,
    ):
        running.wait_until_warm()
        for size in BATCHES:
            pairs = [_run(sender, log, answers(TEACHERS, EACH, seed=number), size) for number in range(RUNS)]
            rate, raw = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
            ratio = median(pair[0] / pair[1] for pair in pairs)
            rows.append((f"events stored, batches of {size} ÷ raw executemany", rate, "events/s", raw, ratio))
    return rows


def _run(sender: Sender, log: sqlite3.Connection, events: list[Event], size: int) -> tuple[float, float]:
    """Events a second of both."""
    seconds, raw_seconds = 0.0, 0.0
    for at in range(0, len(events), size):
        batch = events[at : at + size]
        body, rows = b"\n".join(map(encode, batch)), [_row(event) for event in batch]
        begun = time.perf_counter()
        receipts = sender.post("/events", body)
        stored = time.perf_counter()
        with log:
            log.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", rows)
        raw_seconds += time.perf_counter() - stored
        seconds += stored - begun
        assert receipts.count(b'"status":"stored"') == len(batch)
    return len(events) / seconds, len(events) / raw_seconds


def answers(teachers: int, each: int, seed: int) -> list[Event]:
    """What teachers write who answer the single-choice questions of all lessons again and again."""
    draw = random.Random(seed)
    course = load_course(COURSE).course
    assert course is not None
    return [event for _ in range(teachers) for event in _teacher(course, each, draw)]


def _teacher(course: Course, each: int, draw: random.Random) -> Iterator[Event]:
    exercises = [one for lesson in course.lessons for one in lesson.exercises if one.type == "single"]
    device, profile = new_random_id(), new_random_id()
    about = (course.id, course.version)
    for seq in range(1, each + 1):
        exercise = draw.choice(exercises)
        answer = draw.randrange(len(exercise.options))
        data = {"rev": exercise.rev, "answer": answer, "mark": 0.0, "graded": "device"}
        place = ("2026-03-14T20:00:00.000Z", device, profile, seq)
        yield Event(1, new_event_id(), "exercise.answered", *place, *about, exercise.name, data)


def _raw_log(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    database.executescript(
        """
        PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        CREATE TABLE events (id TEXT PRIMARY KEY, device TEXT, profile TEXT, seq INTEGER, type TEXT, item TEXT,
                             at TEXT, line BLOB) WITHOUT ROWID;
        CREATE INDEX by_profile ON events (profile, seq);
        """
    )
    return database


def _row(event: Event) -> tuple[object, ...]:
    return (
        event.id, event.device, event.profile, event.seq, event.type, event.item, event.at, encode(event)
    )  # fmt: skip
