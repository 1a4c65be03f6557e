"""The same sources give the same bytes, wherever, whenever and under whatever settings they are built."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from cast import ROOT
from sample_courses import WITH_MEDIA, sample

from lms.packs.formats import FORMATS

PROGRAM = """
import os, sys
from pathlib import Path
from lms.course.loader import load_course
from lms.packs.build import build
from lms.packs.home import Home
if __name__ == "__main__":
    os.umask(int(sys.argv[1], 8))
    course = load_course(Path("courses/agua")).course
    for name in sys.argv[2:]:
        build(course, name, Path("packs"), home=Home("https://aula.example", "A" * 87))
"""
NOON = "1772452800"  # 2026-03-02: the only day that is said, in ZIM, and a build to be repeated is told it
ONE = {"TZ": "America/Lima", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}
OTHER = {"TZ": "Asia/Kathmandu", "LC_ALL": "POSIX", "PYTHONHASHSEED": "4711"}


def checkout(place: Path, first: int) -> Path:
    """A copy of the program and of a course, with files of one age and in one order on the disk."""
    shutil.copytree(ROOT / "lms", place / "lms", ignore=shutil.ignore_patterns("__pycache__"))
    source = sample(WITH_MEDIA.name, place / "source")
    files = sorted(path for path in source.rglob("*") if path.is_file())
    for number, file in enumerate(files if first else reversed(files)):
        copy = place / "courses/agua" / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
        os.utime(copy, (first + number, first + number))
    shutil.rmtree(place / "source")
    return place


def built(place: Path, around: dict[str, str], umask: str, names: list[str]) -> dict[str, str]:
    """Build these formats in a process of its own; their SHA-256 by file name."""
    environment = {**os.environ, **around, "PYTHONPATH": str(place), "SOURCE_DATE_EPOCH": NOON}
    (place / "build.py").write_text(PROGRAM)
    ran = subprocess.run(
        [sys.executable, "build.py", umask, *names],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in (place / "packs").iterdir()}


@pytest.mark.parametrize(
    "names", [["site", "videos", "single", "single-audio", "epub", "scorm"], ["zim", "printed"]]
)
def test_two_checkouts_give_the_same_bytes(names: list[str], tmp_path: Path) -> None:
    one = checkout(tmp_path / "home/nélida/chaski", 1_000_000_000)
    other = checkout(tmp_path / "b", 0)

    first, second = built(one, ONE, "022", names), built(other, OTHER, "077", names)

    assert len(first) == len(names)
    assert first == second


def test_every_format_is_among_them() -> None:
    marks = test_two_checkouts_give_the_same_bytes.pytestmark  # type: ignore[attr-defined]
    assert {name for (mark,) in [marks] for names in mark.args[1] for name in names} == set(FORMATS)
