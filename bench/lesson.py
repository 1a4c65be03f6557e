"""Lesson pages that a second of processor time serves, against a bare Starlette returning the same bytes from memory.

Processor time and not the clock's: who asks needs about as much of it as who answers, and shares the machine.
"""

from __future__ import annotations

import http.client
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from bench.servers import Running, ask, bare, ours

COURSE = "/cursos/alfabetizacion-digital"
PATH = f"{COURSE}/conozco-mi-equipo"
DONE = ("gestos-mouse-y-teclado", "ajustes-que-me-ayudan", "cuidar-el-equipo")
ROUNDS = 10
REQUESTS = 1600

PERSON = {
    "tipo": "dni",
    "documento": "40000002",
    "nombres": "Nélida",
    "paterno": "Quispe",
    "pin": "482913",
    "pin2": "482913",
    "acepto": "si",
}


def run() -> list[tuple[str, float, str, float, float]]:
    """Measure a page for anybody, and one with a person's name and progress; each time its whole bytes are sent."""
    with tempfile.TemporaryDirectory() as folder, ours(Path(folder) / "data") as running:
        running.wait_until_warm()
        return [
            _row("lesson page × bare Starlette, same bytes", running, Path(folder) / "anybody"),
            _row(
                "lesson page, signed in × bare Starlette, same bytes",
                running,
                Path(folder) / "person",
                _sign_up(running.port),
            ),
        ]


def _row(what: str, running: Running, page: Path, cookie: str = "") -> tuple[str, float, str, float, float]:
    page.write_bytes(_get(running.port, cookie))
    with bare(page) as baseline:
        ours_seconds = bare_seconds = 0.0
        for _ in range(ROUNDS):
            ours_seconds += _seconds(running, PATH, cookie)
            bare_seconds += _seconds(baseline, "/", cookie)
    total = ROUNDS * REQUESTS
    return (what, total / ours_seconds, "pages/CPU s", total / bare_seconds, bare_seconds / ours_seconds)


def _seconds(server: Running, path: str, cookie: str) -> float:
    begun = server.processor()
    ask(server.port, path, cookie=cookie, total=REQUESTS)
    return server.processor() - begun


def _get(port: int, cookie: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", PATH, headers={"Accept-Encoding": "gzip", "Cookie": cookie})
    answer = connection.getresponse()
    assert answer.getheader("Content-Encoding") == "gzip"
    return answer.read()


def _sign_up(port: int) -> str:
    """Make an account with some lessons done; the cookies of its browser."""
    cookie = _post(port, "/crear-cuenta", PERSON)
    for lesson in DONE:
        _post(port, f"{COURSE}/{lesson}", {"complete": lesson}, cookie)
    return cookie


def _post(port: int, path: str, form: dict[str, str], cookie: str = "") -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://127.0.0.1:{port}",
        "Cookie": cookie,
    }
    connection.request("POST", path, urlencode(form), headers)
    answer = connection.getresponse()
    assert answer.status == 303, answer.read()
    cookies = answer.headers.get_all("Set-Cookie") or []
    return "; ".join(one.partition(";")[0] for one in cookies)
