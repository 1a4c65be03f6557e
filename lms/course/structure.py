"""Checks without which there is no course to show: the loader runs these, and only these."""

from collections.abc import Iterator

from lms.course import glossary
from lms.course.draft import COURSE_FILE, Draft
from lms.course.model import Problem
from lms.course.schema import course_problems, lesson_problems


def in_order(problem: Problem) -> tuple[str, int, str]:
    """Sort key: by file, by line, so that an author goes through each file once."""
    return problem.file, problem.line, problem.message


def reading(draft: Draft) -> Iterator[Problem]:
    """Files that cannot be read, TOML or GIFT that cannot be understood, lessons without front matter."""
    yield from draft.problems


def keys(draft: Draft) -> Iterator[Problem]:
    """Keys of course.toml and of each lesson's front matter: missing, unknown, or of the wrong type."""
    if draft.course:
        yield from course_problems(draft.course)
    for lesson in draft.lessons.values():
        yield from lesson_problems(lesson.front)


def units_without_lessons(draft: Draft) -> Iterator[Problem]:
    """A unit has lessons; only the last one may be an assessment alone, that of the whole course."""
    units = list(draft.units)
    for i, unit in units:
        if "lessons" in unit or "product" in unit:
            continue
        line = draft.line("units", i, "id")
        if "assessment" not in unit:
            message = (
                f"La unidad «{unit.get('id')}» no tiene nada. "
                "Escribe sus lecciones («lessons») y su producto («product»), o bórrala."
            )
            yield Problem(COURSE_FILE, line, message, code="empty-unit")
        elif (i, unit) != units[-1] or len(units) == 1:
            message = (
                f"La unidad «{unit.get('id')}» no tiene lecciones. Solo la última puede ser una evaluación sola, "
                "la final del curso: ponla después de todas, o escribe sus lecciones y su producto."
            )
            yield Problem(COURSE_FILE, line, message, code="unit-without-lessons")


def missing_files(draft: Draft) -> Iterator[Problem]:
    """Lessons and banks that course.toml names and that are not there."""
    for lesson, line in draft.named_lessons:
        if f"lessons/{lesson}.md" not in draft.files:
            message = f"No existe la lección «{lesson}». Crea lessons/{lesson}.md o corrige el nombre."
            yield Problem(COURSE_FILE, line, message, code="missing-lesson")
    for i, assessment in draft.assessments:
        bank = assessment.get("bank")
        if isinstance(bank, str) and bank not in draft.files:
            message = f"No existe el banco de preguntas «{bank}». Créalo o corrige el nombre."
            line = draft.line("units", i, "assessment", "bank")
            yield Problem(COURSE_FILE, line, message, code="missing-bank")


def unlisted_files(draft: Draft) -> Iterator[Problem]:
    """Lessons and banks that are there and that course.toml does not name, so nobody will see them."""
    if draft.course is None:
        return
    for file in sorted(draft.files - draft.named_files - draft.media.keys()):
        message = (
            "Este archivo no está nombrado en course.toml: nadie lo verá. Nómbralo o sácalo de la carpeta."
        )
        yield Problem(file, 1, message, "warning", code="unlisted-file")


def duplicate_ids(draft: Draft) -> Iterator[Problem]:
    """Units, lessons, assessments and questions share one set of names in a course."""
    seen: dict[str, str] = {}
    for name, file, line in names(draft):
        if name in seen:
            message = (
                f"El nombre «{name}» ya se usa en {seen[name]}. Elige otro: cada nombre es único en el curso."
            )
            yield Problem(file, line, message, code="duplicate-id")
        else:
            seen[name] = f"{file}, línea {line}"


def reserved_ids(draft: Draft) -> Iterator[Problem]:
    """The glossary's page has an address that no lesson may take."""
    for lesson, line in draft.named_lessons:
        if lesson == glossary.PAGE:
            message = f"«{lesson}» es la página del glosario. Ponle otro nombre a la lección."
            yield Problem(COURSE_FILE, line, message, code="reserved-id")


def unclosed_gift(draft: Draft) -> Iterator[Problem]:
    """A ```gift block that nothing ends swallows the rest of the lesson."""
    for lesson in draft.lessons.values():
        if lesson.cut.unclosed:
            message = (
                "Este bloque de preguntas no termina. Escribe ``` en una línea sola, después de la última."
            )
            yield Problem(lesson.file, lesson.cut.unclosed, message, code="unclosed-gift")


def tangled_text(draft: Draft) -> Iterator[Problem]:
    """Text that would keep the Markdown parser busy for minutes."""
    for lesson in draft.lessons.values():
        if lesson.tangled:
            message = (
                "Aquí hay demasiados signos seguidos, listas dentro de listas o un párrafo larguísimo. "
                "Sepáralo con líneas en blanco y quita los signos que sobran."
            )
            yield Problem(lesson.file, lesson.tangled, message, code="tangled-text")


def names(draft: Draft) -> Iterator[tuple[str, str, int]]:
    """Yield every id of the course with its file and line, in the order an author would look for them."""
    for i, unit in draft.units:
        yield str(unit.get("id")), COURSE_FILE, draft.line("units", i, "id")
    for i, assessment in draft.assessments:
        yield str(assessment.get("id")), COURSE_FILE, draft.line("units", i, "assessment", "id")
    for lesson, line in draft.named_lessons:
        yield lesson, COURSE_FILE, line
    groups = [*(lesson.exercises for lesson in draft.lessons.values()), *draft.banks.values()]
    for group in groups:
        for exercise in group:
            yield exercise.name, exercise.file, exercise.line


STRUCTURE = (
    reading,
    keys,
    units_without_lessons,
    missing_files,
    unlisted_files,
    duplicate_ids,
    reserved_ids,
    unclosed_gift,
    tangled_text,
)
