"""A server asked over a network that breaks anywhere."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from lms.remote import Lost, Remote

BODY = b"CHASKI"
WHOLE = b"HTTP/1.1 200 OK\r\ndate: today\r\nContent-Length: 6\r\nx-kind: parcel\r\n\r\n" + BODY
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nCHASKI\r\n0\r\n\r\n"
OLD = b"HTTP/1.0 200 OK\r\n\r\nCHASKI"


@contextmanager
def server(answer: bytes) -> Iterator[Remote]:
    """Answers one request with these bytes and hangs up."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        near, _ = listening.accept()
        with near:
            while b"\r\n\r\n" not in near.recv(4096, socket.MSG_PEEK):
                pass
            near.recv(4096)
            near.sendall(answer)
            near.shutdown(socket.SHUT_WR)
            while near.recv(4096):
                pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    remote = Remote(f"http://127.0.0.1:{listening.getsockname()[1]}")
    try:
        yield remote
    finally:
        remote.close()
        thread.join(timeout=10)
        listening.close()


@pytest.mark.parametrize("answer", [WHOLE, CHUNKED, OLD])
def test_a_whole_answer_is_taken(answer: bytes) -> None:
    with server(answer) as remote:
        assert remote.post("puerta", b"", 100) == BODY


@pytest.mark.parametrize("end", range(len(WHOLE)))
def test_an_answer_cut_at_any_byte_is_worth_another_try(end: int) -> None:
    with server(WHOLE[:end]) as remote, pytest.raises(Lost):
        remote.post("puerta", b"", 100)


@pytest.mark.parametrize("end", range(0, CHUNKED.index(b"\r\n0\r\n")))
def test_so_is_one_of_which_nobody_said_how_long_it_is(end: int) -> None:
    with server(CHUNKED[:end]) as remote, pytest.raises(Lost):
        remote.post("puerta", b"", 100)
