"""Compression of what is answered on the spot; pages and files were compressed when they were made."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipResponder, IdentityResponder
from starlette.types import Message, Receive, Scope, Send

WORTH_GZIP = 500  # bytes
_LEVEL = 6


def is_done(start: Message) -> bool:
    """Whether an answer that begins so is compressed already, or has no body."""
    return start["status"] == 304 or any(name == b"content-encoding" for name, _ in start["headers"])


def compressing(scope: Scope, send: Send) -> Send:
    """Send through Starlette's compression, which tells caches that the answer might have been another."""
    zips = "gzip" in Headers(scope=scope).get("accept-encoding", "")
    responder = GZipResponder(_nobody, WORTH_GZIP, _LEVEL) if zips else IdentityResponder(_nobody, WORTH_GZIP)
    responder.send = send
    return responder.send_with_compression


async def _nobody(scope: Scope, receive: Receive, send: Send) -> None:
    """The application that a responder wants to be told of and that is never called."""
