"""What short and numerical share: one field to type in, and answers accepted, each with its weight and sentence."""

from collections.abc import Iterable

from lms.course.exercises.exercise_type import Form, Key, Worth, one_value
from lms.course.model import Exercise


def worth_most(fitting: Iterable[Key], general: str) -> Worth:
    """Give what the best of the accepted answers that fit is worth; among equals, the first."""
    best = max(fitting, key=lambda accepted: float(accepted["weight"]), default=None)
    return (best["weight"], (best["feedback"], general)) if best else (0.0, (general,))


def from_form(exercise: Exercise, form: Form) -> str | None:
    """Read what was typed, as typed."""
    return one_value(form, "answer")
