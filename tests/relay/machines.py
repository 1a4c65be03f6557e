"""Servers in folders and networks of their own, and teachers' devices that walk from one to another."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cast import ROOT, free_port
from events_cast import Tablet

from tests.relay.places import Place

PATIENCE = 60.0  # seconds for a server to answer on a busy machine
FILES = "data"
GOOD = ("stored", "known")


@dataclass
class Machine:
    """A server with its folder; `clock` is how many days its clock is off."""

    name: str
    folder: Path
    place: Place
    days_off: int = 0
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://{self.place.address}:{self.port}"

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
            "LMS_HOST": self.place.address,
            "LMS_NODE": self.name,
            "LMS_ADDRESS": self.url,
            "LMS_SYNC_EVERY": "0.03",
            "DAYS_OFF": str(self.days_off),
            "FORWARDED_ALLOW_IPS": "*",  # each device has an address of its own, as it has in a school
        }

    def start(self) -> None:
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(
            [*self.place.command, sys.executable, Path(__file__).with_name("off_clock.py")],
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
            [*self.place.command, sys.executable, "-m", "lms", *arguments],
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
    address: str
    written: list[bytes] = field(default_factory=list)
    sent: set[bytes] = field(default_factory=set)

    def studies(self, count: int) -> None:
        self.written += [self.tablet.answers("senal", n % 4) for n in range(count)]

    def comes_to(self, machine: Machine) -> None:
        """Ask what the server still has, give what it lacks: some of it twice, in any order."""
        with suppress(OSError, ValueError, urllib.error.HTTPError):
            self._checks(machine)
            waiting = [line for line in self.written if line not in self.sent]
            if self.chance.random() < 0.3:
                self.chance.shuffle(waiting)  # so that the server has gaps for a while
            some = waiting[: self.chance.randint(1, 60)]
            some += self.chance.sample(self.written, min(len(self.written), self.chance.randint(0, 3)))
            self.chance.shuffle(some)
            if some:
                answer = self._post(f"{machine.url}/recibir", b"\n".join(some))
                results = json.loads(answer)["results"]
                received = {line for line, one in zip(some, results, strict=True) if one["status"] in GOOD}
                self.sent |= received

    def _checks(self, machine: Machine) -> None:
        heads = json.loads(self._post(f"{machine.url}/recibos", self.tablet.profile.encode()))["heads"]
        known = next((head[4] for head in heads if head[1] == self.tablet.device), 0)
        if known < len(self.sent):
            self.sent.clear()  # it was put back to an older day, or never had it

    def _post(self, url: str, body: bytes) -> bytes:
        headers = {
            "Content-Type": "text/plain",
            "Sec-Fetch-Site": "same-origin",
            "X-Forwarded-For": self.address,
        }
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=20) as answer:
            content: bytes = answer.read()
            return content
