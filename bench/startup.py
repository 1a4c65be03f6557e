"""Cold start to the first 200, and resident memory once all is ready, against a bare Starlette on the same uvicorn."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from bench.servers import ask, bare, ours

RUNS = 5


def run() -> list[tuple[str, float, str, float, float]]:
    """Measure both servers alternately; the first run of ours (migrations, index) is not counted."""
    with tempfile.TemporaryDirectory() as folder:
        data, page = Path(folder) / "data", Path(folder) / "page.html"
        page.write_text("<!doctype html><title>x</title>")
        with ours(data) as running:
            running.wait_until_warm()
        starts, bare_starts, idle, bare_idle, used = [], [], [], [], []
        for _ in range(RUNS):
            with ours(data) as running:
                starts.append(running.seconds * 1000)
                running.wait_until_warm()
                idle.append(running.resident())
                ask(running.port, "/cursos/alfabetizacion-digital", total=400)
                ask(running.port, "/buscar?q=bateria", total=80)
                used.append(running.resident())
            with bare(page) as running:
                bare_starts.append(running.seconds * 1000)
                bare_idle.append(running.resident())
    start, bare_start = median(starts), median(bare_starts)
    memory, after, bare_memory = median(idle), median(used), median(bare_idle)
    return [
        ("cold start to first 200 × bare Starlette", start, "ms", bare_start, start / bare_start),
        ("resident memory, idle × bare Starlette", memory, "MiB", bare_memory, memory / bare_memory),
        ("resident memory, after use × bare Starlette", after, "MiB", bare_memory, after / bare_memory),
    ]
