"""GET /metrics as Prometheus reads it, for nobody but whom the settings name, and without a name or an id in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from events_cast import Tablet, small_course
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from lms import tally
from lms.app import create_app
from lms.errors import Invalid
from lms.settings import Settings
from lms.upkeep.figures import Family, exposition
from tests.upkeep.acts import environment

TOKEN = "una clave para quien vigila"  # noqa: S105 - it protects nothing
ASKED = {"authorization": f"Bearer {TOKEN}"}
SAME = {"sec-fetch-site": "same-origin"}
Read = Callable[[], dict[tuple[str, ...], float]]


@pytest.fixture
def client(tmp_path: Path, database: dict[str, str]) -> Iterator[TestClient]:
    with opened(tmp_path, LMS_METRICS=TOKEN, **database) as found:
        yield found


@contextmanager
def opened(tmp_path: Path, host: str = "192.168.1.20", **more: str) -> Iterator[TestClient]:
    app = create_app(Settings.load(environment(tmp_path / "data", LMS_BACKUPS="0", **more)))
    with TestClient(app, client=(host, 40000)) as found:
        yield found


def samples(client: TestClient) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels, as an independent reader finds them."""
    answer = client.get("/metrics", headers=ASKED)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = list(text_string_to_metric_families(answer.text))
    assert {one.type for one in families} <= {"counter", "gauge", "histogram"}
    assert all(one.documentation for one in families)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_it_counts_lines_by_door_and_what_became_of_them(client: TestClient) -> None:
    tablet = Tablet(small_course())
    lines = [tablet.opens(), tablet.opens()]
    before = samples(client)
    client.post("/events", content=b"\n".join(lines), headers=SAME)
    client.post("/recibir", content=b"\n".join([*lines, b"nada"]))
    after = samples(client)

    def more(*labels: str) -> float:
        return after[labels] - before.get(labels, 0)

    assert more("chaski_events_total", "session", "stored") == 2
    assert more("chaski_events_total", "open", "known") == 2
    assert more("chaski_events_total", "open", "refused") == 1
    assert after["chaski_lines_waiting",] == 0


def test_it_counts_answers_by_address_and_how_long_they_took(client: TestClient) -> None:
    client.get("/cursos/uno/dos")
    client.get("/p/ABC123")
    client.get("/no-existe")
    client.get("/metrics")
    found = samples(client)

    answers = {key[1:]: value for key, value in found.items() if key[0] == "chaski_answers_total"}
    assert answers["/p/{token}", "400"] + answers.get(("/p/{token}", "404"), 0) == 1
    assert answers["other", "404"] == 1
    assert answers["/metrics", "404"] == 1
    assert found["chaski_answer_seconds_bucket", "/p/{token}", "+Inf"] == 1
    assert found["chaski_answer_seconds_count", "/p/{token}"] == 1
    assert found["chaski_answer_seconds_sum", "/p/{token}"] > 0
    assert "ABC123" not in str(found)


def test_it_says_how_much_room_is_taken(client: TestClient) -> None:
    found = samples(client)
    assert found["process_resident_memory_bytes",] > 10_000_000
    assert found["chaski_database_bytes",] > 10_000
    assert found["chaski_disk_free_bytes",] > 0


def test_lines_that_stand_in_line_are_counted(client: TestClient) -> None:
    with tally.waiting(300):
        assert samples(client)["chaski_lines_waiting",] == 300


@pytest.mark.parametrize("said", ["", "Bearer ", f"Bearer {TOKEN}x", TOKEN[:-1], "Bearer ñ"])
def test_without_the_token_there_is_no_such_page(client: TestClient, said: str) -> None:
    assert client.get("/metrics", headers={"authorization": said.encode()}).status_code == 404


@pytest.mark.parametrize(
    ("host", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.168.1.20", {}, 404),
        ("unix", {}, 404),
        ("127.0.0.1", {"x-forwarded-for": "190.1.2.3"}, 404),
        ("127.0.0.1", {"forwarded": "for=190.1.2.3"}, 404),
    ],
)
def test_local_is_this_machine_and_not_whom_its_proxy_lets_in(
    tmp_path: Path, host: str, headers: dict[str, str], status: int
) -> None:
    with opened(tmp_path, host, LMS_METRICS="local") as client:
        assert client.get("/metrics", headers=headers).status_code == status


def test_it_is_closed_and_nothing_is_counted_unless_it_is_asked_for(tmp_path: Path) -> None:
    with opened(tmp_path, "127.0.0.1") as client:
        assert client.get("/metrics", headers=ASKED).status_code == 404
        assert not client.app.state.answers.statuses  # type: ignore[attr-defined]


def test_a_short_token_is_refused_and_not_shown() -> None:
    with pytest.raises(Invalid) as refused:
        Settings.load({"LMS_METRICS": "corta"})
    assert "corta" not in refused.value.message


def test_any_text_can_be_a_label() -> None:
    odd = 'a"b\\c\nd'
    (family,) = text_string_to_metric_families(
        exposition([Family("x", "gauge", "X.", [("", {"of": odd}, 1.5)])])
    )
    assert [(one.labels, one.value) for one in family.samples] == [({"of": odd}, 1.5)]
