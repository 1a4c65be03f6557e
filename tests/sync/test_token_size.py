"""A token of a whole course fits one QR code, whoever did it, and what it leaves out it leaves out in order."""

from __future__ import annotations

import pytest
from cast import ROOT
from sync.learners import learner

from lms.course.loader import load_course
from lms.course.model import Course
from lms.sync.over_token import MOST_WITH_ANSWERS, decode, encode, fitting, size
from lms.sync.token import ANSWERS, MARKS, SHORT, Form, Token

COURSES = ("alfabetizacion-digital", "competencia-digital", "guia-eib", "guia-multigrado")
RIGHT = (0.1, 0.3, 0.5, 0.7, 0.9)


@pytest.fixture(scope="module", params=COURSES)
def course(request: pytest.FixtureRequest) -> Course:
    loaded = load_course(ROOT / "courses" / request.param).course
    assert loaded is not None
    return loaded


@pytest.fixture(scope="module")
def digital() -> Course:
    loaded = load_course(ROOT / "courses/alfabetizacion-digital").course
    assert loaded is not None
    return loaded


def sizes(course: Course, form: Form) -> list[int]:
    return [size(encode(learner(course, right, seed, form))) for right in RIGHT for seed in range(4)]


@pytest.mark.parametrize(("form", "most"), [(SHORT, 93), (MARKS, 200), (ANSWERS, 260)])
def test_all_of_a_course_fits_with_every_answer(digital: Course, form: Form, most: int) -> None:
    assert max(sizes(digital, form)) <= most


def test_marks_of_any_course_fit(course: Course) -> None:
    assert max(sizes(course, MARKS)) <= 200


def test_a_token_of_any_course_is_made_to_fit(course: Course) -> None:
    for right in RIGHT:
        token = learner(course, right, seed=1, attempts=200)
        fits = fitting(token)

        assert size(encode(fits)) <= MOST_WITH_ANSWERS
        assert fits.form == ANSWERS
        assert decode(encode(fits)) == fits
        assert marks(fits) == marks(token)


def test_attempts_go_first_then_the_answers_from_the_first_exercise_on(digital: Course) -> None:
    token = learner(digital, right=0.3, seed=1)
    most = size(encode(token))
    assert fitting(token, most) == token

    uncounted = fitting(token, most - 1)
    assert uncounted.uncounted
    assert not uncounted.unanswered
    assert [one and one.answer for one in uncounted.exercises] == [
        one and one.answer for one in token.exercises
    ]

    untold = fitting(token, most - 70)
    assert untold.uncounted
    assert 0 < untold.unanswered < len(token.exercises)
    assert all(one is None or one.answer is None for one in untold.exercises[: untold.unanswered])
    assert untold.exercises[untold.unanswered :] == uncounted.exercises[untold.unanswered :]

    assert fitting(token, 30).form == MARKS


def marks(token: Token) -> list[int | None]:
    return [one and one.mark for one in token.exercises]
