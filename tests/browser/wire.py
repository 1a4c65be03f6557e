"""The wire between a browser and a server: it counts what crosses, and it can be cut."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from cast import free_port

MARK = b"chaski-guardar:"
"""The header of what a browser asks for to keep it."""


class Wire:
    """Passes on what comes to `port` to a server's port, whatever server stands there at the time."""

    def __init__(self, port: int, behind: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.behind = behind
        self.carried = 0  # bytes that came from the server
        self.marked = 0  # of these, the answers to requests that bear `MARK`
        self.cut_after: int | None = None
        self._listener = socket.create_server(("127.0.0.1", port), backlog=64)
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def cut(self) -> bool:
        """Whether it carries nothing any more."""
        return self.cut_after is not None and self.carried >= self.cut_after

    def mend(self) -> None:
        """Let it carry again."""
        self.cut_after = None

    def close(self) -> None:
        """Take the wire away."""
        for one in (self._listener, *self._open):
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        if self.cut:
            near.close()
            return
        try:
            far = socket.create_connection(("127.0.0.1", self.behind))
        except OSError:
            near.close()
            return
        self._open += [near, far]
        asked = bytearray()
        threading.Thread(target=self._pass_on, args=(near, far, asked, False), daemon=True).start()
        self._pass_on(far, near, asked, True)

    def _pass_on(self, source: socket.socket, to: socket.socket, asked: bytearray, counted: bool) -> None:
        with suppress(OSError):
            while data := source.recv(16_384):
                if self.cut:
                    break
                if counted:
                    self.carried += len(data)
                    self.marked += len(data) if MARK in asked.lower() else 0
                else:
                    asked[:] = data  # one request at a time on each connection
                to.sendall(data)
        for one in (source, to):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


@contextmanager
def wired(behind: int) -> Iterator[Wire]:
    """A wire to the server at a port, on a port of its own."""
    wire = Wire(free_port(), behind)
    yield wire
    wire.close()
