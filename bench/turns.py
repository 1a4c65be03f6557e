"""How long a learner's own save waits while 25,000 events are imported, against one with nothing else going on."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path

from bench.ingest import answers
from bench.servers import ROOT, Sender, ours
from lms.events.model import Event
from lms.events.wire import encode
from lms.sync.over_file import Heading, build_progress_file

IMPORTED = 25_000
BATCH = 1000
TEACHERS = 25
RUNS = 6
PAUSE = 0.003  # seconds between two saves of the learner

Bring = Callable[[int, list[bytes]], None]
"""Imports lines into the server at a port, and returns when they are stored."""


def run() -> list[tuple[str, float, str, float, float]]:
    """Let one connection import while another saves line by line, for each way of importing."""
    rows = []
    with tempfile.TemporaryDirectory() as folder, ours(Path(folder) / "data") as running:
        ways: dict[str, Bring] = {
            "by file": _by_file,
            "by `lms sync import`": partial(_by_command, Path(folder) / "data"),
            f"in batches of {BATCH}": _in_batches,
        }
        alone = _waits(running.port, lambda *_: time.sleep(1))
        for way, bring in ways.items():
            waits = _waits(running.port, bring)
            for name, figure in (("p99", _p99), ("max", max)):
                what = f"own save while {IMPORTED:,} events are imported {way}, {name} ÷ alone"
                rows.append((what, figure(waits), "ms", figure(alone), figure(waits) / figure(alone)))
    return rows


def _waits(port: int, bring: Bring) -> list[float]:
    """Milliseconds of each save of a learner while something is brought, several times."""
    waits = []
    with ThreadPoolExecutor(1) as importer, Sender(port) as learner:
        for number in range(RUNS):
            own = iter([encode(event) for event in answers(1, 5_000, seed=number)])
            importing = importer.submit(bring, port, _lines())
            while not importing.done():
                begun = time.perf_counter()
                assert b'"status":"stored"' in learner.post("/events", next(own))
                waits.append((time.perf_counter() - begun) * 1000)
                time.sleep(PAUSE)
            importing.result()
    return waits


def _by_file(port: int, lines: list[bytes]) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="archivo"; filename="avance.txt"\r\n\r\n'
    form = head + _file(lines) + b"\r\n--x--\r\n"
    with Sender(port) as sender:
        page = sender.post("/mi-avance/archivo", form, "multipart/form-data; boundary=x")
    assert f"{IMPORTED} registros nuevos".encode() in page


def _by_command(data: Path, _: int, lines: list[bytes]) -> None:
    file = data / "avance.txt"
    file.write_bytes(_file(lines))
    command = [sys.executable, "-m", "lms", "sync", "import", str(file)]
    said = subprocess.run(command, env={**os.environ, "LMS_DATA": str(data)}, cwd=ROOT, capture_output=True)
    assert f"{IMPORTED} registros nuevos".encode() in said.stdout, said.stderr


def _in_batches(port: int, lines: list[bytes]) -> None:
    with Sender(port) as sender:
        for at in range(0, IMPORTED, BATCH):
            receipts = sender.post("/events", b"\n".join(lines[at : at + BATCH]))
            assert receipts.count(b'"status":"stored"') == BATCH


def _file(lines: list[bytes]) -> bytes:
    return build_progress_file(lines, Heading("", "", date(2026, 11, 23)))


def _lines() -> list[bytes]:
    """Lines short enough for so many to fit in one file: two of three open a lesson."""
    events = answers(TEACHERS, IMPORTED // TEACHERS, seed=0)
    return [encode(event if event.seq % 3 == 0 else _opened(event)) for event in events]


def _opened(event: Event) -> Event:
    about = (event.course, event.version, "conozco-mi-equipo")
    return Event(1, event.id, "lesson.opened", event.at, event.device, event.profile, event.seq, *about, {})


def _p99(waits: list[float]) -> float:
    return sorted(waits)[int(len(waits) * 0.99)]
