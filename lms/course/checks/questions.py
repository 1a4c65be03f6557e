"""Checks of questions: enough of them to learn from and to draw from.

What is wrong inside one question, `gift.parse_gift` says.
"""

from collections.abc import Iterator

from lms.course.draft import COURSE_FILE, Draft
from lms.course.model import Problem

FEWEST_QUESTIONS = 4
# With fewer, a second attempt is mostly the same questions.
BANK_TIMES_DRAW = 2


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


QUESTION_CHECKS = (few_questions, small_banks)
