"""Who and what the tests share: the real course, a teacher, and servers started as a person would."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
COURSE = ROOT / "courses" / "alfabetizacion-digital"

# What signs cookies where nobody's data folder can hold it.
SECRET = "una llave que solo sirve en las pruebas"  # noqa: S105 - it protects nothing

# A teacher, as she fills in the form of a new account.
NELIDA = {
    "tipo": "dni",
    "documento": "40000002",
    "nombres": "Nélida",
    "paterno": "Quispe",
    "materno": "Ñahui",
    "pin": "482913",
    "pin2": "482913",
    "acepto": "si",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A server of its own: `url` without a final slash, its data folder, its process."""

    url: str
    data: Path
    process: subprocess.Popen[bytes]


def start_server(data: Path, port: int | None = None, courses: Path | None = None) -> Server:
    """Start `lms serve` as a person would, with its own or these courses, and wait until it answers."""
    port = port or free_port()
    environment = {
        **os.environ,
        "LMS_DATA": str(data),
        "LMS_PORT": str(port),
        "LMS_PACKS": str(data / "packs"),
    }
    if courses:
        environment["LMS_COURSES"] = str(courses)
    log = (data / "server.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, "-m", "lms", "serve"], env=environment, cwd=ROOT, stdout=log, stderr=log
    )
    log.close()
    url = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"{url}/", timeout=5) as answer:
                assert answer.status == 200
                return Server(url, data, process)
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    process.kill()
    process.wait()
    raise AssertionError(f"the server did not start:\n{(data / 'server.log').read_text()}")


def stop_server(server: Server) -> None:
    """Ask the server to stop and wait for it."""
    server.process.terminate()
    server.process.wait(timeout=20)


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
