"""Checks of what a course says about its earlier versions, and comparisons with a published one.

Progress refers to ids for ever: none may vanish unsaid, come back as something else, or change what it is.
A comparison takes the published edition and the new one, and yields problems of the new one.
"""

from collections.abc import Iterator
from typing import Any

from lms.course.draft import COURSE_FILE, Draft
from lms.course.edition import WORDS, Edition, Named, differences
from lms.course.model import Problem
from lms.course.numbers import FILE, numbers_of
from lms.course.structure import names
from lms.course.versions import following, is_version, numbers

NEVER = "0.0.0"


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


def course_ids(old: Edition, new: Edition) -> Iterator[Problem]:
    """A course keeps its id: under another one it would be another course, with nobody's progress."""
    if old.course.id != new.course.id:
        message = (
            f"El curso se publicó como «{old.course.id}» y ahora se llama «{new.course.id}». "
            f'Devuélvele id = "{old.course.id}": el avance se guarda con ese nombre.'
        )
        yield Problem(COURSE_FILE, new.draft.line("id"), message, code="course-id")


def gone_names(old: Edition, new: Edition) -> Iterator[Problem]:
    """What was published is still there, or is named among what was removed on purpose."""
    for named in old.names.values():
        if named.id not in new.names and named.id not in new.course.changes.removed:
            message = (
                f"Falta la {WORDS[named.kind][0]} «{named.id}», {_place(named, old)}. "
                f'Devuélvela o, si la quitaste a propósito, agrega "{named.id}" a «removed», en [changes].'
            )
            yield Problem(COURSE_FILE, new.draft.line("changes", "removed"), message, code="gone-id")


def changed_kinds(old: Edition, new: Edition) -> Iterator[Problem]:
    """An id stays what it was: the same kind of thing and, if a question, of the same type."""
    for named in new.names.values():
        before = old.names.get(named.id)
        if before is None or (before.kind, before.type) == (named.kind, named.type):
            continue
        if before.kind == named.kind:
            changed = f"«{named.id}» pide ahora otro tipo de respuesta que la {_place(before, old)}"
        else:
            is_now, was = WORDS[named.kind][0], WORDS[before.kind][0]
            changed = f"«{named.id}» es ahora una {is_now}; antes era una {was}, {_place(before, old)}"
        message = f'{changed}. Ponle otro nombre y agrega "{named.id}" a «removed», en [changes].'
        yield Problem(named.file, named.line, message, code="changed-kind")


def versions(old: Edition, new: Edition) -> Iterator[Problem]:
    """What changed is published under a higher version, so that two copies can be told apart."""
    before, now = old.course.version, new.course.version
    line = new.draft.line("version")
    if numbers(now) < numbers(before):
        message = (
            f"La versión «{now}» es menor que la publicada, «{before}». Escribe una mayor, "
            f'como "{following(before, 2)}". Cada número se compara como número: 1.10.0 va después de 1.9.0.'
        )
        yield Problem(COURSE_FILE, line, message, code="version-lowered")
    elif now == before and (differences(old, new) or old.course.changes != new.course.changes):
        message = (
            f"El curso cambió y su versión sigue en «{now}». Escribe "
            f'"{following(now, 2)}" si corregiste, o "{following(now, 1)}" si agregaste o quitaste algo.'
        )
        yield Problem(COURSE_FILE, line, message, code="version-kept")


def major_versions(old: Edition, new: Edition) -> Iterator[Problem]:
    """A lesson whose completions start again raises the version's first number: that is what it stands for."""
    before, said = old.course.version, old.course.changes.major
    for lesson, since in new.course.changes.major.items():
        raised = numbers(since) > numbers(said.get(lesson, NEVER))
        if raised and numbers(since)[0] <= numbers(before)[0]:
            message = (
                f"Si «{lesson}» se vuelve a estudiar, sube el primer número de la versión publicada, «{before}»: "
                f'escribe "{following(before, 0)}" aquí y en «version».'
            )
            line = new.draft.line("changes", "major", lesson)
            yield Problem(COURSE_FILE, line, message, code="low-major")


def kept_changes(old: Edition, new: Edition) -> Iterator[Problem]:
    """What [changes] said in an earlier version still holds, for who comes from a version before that one."""
    said, says = old.course.changes, new.course.changes
    for name in said.removed:
        if name not in says.removed:
            message = (
                f'Devuelve "{name}" a «removed», en [changes]: se quitó en una versión anterior, '
                "y un nombre quitado no se usa otra vez."
            )
            line = new.draft.line("changes", "removed")
            yield Problem(COURSE_FILE, line, message, code="forgotten-change")
    for lesson, since in said.major.items():
        still_there = any(one.id == lesson for one in new.course.lessons)
        if still_there and numbers(says.major.get(lesson, NEVER)) < numbers(since):
            message = f'Devuelve la línea {lesson} = "{since}" a [changes.major]: la lección es otra desde entonces.'
            line = new.draft.line("changes", "major", lesson)
            yield Problem(COURSE_FILE, line, message, code="forgotten-change")


def kept_numbers(old: Edition, new: Edition) -> Iterator[Problem]:
    """What was published keeps its number: tokens that people still carry count by it."""
    if any(gone_names(old, new)) or any(changed_kinds(old, new)):
        return  # once that is put right, the numbers may be too
    for before, now in zip(numbers_of(old.course), numbers_of(new.course), strict=True):
        moved = [id for n, id in enumerate(before) if now[n : n + 1] != (id,)]
        if moved:
            message = (
                f"Cambió el número de «{moved[0]}», y los códigos de avance ya enviados contarían otra cosa. "
                "Escribe «lms number» con la carpeta del curso y «--against» lo publicado."
            )
            yield Problem(FILE, 0, message, code="number-moved")


def _place(named: Named, old: Edition) -> str:
    """Say in Spanish where something stood when it was published."""
    return f"publicada en {named.file}, línea {named.line}, versión {old.course.version}"


HISTORY_CHECKS = (removed_names, major_lessons)
COMPARISONS = (course_ids, gone_names, changed_kinds, versions, major_versions, kept_changes, kept_numbers)
