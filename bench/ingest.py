"""Events stored a second through HTTP, graded and projected, against raw sqlite3 inserting the same rows."""

from __future__ import annotations

import http.client
import json
import random
import sqlite3
import tempfile
import time
from pathlib import Path
from statistics import median

from bench.servers import ours
from lms.course.loader import load_course
from lms.course.model import Course
from lms.events.ids import new_event_id, new_random_id
from lms.events.model import Event
from lms.events.wire import encode

COURSE = Path(__file__).parent.parent / "courses" / "alfabetizacion-digital"
BATCH = 100
BATCHES = 40
RUNS = 3


def run() -> list[tuple[str, float, str, float, float]]:
    """Measure both alternately on the same lines, `synchronous=FULL` on both sides."""
    course = load_course(COURSE).course
    assert course is not None
    ours_rates, raw_rates = [], []
    with tempfile.TemporaryDirectory() as folder, ours(Path(folder) / "data") as running:
        running.wait_until_warm()
        for number in range(RUNS):
            events = _events(course, seed=number)
            ours_rates.append(_through_http(running.port, events))
            raw_rates.append(_raw(Path(folder) / f"raw-{number}.db", events))
    rate, raw = median(ours_rates), median(raw_rates)
    return [(f"events stored, batches of {BATCH} ÷ raw executemany", rate, "events/s", raw, rate / raw)]


def _events(course: Course, seed: int) -> list[Event]:
    """Forty teachers, each answering the single-choice questions of all lessons again and again."""
    draw = random.Random(seed)
    exercises = [one for lesson in course.lessons for one in lesson.exercises if one.type == "single"]
    events = []
    for _ in range(BATCHES):
        device, profile = new_random_id(), new_random_id()
        for seq in range(1, BATCH + 1):
            exercise = draw.choice(exercises)
            answer = draw.randrange(len(exercise.options))
            data = {"rev": exercise.rev, "answer": answer, "mark": 0.0, "graded": "device"}
            events.append(
                Event(
                    1,
                    new_event_id(),
                    "exercise.answered",
                    "2026-03-14T20:00:00.000Z",
                    device,
                    profile,
                    seq,
                    course.id,
                    course.version,
                    exercise.name,
                    data,
                )
            )
    return events


def _through_http(port: int, events: list[Event]) -> float:
    bodies = [
        b"\n".join(encode(one) for one in events[at : at + BATCH]) for at in range(0, len(events), BATCH)
    ]
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Content-Type": "application/x-ndjson", "Origin": f"http://127.0.0.1:{port}"}
    begun = time.perf_counter()
    for body in bodies:
        connection.request("POST", "/events", body, headers)
        answer = connection.getresponse()
        results = json.loads(answer.read())["results"]
        assert answer.status == 200, answer.status
        assert all(result["status"] == "stored" for result in results), results[0]
    seconds = time.perf_counter() - begun
    connection.close()
    return len(events) / seconds


def _raw(path: Path, events: list[Event]) -> float:
    rows = [
        (one.id, one.device, one.profile, one.seq, one.type, one.item, one.at, encode(one)) for one in events
    ]
    database = sqlite3.connect(path)
    database.executescript(
        """
        PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        CREATE TABLE events (id TEXT PRIMARY KEY, device TEXT, profile TEXT, seq INTEGER, type TEXT, item TEXT,
                             at TEXT, line BLOB) WITHOUT ROWID;
        CREATE INDEX by_profile ON events (profile, seq);
        """
    )
    begun = time.perf_counter()
    for at in range(0, len(rows), BATCH):
        with database:
            database.executemany(
                "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                rows[at : at + BATCH],
            )
    seconds = time.perf_counter() - begun
    database.close()
    return len(rows) / seconds
