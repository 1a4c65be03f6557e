"""What is searched: the passages of each course, and a fingerprint that tells when they changed."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lms.course.model import Course
    from lms.course.texts import Passage

# Raise it when indexes made before cannot be read any more: they are then made again.
LAYOUT = 4

ABOUT = "about.json"  # a complete index has it


@dataclass(frozen=True, slots=True)
class Source:
    """One course to index: its passages in order, and the number ("1.2") of each lesson."""

    course: str
    title: str
    passages: "tuple[Passage, ...]"
    numbers: "Mapping[str, str]"


def source(course: "Course") -> Source:
    """Read a course's passages; this renders its Markdown, so it takes a moment."""
    from lms.course import texts  # all that renders: a server starts without it

    numbers = {lesson.id: lesson.number for lesson in course.lessons}
    return Source(course.id, course.title, texts.passages(course), numbers)


def fingerprint(courses: "Iterable[Course]") -> str:
    """The same for the same texts and the same analysis: 16 hex signs that name an index."""
    from lms.course.analysis import VERSION

    digest = hashlib.sha256(f"{VERSION}.{LAYOUT}".encode())
    for course in sorted(courses, key=lambda course: course.id):
        digest.update(f"\0{course.id}\0{course.title}".encode())
        for lesson in course.lessons:
            digest.update(
                f"\0{lesson.id}\0{lesson.number}\0{lesson.title}\0{lesson.objective}\0{lesson.body}".encode()
            )
            digest.update("\0".join(("", *lesson.keywords)).encode())
    return digest.hexdigest()[:16]
