"""Programs that others wrote judge our statements, and talk with a running server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cast import ROOT, Server, start_server, stop_server
from events_cast import Tablet, small_course

from lms.events.grading import Revisions
from lms.sync.xapi.checking import check
from lms.sync.xapi.mapping import Teller
from tests.sync.xapi.acts import a_day

HERE = Path(__file__).parent
JUDGES = ROOT / ".venv/xapi"


@pytest.fixture(scope="module")
def lrs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server without courses where a tablet's day arrived, and the secret of a key."""
    data = tmp_path_factory.mktemp("xapi")
    environment = {**os.environ, "LMS_DATA": str(data)}
    made = subprocess.run(
        [sys.executable, "-m", "lms", "xapi", "key", "new", "prueba"],
        env=environment, cwd=ROOT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    server = start_server(data, courses=data / "courses")
    body = b"\n".join(a_day(Tablet(small_course())))
    with urllib.request.urlopen(
        urllib.request.Request(f"{server.url}/events", body, {"Origin": server.url})
    ) as answer:
        assert answer.read().count(b'"stored"') == len(body.splitlines())
    yield server, made.stdout.strip().partition(":")[2]
    stop_server(server)


def run(*command: str, text: str = "") -> Any:
    """Run one of the judges; what it wrote."""
    environment = {**os.environ, "NODE_PATH": str(JUDGES), "PYTHONPATH": str(JUDGES / "python")}
    done = subprocess.run(command, input=text, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def judged(statements: list[Any]) -> list[list[str]]:
    """What another record store finds wrong with each statement."""
    found: list[list[str]] = run("node", str(HERE / "judge.js"), text=json.dumps(statements))
    return found


def test_another_store_finds_nothing_wrong_with_our_statements() -> None:
    course = small_course()
    teller = Teller("https://aula.example/", {course.id: course}, Revisions())
    statements = [one for line in a_day(Tablet(course)) if (one := teller.tell(line))]

    assert len(statements) == 10
    assert judged(statements) == [[] for _ in statements]


def test_another_store_refuses_what_we_refuse() -> None:
    """So that it is a judge, and we are one too."""
    course = small_course()
    whole = Teller("https://aula.example/", {}, Revisions()).tell(Tablet(course).completes())
    assert whole is not None
    broken: list[Any] = [
        {**whole, "actor": {"objectType": "Agent"}},
        {**whole, "actor": {"mbox": "ruth@ugel.example"}},
        {**whole, "verb": {"id": "completed"}},
        {**whole, "object": {"objectType": "Lugar", "id": "https://x.example/"}},
        {**whole, "result": {"score": {"scaled": 2}}},
        {**whole, "result": {"completion": "sí"}},
        {**whole, "result": {"duration": "una hora"}},
        {**whole, "context": {"registration": "1"}},
        {**whole, "timestamp": "hoy"},
        {**whole, "id": "1"},
        {**whole, "more": 1},
        {**whole, "result": None},
        {name: value for name, value in whole.items() if name != "object"},
    ]

    check(whole)
    assert all(judged(broken))
    for statement in broken:
        with pytest.raises(Exception, match="Not a statement"):
            check(statement)


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_a_client_in_javascript_leaves_statements_and_finds_ours(
    lrs: tuple[Server, str], version: str
) -> None:
    server, secret = lrs

    told = run("node", str(HERE / "client.js"), server.url, "prueba", secret, version)

    assert ("2.0.0" in told["about"]) == (version == "2.0.0")
    assert told["kept"]["authority"]["account"]["name"] == "prueba"
    assert told["again"] == told["one"]
    assert (told["conflict"], told["malformed"]) == (409, 400)
    assert told["gone"] == 404
    assert told["voidedStatement"] == told["two"][1]
    assert told["mine"] >= 3
    assert [one["verb"]["id"].rpartition("/")[2] for one in told["completed"]] == ["completed"] * 2
    assert {"https://ugel.example/taller", "urn:chaski:course:curso:uno"} <= {
        one["object"]["id"] for one in told["all"]
    }
    older = [one for one in told["all"] if one["version"] == "1.0.0"]  # the judge knows no other version
    assert len(older) >= 10
    assert not any(judged(older))


def test_a_client_in_python_leaves_a_statement_and_finds_a_course(lrs: tuple[Server, str]) -> None:
    server, secret = lrs

    told = run(sys.executable, str(HERE / "lrs_client.py"), server.url, "prueba", secret)

    assert told["about"] == ["1.0.3", "1.0.2", "1.0.1", "1.0.0"]
    assert (told["saved"], told["found"], told["again"]) == (True, "Elías", True)
    assert [one.rpartition("/")[2] for one in told["course"]] == [
        "experienced",
        "completed",
        "answered",
        "answered",
    ]
