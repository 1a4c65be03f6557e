"""How often and how much one address may send."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from starlette.requests import HTTPConnection
from starlette.types import Scope

from lms.errors import TooLarge, TooMany

_MOST_KEPT = 10_000
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
                f"Llegaron muchos envíos seguidos. Espera {seconds} segundos y vuelve a probar.", seconds
            )
        self._buckets[key] = (
            tokens - cost,
            now,
        )  # at the end: the first of the dict is the one not seen for longest
        if len(self._buckets) > _MOST_KEPT:
            del self._buckets[next(iter(self._buckets))]


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
