"""Learners who do all of a course, some share of it right, and answer the rest as it comes."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from lms.course.exercises import TYPES
from lms.course.model import Course, Exercise
from lms.course.numbers import numbers_of
from lms.sync.token import ANSWERS, FULL, Form, Result, Token, course_key

PROFILE = "2a362bd8-272a-4517-8956-feedaae2026e"
ALL_PAIRED = 0.7  # of those who match use each right once


def learner(course: Course, right: float, seed: int, form: Form = ANSWERS, attempts: int = 3) -> Token:
    """The token of somebody who tried each exercise 1 to `attempts` times and got that share of them right."""
    chance = random.Random(seed)
    numbers = numbers_of(course)
    exercises = tuple(_result(course.exercise(name), right, chance, attempts) for name in numbers.exercises)
    if form != ANSWERS:
        exercises = tuple(one._replace(answer=None) for one in exercises)
    exams = tuple(Result(chance.randint(140, 200), chance.randint(1, 3)) for _ in numbers.assessments)
    return Token(
        form, course_key(course.id), PROFILE.replace("-", "")[:12], date(2026, 11, 25), course.version,
        (2,) * len(numbers.lessons), exams, exercises if form else (),
    )  # fmt: skip


def _result(exercise: Exercise, right: float, chance: random.Random, attempts: int) -> Result:
    tried = chance.randint(1, attempts)
    if chance.random() < right:
        return Result(FULL, tried)
    kind = TYPES[exercise.type]
    key = kind.key(exercise)
    while True:
        answer = _guess(exercise, key, chance)
        if kind.valid(key, answer) and (grade := kind.grade(key, answer)).mark < 1:
            return Result(int(grade.mark * FULL + 1e-6), tried, None if isinstance(answer, str) else answer)


def _guess(exercise: Exercise, key: Any, chance: random.Random) -> Any:
    match exercise.type:
        case "single":
            return chance.randrange(len(exercise.options))
        case "multiple":
            return [place for place in range(len(exercise.options)) if chance.random() < 0.5]
        case "truefalse":
            return chance.random() < 0.5
        case "ordering":
            return chance.sample(range(len(key["order"])), len(key["order"]))
        case "matching" if chance.random() < ALL_PAIRED:
            return chance.sample(range(key["rights"]), len(key["pairs"]))
        case "matching":
            return [chance.randrange(key["rights"]) for _ in key["pairs"]]
    return "no sé"
