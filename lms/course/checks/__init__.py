"""Everything that is looked at before a course is published. To add a check: a function, its name, a sample.

A check takes the folder as read and yields problems, each with its code; `tests/samples/<code>/` breaks it.
A comparison takes the edition that was published and the new one, and does the same.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lms.course.checks.counts import counts
from lms.course.checks.course import COURSE_CHECKS
from lms.course.checks.heard import HEARD_CHECKS
from lms.course.checks.history import COMPARISONS as HISTORY_COMPARISONS
from lms.course.checks.history import HISTORY_CHECKS
from lms.course.checks.lessons import LESSON_CHECKS
from lms.course.checks.likeness import LIKENESS_CHECKS, Shelf
from lms.course.checks.media import MEDIA_CHECKS
from lms.course.checks.questions import QUESTION_CHECKS
from lms.course.checks.reading import READING_CHECKS, reading_ease
from lms.course.draft import Draft, read_draft
from lms.course.edition import Edition, counterpart, course_folders, edition_of
from lms.course.loader import repeated
from lms.course.model import Problem
from lms.course.structure import STRUCTURE, in_order

Check = Callable[[Draft], Iterable[Problem]]
Comparison = Callable[[Edition, Edition], Iterable[Problem]]

CONTENT: tuple[Check, ...] = (
    *COURSE_CHECKS,
    *LESSON_CHECKS,
    *READING_CHECKS,
    *QUESTION_CHECKS,
    *LIKENESS_CHECKS,
    *MEDIA_CHECKS,
    *HEARD_CHECKS,
    *HISTORY_CHECKS,
)
CHECKS: tuple[Check, ...] = (*STRUCTURE, *CONTENT)
COMPARISONS: tuple[Comparison, ...] = HISTORY_COMPARISONS


@dataclass(frozen=True, slots=True)
class Compared:
    """A course beside its published edition; `new` is None while errors hide part of it, and nothing is said."""

    old: Edition
    new: Edition | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What `lms check` says of one course: problems with paths a terminal can open, and what there is.

    `ease` is the perspicuity of its running text (see `ease`), None when there is too little of it; `compared` is
    None when there is no published edition to compare it with.
    """

    folder: Path
    problems: tuple[Problem, ...]
    counts: dict[str, int]
    ease: float | None = None
    compared: Compared | None = None


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


def compare(old: Edition, draft: Draft) -> Compared:
    """Set a folder already read beside what was published of it."""
    new = edition_of(draft)
    found = {problem for check in COMPARISONS for problem in check(old, new)} if new else set()
    return Compared(old, new, tuple(sorted(found, key=in_order)))


def check_courses(
    paths: Iterable[Path], olds: Sequence[Edition] = (), more: Sequence[Check] = ()
) -> Iterator[Checked]:
    """Check each path, a course's folder or a folder of courses, and compare it with what was published.

    `more` are checks that are not made every time.
    """
    folders = [found for path in paths for found in course_folders(Path(path))]
    firsts: dict[tuple[Path, str], Path] = {}
    shelf = Shelf()
    for folder in folders:
        draft = read_draft(folder)
        old = counterpart(draft, olds, alone=len(folders) == 1)
        compared = compare(old, draft) if old else None
        found = {*check_draft(draft), *_twins(draft, firsts), *shelf.repeated(draft)}
        found |= {problem for check in more for problem in check(draft)}
        found |= set(compared.problems) if compared else set()
        problems = tuple(
            replace(problem, file=str(folder / problem.file)) for problem in sorted(found, key=in_order)
        )
        yield Checked(folder, problems, counts(draft), reading_ease(draft), compared)


def _twins(draft: Draft, firsts: dict[tuple[Path, str], Path]) -> Iterator[Problem]:
    """Say when a folder beside it has the same course; a copy kept elsewhere is nobody's rival."""
    first = firsts.setdefault((draft.folder.resolve().parent, draft.course_id), draft.folder)
    if draft.course_id and first.resolve() != draft.folder.resolve():
        yield repeated(draft, first)


def gone_courses(paths: Iterable[Path], olds: Sequence[Edition], results: Iterable[Checked]) -> list[Problem]:
    """Say what published courses were met in none of the results, where a whole folder of courses was checked."""
    shelf = next((Path(path) for path in paths if course_folders(Path(path)) != [Path(path)]), None)
    if shelf is None:
        return []
    met = {result.compared.old.course.id for result in results if result.compared}
    return [
        Problem(
            str(shelf),
            0,
            f"Falta el curso «{old.course.id}», ya publicado. Si le cambiaste el «id», devuélvele el de antes. "
            "Si lo retiraste a propósito, revisa los demás nombrando sus carpetas.",
            code="gone-course",
        )
        for old in olds
        if old.course.id not in met
    ]
