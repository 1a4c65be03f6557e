"""How often and how much one address may send."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from starlette.requests import HTTPConnection
from starlette.types import Scope

from lms.errors import TooLarge, TooMany

_MOST_KEPT = 10_000
_SMALL = 4096  # bytes: what somebody does just now, not what they bring
_EACH = 2048  # bytes that storing a request costs beside its own
_LONGEST_AWAY = 300  # seconds
_ANNOUNCE_BODY = (b"content-length", b"transfer-encoding")


class RateLimit:
    """A bucket of tokens for each key: `burst` at once, refilled by `per_minute`; in this process only."""

    def __init__(self, *, burst: int, per_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst = burst
        self._per_second = per_minute / 60
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, key: str, cost: float = 1) -> None:
        """Spend tokens of `key`, or raise `TooMany` with the seconds until there are as many."""
        now = self._clock()
        tokens, since = self._buckets.pop(key, (float(self._burst), now))
        tokens = min(self._burst, tokens + (now - since) * self._per_second)
        if tokens < cost:
            self._buckets[key] = (tokens, now)
            seconds = max(1, math.ceil((cost - tokens) / self._per_second))
            raise TooMany(
                f"Llegaron muchos envíos seguidos. Espera {_in_words(seconds)} y vuelve a probar.", seconds
            )
        self._buckets[key] = (
            tokens - cost,
            now,
        )  # at the end: the first of the dict is the one not seen for longest
        if len(self._buckets) > _MOST_KEPT:
            del self._buckets[next(iter(self._buckets))]


class Room:
    """How much may be received at once: `most` bytes in memory, and no more than is stored in `longest` seconds.

    A crowd that waits in one line waits in vain: browsers give up after half a minute, and begin again. So who comes
    too many is told when to come again, each later than the one before, at the pace at which lines are stored here.
    """

    def __init__(
        self,
        *,
        most: int = 16 * 1024 * 1024,
        longest: float = 0.5,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most
        self._longest = longest
        self._clock = clock
        self._rate = 2_000_000.0  # bytes a second, until it was measured
        self._reading = self._storing = self._done = 0
        self._since = self._told = clock()
        self._busy = 0.0
        self._away = 0.0  # bytes of who was told to come again and should not be back yet

    @contextmanager
    def reading(self, size: int) -> Iterator[None]:
        """Hold room in memory for a body of so many bytes, or raise `TooMany`."""
        if self._reading and self._reading + size > self._most:
            self._refuse(size)
        self._reading += size
        try:
            yield
        finally:
            self._reading -= size

    @contextmanager
    def storing(self, size: int) -> Iterator[None]:
        """Stand in the line of who stores, or raise `TooMany`; who brings little may make it twice as long."""
        longest = self._longest * (2 if size <= _SMALL else 1)
        if self._storing and (self._storing + size + _EACH) / self._rate > longest:
            self._refuse(size)
        if not self._storing:
            self._since = self._clock()
        self._storing += size + _EACH
        try:
            yield
        finally:
            self._storing -= size + _EACH
        self._measure(size + _EACH)  # what was turned away in there was not stored, and says nothing

    def _measure(self, size: int) -> None:
        """How fast it goes while somebody is in line, however seldom that is."""
        now = self._clock()
        self._done += size
        self._busy += now - self._since
        self._since = now
        if self._busy > self._longest / 4:  # shorter than that says little
            self._rate += (self._done / self._busy - self._rate) / 2
            self._busy, self._done = 0.0, 0

    def _refuse(self, size: int) -> None:
        now = self._clock()
        self._away = max(0.0, self._away - (now - self._told) * self._rate) + size + _EACH
        self._told = now
        seconds = min(_LONGEST_AWAY, math.ceil((self._storing + self._away) / self._rate))
        raise TooMany(
            "Ahora llegan muchos envíos a la vez. Tu avance sigue guardado en tu equipo: "
            f"vuelve a enviarlo en {_in_words(seconds)}.",
            seconds,
        )


def _in_words(seconds: int) -> str:
    return "1 segundo" if seconds == 1 else f"{seconds} segundos"


bringing = Room()
"""What is brought: files that are uploaded, what other servers and programs send.

Apart from what our pages send, so that neither is turned away for the other. Their lines stand in a line of their own
(`lms.events.log`); here it is only bounded how much of it is in memory.
"""


def announced(request: HTTPConnection, most: int) -> int:
    """How many bytes a request says that its body has; `most` if it does not say."""
    said = request.headers.get("content-length", "")
    return min(most, int(said[:20])) if said.isdecimal() else most


def address(request: HTTPConnection) -> str:
    """The network address a request came from; uvicorn has already believed its proxy, if it has one."""
    return request.client.host if request.client else ""


def check_announced(scope: Scope, most: int) -> bool:
    """Whether a request has a body, to be counted as it comes in; `TooLarge` if it says itself that it is.

    In HTTP/1.1, all that this server speaks, a body is announced by one of two headers (RFC 9112 §6.3).
    """
    has_body = False
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value[:20]) > most:
            size = most // (1024 * 1024)
            raise TooLarge(f"Lo que enviaste pesa demasiado: aquí se reciben hasta {size} MB por envío.")
        has_body = has_body or name in _ANNOUNCE_BODY
    return has_body
