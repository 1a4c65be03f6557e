"""Servers in folders of their own, links between them that are cut, and teachers' devices that walk from one to another."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cast import ROOT, free_port
from events_cast import Tablet

PATIENCE = 60.0  # seconds for a server to answer on a busy machine
FILES = "data"


class Link:
    """A way to a server, that is cut after so many bytes of one direction or the other, or is down."""

    def __init__(self, port: int, cut: Callable[[], int]) -> None:
        self._port, self._cut = port, cut
        self.up = True
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._pairs: list[threading.Thread] = []
        self._serving = threading.Thread(target=self._serve, daemon=True)
        self._serving.start()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in (self._serving, *self._pairs):
            thread.join(timeout=30)

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._port)) if self.up else None
            except OSError:
                far = None
            if far is None:
                near.close()
                continue
            self._pairs.append(threading.Thread(target=_join, args=(near, far, self._cut()), daemon=True))
            self._pairs[-1].start()


def _join(near: socket.socket, far: socket.socket, left: int) -> None:
    with near, far:
        back = threading.Thread(target=_carry, args=(far, near, left), daemon=True)
        back.start()
        _carry(near, far, left)
        back.join()


def _carry(source: socket.socket, target: socket.socket, left: int) -> None:
    with suppress(OSError):
        while left > 0 and (piece := source.recv(min(left, 16 * 1024))):
            target.sendall(piece)
            left -= len(piece)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@dataclass
class Machine:
    """A server with its folder; `clock` is how many days its clock is off."""

    name: str
    folder: Path
    days_off: int = 0
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        return self.folder / FILES / "lms.db"

    def environment(self) -> dict[str, str]:
        courses = self.folder / "courses"
        courses.mkdir(parents=True, exist_ok=True)
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "LMS_DATA": str(self.folder / FILES),
            "LMS_COURSES": str(courses),
            "LMS_PACKS": str(self.folder / "packs"),
            "LMS_PORT": str(self.port),
            "LMS_HOST": "127.0.0.1",
            "LMS_NODE": self.name,
            "LMS_ADDRESS": self.url,
            "LMS_SYNC_EVERY": "0.03",
            "DAYS_OFF": str(self.days_off),
        }

    def start(self) -> None:
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("off_clock.py")],
            env=self.environment(), cwd=ROOT, stdout=log, stderr=log,
        )  # fmt: skip
        log.close()
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            with suppress(OSError), urllib.request.urlopen(f"{self.url}/servidores", timeout=5):
                return
            time.sleep(0.05)
        raise AssertionError(f"{self.name} did not start: {(self.folder / 'log').read_text()[-2000:]}")

    def kill(self) -> None:
        """As when the power fails."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def says(self, *arguments: str) -> str:
        """Run a command of `lms` on this machine."""
        done = subprocess.run(
            [sys.executable, "-m", "lms", *arguments],
            env=self.environment(), cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def log(self) -> dict[str, bytes]:
        """Every event it has, by id."""
        with closing(sqlite3.connect(self.database, timeout=30)) as db:
            return dict(db.execute("SELECT id, line FROM events"))

    def copy_to(self, place: Path) -> None:
        """Copy its folder as it is on a disk that was pulled out."""
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.folder / FILES, place)

    def put_back(self, place: Path) -> None:
        """Have the folder that was copied once."""
        shutil.rmtree(self.folder / FILES)
        shutil.copytree(place, self.folder / FILES)


@dataclass
class Device:
    """A teacher's tablet: it keeps everything, and knows what some server said it had received."""

    tablet: Tablet
    chance: random.Random
    written: list[bytes] = field(default_factory=list)
    sent: set[bytes] = field(default_factory=set)

    def studies(self, count: int) -> None:
        self.written += [self.tablet.answers("senal", n % 4) for n in range(count)]

    def comes_to(self, machine: Machine) -> None:
        """Ask what the server still has, give what it lacks: some of it twice, in any order."""
        with suppress(OSError, ValueError, urllib.error.HTTPError):
            self._checks(machine)
            waiting = [line for line in self.written if line not in self.sent]
            some = waiting[: self.chance.randint(1, 60)]
            some += self.chance.sample(self.written, min(len(self.written), self.chance.randint(0, 3)))
            self.chance.shuffle(some)
            if some:
                answer = _post(f"{machine.url}/recibir", b"\n".join(some))
                results = json.loads(answer)["results"]
                received = {line for line, one in zip(some, results, strict=True) if one["status"] in GOOD}
                self.sent |= received

    def _checks(self, machine: Machine) -> None:
        heads = json.loads(_post(f"{machine.url}/recibos", self.tablet.profile.encode()))["heads"]
        known = next((head[4] for head in heads if head[1] == self.tablet.device), 0)
        if known < len(self.sent):
            self.sent.clear()  # it was put back to an older day, or never had it


GOOD = ("stored", "known")


def _post(url: str, body: bytes) -> bytes:
    request = urllib.request.Request(
        url, body, {"Content-Type": "text/plain", "Sec-Fetch-Site": "same-origin"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        content: bytes = answer.read()
        return content
