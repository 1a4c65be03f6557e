"""Lesson pages a second, against a bare Starlette that returns the same bytes from memory."""

from __future__ import annotations

import tempfile
import urllib.request
from pathlib import Path
from statistics import median

from bench.servers import bare, ours, requests_per_second

PATH = "/cursos/alfabetizacion-digital/conozco-mi-equipo"
RUNS = 3


def run() -> list[tuple[str, float, str, float, float]]:
    """Measure both alternately; the baseline sends as many bytes as our compressed page."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        with ours(Path(folder) / "data") as running:
            request = urllib.request.Request(
                f"http://127.0.0.1:{running.port}{PATH}", headers={"Accept-Encoding": "gzip"}
            )
            with urllib.request.urlopen(request) as answer:
                page.write_bytes(answer.read())
            with bare(page) as baseline:
                pairs = [
                    (requests_per_second(running.port, PATH), requests_per_second(baseline.port, "/"))
                    for _ in range(RUNS)
                ]
    lesson, bare_page = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    return [
        ("lesson page × bare Starlette, same bytes", lesson, "requests/s", bare_page, lesson / bare_page),
    ]
