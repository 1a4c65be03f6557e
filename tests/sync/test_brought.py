"""However much is brought at once, by files, by servers and by programs: an own answer gets in, and memory is bounded."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from events_cast import Tablet
from starlette.testclient import TestClient

from lms.clock import stamp, system_clock
from lms.course.model import Course
from lms.sync import message, nodes
from lms.sync.message import Card, Message
from lms.sync.over_file import Heading, build_progress_file
from lms.sync.own import identity_in
from lms.sync.routes import lines, parcels
from lms.sync.sealing import Identity
from lms.sync.xapi import routes as xapi
from lms.web import limits
from lms.web.limits import RateLimit, Room
from tests.sync.sending import send, sources
from tests.sync.xapi.acts import VERSION, new_pass, statement

MANY = 40


@pytest.fixture(autouse=True)
def patience(browser: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is sent away for knocking often."""
    for module, rate in ((lines, "own_rate"), (parcels, "_rate"), (xapi, "_rate")):
        monkeypatch.setattr(module, rate, RateLimit(burst=10_000, per_minute=60))


class Crowd:
    """Many who bring something small, each through the same door."""

    def __init__(self, browser: TestClient, small: Course) -> None:
        self.browser, self.small = browser, small
        self.site = browser.app.state.site  # type: ignore[attr-defined]

    def ready(self, door: str) -> None:
        if door == "programs":
            self.key = new_pass(self.browser)
        if door == "servers":
            self.identity, self.receiver = Identity.new(), identity_in(self.site.settings).public
            card, at = Card("Escuela", self.identity.public.text), stamp(system_clock())
            assert self.browser.portal is not None
            self.browser.portal.call(lambda: nodes.keep_peer(self.site.db, card, "joined", at=at))

    def brings(self, door: str) -> Any:
        tablet = Tablet(self.small)
        some = [tablet.opens() for _ in range(5)]
        if door == "files":
            data = build_progress_file(some, Heading("", "", date(2026, 11, 23)))
            return self.browser.post(
                "/mi-avance/archivo", files={"archivo": ("avance.txt", data, "text/plain")}
            )
        if door == "servers":
            said = Message(Card("Escuela", self.identity.public.text))
            parcel = self.identity.seal(message.write(said, some), self.receiver)
            return self.browser.post("/servidores/intercambio", content=parcel)
        return self.browser.post("/xapi/statements", json=statement(), headers=VERSION, auth=self.key)


@pytest.fixture
def crowd(browser: TestClient, small: Course) -> Crowd:
    return Crowd(browser, small)


DOORS = ("files", "servers", "programs")


@pytest.mark.parametrize("door", DOORS)
def test_an_own_answer_waits_for_one_of_a_crowd_that_brings_something(
    crowd: Crowd, browser: TestClient, small: Course, door: str
) -> None:
    crowd.ready(door)
    own = Tablet(small)
    assert browser.portal is not None

    async def all_at_once(people: ThreadPoolExecutor) -> tuple[int, int, list[int]]:
        loop = asyncio.get_running_loop()
        async with crowd.site.db.transaction():  # somebody is writing: all others stand in line
            bringing = [loop.run_in_executor(people, crowd.brings, door) for _ in range(MANY)]
            await asyncio.sleep(1)
            answering = loop.run_in_executor(people, send, browser, own.opens())
            await asyncio.sleep(0.5)
        answer = (await answering).status_code
        before = sum(one.done() for one in bringing)
        return answer, before, [one.status_code for one in await asyncio.gather(*bringing)]

    with ThreadPoolExecutor(MANY + 1) as people:
        answer, before, answers = browser.portal.call(all_at_once, people)
    assert answer == 200
    assert set(answers) <= {200}
    assert before <= MANY // 2
    if door != "programs":
        found = sources(browser)
        assert found.index("session") <= 2 * 5
        assert len(found) == MANY * 5 + 1


@pytest.mark.parametrize("door", DOORS)
def test_who_brings_more_than_there_is_room_for_is_told_when_to_come_again(
    crowd: Crowd, browser: TestClient, monkeypatch: pytest.MonkeyPatch, small: Course, door: str
) -> None:
    crowd.ready(door)
    room = Room(most=100)
    monkeypatch.setattr(limits, "bringing", room)
    with room.reading(100):
        refused = crowd.brings(door)
        assert send(browser, Tablet(small).opens()).status_code == 200, "its own pages have room of their own"
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert f"{refused.headers['retry-after']} se" in refused.text
    assert crowd.brings(door).status_code == 200
    assert len(sources(browser)) == (1 if door == "programs" else 6)
