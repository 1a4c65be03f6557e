"""The booklet as a PDF, to print or to read; what makes it comes with the extra `pdf`."""

from __future__ import annotations

from typing import BinaryIO

from lms.course.model import Course
from lms.packs.home import NOWHERE, Home

NAME = "printed"
SUFFIX = ".pdf"
MEDIA_TYPE = "application/pdf"
LABEL = "Cuadernillo para imprimir (PDF)"
AUDIENCE = "Para imprimir o sacar copias: lecciones, hojas y, al final, las respuestas."
NEEDS = ("weasyprint", "pypdf")
APART = True


def write_to(course: Course, out: BinaryIO, home: Home = NOWHERE) -> None:
    """Write the PDF, with codes to scan where the site's address is known."""
    from lms.packs.printing import make_booklet

    taught = tuple(unit for unit in course.units if unit.lessons)
    out.write(make_booklet(course, taught, home.address, "pdf").content)
