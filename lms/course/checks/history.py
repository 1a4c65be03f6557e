"""Checks of what a course says about its earlier versions: progress refers to ids for ever."""

from collections.abc import Iterator
from typing import Any

from lms.course.draft import COURSE_FILE, Draft
from lms.course.model import Problem
from lms.course.structure import names
from lms.course.versions import is_version, numbers


def removed_names(draft: Draft) -> Iterator[Problem]:
    """A name that was taken away is never given to something else: old progress would count for it."""
    used = {
        name: f"{file}, línea {line}"
        for name, file, line in names(draft)
        if file in draft.named_files | {COURSE_FILE}
    }
    removed = _changes(draft).get("removed")
    for n, name in enumerate(removed if isinstance(removed, list) else []):
        if isinstance(name, str) and name in used:
            message = (
                f"«{name}» está en «removed» y se usa en {used[name]}. Un nombre quitado no se usa otra vez: "
                "ponle otro nombre a lo nuevo o, si no lo quitaste, bórralo de «removed»."
            )
            yield Problem(COURSE_FILE, draft.line("changes", "removed", n), message, code="removed-used")


def major_lessons(draft: Draft) -> Iterator[Problem]:
    """Completions start again only in lessons that are there, since a version that is being published."""
    lessons = {lesson for lesson, _ in draft.named_lessons}
    version = draft.course.data.get("version") if draft.course else None
    major = _changes(draft).get("major")
    for lesson, since in major.items() if isinstance(major, dict) else ():
        line = draft.line("changes", "major", lesson)
        if lesson not in lessons:
            message = f"No hay una lección «{lesson}» en el curso. Corrige el nombre o borra la línea."
            yield Problem(COURSE_FILE, line, message, code="unknown-major")
        elif is_version(since) and is_version(version) and numbers(since) > numbers(str(version)):
            message = (
                f"«{lesson}» nombra la versión «{since}», y el curso va en «{version}». "
                "Escribe la versión que vas a publicar."
            )
            yield Problem(COURSE_FILE, line, message, code="future-major")


def _changes(draft: Draft) -> dict[str, Any]:
    found = draft.course.data.get("changes") if draft.course else None
    return found if isinstance(found, dict) else {}


HISTORY_CHECKS = (removed_names, major_lessons)
