"""Who closes the connection in the middle of sending."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from lms.app import create_app
from lms.settings import Settings


async def _send_half(app: Any, path: str) -> None:
    """Announce a body, send a part of it and close."""
    headers = [(b"host", b"aula.example"), (b"sec-fetch-site", b"same-origin"), (b"content-length", b"999")]
    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "scheme": "https", "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("aula.example", 443), "state": {},
    }  # fmt: skip
    messages = iter([{"type": "http.request", "body": b"{", "more_body": True}])

    async def receive() -> dict[str, Any]:
        return next(messages, {"type": "http.disconnect"})

    async def send(message: Any) -> None:
        await asyncio.sleep(0)

    await app(scope, receive, send)


@pytest.mark.parametrize("path", ["/events", "/recibir"])
def test_a_browser_that_closes_while_it_sends_is_no_fault(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    settings = Settings.load({"LMS_DATA": str(tmp_path / "data"), "LMS_COURSES": str(tmp_path / "courses")})
    with TestClient(create_app(settings)) as client, caplog.at_level(logging.INFO):
        assert client.portal is not None
        client.portal.call(_send_half, client.app, path)

    said = [record for record in caplog.records if "gone" in record.message]
    assert [record.levelno for record in said] == [logging.INFO]
    assert not any(record.exc_info or record.levelno >= logging.ERROR for record in caplog.records)
