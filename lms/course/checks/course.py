"""Checks of the course as a whole: a name under which it is found, and rules a teacher can meet."""

from collections.abc import Iterator

from lms.course.draft import COURSE_FILE, Draft
from lms.course.model import Problem

# Marks are vigesimal.
LOWEST_PASS, HIGHEST_PASS = 1, 20
# One attempt would make of an evaluation a trap; hundreds would make of it a lottery.
FEWEST_ATTEMPTS, MOST_ATTEMPTS = 2, 20


def folder_name(draft: Draft) -> Iterator[Problem]:
    """The folder is called as the course is, or two folders may come to hold one course."""
    course_id, folder = draft.course_id, draft.folder.resolve().name
    if course_id and course_id != folder:
        message = (
            f"El curso se llama «{course_id}» y su carpeta «{folder}». "
            "Dale a la carpeta el nombre del curso; si es un curso nuevo, ponle su propio «id»."
        )
        yield Problem(COURSE_FILE, draft.line("id"), message, "warning", code="id-is-not-folder")


def pass_mark(draft: Draft) -> Iterator[Problem]:
    """The mark to pass is one that exists."""
    mark = draft.course.data.get("pass_mark") if draft.course else None
    if isinstance(mark, int) and not LOWEST_PASS <= mark <= HIGHEST_PASS:
        message = (
            f"«pass_mark» es la nota para aprobar: va de {LOWEST_PASS} a {HIGHEST_PASS}. Lo usual es 14."
        )
        yield Problem(COURSE_FILE, draft.line("pass_mark"), message, code="pass-mark")


def attempts(draft: Draft) -> Iterator[Problem]:
    """Whoever fails may try again."""
    count = draft.course.data.get("attempts") if draft.course else None
    if isinstance(count, int) and not FEWEST_ATTEMPTS <= count <= MOST_ATTEMPTS:
        message = f"«attempts» va de {FEWEST_ATTEMPTS} a {MOST_ATTEMPTS} intentos. Lo usual es 3."
        yield Problem(COURSE_FILE, draft.line("attempts"), message, code="attempts")


COURSE_CHECKS = (folder_name, pass_mark, attempts)
