"""The kinds of question there are. To add one: its folder, its name here, its vectors."""

from pathlib import Path

import jinja2
from markupsafe import Markup

from lms.course.exercises import matching, multiple, numerical, ordering, short, single, truefalse
from lms.course.exercises.exercise_type import (
    ExerciseType,
    Form,
    Grade,
    Key,
    Particulars,
    canonical_order,
    revision,
)
from lms.course.model import Exercise

__all__ = [
    "TYPES",
    "ExerciseType",
    "Form",
    "Grade",
    "Key",
    "canonical_order",
    "interior",
    "revision",
    "script",
]

_HERE = Path(__file__).parent


_OWN: tuple[Particulars, ...] = (single, multiple, truefalse, short, numerical, matching, ordering)

TYPES = {own.NAME: ExerciseType(own) for own in _OWN}

_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(_HERE),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def interior(exercise: Exercise) -> Markup:
    """Render what stands inside the exercise's `<fieldset>`: no key, no ids, nothing personal."""
    return Markup(_templates.get_template(TYPES[exercise.type].template).render(exercise=exercise))  # noqa: S704 - autoescaped above


def script(name: str) -> Path:
    """Return the browser twin of one type, a classic script."""
    return _HERE / name / "exercise.js"
