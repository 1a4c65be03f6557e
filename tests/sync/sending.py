"""What browsers and packs send to a site, and what the site makes of it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from starlette.testclient import TestClient

from lms.sync.over_file import Heading, build_progress_file

PROOF = {"documento": "40000002", "pin": "482913"}


def send(browser: TestClient, *lines: bytes, door: str = "/events", **headers: str) -> Any:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return browser.post(
        door, content=b"\n".join(lines) + b"\n", headers={"content-type": "text/plain", **names}
    )


def upload(browser: TestClient, lines: list[bytes]) -> str:
    data = build_progress_file(lines, Heading("", "", date(2026, 11, 23)))
    answer = browser.post("/mi-avance/archivo", files={"archivo": ("avance.txt", data, "text/plain")})
    assert answer.status_code == 200, answer.text
    return answer.text


def sources(browser: TestClient) -> list[str]:
    db = browser.app.state.site.db  # type: ignore[attr-defined]
    assert browser.portal is not None
    return [
        row["source"] for row in browser.portal.call(db.rows, "SELECT source FROM events ORDER BY number")
    ]


def links(browser: TestClient) -> list[tuple[str, str]]:
    db = browser.app.state.site.db  # type: ignore[attr-defined]
    assert browser.portal is not None
    rows = browser.portal.call(db.rows, "SELECT profile, status FROM links ORDER BY at")
    return [(row["profile"], row["status"]) for row in rows]


def known_profile(browser: TestClient) -> str | None:
    """The profile that the site's pages use for this browser."""
    text = browser.get("/session.js").text.split("session = ", 1)[1].rstrip(";\n")
    found: str | None = json.loads(text)["profile"]
    return found
