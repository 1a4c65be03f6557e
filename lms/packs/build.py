"""Writing a pack to disk: under a temporary name first, so that a half-written one is never met."""

from __future__ import annotations

import os
from pathlib import Path

from lms.course.model import Course
from lms.packs.formats import FORMATS


def build(course: Course, format_name: str, folder: Path) -> Path:
    """Build one format of a course in `folder` and return the file's path; KeyError for an unknown format."""
    made = FORMATS[format_name]
    destination = folder / made.file_name(course)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = destination.with_name(f".{destination.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            file.write(made.write(course))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(destination)
    finally:
        unfinished.unlink(missing_ok=True)
    return destination
