"""Checks of questions and rules: enough of them to learn from and to draw from, and rules a teacher can meet.

What is wrong inside one question, `gift.parse_gift` says.
"""

from collections.abc import Iterator

from lms.course.draft import COURSE_FILE, Draft
from lms.course.model import Problem

FEWEST_QUESTIONS = 4
# With fewer, a second attempt is mostly the same questions.
BANK_TIMES_DRAW = 2
# Marks are vigesimal.
LOWEST_PASS, HIGHEST_PASS = 1, 20
# One attempt would make of an evaluation a trap; hundreds would make of it a lottery.
FEWEST_ATTEMPTS, MOST_ATTEMPTS = 2, 20


def few_questions(draft: Draft) -> Iterator[Problem]:
    """A lesson asks at least four questions."""
    broken = {problem.file for problem in draft.problems if problem.severity == "error"}
    for lesson in draft.lessons.values():
        count = len(lesson.exercises)
        if count < FEWEST_QUESTIONS and lesson.file not in broken:
            line = lesson.cut.blocks[0].line if lesson.cut.blocks else lesson.line
            message = (
                f"La lección tiene {count} preguntas que se califican. Escribe al menos {FEWEST_QUESTIONS}."
            )
            yield Problem(lesson.file, line, message, code="few-questions")


def small_banks(draft: Draft) -> Iterator[Problem]:
    """A bank holds at least twice what each attempt draws."""
    for i, assessment in draft.assessments:
        bank, drawn = draft.banks.get(str(assessment.get("bank"))), assessment.get("draw")
        if bank is not None and isinstance(drawn, int) and len(bank) < BANK_TIMES_DRAW * drawn:
            message = (
                f"El banco tiene {len(bank)} preguntas y cada intento saca {drawn}. "
                f"Debe tener al menos {BANK_TIMES_DRAW * drawn}."
            )
            line = draft.line("units", i, "assessment", "draw")
            yield Problem(COURSE_FILE, line, message, code="small-bank")


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


QUESTION_CHECKS = (few_questions, small_banks, pass_mark, attempts)
