"""Several processes on one PostgreSQL: any of them answers anybody, and a crash of it loses nothing acknowledged."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from cast import NELIDA, SECRET
from events_cast import Tablet
from postgres_server import Postgres
from starlette.testclient import TestClient

from lms.app import create_app
from lms.course.model import Course
from lms.errors import AWAY, BUSY
from lms.settings import Settings
from lms.sync.routes import lines
from lms.web.limits import RateLimit
from tests.sync.sending import send

Pair = tuple[TestClient, TestClient]


@pytest.fixture
def pair(tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    """Two sites, each with a data folder of its own, and a browser at each."""
    monkeypatch.setattr(lines, "own_rate", RateLimit(burst=1_000_000, per_minute=60))
    database = {"LMS_DATABASE": postgres.emptied(), "LMS_SECRET": SECRET}
    with ExitStack() as stack:
        clients = []
        for name in ("una", "otra"):
            places = {"LMS_DATA": str(tmp_path / name), "LMS_COURSES": str(tmp_path / "courses")}
            app = create_app(Settings.load({**places, **database}))
            headers = {"sec-fetch-site": "same-origin", "accept": "text/html"}
            client = TestClient(app, "https://aula.example", headers=headers, follow_redirects=False)
            clients.append(stack.enter_context(client))
        yield clients[0], clients[1]


def ask(client: TestClient, sql: str) -> list[Any]:
    assert client.portal is not None
    db = client.app.state.site.db  # type: ignore[attr-defined]
    return [row[0] for row in client.portal.call(db.rows, sql)]


def ids(answer: Any, status: str) -> set[str]:
    return {one["id"] for one in answer.json()["results"] if one["status"] == status}


def test_who_signed_in_at_one_process_is_known_at_the_other(pair: Pair) -> None:
    one, other = pair
    assert one.post("/crear-cuenta", data=NELIDA).status_code == 303
    other.cookies = one.cookies

    assert "Nélida" in other.get("/mis-datos").text


def test_wrong_pins_are_counted_whatever_process_is_asked(pair: Pair) -> None:
    pair[0].post("/crear-cuenta", data=NELIDA)
    for client in pair:
        client.cookies.clear()
    wrong = {"documento": NELIDA["documento"], "pin": "135790"}
    answers = [pair[number % 2].post("/ingresar", data=wrong).status_code for number in range(6)]

    assert answers == [401, 401, 401, 401, 401, 429]


def test_what_one_process_stored_the_other_knows(pair: Pair, small: Course) -> None:
    lines = [Tablet(small).opens() for _ in range(50)]
    stored = [ids(send(pair[number % 2], line), "stored") for number, line in enumerate(lines)]
    known = ids(send(pair[1], *lines), "known")

    assert known == set.union(*stored)
    assert ask(pair[0], "SELECT number FROM events ORDER BY number") == list(range(1, 51))


def test_a_crash_in_the_middle_of_a_batch_loses_nothing_acknowledged(
    pair: Pair, small: Course, postgres: Postgres
) -> None:
    tablet = Tablet(small)
    queue = [[tablet.answers("senal", 0) for _ in range(300)] for _ in range(8)]
    acknowledged: set[str] = set()
    refusals = []
    crash = threading.Thread(target=postgres.crash)
    crash.start()
    rounds = 0
    while queue or crash.is_alive():
        rounds += 1
        batch = queue.pop(0) if queue else [tablet.answers("senal", 0)]
        answer = send(pair[rounds % 2], *batch, accept="application/json")
        if answer.status_code == 200:
            acknowledged |= ids(answer, "stored") | ids(answer, "known")
        else:
            refusals.append((answer.status_code, answer.json()["error"]["message"]))
            queue.insert(0, batch)  # as a device does: what was not acknowledged stays in its queue
    crash.join()
    kept = ask(pair[0], "SELECT id FROM events ORDER BY number")

    assert refusals, "it restarted before anything was under way"
    assert {status for status, _ in refusals} == {503}
    assert {sentence for _, sentence in refusals} <= {AWAY, BUSY}
    assert set(kept) >= acknowledged
    assert len(kept) == len(set(kept))
    assert ask(pair[0], "SELECT sum(attempts) FROM outcomes") == [len(kept)]
    assert ask(pair[0], "SELECT max(number) FROM events") == [len(kept)]
