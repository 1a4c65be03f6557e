"""Where the words that a course explains are written, and the name of the page that shows them."""

from collections.abc import Iterable
from pathlib import Path

from lms.course.model import Course

# The page of a glossary stands beside the lessons: they link to it as [evidencia](glosario.md#evidencia).
PAGE = "glosario"
FILE = "glossary.toml"
# Courses stand in courses/, what they share in content/.
SHARED = f"../../content/{FILE}"


def glossary_file(folder: Path) -> str | None:
    """Say where the glossary of the course in `folder` is: its own, as a pack brings it, or the shared one."""
    return next((file for file in (FILE, SHARED) if (folder / file).is_file()), None)


def missing(courses: Iterable[Course]) -> dict[Path, list[str]]:
    """By the shared glossary that is not where it is looked for, the titles of the courses that link to its words."""
    found: dict[Path, list[str]] = {}
    for course in courses:
        linked = any(f"{PAGE}.md" in lesson.body for lesson in course.lessons)
        if linked and glossary_file(course.folder) is None:
            found.setdefault((course.folder / SHARED).resolve(), []).append(course.title)
    return found
