"""Between two schools: a wire that counts bytes and is cut, and a server that says whatever it is told to."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

Cuts = Callable[[], int]
"""After how many bytes the next connection is cut."""

NEVER = 10**12


class Wire:
    """A way to a server: `sent` counts what came down it, headers included, in `connections` connections."""

    def __init__(self, upstream: str, cuts: Cuts) -> None:
        self.sent = self.connections = 0
        self.cuts = cuts
        self._upstream = upstream
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(timeout=5)

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            parts = urlsplit(self._upstream)
            far = socket.create_connection((parts.hostname, parts.port))
            self.connections += 1
            threading.Thread(target=_up, args=(near, far), daemon=True).start()
            self._down(far, near, self.cuts())

    def _down(self, far: socket.socket, near: socket.socket, left: int) -> None:
        """One connection at a time, which is all that an update opens."""
        with suppress(OSError):
            while left and (piece := far.recv(min(left, 16 * 1024))):
                near.sendall(piece)
                left -= len(piece)
                self.sent += len(piece)
        for end in (near, far):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


def _up(near: socket.socket, far: socket.socket) -> None:
    with suppress(OSError):
        while piece := near.recv(16 * 1024):
            far.sendall(piece)
        far.shutdown(socket.SHUT_WR)


@contextmanager
def wire(upstream: str, cuts: Cuts = lambda: NEVER) -> Iterator[Wire]:
    made = Wire(upstream, cuts)
    try:
        yield made
    finally:
        made.close()


Answer = tuple[int, dict[str, str], bytes]


class Liar:
    """A web server of files by their path, of which `answers` says what it likes; it knows no ranges."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.answers: dict[str, Answer | Callable[[], Answer]] = {}
        self.asked: list[str] = []
        liar = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                liar.asked.append(self.path)
                found = liar.answers.get(self.path)
                found = found() if callable(found) else found
                status, headers, body = found or liar.usual(self.path)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(OSError):
                    self.wfile.write(body)

            def log_message(self, *words: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def usual(self, path: str) -> Answer:
        body = self.files.get(path)
        return (404, {}, b"") if body is None else (200, {}, body)

    def secure(self, context: ssl.SSLContext) -> None:
        """Speak https from now on."""
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)
