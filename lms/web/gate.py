"""What every request passes on its way in, and every answer on its way out."""

from __future__ import annotations

from collections.abc import Collection

from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lms.errors import LmsError
from lms.web import compression, errors, forms, limits, origin, security, sessions


class Gate:
    """ASGI middleware: what enters is small, from here and of somebody known; what leaves is hardened and compressed.

    It is one and not five, as each would wrap every request and every message of its answer.
    """

    def __init__(self, app: ASGIApp, max_body: int, open_doors: Collection[str] = ()) -> None:
        self.app = app
        self.counting = RequestBodyLimitMiddleware(app, max_body_size=max_body)
        self.max_body = max_body
        self.open_doors = frozenset(open_doors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        onward = send

        async def leaving(message: Message) -> None:
            nonlocal onward
            if message["type"] == "http.response.start":
                headers = sessions.with_cookies(scope, message.get("headers", ()))
                message["headers"] = security.hardened(headers)
                if not compression.is_done(message):
                    onward = compression.compressing(scope, send)
            await onward(message)

        await (await self._enter(scope))(scope, receive, leaving)

    async def _enter(self, scope: Scope) -> ASGIApp:
        """Who takes the request: the site, counting its body if it has one, or a refusal."""
        try:
            has_body = limits.check_announced(scope, self.max_body)
            forms.check_charset(scope)
            origin.check_origin(scope, self.open_doors)
            await sessions.arrive(scope)
        except LmsError as error:
            return errors.answer(Request(scope), error)
        return self.counting if has_body else self.app
