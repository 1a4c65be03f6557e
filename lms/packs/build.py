"""Writing a pack to disk."""

from __future__ import annotations

from pathlib import Path

from lms.course.model import Course
from lms.files import write_whole
from lms.packs.formats import FORMATS


def build(course: Course, format_name: str, folder: Path) -> Path:
    """Build one format of a course in `folder` and return the file's path; KeyError for an unknown format."""
    made = FORMATS[format_name]
    destination = folder / made.file_name(course)
    write_whole(destination, made.write(course))
    return destination
