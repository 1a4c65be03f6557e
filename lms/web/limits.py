"""How often and how much one address may send."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from lms.errors import TooLarge, TooMany
from lms.web import errors

_MOST_KEPT = 10_000


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


class BodyLimit:
    """ASGI middleware: a body announced as too large is refused in words before it is read.

    Starlette's own limit, which stands inside this one, stops bodies that did not announce their size.
    """

    def __init__(self, app: ASGIApp, max_size: int) -> None:
        self.app = app
        self.max_size = max_size

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what is announced as too large."""
        if scope["type"] == "http":
            request = Request(scope)
            announced = request.headers.get("content-length", "")
            if announced.isdecimal() and int(announced[:20]) > self.max_size:
                size = self.max_size // (1024 * 1024)
                error = TooLarge(
                    f"Lo que enviaste pesa demasiado: aquí se reciben hasta {size} MB por envío."
                )
                await errors.answer(request, error)(scope, receive, send)
                return
        await self.app(scope, receive, send)
