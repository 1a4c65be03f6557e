"""Films travel apart from their course: `videos.txt` in a course that came in a pack says which it has.

A line a film: its path, its bytes, its SHA-256. With it a course is whole without the files, and whoever shows
it knows what to say in their place. An author's folder has no such file: there a film that is missing is a fault.
"""

import re
from collections.abc import Collection, Iterable
from pathlib import Path

from lms.course.media import VIDEO
from lms.course.model import Media, Problem
from lms.course.source import Unreadable, read_text

FILE = "videos.txt"
_LINE = re.compile(rf"(media/[a-z0-9_-]+\.(?:{'|'.join(sorted(VIDEO))})) ([0-9]{{1,10}}) ([0-9a-f]{{64}})")


def films_file(films: Iterable[Media]) -> str:
    """The text of `videos.txt`."""
    return "".join(f"{film.path} {film.size} {film.sha256}\n" for film in films)


def read_films(folder: Path, there: Collection[str]) -> tuple[list[Media], list[Problem]]:
    """The films that a course's file names and that are not `there`, and what is wrong with it."""
    if not (folder / FILE).is_file():
        return [], []
    try:
        lines = read_text(folder, FILE).split("\n")
    except Unreadable as error:
        return [], [error.problem]
    found, problems = [], []
    for number, line in enumerate(lines, 1):
        said = _LINE.fullmatch(line)
        if said and said[1] not in there:
            found.append(Media(said[1], int(said[2]), said[3], None, None, folder / said[1]))
        elif line and not said:
            message = "Esta línea no nombra un video. Borra el archivo: lo escribe «lms pack build» en cada paquete."
            problems.append(Problem(FILE, number, message, code="film-line"))
    return found, problems
