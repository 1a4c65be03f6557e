"""Building packs, against a plain zip of the same sources."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path
from statistics import median

from lms.course.loader import load_course
from lms.packs.formats import FORMATS, quick_formats

COURSE = Path(__file__).parent.parent / "courses" / "competencia-digital"  # the largest
RUNS = 3


def run() -> list[tuple[str, float, str, float, float]]:
    """Return seconds (course loaded and rendered anew) and bytes of each format."""
    zip_seconds, zip_bytes = _plain_zip()
    rows = []
    for name in quick_formats():
        made = FORMATS[name]
        times = []
        for _ in range(RUNS):
            begun = time.perf_counter()
            course = load_course(COURSE).course
            assert course is not None
            content = made.write(course)
            times.append(time.perf_counter() - begun)
        seconds = median(times)
        rows.append(
            (f"pack build, {name} ÷ zip of the sources", seconds, "s", zip_seconds, seconds / zip_seconds)
        )
        size = len(content) / 1024
        rows.append(
            (
                f"pack size, {name} ÷ zip of the sources",
                size,
                "KiB",
                zip_bytes / 1024,
                size * 1024 / zip_bytes,
            )
        )
    return rows


def _plain_zip() -> tuple[float, int]:
    begun = time.perf_counter()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(COURSE.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(COURSE))
    return time.perf_counter() - begun, len(buffer.getvalue())
