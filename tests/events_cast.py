"""A small course, a second version of it, and a tablet that writes down what its teacher does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lms.course.gift import parse_gift
from lms.course.loader import bank_rev
from lms.course.model import Assessment, Course, Exercise, Lesson, Unit
from lms.db import Database
from lms.events import log, wire
from lms.events.ids import new_event_id, new_random_id
from lms.events.model import (
    AssessmentAnswer,
    AssessmentSubmitted,
    Event,
    EventData,
    ExerciseAnswered,
    LessonCompleted,
    LessonOpened,
    ProfileIdentified,
)

IN_LESSON = """
::senal:: ¿Dónde buscas señal? {=En el cerro #Sí. ~En el sótano #No. ~En la refri #No.}

::varias:: ¿Qué gasta batería? {~%50%La pantalla ~%50%El audio ~%-100%La funda}

::verdad:: La batería se cuida. {TRUE}

::palabra:: ¿Cómo se llama el chip del celular? {=SIM =chip}

::cuenta:: ¿Cuánto es 18 y medio? {#18.5:0.1}

::parejas:: Empareja. {=Sol -> Panel =Agua -> Turbina =Viento -> Molino}
"""

BANK = "\n".join(f"::b{n}:: Pregunta {n} {{=Bien {n} ~Mal {n} ~Peor {n}}}\n" for n in range(1, 7))


def gift(text: str) -> tuple[Exercise, ...]:
    """Return the questions of a GIFT text."""
    exercises, problems = parse_gift(text, "texto.gift")
    assert not [problem for problem in problems if problem.severity == "error"], problems
    return exercises


def small_course(
    in_lesson: str = IN_LESSON, bank: str = BANK, *, version: str = "1.0.0", draw: int = 4
) -> Course:
    """Return one unit, two lessons and an assessment."""
    lesson = Lesson("uno", "Uno", "", 10, {}, "u1", "1.1", "", gift(in_lesson), (), "uno.md")
    other = replace(lesson, id="dos", title="Dos", number="1.2", exercises=(), file="dos.md")
    questions = gift(bank)
    assessment = Assessment("final", "u1", "Final", draw, questions, bank_rev(draw, questions))
    unit = Unit("u1", "Unidad", 1, "Plan", (lesson, other), assessment)
    return Course(
        "curso", "C", version, "Curso", "", "es-PE", 1, "", "A1", "CC", (), (), 14, 3, (unit,), (), Path()
    )  # fmt: skip


def right(exercise: Exercise) -> int:
    """Return the position of the right option of a single choice."""
    return next(place for place, option in enumerate(exercise.options) if option.weight == 1)


@dataclass
class Tablet:
    """One device with one profile; every act returns the line it wrote."""

    course: Course
    profile: str = field(default_factory=new_random_id)
    device: str = field(default_factory=new_random_id)
    seq: int = 0

    def opens(self, lesson: str = "uno") -> bytes:
        """Open a lesson."""
        return self.writes("lesson.opened", lesson, LessonOpened())

    def completes(self, lesson: str = "uno") -> bytes:
        """Complete a lesson."""
        return self.writes("lesson.completed", lesson, LessonCompleted())

    def answers(self, name: str, answer: Any, mark: float = 0.0) -> bytes:
        """Answer an exercise, claiming some mark."""
        data = ExerciseAnswered(self.course.exercise(name).rev, answer, mark, "device")
        return self.writes("exercise.answered", name, data)

    def submits(self, answers: dict[str, Any], attempt: int = 1, mark: float = 0.0) -> bytes:
        """Submit the assessment."""
        given = tuple(
            AssessmentAnswer(name, self.course.exercise(name).rev, answer) for name, answer in answers.items()
        )
        data = AssessmentSubmitted(self.course.assessment("final").rev, attempt, given, mark, "device")
        return self.writes("assessment.submitted", "final", data)

    def identifies(self, name: str, document: str = "") -> bytes:
        """Say who uses it."""
        return self.writes(
            "profile.identified", "", ProfileIdentified(name, "dni" if document else "", document)
        )

    def writes(self, kind: str, item: str, data: EventData) -> bytes:
        """Write down anything."""
        self.seq += 1
        about = (self.course.id, self.course.version) if item else ("", "")
        place = (self.device, self.profile, self.seq)
        at = "2026-11-23T13:40:00.123Z"
        return wire.encode(Event(1, new_event_id(), kind, at, *place, *about, item, data))


async def store(db: Database, *lines: bytes, source: str = "session") -> tuple[log.Receipt, ...]:
    """Append lines to a log."""
    return await log.append(db, lines, source=source)


async def all_outcomes(db: Database) -> list[tuple[Any, ...]]:
    """Return every row of the read model."""
    rows = await db.rows(
        "SELECT profile, course, item, type, mark, attempts, pending, first, last, version FROM outcomes"
        " ORDER BY profile, course, item, type"
    )
    return [tuple(row[name] for name in row.keys()) for row in rows]  # noqa: SIM118 - rows iterate over values


@contextmanager
def changed(module: Any, **values: Any) -> Iterator[None]:
    """Give some module-wide limits other values for a while."""
    before = {name: getattr(module, name) for name in values}
    try:
        for name, value in values.items():
            setattr(module, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(module, name, value)
