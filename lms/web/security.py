"""Headers that every answer carries, and the content policy of a page."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = (
    "default-src 'self'; script-src 'self'; style-src {style}; img-src 'self' data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Old browsers send no Origin with a form; the origin check then needs the Referer of our own pages.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}


def policy(style_hashes: Iterable[str] = ()) -> str:
    """The Content-Security-Policy of a page whose inline styles have these hashes (`sha256-…`)."""
    return _POLICY.format(style=" ".join(["'self'", *(f"'{name}'" for name in style_hashes)]))


_BARE_POLICY = policy()


def harden(headers: MutableHeaders) -> None:
    """Add what an answer lacks; what it says itself stays."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", _BARE_POLICY)


class SecurityHeaders:
    """ASGI middleware: every answer leaves with the headers above."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers on the way out."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                harden(MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, hardened)
