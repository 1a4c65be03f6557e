"""Making a booklet: laid out once, and again where a printable sheet did not fit its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from lms.course.model import Course, Unit
from lms.packs.booklet import booklet
from lms.packs.pdf import Pages, two_up

Shape = Literal["pdf", "pdf-2", "html"]
SHAPES: tuple[Shape, ...] = get_args(Shape)


@dataclass(frozen=True, slots=True)
class Booklet:
    """A finished booklet; `pages` is 0 where only the printer will know.

    `overflowing` are the lessons whose sheet takes more than a page even in small type.
    """

    file_name: str
    content: bytes
    pages: int = 0
    overflowing: tuple[str, ...] = ()


def make_booklet(course: Course, units: Sequence[Unit], site: str, shape: Shape) -> Booklet:
    """Make the booklet of these units: a PDF, one with two pages on each sheet (`pdf-2`), or HTML."""
    only = (
        f"-unidad-{units[0].number}" if len(units) < sum(1 for unit in course.units if unit.lessons) else ""
    )
    name = f"{course.id}-{course.version}{only}-cuadernillo"
    lessons = [lesson.id for unit in units for lesson in unit.lessons]
    if shape == "html":
        return Booklet(f"{name}.html", booklet(course, units, site).encode())
    pages = Pages(booklet(course, units, site))
    tight = pages.overflowing(lessons)
    if tight:
        pages = Pages(booklet(course, units, site, tight))
    left = tuple(pages.overflowing(lessons))
    pdf = pages.pdf()
    if shape == "pdf-2":
        return Booklet(f"{name}-2.pdf", two_up(pdf), -(-len(pages) // 2), left)
    return Booklet(f"{name}.pdf", pdf, len(pages), left)
