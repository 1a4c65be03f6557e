"""Five thousand devices that come back within one minute, each with a week of events: how long who is let in waits."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.ingest import answers
from bench.servers import Running, ours
from lms.events.wire import encode

DEVICES = 5_000
EACH = 60  # events of a device: ten answers a day, and a day without
WITHIN = 60.0  # seconds in which they come
MOST_WAITED = 2.0  # seconds, which is what is wanted at the 99th percentile
LATER = 0.5  # of the time that was told: so much later a page of ours comes at most
PATIENCE = 30.0  # seconds, as a browser has


@dataclass
class Crowd:
    """What happened to all of them: seconds until each answer, for who was let in or not, and memory at most."""

    port: int
    signed: bool
    waits: list[float] = field(default_factory=list)
    refusals: list[float] = field(default_factory=list)
    most: float = 0.0


Figures = list[tuple[str, float, str, float, float]]


def run() -> Figures:
    """Let them come from an address each: to the door of our pages, then to that of carriers, who want a receipt."""
    return [*_comes(signed=False), *_comes(signed=True)]


def _comes(*, signed: bool) -> Figures:
    """Let them come again when they are told, until all are in."""
    lines = [encode(event) for event in answers(DEVICES, EACH, seed=0)]
    bodies = [b"\n".join(lines[at : at + EACH]) for at in range(0, len(lines), EACH)]
    with tempfile.TemporaryDirectory() as folder, ours(Path(folder) / "data") as running:
        running.wait_until_warm()
        crowd, before, begun = Crowd(running.port, signed), running.resident(), time.perf_counter()
        asyncio.run(_all(crowd, running, bodies))
        seconds = time.perf_counter() - begun
    assert len(crowd.waits) == DEVICES, "somebody was left outside"
    middle, late, away = median(crowd.waits), _p99(crowd.waits), _p99(crowd.refusals)
    who = f"{DEVICES:,} devices, {EACH} events each, within {WITHIN:.0f} s{', for a signed receipt' * signed}"
    return [
        (f"{who}: all are in after ÷ the minute", seconds, "s", WITHIN, seconds / WITHIN),
        ("– answer to who is let in, median ÷ what is wanted", middle, "s", MOST_WAITED, middle / MOST_WAITED),
        ("– the same, p99", late, "s", MOST_WAITED, late / MOST_WAITED),
        ("– answer to who is told when to come again, p99", away, "s", MOST_WAITED, away / MOST_WAITED),
        ("– told so ÷ devices", len(crowd.refusals), "times", DEVICES, len(crowd.refusals) / DEVICES),
        ("– memory at most ÷ before", crowd.most, "MiB", before, crowd.most / before),
    ]  # fmt: skip


def _p99(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.99)] if seconds else 0.0


async def _all(crowd: Crowd, running: Running, bodies: list[bytes]) -> None:
    watching = asyncio.create_task(_watch(crowd, running))
    await asyncio.gather(*(_device(crowd, number, body) for number, body in enumerate(bodies)))
    watching.cancel()


async def _watch(crowd: Crowd, running: Running) -> None:
    while True:
        crowd.most = max(crowd.most, running.resident())
        await asyncio.sleep(0.2)


async def _device(crowd: Crowd, number: int, body: bytes) -> None:
    chance = random.Random(number)
    pause = chance.random() * WITHIN
    while True:
        await asyncio.sleep(pause)
        begun = time.perf_counter()
        head, content = await asyncio.wait_for(_post(crowd, number, body), PATIENCE)
        waited = time.perf_counter() - begun
        if b" 200 " in head[:16]:
            assert content.count(b'"status":"stored"') == EACH
            assert (b"CHASKI RECIBO 1" in content) == crowd.signed
            crowd.waits.append(waited)
            return
        assert b" 429 " in head[:16], head[:200]
        crowd.refusals.append(waited)
        pause = int(head.lower().split(b"retry-after:")[1].split()[0]) * (1 + LATER * chance.random())


async def _post(crowd: Crowd, number: int, body: bytes) -> tuple[bytes, bytes]:
    port = crowd.port
    door = "/recibir HTTP/1.1\r\nChaski-Recibo: si" if crowd.signed else "/events HTTP/1.1"
    address = f"127.1.{number // 250}.{number % 250 + 1}"
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
    try:
        head = (
            f"POST {door}\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
            f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        writer.write(head.encode() + body)
        said, _, content = (await reader.read()).partition(b"\r\n\r\n")
        return said, content
    finally:
        writer.close()
