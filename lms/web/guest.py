"""What a browser without cookies gets from this very server, asked for without a network."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer's status, its body as it is, and how many bytes of it cross the wire."""

    status: int
    content: bytes
    wire: int


async def get(app: ASGIApp, address: str) -> Answer:
    """GET an address of this site (`/…`) through the whole application, as a guest's browser that reads gzip."""
    status, zipped, body = 500, False, bytearray()

    async def send(message: Message) -> None:
        nonlocal status, zipped
        if message["type"] == "http.response.start":
            status = message["status"]
            zipped = (b"content-encoding", b"gzip") in message["headers"]
        else:
            body.extend(message.get("body", b""))

    await app(_scope(address), _stays, send)
    return Answer(status, gzip.decompress(body) if zipped else bytes(body), len(body))


def _scope(address: str) -> dict[str, Any]:
    asked = urlsplit(address)
    headers = {"host": "localhost", "accept": "text/html,*/*", "accept-encoding": "gzip"}
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "https",
        "server": ("localhost", 443),
        "client": None,
        "root_path": "",
        "path": asked.path,
        "raw_path": asked.path.encode(),
        "query_string": asked.query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }


async def _stays() -> Message:
    """Who asks has no body to send and never hangs up."""
    never: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
    return await never
