"""Where a server says that it is, and how it stops."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from cast import ROOT, free_port

from lms import addresses
from lms.addresses import here, is_local, nearby
from lms.serving import _where
from lms.settings import Settings


@pytest.fixture
def on_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "_lan", lambda: "192.168.1.20")


def where(**given: str) -> str:
    return _where(Settings.load({f"LMS_{name.upper()}": value for name, value in given.items()}))


@pytest.mark.usefixtures("on_a_network")
def test_one_line_says_every_address_to_open() -> None:
    assert where().startswith(
        "Abre http://127.0.0.1:8000/ en este equipo, o http://192.168.1.20:8000/ en otro de la misma red. "
    )
    assert "o https://chaski.pe para todos." in where(address="https://chaski.pe")
    assert where(host="127.0.0.1", port="9000").startswith("Abre http://127.0.0.1:9000/ en este equipo. ")
    assert where(host="192.168.1.20").startswith(
        "Abre http://192.168.1.20:8000/ en este equipo, o en otro de la misma red. "
    )


def test_an_address_is_written_as_a_browser_takes_it() -> None:
    assert here("::", 80) == "http://127.0.0.1/"
    assert here("fd00::7", 8000) == nearby("fd00::7", 8000) == "http://[fd00::7]:8000/"
    assert nearby("localhost", 8000) == nearby("::1", 8000) == ""
    assert is_local("127.0.0.2")
    assert not is_local("escuela.lan")


def test_without_a_way_out_the_address_of_a_network_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_way(*_: object) -> None:
        raise OSError

    found = nearby("0.0.0.0", 8000)  # noqa: S104 - nobody listens
    monkeypatch.setattr(socket.socket, "connect", no_way)
    assert bool(nearby("0.0.0.0", 8000)) == bool(found)  # noqa: S104 - nobody listens


def test_a_server_says_where_it_is_and_ends_well_when_told_to(tmp_path: Path) -> None:
    (tmp_path / "courses").mkdir()
    port = str(free_port())
    places = {"LMS_DATA": str(tmp_path / "data"), "LMS_COURSES": str(tmp_path / "courses")}
    order = [sys.executable, "-m", "lms", "serve", "--host", "127.0.0.1", "--port", port]
    with subprocess.Popen(
        order,
        env={**os.environ, **places},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout
        assert server.stdout.readline() == (
            f"Abre http://127.0.0.1:{port}/ en este equipo. Para detener el servidor, pulsa Ctrl-C.\n"
        )
        socket.create_connection(("127.0.0.1", int(port)), timeout=5).close()
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) == 0
