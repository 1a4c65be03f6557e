"""The scripts of a lesson page and of an export, compressed, against the page's budget and against their sources."""

from __future__ import annotations

import gzip
from collections.abc import Sequence

from bench.packs import COURSE
from lms.course.loader import load_course
from lms.learning.routes.shell import keys_script
from lms.web import assets

KIB = 1024
BUDGET = 15 * KIB


def run() -> list[tuple[str, float, str, float, float]]:
    """Return KiB of gzip: a lesson page's code with its unit's keys, and an export's code."""
    course = load_course(COURSE).course
    assert course is not None
    keys = max(_compressed(keys_script(course, unit)) for unit in course.units)
    page = _compressed(assets.script(assets.LIVE_SCRIPTS[assets.CORE])) + keys
    export, source = (
        _compressed(assets.script(assets.EXPORT_SCRIPT)),
        _compressed(_joined(assets.EXPORT_SCRIPT)),
    )
    return [
        ("scripts of a lesson page, gzip ÷ budget", page / KIB, "KiB", BUDGET / KIB, page / BUDGET),
        ("code of an export, gzip ÷ its sources", export / KIB, "KiB", source / KIB, export / source),
    ]


def _joined(names: Sequence[str]) -> str:
    return "\n".join(file.read_text("utf-8") for file in assets.script_files(names))


def _compressed(text: str) -> int:
    return len(gzip.compress(text.encode(), 9))
