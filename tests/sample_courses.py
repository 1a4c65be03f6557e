"""Tiny courses: `tests/samples/good` and, for each fault, the files that differ from it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

SAMPLES = Path(__file__).parent / "samples"
GOOD = SAMPLES / "good"
FINAL = SAMPLES / "final"
WITH_MEDIA = SAMPLES / "with-media"
EXPECTED = "expected.txt"
BEFORE = "before"

# Faults that would be heavy or impossible to keep as text.
MADE: dict[str, Callable[[Path], object]] = {
    "unreadable-file": lambda folder: (folder / "course.toml").unlink(),
    "text-too-large": lambda folder: _append(folder / "lessons/el-pozo.md", b"a b c d e\n" * 21_000),
    "no-glossary": lambda folder: (folder / "glossary.toml").unlink(),
    "not-utf8": lambda folder: _append(folder / "lessons/el-pozo.md", "señal\n".encode("latin-1")),
    "media-too-large": lambda folder: _append(folder / "media/pozo.svg", b"<!-- -->" * 40_000),
    "svg-too-large": lambda folder: _append(folder / "media/pozo.svg", b"<!-- -->" * 2_000),
}


def cases() -> list[str]:
    """Every fault that has a sample."""
    kept = {
        path.name for path in SAMPLES.iterdir() if path.is_dir() and path not in (GOOD, FINAL, WITH_MEDIA)
    }
    return sorted(kept | MADE.keys())


def sample(case: str, into: Path) -> Path:
    """Write the course with that fault; returns its folder."""
    folder = _good_with(SAMPLES / case, into)
    if case in MADE:
        MADE[case](folder)
    return folder


def before(case: str, into: Path) -> Path | None:
    """Write the version that was published earlier, where the fault is one of publishing; returns its folder."""
    differing = SAMPLES / case / BEFORE
    return _good_with(differing, into) if differing.is_dir() else None


def _good_with(differing: Path, into: Path) -> Path:
    folder = into / "agua"
    shutil.copytree(GOOD, folder)
    if differing.is_dir() and differing != GOOD:
        shutil.copytree(
            differing, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(EXPECTED, BEFORE)
        )
    return folder


def _append(file: Path, more: bytes) -> None:
    file.write_bytes(file.read_bytes() + more)
