"""What whoever keeps a node reads where its server is not: each time a sentence and an exit code, never a traceback."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path

import pytest

from lms.sync.invitations import Invitation
from lms.sync.message import Card
from lms.sync.sealing import Identity
from tests.sync.bringing import Run

PAGE = b"<!doctype html><title>Bienvenido</title>" + b"<p>Ingresa para navegar.</p>" * 300
NO_CHASKI = "no responde un servidor de Chaski"

Site = Callable[[int, bytes], str]
"""Starts a web server that answers everything with a status and a page; its address."""


@pytest.fixture
def site() -> Iterator[Site]:
    started: list[ThreadingHTTPServer] = []

    def start(status: int, page: bytes) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(status)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(page)

            do_POST = do_GET

            def log_message(self, *words: object) -> None:
                pass

        started.append(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=started[-1].serve_forever, args=(0.01,), daemon=True).start()
        return f"http://127.0.0.1:{started[-1].server_port}"

    yield start
    for one in started:
        one.shutdown()
        one.server_close()


def joined(run: Run, folder: Path, address: str) -> None:
    card = Card("ugel", Identity.new().public.text, address)
    assert run(folder, "node", "join", Invitation(card, "secreto").line)[0] == 0


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((200, PAGE), NO_CHASKI),
        ((200, b"ok"), NO_CHASKI),
        ((404, PAGE), NO_CHASKI),
        ((403, PAGE), "responde: no acepta lo que se le envió."),
        ((405, PAGE), "respondió algo que no se entiende (405)"),
        ((502, PAGE), "responde que ahora no puede"),
    ],
)
def test_a_site_that_is_no_server_of_ours_is_named_as_such(
    run: Run, site: Site, tmp_path: Path, answer: tuple[int, bytes], words: str
) -> None:
    address = site(*answer)
    joined(run, tmp_path / "escuela", address)
    for order in ("run", "push", "pull"):
        code, said = run(tmp_path / "escuela", "sync", order)
        assert (code, words in said) == (1, True), said
        assert f"«{address.removeprefix('http://')}»" in said
        assert "Antes:" not in said, "nothing had gone yet"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1:1", "No se pudo llegar a «127.0.0.1:1»"),
        ("http://ugel.invalid", "No encuentro «ugel.invalid» en la red"),
        ("ugel.invalid", "«ugel.invalid» no es una dirección. Escríbela entera"),
    ],
)
def test_a_server_that_is_off_or_nowhere_is_said_to_be(
    run: Run, tmp_path: Path, address: str, words: str
) -> None:
    joined(run, tmp_path / "escuela", address)
    code, said = run(tmp_path / "escuela", "sync", "run")
    assert (code, words in said) == (1, True), said


@pytest.mark.parametrize("page", [PAGE, b"ok", b"{}"])
def test_nobody_joins_a_site_that_is_no_server_of_ours(
    run: Run, site: Site, tmp_path: Path, page: bytes
) -> None:
    code, said = run(tmp_path / "escuela", "node", "join", "--yes", site(200, page).replace("http", "HTTP"))
    assert (code, "no hay un servidor de Chaski" in said) == (1, True), said


@pytest.mark.parametrize(
    ("whom", "words"),
    [
        (
            "www.ugel.invalid",
            "ni una dirección. La invitación empieza con «chaski-servidor-1:»; la dirección",
        ),
        ("htp://ugel.invalid", "ni una dirección"),
        ("", "«» no es una invitación"),
        ("chaski-servidor-1:ugel:BKx", "No encuentro una invitación entera en ese texto"),
        ("Hola, profe. " * 40, "No encuentro una invitación entera en ese texto"),
    ],
)
def test_what_is_neither_an_address_nor_an_invitation_is_told_how_both_look(
    run: Run, tmp_path: Path, whom: str, words: str
) -> None:
    code, said = run(tmp_path / "escuela", "node", "join", whom)
    assert (code, words in said) == (1, True), said


def test_a_server_that_calls_itself_by_orders_to_a_terminal_is_asked_about_in_plain_letters(
    run: Run, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = b'{"name": "ugel\\u001b[2J", "public": "%s"}' % Identity.new().public.text.encode()
    monkeypatch.setattr("sys.stdin", StringIO("n\n"))
    code, said = run(tmp_path, "node", "join", site(200, card))
    assert (code, "\x1b" in said, "está «ugel [2J»" in said) == (130, False, True), said
