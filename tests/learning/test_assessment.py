"""An assessment delivered in one form, as a browser without JavaScript does."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date

import pytest
from cast import SECRET
from events_cast import Tablet
from starlette.testclient import TestClient

from lms.course.model import Assessment, Course, Exercise
from lms.events.grading import vigesimal
from lms.events.model import AssessmentSubmitted
from lms.learning import examination
from lms.sync.over_file import Heading, build_progress_file


@pytest.fixture
def database(place: str) -> dict[str, str]:
    """Both engines in turn."""
    return {"LMS_DATABASE": place, "LMS_SECRET": SECRET}


@pytest.fixture
def assessment(course: Course) -> Assessment:
    found = course.units[0].assessment
    assert found is not None
    return found


@pytest.fixture
def url(course: Course, assessment: Assessment) -> str:
    return f"/cursos/{course.id}/evaluaciones/{assessment.id}"


def right_answer(exercise: Exercise) -> dict[str, str | list[str]]:
    """The form fields of the best answer, by type."""
    name, data = exercise.name, exercise.data
    match exercise.type:
        case "single":
            best = max(range(len(exercise.options)), key=lambda n: exercise.options[n].weight)
            return {f"{name}.answer": str(best)}
        case "multiple":
            return {f"{name}.answer": [str(n) for n, one in enumerate(exercise.options) if one.weight > 0]}
        case "matching":
            return {f"{name}.m{left}": str(right) for left, right in enumerate(data["pairs"])}
        case "ordering":
            return {f"{name}.p{item}": str(place + 1) for place, item in enumerate(data["order"])}
    return {}


def drawn_names(page: str) -> list[str]:
    """The questions in the one form, by their field names."""
    plain = page.split('data-lms="plain"')[-1]
    return list(dict.fromkeys(re.findall(r'name="([a-z0-9-]+)\.', plain)))


def begin(browser: TestClient, url: str) -> str:
    assert browser.post(url).status_code == 303
    return browser.get(url).text


def test_a_guest_begins_and_gets_as_many_questions_as_are_drawn(
    browser: TestClient, assessment: Assessment, url: str
) -> None:
    assert "Empezar la evaluación" in browser.get(url).text
    page = begin(browser, url)
    assert len(drawn_names(page)) == assessment.draw
    assert "Este es tu intento 1." in page


def test_the_mark_is_vigesimal_and_the_best_counts(
    browser: TestClient, course: Course, assessment: Assessment, url: str
) -> None:
    bank = {exercise.name: exercise for exercise in assessment.bank}
    page = begin(browser, url)
    names = drawn_names(page)
    form: dict[str, str | list[str]] = {"intento": "1", "entregar": "si"}
    known = [name for name in names if right_answer(bank[name])]
    for name in known:
        form |= right_answer(bank[name])
    answer = browser.post(url, data=form)
    assert answer.headers["location"].endswith("?intento=1")
    result = browser.get(answer.headers["location"]).text
    mark = vigesimal(len(known), len(names))
    assert f"<b>{mark:g}<small> de 20" in result
    assert (
        browser.post(url, data={"intento": "2", "entregar": "si"}).headers["location"].endswith("intento=2")
    )
    assert f"Cuenta tu mejor nota: {mark:g}." in browser.get(f"{url}?intento=2").text
    assert f"{mark:g} de 20" in browser.get(f"/cursos/{course.id}").text


def test_the_same_form_twice_counts_once(browser: TestClient, url: str) -> None:
    begin(browser, url)
    browser.post(url, data={"intento": "1", "entregar": "si"})
    again = browser.post(url, data={"intento": "1", "entregar": "si"})
    assert again.headers["location"].endswith("?intento=1")
    assert "Este es tu intento 2." in browser.get(url).text


def test_the_number_of_attempts_is_advice_given_once_and_never_a_limit(
    browser: TestClient, course: Course, url: str
) -> None:
    begin(browser, url)
    advice = f"Te aconsejamos hasta {course.attempts} intentos, pero puedes hacer más."
    for number in range(1, course.attempts + 2):
        page = browser.get(url).text
        assert f"Este es tu intento {number}." in page
        assert page.count(advice) == page.count("aconsejamos") == 1
        browser.post(url, data={"intento": str(number), "entregar": "si"})
    page = browser.get(f"{url}?intento={course.attempts + 1}").text
    assert f"Este fue tu intento {course.attempts + 1}." in page
    assert page.count(advice) == 1


def test_another_attempt_draws_other_questions(assessment: Assessment) -> None:
    profile = "8e9d4cf4-0000-4000-8000-000000000001"
    draws = {
        tuple(exercise.name for exercise in examination.drawn(assessment, profile, n)) for n in (1, 2, 3)
    }
    assert len(draws) == 3


def test_a_review_says_what_to_look_at_again(browser: TestClient, assessment: Assessment, url: str) -> None:
    bank = {exercise.name: exercise for exercise in assessment.bank}
    names = drawn_names(begin(browser, url))
    missed = next(bank[name] for name in names if bank[name].type == "single")
    worst = min(range(len(missed.options)), key=lambda n: missed.options[n].weight)
    browser.post(url, data={"intento": "1", "entregar": "si", f"{missed.name}.answer": str(worst)})
    result = html.unescape(browser.get(f"{url}?intento=1").text)
    assert "Qué repasar" in result
    assert missed.options[worst].feedback in result
    fields = result[: result.index(missed.options[worst].feedback)].rpartition("<fieldset disabled>")[2]
    assert (
        f'data-given="wrong"><input type="radio" name="{missed.name}.answer" value="{worst}" checked>'
        in fields
    )
    assert fields.count(" checked") == 1


def test_an_attempt_with_an_answer_no_form_could_give_is_reviewed_all_the_same(
    assessment: Assessment,
) -> None:
    answers = {one.name: (one.rev, {"not": "an answer"}) for one in assessment.bank}
    attempt = examination.Attempt(1, 0.0, assessment.rev, answers)
    reviewed = examination.review(assessment, attempt)
    assert [one.state for one in reviewed] == ["wrong"] * len(assessment.bank)
    assert not any(" checked" in one.html for one in reviewed)


def test_the_whole_bank_is_there_for_the_browser_to_draw_from(
    browser: TestClient, assessment: Assessment, url: str
) -> None:
    page = browser.get(url).text
    assert all(f'data-exercise="{exercise.name}"' in page for exercise in assessment.bank)


def test_attempts_on_another_device_are_counted_and_the_draw_is_this_ones(
    browser: TestClient, assessment: Assessment, course: Course, url: str, sign_up: Callable[[], None]
) -> None:
    sign_up()
    tablet = Tablet(course)
    data = AssessmentSubmitted(assessment.rev, 1, (), 0.0, "device")
    lines = [tablet.writes("assessment.submitted", assessment.id, data) for _ in range(3)]
    file = build_progress_file(lines, Heading("", "", date(2026, 11, 23)))
    browser.post("/mi-avance/archivo", files={"archivo": ("avance.txt", file)})

    page = browser.get(url).text
    assert "Este es tu intento 4." in page
    assert 'name="intento" value="1"' in page
    answer = browser.post(url, data={"entregar": "si", "intento": "1"})
    assert "Este fue tu intento 4." in browser.get(answer.headers["location"]).text
