"""Building packs, against a plain zip of the same sources."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
import sys
import time
import zipfile
from contextlib import nullcontext
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from lms.course.loader import load_course
from lms.course.made import kept
from lms.packs.apart import apart
from lms.packs.formats import FORMATS, Format

COURSE = Path(__file__).parent.parent / "courses" / "competencia-digital"  # the largest
RUNS = 3
WHOLE = ("zim", "printed")  # made apart by other libraries, whole each time, and slowly: once is enough
LIGHT, HEAVY = 5, 500  # MB of film
FILM = 20  # MB each: the heaviest that a course may have
_ALONE = """
import re, sys
from pathlib import Path
from lms.course.loader import load_course
from lms.packs.build import build
if __name__ == "__main__":
    course = load_course(Path(sys.argv[1])).course
    for name in sys.argv[3:]:
        build(course, name, Path(sys.argv[2]))
    # Not ru_maxrss, which a process has from who started it.
    print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024)
"""


def run() -> list[tuple[str, float, str, float, float]]:
    """Return seconds (course loaded and rendered anew; after one lesson changed) and bytes of each format."""
    zip_seconds, zip_bytes = _plain_zip()
    rows = []
    for name in ("site", "single", "epub", "scorm", *WHOLE):
        cold, size = _cold(name, 1 if name in WHOLE else RUNS)
        rows.append((f"pack build, {name} ÷ zip of the sources", cold, "s", zip_seconds, cold / zip_seconds))
        if name not in WHOLE:
            changed = _changed(FORMATS[name])
            rows.append(
                (f"pack build, {name}, one lesson changed ÷ cold", changed, "s", cold, changed / cold)
            )
        kib, plain = size / 1024, zip_bytes / 1024
        rows.append((f"pack size, {name} ÷ zip of the sources", kib, "KiB", plain, kib / plain))
    return [*rows, _memory("site", "videos")]


def _memory(*formats: str) -> tuple[str, float, str, float, float]:
    """Peak memory of building with a lot of film against little, each in a process of its own."""
    light, heavy = (_peak(weight, formats) for weight in (LIGHT, HEAVY))
    what = f"peak memory, {' and '.join(formats)} with {HEAVY} MB of film ÷ {LIGHT} MB"
    return what, heavy, "MiB", light, heavy / light


def _peak(megabytes: int, formats: tuple[str, ...]) -> float:
    with TemporaryDirectory() as place:
        folder = Path(place) / COURSE.name
        shutil.copytree(COURSE, folder)
        lesson = sorted((folder / "lessons").glob("*.md"))[0]
        for number, begun in enumerate(range(0, megabytes, FILM)):
            film = folder / f"media/film-{number}.mp4"
            film.write_bytes(random.Random(number).randbytes(min(FILM, megabytes - begun) * 1_000_000))
            with lesson.open("a", encoding="utf-8") as text:
                text.write(f"\n\n![Mira cómo se hace.](../media/{film.name})\n")
        ran = subprocess.run(
            [sys.executable, "-c", _ALONE, folder, Path(place) / "packs", *formats],
            check=True,
            capture_output=True,
            text=True,
        )
        return float(ran.stdout)


def _cold(name: str, runs: int) -> tuple[float, int]:
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        size = apart(_built, name) if FORMATS[name].apart else _built(name)
        times.append(time.perf_counter() - begun)
    return median(times), size


def _built(name: str) -> int:
    """Build as `lms pack build` does the first time: nothing is kept yet, and what can be is."""
    made = FORMATS[name]
    with TemporaryDirectory() as folder, nullcontext() if made.apart else kept(Path(folder) / "rendered"):
        return _build(made, COURSE)


def _changed(made: Format) -> float:
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


def _build(made: Format, folder: Path) -> int:
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
