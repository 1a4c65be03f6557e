"""`lms node`: whom this server exchanges with, and that what it says of it is so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cast import Server, start_server, stop_server

from tests.sync.bringing import Run


@pytest.fixture(scope="module")
def above(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that others join."""
    data, courses = tmp_path_factory.mktemp("ugel"), tmp_path_factory.mktemp("none")
    started = start_server(data, courses=courses)
    yield started
    stop_server(started)


@pytest.fixture
def invitation(above: Server, run: Run, monkeypatch: pytest.MonkeyPatch) -> str:
    """A line to join it with, not used yet."""
    with monkeypatch.context() as there:
        there.setenv("LMS_ADDRESS", above.url)
        there.setenv("LMS_NODE", "ugel")
        return run(above.data, "node", "invite")[1].splitlines()[0]


def test_to_a_server_that_was_removed_nothing_goes_any_more(
    run: Run, above: Server, invitation: str, tmp_path: Path
) -> None:
    school = tmp_path / "escuela"
    assert run(school, "node", "join", invitation)[0] == 0
    assert run(school, "sync", "run")[0] == 0

    code, said = run(school, "node", "remove", "ugel")
    assert (code, "no se envía nada a «ugel», número " in said) == (0, True)
    assert "no se acepta\tya no recibe el avance de este" in run(school, "node", "list")[1]
    assert "aún no confirma" not in run(school, "stats")[1]
    for order in (
        ("run",),
        ("push",),
        ("pull",),
        ("run", "ugel"),
        ("export", "--to", "ugel", tmp_path / "usb"),
    ):
        code, said = run(school, "sync", *order)
        assert (code, "se quitó" in said, "lms node accept" in said) == (1, True, True), said
    assert not (tmp_path / "usb").exists()

    assert "recibe otra vez el avance" in run(school, "node", "accept", "ugel")[1]
    assert run(school, "sync", "run")[0] == 0


def test_who_had_joined_already_does_not_join_again(
    run: Run, above: Server, invitation: str, tmp_path: Path
) -> None:
    school = tmp_path / "escuela"
    assert run(school, "node", "join", invitation)[0] == 0
    code, said = run(school, "node", "accept", "ugel")
    assert (code, "ya estaba unido. No cambió nada." in said) == (0, True)
