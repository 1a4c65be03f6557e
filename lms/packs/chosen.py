"""The courses that somebody names at the terminal, to take them somewhere: without errors, or not at all."""

from __future__ import annotations

from pathlib import Path

from lms.course.checks import check_draft
from lms.course.draft import COURSE_FILE, course_id, read_draft
from lms.course.edition import course_folders
from lms.course.loader import load_draft
from lms.course.model import Course
from lms.errors import Invalid, NotFound


def chosen(named: str, folder: Path) -> Course:
    """Return the course in a folder; Invalid, with all its errors, for one that the check refuses."""
    draft = read_draft(folder)
    course = load_draft(draft).course
    errors = [problem for problem in check_draft(draft) if problem.severity == "error"]
    if course is None or errors:
        listed = [f"{folder / problem.file}:{problem.line}: {problem.message}" for problem in errors]
        refusal = f"El curso «{named}» tiene errores y no se puede empaquetar. Después de corregirlos: lms check {folder}"
        raise Invalid("\n".join([*listed, refusal]))
    return course


def folder_of(named: str, shelf: Path) -> Path:
    """Where the course with that id is, or else the folder that was named."""
    same_id = [folder for folder in course_folders(shelf) if course_id(folder) == named]
    if len(same_id) > 1:
        both = " y ".join(str(folder) for folder in same_id)
        raise Invalid(f"El curso «{named}» está en {both}. Ponle otro «id» a uno o saca su carpeta.")
    found = [path for path in (*same_id, shelf / named, Path(named)) if (path / COURSE_FILE).is_file()]
    if not found:
        raise NotFound(f"No hay un curso «{named}». Revisa el nombre o mira la carpeta {shelf}.")
    return found[0]
