"""Checks that nothing is said twice: in a course, and in the courses that are checked together."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from lms.course.draft import Draft
from lms.course.likeness import Likenesses
from lms.course.model import Exercise, Problem
from lms.course.prose import count_words, paragraphs

# Shorter paragraphs are often the same on purpose: what introduces questions, a warning repeated.
FEWEST_WORDS = 25


@dataclass(frozen=True, slots=True)
class _Piece:
    """A question or a paragraph: what it says, where it stands, how it is called in a message."""

    parts: tuple[str, ...]
    file: str
    line: int
    name: str

    @property
    def kind(self) -> str:
        return "Esta pregunta" if self.name else "Este párrafo"

    @property
    def place(self) -> str:
        return f"{self.file}, línea {self.line}{f' («{self.name}»)' if self.name else ''}"


class Shelf:
    """What the courses checked so far say, to compare the next ones with."""

    def __init__(self) -> None:
        self._met = {True: Likenesses[str](), False: Likenesses[str]()}
        self._courses: set[str] = set()

    def repeated(self, draft: Draft) -> Iterator[Problem]:
        """Say what an earlier course says already, and keep the rest; a copy of a course repeats nothing."""
        if draft.course_id in self._courses:
            return
        self._courses.add(draft.course_id)
        pieces = list(_pieces(draft))
        yield from (
            _problem(piece, place)
            for piece in pieces
            if (place := self._met[bool(piece.name)].find(piece.parts))
        )
        for piece in pieces:
            self._met[bool(piece.name)].add(piece.parts, f"{draft.folder.name}/{piece.place}")


def near_duplicates(draft: Draft) -> Iterator[Problem]:
    """No two questions and no two long paragraphs of a course say nearly the same."""
    met = {True: Likenesses[str](), False: Likenesses[str]()}
    for piece in _pieces(draft):
        alike = met[bool(piece.name)]
        if place := alike.find(piece.parts):
            yield _problem(piece, place)
        alike.add(piece.parts, piece.place)


def _pieces(draft: Draft) -> Iterator[_Piece]:
    groups = [*(lesson.exercises for lesson in draft.lessons.values()), *draft.banks.values()]
    for group in groups:
        for exercise in group:
            yield _Piece(_asked(exercise), exercise.file, exercise.line, exercise.name)
    for lesson in draft.lessons.values():
        for paragraph in paragraphs(lesson.cut.text, lesson.line):
            if count_words(paragraph.text) >= FEWEST_WORDS:
                yield _Piece((paragraph.text,), lesson.file, paragraph.line, "")


def _asked(exercise: Exercise) -> tuple[str, ...]:
    """Gather what a question shows; what an arranged one is made of stands in its data."""
    arranged = (exercise.data.get(part, ()) for part in ("lefts", "rights", "items"))
    options = (option.text for option in exercise.options)
    return (exercise.prompt, *options, *chain.from_iterable(arranged))


def _problem(piece: _Piece, place: str) -> Problem:
    message = f"{piece.kind} dice casi lo mismo que {place}. Cambia o quita una de las dos partes."
    return Problem(piece.file, piece.line, message, "warning", code="near-duplicate")


LIKENESS_CHECKS = (near_duplicates,)
