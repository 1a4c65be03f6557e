"""What single and multiple share: options to choose from, each with its weight and its sentence."""

from typing import Any

from lms.course.exercises.exercise_type import Solution
from lms.course.model import Exercise


def canonical(exercise: Exercise) -> dict[str, Any]:
    """Return the options' texts and weights, in canonical order."""
    return {
        "options": [option.text for option in exercise.options],
        "weights": [option.weight for option in exercise.options],
    }


def key(exercise: Exercise) -> dict[str, Any]:
    """Return `weights` and `feedbacks`, one for each option in canonical order."""
    return {
        "weights": [option.weight for option in exercise.options],
        "feedbacks": [option.feedback for option in exercise.options],
    }


def solution(exercise: Exercise) -> Solution:
    """Return the options that earn something, and why; never the worth of each."""
    right = [option for option in exercise.options if option.weight > 0]
    best = max((option.weight for option in right), default=0.0)
    if exercise.type == "single":
        right = [option for option in right if option.weight == best]
    return tuple(option.text for option in right), tuple(option.feedback for option in right)
