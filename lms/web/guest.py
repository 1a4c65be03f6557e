"""What a browser without cookies gets from this very server, asked for without a network."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer's status, its body as it is, how many bytes of it cross the wire, and its headers by lower-case name."""

    status: int
    content: bytes
    wire: int
    headers: Mapping[str, str]


async def get(app: ASGIApp, address: str) -> Answer:
    """GET an address of this site (`/…`) through the whole application, as a guest's browser that reads gzip."""
    status, body = 500, bytearray()
    headers: dict[str, str] = {}

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            headers.update((name.decode().lower(), value.decode()) for name, value in message["headers"])
        else:
            body.extend(message.get("body", b""))

    await app(_scope(address), _stays, send)
    zipped = headers.get("content-encoding") == "gzip"
    return Answer(status, gzip.decompress(body) if zipped else bytes(body), len(body), headers)


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
