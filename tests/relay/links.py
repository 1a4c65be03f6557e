"""Links between machines: cut after so many bytes, down for a while, and with an old message coming again now and then."""

from __future__ import annotations

import random
import re
import socket
import threading
from contextlib import suppress

_PATIENCE = 10.0  # seconds
_KEPT = 300  # messages
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


class Link:
    """A way to a server, that is cut after so many bytes of one direction or the other, or is down.

    What went over it may come again, any time later: so messages are repeated, and an older one follows a newer one.
    """

    def __init__(self, ours: str, there: tuple[str, int], chance: random.Random, mean: int) -> None:
        self._there, self._chance, self._mean = there, chance, mean
        self.up = True
        self.repeated = 0
        self._heard: list[bytes] = []
        self._listening = socket.create_server((ours, 0))
        self.url = f"http://{ours}:{self._listening.getsockname()[1]}"
        self._pairs: list[threading.Thread] = []
        self._serving = threading.Thread(target=self._serve, daemon=True)
        self._serving.start()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in (self._serving, *self._pairs):
            thread.join(timeout=30)

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            if self.up and self._heard and self._chance.random() < 0.4:
                self._repeat(self._chance.choice(self._heard))
            try:
                far = socket.create_connection(self._there, timeout=_PATIENCE) if self.up else None
            except OSError:
                far = None
            if far is None:
                near.close()
                continue
            far.settimeout(None)
            left = int(self._chance.expovariate(1 / self._mean))
            self._pairs.append(threading.Thread(target=self._join, args=(near, far, left), daemon=True))
            self._pairs[-1].start()

    def _repeat(self, message: bytes) -> None:
        with suppress(OSError), socket.create_connection(self._there, timeout=_PATIENCE) as far:
            far.sendall(message)
            self.repeated += bool(far.recv(1))

    def _join(self, near: socket.socket, far: socket.socket, left: int) -> None:
        with near, far:
            back = threading.Thread(target=_carry, args=(far, near, left), daemon=True)
            back.start()
            self._heard += _messages(_carry(near, far, left))
            del self._heard[:-_KEPT]
            back.join()


def _carry(source: socket.socket, target: socket.socket, left: int) -> bytes:
    """Carry until the link is cut; what got through."""
    carried = b""
    with suppress(OSError):
        while left > 0 and (piece := source.recv(min(left, 16 * 1024))):
            target.sendall(piece)
            left -= len(piece)
            carried += piece
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
    return carried


def _messages(carried: bytes) -> list[bytes]:
    """The requests in it that are whole and have a body."""
    found = []
    while b"\r\n\r\n" in carried:
        head = carried.partition(b"\r\n\r\n")[0]
        length = _LENGTH.search(head)
        size = len(head) + 4 + (int(length[1]) if length else 0)
        if length and len(carried) >= size:
            found.append(carried[:size])
        carried = carried[size:]
    return found
