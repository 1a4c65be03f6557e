"""When more comes at once than the database stores, doors say when to come again and lose nothing."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from events_cast import Tablet
from starlette.testclient import TestClient

from lms.course.model import Course
from lms.sync.routes import lines
from lms.web.limits import RateLimit, Room
from tests.sync.sending import send, sources


@pytest.mark.parametrize("door", ["/events", "/recibir"])
def test_a_door_sends_a_crowd_away_and_takes_it_in_later(
    browser: TestClient, small: Course, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    monkeypatch.setattr(lines, "_room", Room(longest=0.02))
    for rate in ("own_rate", "open_rate"):
        monkeypatch.setattr(lines, rate, RateLimit(burst=10_000, per_minute=60))
    bodies = [[tablet.opens() for _ in range(50)] for tablet in (Tablet(small) for _ in range(60))]
    db = browser.app.state.site.db  # type: ignore[attr-defined]
    assert browser.portal is not None

    async def all_at_once() -> list[int]:
        async with db.transaction():  # somebody is writing: all others stand in line
            sending = [asyncio.to_thread(send, browser, *body, door=door) for body in bodies]
            answers = asyncio.gather(*sending)
            await asyncio.sleep(1)
        found = await answers
        assert all(int(one.headers["retry-after"]) >= 1 for one in found if one.status_code == 429)
        return [one.status_code for one in found]

    first = browser.portal.call(all_at_once)
    assert set(Counter(first)) == {200, 429}
    assert len(sources(browser)) == 50 * first.count(200)
    for body in bodies:
        assert send(browser, *body, door=door).status_code == 200
    assert len(sources(browser)) == 50 * 60
