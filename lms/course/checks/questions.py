"""Checks of questions: enough of them to learn from and to draw from.

What is wrong inside one question, `gift.parse_gift` says.
"""

from collections.abc import Iterator

from lms.course.draft import COURSE_FILE, Draft
from lms.course.exercises import single
from lms.course.model import Exercise, Problem

FEWEST_QUESTIONS = 4
# With fewer, a second attempt is mostly the same questions.
BANK_TIMES_DRAW = 2
# Of four options the right one is the longest in one question of four, by chance; in fewer than eight
# questions chance may do anything.
MOST_LONGEST, FEWEST_CHOICES = 0.4, 8
NAMED = 3


def few_questions(draft: Draft) -> Iterator[Problem]:
    """A lesson asks at least four questions."""
    broken = {problem.file for problem in draft.problems if problem.severity == "error"}
    for lesson in draft.lessons.values():
        count = len(lesson.exercises)
        if count < FEWEST_QUESTIONS and lesson.file not in broken:
            line = lesson.cut.blocks[0].line if lesson.cut.blocks else lesson.line
            has = "1 pregunta que se califica" if count == 1 else f"{count} preguntas que se califican"
            message = f"La lección tiene {has}. Escribe al menos {FEWEST_QUESTIONS}."
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


def longest_options(draft: Draft) -> Iterator[Problem]:
    """In a bank, and in a course's lessons together, the longest option is not mostly the right one."""
    lessons = tuple(exercise for lesson in draft.lessons.values() for exercise in lesson.exercises)
    for group in (lessons, *draft.banks.values()):
        choices = [exercise for exercise in group if exercise.type == single.NAME]
        telling = sorted((one for one in choices if _excess(one) > 1), key=_excess, reverse=True)
        if len(choices) >= FEWEST_CHOICES and len(telling) > MOST_LONGEST * len(choices):
            where = "las lecciones" if group is lessons else "este banco"
            names = ", ".join(f"«{exercise.name}»" for exercise in telling[:NAMED])
            message = (
                f"En {len(telling)} de las {len(choices)} preguntas de una respuesta de {where}, la correcta es "
                f"la más larga, y se adivina sin leer. Acórtala o alarga otra. Las que más se notan: {names}."
            )
            yield Problem(telling[0].file, telling[0].line, message, "warning", code="longest-option")


def one_kind(draft: Draft) -> Iterator[Problem]:
    """A lesson asks in more than one way: choosing among options is not all a teacher does."""
    for lesson in draft.lessons.values():
        if lesson.exercises and all(exercise.type == single.NAME for exercise in lesson.exercises):
            message = (
                "Todas las preguntas de la lección son de una respuesta correcta. Cambia una por otro tipo: "
                "ordenar, emparejar, número, respuesta corta, varias respuestas, verdadero o falso."
            )
            yield Problem(lesson.file, lesson.exercises[0].line, message, "warning", code="one-kind")


def _excess(exercise: Exercise) -> float:
    """Tell how many times longer than the longest wrong option the longest right one is."""
    right, wrong = (
        max((len(one.text) for one in exercise.options if (one.weight == 1) is is_right), default=0)
        for is_right in (True, False)
    )
    return right / wrong if wrong else 0


QUESTION_CHECKS = (few_questions, small_banks, longest_options, one_kind)
