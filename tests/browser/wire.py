"""The wire between a browser and a server: it counts what crosses, and it can be cut."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from browser.certificate import Certificate
from cast import free_port

MARK = b"chaski-guardar:"
"""The header of what a browser asks for to keep it."""


class Wire:
    """Passes on what comes to `port` to a server's port, whatever server stands there at the time.

    With a certificate it speaks https, as a proxy before a server does.
    """

    def __init__(self, port: int, behind: int, certificate: Certificate | None = None) -> None:
        self.url = f"https://{certificate.name}:{port}" if certificate else f"http://127.0.0.1:{port}"
        self.behind = behind
        self._certificate = certificate
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
            if self._certificate:
                near = self._certificate.server.wrap_socket(near, server_side=True)
            far = socket.create_connection(("127.0.0.1", self.behind))
        except OSError:
            near.close()
            return
        self._open += [near, far]
        with suppress(OSError, ValueError):  # either end, or whoever takes the wire away, closes them
            self._carry(near, far)
        for one in (near, far):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        """Both ways in one thread: what encrypts a connection cannot serve two."""
        asked = b""  # one request at a time on each connection
        while ready := select.select([near, far], [], [])[0]:
            if near in ready:
                asked = _received(near)
                if not asked or self.cut:
                    return
                far.sendall(asked)
            if far in ready:
                answer = far.recv(16_384)
                if not answer or self.cut:
                    return
                self.carried += len(answer)
                self.marked += len(answer) if MARK in asked.lower() else 0
                near.sendall(answer)


def _received(near: socket.socket) -> bytes:
    """What came; of an encrypted connection also what is decrypted already, of which nobody would tell."""
    data = near.recv(16_384)
    while isinstance(near, ssl.SSLSocket) and near.pending():
        data += near.recv(near.pending())
    return data


@contextmanager
def wired(behind: int, certificate: Certificate | None = None) -> Iterator[Wire]:
    """A wire to the server at a port, on a port of its own."""
    wire = Wire(free_port(), behind, certificate)
    yield wire
    wire.close()
