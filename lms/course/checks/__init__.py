"""Everything that is looked at before a course is published. To add a check: a function, its name, a sample.

A check takes the folder as read and yields problems, each with its code; `tests/samples/<code>/` breaks it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lms.course.checks.history import HISTORY_CHECKS
from lms.course.checks.lessons import LESSON_CHECKS
from lms.course.checks.media import MEDIA_CHECKS
from lms.course.checks.questions import QUESTION_CHECKS
from lms.course.draft import COURSE_FILE, Draft, read_draft
from lms.course.model import Problem
from lms.course.structure import STRUCTURE, in_order

Check = Callable[[Draft], Iterable[Problem]]

CONTENT: tuple[Check, ...] = (*LESSON_CHECKS, *QUESTION_CHECKS, *MEDIA_CHECKS, *HISTORY_CHECKS)
CHECKS: tuple[Check, ...] = (*STRUCTURE, *CONTENT)


@dataclass(frozen=True, slots=True)
class Checked:
    """What `lms check` says of one course: problems with paths a terminal can open, and what there is."""

    folder: Path
    problems: tuple[Problem, ...]
    counts: dict[str, int]


def check_course(folder: Path) -> tuple[Problem, ...]:
    """Return all problems of a course, by file and line; it reads, and never writes."""
    return check_draft(read_draft(Path(folder)))


def check_draft(draft: Draft) -> tuple[Problem, ...]:
    """Return all problems of a folder already read."""
    found = {problem for check in STRUCTURE for problem in check(draft)}
    # What is too tangled to render is too tangled to search for links; half a lesson has half its parts.
    unclear = {problem.file for problem in found if problem.code in {"tangled-text", "unclosed-gift"}}
    clear = {name: lesson for name, lesson in draft.lessons.items() if lesson.file not in unclear}
    rest = replace(draft, lessons=clear)
    found |= {problem for check in CONTENT for problem in check(rest)}
    return tuple(sorted(found, key=in_order))


def check_courses(paths: Iterable[Path]) -> Iterator[Checked]:
    """Check each path: a course's folder, or a folder of courses."""
    for folder in (found for path in paths for found in _course_folders(Path(path))):
        draft = read_draft(folder)
        problems = (replace(found, file=str(folder / found.file)) for found in check_draft(draft))
        yield Checked(folder, tuple(problems), _counts(draft))


def _course_folders(path: Path) -> list[Path]:
    """Name the courses in a folder; a folder without any is taken for a course, so that it is reported."""
    inside = sorted(found.parent for found in path.glob(f"*/{COURSE_FILE}"))
    return inside if inside and not (path / COURSE_FILE).exists() else [path]


def _counts(draft: Draft) -> dict[str, int]:
    groups = [*(lesson.exercises for lesson in draft.lessons.values()), *draft.banks.values()]
    return {
        "unidades": len(list(draft.units)),
        "lecciones": len(draft.lessons),
        "preguntas": sum(map(len, groups)),
        "imágenes": len(draft.media),
    }
