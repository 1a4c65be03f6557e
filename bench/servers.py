"""Servers under measurement: ours, with SQLite or a PostgreSQL of its own, and a bare Starlette on the same uvicorn."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from lms.sync.routes.lines import BURST, LINES_FOR_ONE

ROOT = Path(__file__).parent.parent

BARE = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
body = open(sys.argv[2], "rb").read()
async def page(request):
    return Response(body, media_type="text/html")
app = Starlette(routes=[Route("/", page)])
uvicorn.run(app, port=int(sys.argv[1]), ws="none", log_config=None, access_log=False)
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A started server: its port, process id, seconds from start to the first 200, and what it logs."""

    port: int
    pid: int
    seconds: float
    log: Path

    def resident(self) -> float:
        """Return resident memory in MiB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def processor(self) -> float:
        """Return the seconds of processor time that it has used."""
        times = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")

    def wait_until_warm(self) -> None:
        """Wait until it has made ready what the first readers would wait for."""
        begun = time.perf_counter()
        while '"message": "warm"' not in self.log.read_text():
            assert time.perf_counter() - begun < 60, "the server was not warm within a minute"
            time.sleep(0.05)


@contextmanager
def ours(data: Path, courses: Path | None = None, **settings: str) -> Iterator[Running]:
    """Run our server on its own data folder, with its own courses or these, and more settings if there are any."""
    port = _free_port()
    environment = {
        **os.environ,
        "LMS_DATA": str(data),
        "LMS_PORT": str(port),
        "LMS_PACKS": str(data / "packs"),
        **settings,
    }
    if courses:
        environment["LMS_COURSES"] = str(courses)
    data.mkdir(exist_ok=True)
    with _started([sys.executable, "-m", "lms", "serve"], environment, port, data / "log") as running:
        yield running


@contextmanager
def postgres(options: str = "") -> Iterator[Any]:
    """Run a PostgreSQL as the tests have one, but that writes all to disk, and remove it."""
    sys.path.append(str(ROOT / "tests"))
    from postgres_server import Postgres

    cluster = Postgres(options)
    try:
        yield cluster
    finally:
        cluster.stop()


def on(database: str) -> dict[str, str]:
    """Settings for our server to use the PostgreSQL database at this address."""
    return {"LMS_DATABASE": database, "LMS_SECRET": "a key that is good for a measurement"}


@contextmanager
def bare(page: Path) -> Iterator[Running]:
    """Run Starlette with one route that returns the bytes of `page` from memory."""
    port = _free_port()
    command = [sys.executable, "-c", BARE, str(port), str(page)]
    with _started(command, dict(os.environ), port, page.with_suffix(".log")) as running:
        yield running


@contextmanager
def _started(command: list[str], environment: dict[str, str], port: int, log: Path) -> Iterator[Running]:
    # Installed code is compiled already; whoever measures may have told Python not to keep what it compiles.
    environment = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with log.open("wb") as file:
        begun = time.perf_counter()
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=file, stderr=file)
    try:
        while not _answers(port):
            assert process.poll() is None, "the server stopped before it answered"
            assert time.perf_counter() - begun < 60, "the server did not answer within a minute"
            time.sleep(0.005)
        yield Running(port, process.pid, time.perf_counter() - begun, log)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return b" 200 " in connection.recv(64)
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Sender:
    """One kept-alive connection of a page of ours, that costs the machine as little as it can.

    A server takes only so much from one address; who has sent that goes on from another of this machine's.
    """

    _senders = count()

    def __init__(self, port: int) -> None:
        self._port = port
        self._origin = f"127.0.0.1:{port}"
        self._connect()

    def _connect(self) -> None:
        self._left = BURST
        number = next(self._senders)
        address = f"127.0.{number // 250}.{number % 250 + 2}"
        self._socket = socket.create_connection(
            ("127.0.0.1", self._port), timeout=120, source_address=(address, 0)
        )
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Sender:
        return self

    def __exit__(self, *error: object) -> None:
        self._socket.close()

    def post(self, path: str, body: bytes, kind: str = "text/plain") -> bytes:
        """Send `body` and return the body of the answer, which must be a 200; who is told to come again does."""
        cost = 1 + (body.count(b"\n") + 1) // LINES_FOR_ONE
        if self._left < cost:
            self._connect_again()
        self._left -= cost
        head, answer = self._asked(path, body, kind)
        while b" 429 " in head[:20]:
            time.sleep(int(_field(head, b"retry-after")))
            self._connect_again()
            head, answer = self._asked(path, body, kind)
        assert b" 200 " in head[:20], head
        return answer

    def _connect_again(self) -> None:
        self._socket.close()
        self._connect()

    def _asked(self, path: str, body: bytes, kind: str) -> tuple[bytes, bytes]:
        """The head and the body of the answer."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._origin}\r\nOrigin: http://{self._origin}\r\n"
            f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._socket.sendall(head.encode() + body)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._received()
        head_of_answer, _, found = answer.partition(b"\r\n\r\n")
        parts, missing = [found], int(_field(head_of_answer, b"content-length")) - len(found)
        while missing:
            parts.append(self._received())
            missing -= len(parts[-1])
        return head_of_answer, b"".join(parts)

    def _received(self) -> bytes:
        received = self._socket.recv(1 << 18)
        assert received, "the server hung up"
        return received


def ask(port: int, path: str, *, cookie: str = "", total: int = 3000, connections: int = 8) -> None:
    """Ask again and again over kept-alive connections, gzip accepted, every answer a 200."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip"]
    lines += [f"Cookie: {cookie}"] if cookie else []
    request = "\r\n".join([*lines, "", ""]).encode()

    async def one(count: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(count):
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert b" 200 " in head[:20], head[:80]
            await reader.readexactly(int(_field(head, b"content-length")))
        writer.close()
        await writer.wait_closed()

    async def all_of_them() -> None:
        await asyncio.gather(*(one(total // connections) for _ in range(connections)))

    asyncio.run(all_of_them())


def _field(head: bytes, wanted: bytes) -> bytes:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == wanted:
            return value
    raise AssertionError(f"an answer without {wanted.decode()}")
