"""A server above that asks to wait is not asked again before, neither at once nor by the clock, nor left alone for ever."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from lms.db import Database
from lms.remote import LONGEST_TOLD, Busy
from lms.settings import Settings
from lms.sync import nodes, over_network, regularly
from lms.sync.exchange import Errand
from lms.sync.message import Card
from lms.sync.parcel_commands import exchange_with
from lms.sync.regularly import exchange_with_all
from lms.sync.sealing import Identity
from tests.sync.meeting import AT

UGEL = Identity.new().public


@dataclass
class Crowded:
    """A server that has no time for so many seconds, and how often it was asked."""

    after: str = "300"
    asked: list[str] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> Iterator[Crowded]:
    monkeypatch.setattr(regularly, "_quiet", {})
    told = Crowded()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            told.asked.append(self.path)
            self.send_response(429)
            self.send_header("Retry-After", told.after)
            self.end_headers()
            self.wfile.write('{"error": {"message": "Ahora llegan muchos envíos a la vez."}}'.encode())

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    told.address = f"http://127.0.0.1:{server.server_port}"
    yield told
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("after", ["300", "999999999", "9" * 400])
async def test_the_clock_does_not_ask_it_before_the_time_it_told(
    db: Database, tmp_path: Path, crowded: Crowded, after: str
) -> None:
    crowded.after = after
    await nodes.join(db, Card("ugel", UGEL.text, crowded.address), "", at=AT)
    settings = Settings.load({"LMS_DATA": str(tmp_path)})
    assert not await exchange_with_all(settings, db)
    for _ in range(3):
        assert await exchange_with_all(settings, db)
    assert len(crowded.asked) == 1
    left = regularly._quiet[UGEL.id] - time.monotonic()
    assert left == pytest.approx(min(float(after), LONGEST_TOLD), abs=30)

    regularly._quiet[UGEL.id] = time.monotonic()  # the time has come
    assert not await exchange_with_all(settings, db)
    assert len(crowded.asked) == 2


async def test_whoever_exchanges_by_hand_reads_until_when_it_asks_to_wait(
    db: Database,
    tmp_path: Path,
    crowded: Crowded,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LMS_DATA", str(tmp_path))
    await nodes.join(db, Card("ugel", UGEL.text, crowded.address), "", at=AT)
    assert await exchange_with(db, [], Errand()) == 1
    said = capsys.readouterr().err
    assert "responde: Ahora llegan muchos envíos a la vez. Pide que se espere hasta el " in said
    assert len(crowded.asked) == 1


async def test_who_asks_for_little_is_waited_for_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    slept, answers = list[float](), [Busy("Ahora no.", 20), Busy("Ahora no.", 60), None]

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def run() -> None:
        if error := answers.pop(0):
            raise error

    monkeypatch.setattr(over_network.asyncio, "sleep", sleep)
    errand = Errand()
    await over_network.patiently(run, errand)
    assert (slept, errand.pause) == ([20, 60], 0)
