"""Codes of one small course, and who brings them."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

from cast import NELIDA as ACCOUNT
from starlette.testclient import TestClient

from lms.sync.over_token import encode
from lms.sync.token import Result, Token, course_key
from tests.sync.sending import known_profile

ROSA = {
    **ACCOUNT,
    "documento": "12345678",
    "nombres": "Rosa",
    "paterno": "Mamani",
    "pin": "739164",
    "pin2": "739164",
}


DAY = date(2026, 11, 20)
UNSET = date(2024, 1, 1)
"""The day of a code that a device made whose clock nobody set, as it has none before."""


def token(profile: str = "2a362bd8272a", mark: int = 150, day: date = DAY) -> str:
    results = (Result(60, 1), Result(30, 2))
    return encode(Token(1, course_key("agua"), profile, day, "1.0.0", (2, 1), (Result(mark, 2),), results))


def another(client: TestClient) -> TestClient:
    other = TestClient(client.app, headers=dict(client.headers), follow_redirects=False)
    other.portal = client.portal
    return other


def mine(client: TestClient, text: str) -> Any:
    """Paste what has codes, and answer that they are one's own, as whoever is signed in is asked."""
    return client.post("/mi-avance/codigo", data={"de-1": f"si {text}", "persona": signed_in(client)})


def signed_in(client: TestClient) -> str:
    """The id of the person who uses a browser, empty for a guest."""
    db = client.app.state.site.db  # type: ignore[attr-defined]
    asked = {"profile": known_profile(client)}
    assert client.portal is not None
    return str(client.portal.call(db.value, "SELECT person FROM links WHERE profile = :profile", asked) or "")


def press(client: TestClient, page: str, *said: str) -> str:
    """Answer what a page asks about codes, "si" or "no" for each in order, as a browser without scripts does."""
    form = page.split('action="/mi-avance/codigo">')[1].split("</form>")[0]
    offered = re.findall(r'name="(de-\d+)" value="((?:si|no) [^"]+)"', form)
    names = sorted({name for name, _ in offered})
    assert len(names) == len(said)
    values = {
        name: next(one for key, one in offered if key == name and one.startswith(word))
        for name, word in zip(names, said, strict=True)
    }
    asked = re.findall(r'type="hidden" name="persona" value="([^"]+)"', form)
    answer = client.post("/mi-avance/codigo", data={**values, "persona": asked[0]})
    assert answer.status_code == 200
    return html.unescape(answer.text)
