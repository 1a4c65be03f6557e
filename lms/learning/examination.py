"""One attempt at an assessment, drawn, asked in a single form, graded and reviewed, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from lms.course.draw import draw
from lms.course.exercises import TYPES, interior
from lms.course.model import Assessment, Exercise
from lms.events import wire
from lms.events.grading import vigesimal
from lms.events.model import AssessmentAnswer, AssessmentSubmitted
from lms.learning.marked import answered, feedback, state_of

_FIELD = re.compile(r'\bname="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Question:
    """A drawn question: the inside of its fieldset, its field names made unique within one form."""

    name: str
    html: Markup


@dataclass(frozen=True, slots=True)
class Attempt:
    """A delivered attempt: its number from 1, mark (0 to 20), and each answer with its `rev`, as stored."""

    number: int
    mark: float
    rev: str
    answers: Mapping[str, tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A question after delivery: its fields with the answer in them, and what is said of it."""

    html: Markup
    state: str
    said: Markup


def drawn(assessment: Assessment, profile: str, attempt: int) -> tuple[Exercise, ...]:
    """The questions this profile gets in this attempt, in their order."""
    bank = {exercise.name: exercise for exercise in assessment.bank}
    return tuple(bank[name] for name in draw(profile, assessment.rev, attempt, bank, assessment.draw))


def question(exercise: Exercise) -> Question:
    """The fields of one question, to stand among others in one page."""
    return Question(exercise.name, _among_others(exercise, interior(exercise)))


def submitted(
    assessment: Assessment, profile: str, attempt: int, form: Mapping[str, list[str]]
) -> AssessmentSubmitted:
    """What a posted form says, graded here; a question without a whole answer is worth nothing."""
    answers, total = [], 0.0
    asked = drawn(assessment, profile, attempt)
    for exercise in asked:
        kind = TYPES[exercise.type]
        given = kind.from_form(exercise, _fields_of(exercise, form))
        if given is None:
            continue
        answers.append(AssessmentAnswer(exercise.name, exercise.rev, given))
        total += kind.grade(kind.key(exercise), given).mark
    mark = vigesimal(total, len(asked))
    return AssessmentSubmitted(assessment.rev, attempt, tuple(answers), mark, "server")


def attempts(lines: Iterable[bytes]) -> tuple[Attempt, ...]:
    """Delivered attempts, from the lines of the log, in order of arrival."""
    found = (wire.decode(line).data for line in lines)
    return tuple(
        Attempt(data.attempt, data.mark, data.rev, {one.name: (one.rev, one.answer) for one in data.answers})
        for data in found
        if isinstance(data, AssessmentSubmitted)
    )


def review(assessment: Assessment, attempt: Attempt) -> tuple[Reviewed, ...]:
    """What is said of each answer, by today's keys; questions that changed since are left out."""
    bank = {exercise.name: exercise for exercise in assessment.bank}
    answers = attempt.answers.items()
    return tuple(_reviewed(bank[name], answer) for name, (rev, answer) in answers if _same(bank, name, rev))


def _reviewed(exercise: Exercise, answer: Any) -> Reviewed:
    kind = TYPES[exercise.type]
    grade = kind.grade(kind.key(exercise), answer)
    fields = _among_others(exercise, answered(exercise, answer, grade))
    return Reviewed(fields, state_of(grade.mark), feedback(grade.mark, grade.feedback))


def _among_others(exercise: Exercise, html: str) -> Markup:
    """A question's fields under names of its own: `name` becomes `{question}.{name}`."""
    own = _FIELD.sub(lambda found: f'name="{escape(exercise.name)}.{found[1]}"', html)
    return Markup(own)  # noqa: S704 - escaped by the exercise's own template


def _same(bank: Mapping[str, Exercise], name: str, rev: str) -> bool:
    return name in bank and bank[name].rev == rev


def _fields_of(exercise: Exercise, form: Mapping[str, list[str]]) -> dict[str, list[str]]:
    start = f"{exercise.name}."
    return {name[len(start) :]: values for name, values in form.items() if name.startswith(start)}
