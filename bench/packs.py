"""Building packs, against a plain zip of the same sources."""

from __future__ import annotations

import io
import shutil
import time
import zipfile
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from types import ModuleType

from lms.course.loader import load_course
from lms.course.rendered import kept
from lms.packs.formats import FORMATS, quick_formats

COURSE = Path(__file__).parent.parent / "courses" / "competencia-digital"  # the largest
RUNS = 3


def run() -> list[tuple[str, float, str, float, float]]:
    """Return seconds (course loaded and rendered anew; after one lesson changed) and bytes of each format."""
    zip_seconds, zip_bytes = _plain_zip()
    rows = []
    for name in quick_formats():
        cold, size = _cold(FORMATS[name])
        changed = _changed(FORMATS[name])
        rows += [
            (f"pack build, {name} ÷ zip of the sources", cold, "s", zip_seconds, cold / zip_seconds),
            (f"pack build, {name}, one lesson changed ÷ cold", changed, "s", cold, changed / cold),
            (
                f"pack size, {name} ÷ zip of the sources",
                size / 1024,
                "KiB",
                zip_bytes / 1024,
                size / zip_bytes,
            ),
        ]
    return rows


def _cold(made: ModuleType) -> tuple[float, int]:
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        size = _build(made, COURSE)
        times.append(time.perf_counter() - begun)
    return median(times), size


def _changed(made: ModuleType) -> float:
    """Seconds with what was kept of the build before, in which one lesson was another."""
    times = []
    with TemporaryDirectory() as folder:
        courses, file = Path(folder) / "courses", Path(folder) / "rendered"
        shutil.copytree(COURSE, courses / COURSE.name)
        shutil.copytree(COURSE.parent.parent / "content", Path(folder) / "content")
        lesson = next((courses / COURSE.name / "lessons").glob("*.md"))
        text = lesson.read_text("utf-8")
        for change in range(RUNS + 1):
            lesson.write_text(f"{text}\nUna frase más: {change}.\n", "utf-8")
            begun = time.perf_counter()
            with kept(file):
                _build(made, courses / COURSE.name)
            times.append(time.perf_counter() - begun)
    return median(times[1:])


def _build(made: ModuleType, folder: Path) -> int:
    course = load_course(folder).course
    assert course is not None
    return len(made.write(course))


def _plain_zip() -> tuple[float, int]:
    begun = time.perf_counter()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(COURSE.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(COURSE))
    return time.perf_counter() - begun, len(buffer.getvalue())
