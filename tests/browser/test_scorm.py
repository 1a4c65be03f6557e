"""A SCORM package in a platform whose run-time others wrote: what is done is kept, and comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import acts
import pytest
from browser.scorm_platform import Platform, platform
from playwright.sync_api import FrameLocator, Locator, Page, expect

from lms.course.model import Course, Exercise
from lms.packs.formats import FORMATS

PASSES = 70  # 14 of 20


@pytest.fixture
def moodle(course: Course) -> Iterator[Platform]:
    exams = [unit.assessment for unit in course.units if unit.assessment]
    with platform(FORMATS["scorm"].write(course), {f"e-{exam.id}.html": PASSES for exam in exams}) as running:
        yield running


def form_of(sco: FrameLocator, exercise: Exercise) -> Locator:
    return sco.locator(f'[data-exercise="{exercise.name}"]')


def answer(sco: FrameLocator, exercise: Exercise, *, right: bool = True) -> None:
    form = form_of(sco, exercise)
    acts.fill(form, exercise, acts.right_answer(exercise) if right else acts.wrong_answer(exercise))
    acts.submit(form)


def deliver(sco: FrameLocator, course: Course, *, right: bool) -> None:
    shown = sco.locator(".exercise:visible")
    shown.first.wait_for()
    for name in shown.evaluate_all("all => all.map(one => one.dataset.exercise)"):
        exercise = course.exercise(name)
        given = acts.right_answer(exercise) if right else acts.wrong_answer(exercise)
        acts.fill(form_of(sco, exercise), exercise, given)
    sco.locator('[data-lms="deliver"]').click()
    sco.locator(".score").wait_for()


@pytest.mark.proves("SCORM 1.2", "scorm-again", "Lección")
@pytest.mark.proves("SCORM 1.2", "scorm-again", "Ejercicio")
@pytest.mark.proves("SCORM 1.2", "scorm-again", "Avance")
def test_a_lesson_with_most_exercises_is_finished_scored_and_resumed(
    moodle: Platform, phone: Page, course: Course
) -> None:
    lesson = max(course.lessons, key=lambda lesson: len(lesson.exercises))
    file, (first, *rest) = f"l-{lesson.id}.html", lesson.exercises
    sco = moodle.launch(phone, file)
    answer(sco, first, right=False)
    for exercise in rest:
        answer(sco, exercise)
    expect(sco.locator('[data-lms="status"]')).to_have_text("Guardado en tu plataforma")
    assert moodle.core(file)["lesson_status"] == "incomplete"
    assert 0 < float(moodle.core(file)["score"]["raw"]) < 100
    answer(sco, first)
    sco.get_by_role("button", name="Terminé esta lección").click()
    expect(sco.locator(".finished")).to_contain_text("Lección hecha")
    assert moodle.core(file)["lesson_status"] == "completed"
    assert {name: moodle.core(file)["score"][name] for name in ("raw", "min", "max")} == {
        "raw": "100",
        "min": "0",
        "max": "100",
    }
    assert len(moodle.kept[file]["suspend_data"]) < 4096
    assert phone.evaluate("window.problems") == []

    again = moodle.launch(phone, file)
    for exercise in lesson.exercises:
        expect(form_of(again, exercise).locator(".feedback")).to_contain_text("Muy bien")
    expect(again.locator(".finished")).to_contain_text("Lección hecha")
    assert moodle.core(file)["lesson_status"] == "completed"


def test_leaving_tells_how_long_it_took_and_that_it_goes_on(
    moodle: Platform, phone: Page, course: Course
) -> None:
    file = f"l-{course.lessons[0].id}.html"
    moodle.launch(phone, file).locator("article").wait_for()
    phone.wait_for_timeout(1100)
    phone.evaluate("document.querySelector('iframe').src = 'about:blank'")
    phone.wait_for_function("window.API.isTerminated()")
    assert moodle.core(file)["session_time"] >= "00:00:01"
    assert moodle.core(file)["exit"] == "suspend"


def test_an_assessment_keeps_the_best_of_its_attempts(moodle: Platform, phone: Page, course: Course) -> None:
    exam = course.units[0].assessment
    assert exam
    file = f"e-{exam.id}.html"
    sco = moodle.launch(phone, file)
    deliver(sco, course, right=True)
    assert (moodle.core(file)["lesson_status"], float(moodle.core(file)["score"]["raw"])) == ("passed", 100)
    sco.get_by_role("button", name="Intentar otra vez").click()
    deliver(sco, course, right=False)
    expect(sco.locator(".score")).to_contain_text("Tu mejor nota es 20")
    assert (moodle.core(file)["lesson_status"], float(moodle.core(file)["score"]["raw"])) == ("passed", 100)

    again = moodle.launch(phone, file)
    expect(again.locator(".score")).to_contain_text("Este fue tu intento 2")
    expect(again.locator(".score")).to_contain_text("Tu mejor nota es 20")
    assert len(moodle.kept[file]["suspend_data"]) < 4096
    assert phone.evaluate("window.problems") == []


def test_an_attempt_under_way_goes_on_where_it_was_left(
    moodle: Platform, phone: Page, course: Course
) -> None:
    exam = course.units[0].assessment
    assert exam
    sco = moodle.launch(phone, f"e-{exam.id}.html")
    shown = sco.locator(".exercise:visible")
    shown.first.wait_for()
    names = shown.evaluate_all("all => all.map(one => one.dataset.exercise)")
    exercise = next(one for name in names if (one := course.exercise(name)).type in ("single", "truefalse"))
    acts.fill(form_of(sco, exercise), exercise, acts.right_answer(exercise))
    phone.wait_for_timeout(3500)  # a pause, as when reading the next question

    again = moodle.launch(phone, f"e-{exam.id}.html")
    expect(form_of(again, exercise).locator("input:checked")).to_have_count(1)
    assert (
        again.locator(".exercise:visible").evaluate_all("all => all.map(one => one.dataset.exercise)")
        == names
    )


def test_a_platform_that_does_not_store_is_said_and_asked_again(
    moodle: Platform, phone: Page, course: Course
) -> None:
    lesson = course.lessons[0]
    sco = moodle.launch(phone, f"l-{lesson.id}.html")
    sco.locator("article").wait_for()
    moodle.broken = True
    answer(sco, lesson.exercises[0])
    expect(sco.locator('[data-lms="status"]')).to_have_text("Sin guardar")
    expect(sco.locator('[data-lms="warning"]')).to_contain_text("no guardó lo último")
    moodle.broken = False
    answer(sco, lesson.exercises[0])
    expect(sco.locator('[data-lms="warning"]')).to_be_hidden()
    assert float(moodle.core(f"l-{lesson.id}.html")["score"]["raw"]) > 0


def test_outside_of_a_platform_it_works_and_says_that_nothing_is_kept(
    phone: Page, course: Course, tmp_path: Path, moodle: Platform
) -> None:
    moodle.package.extractall(tmp_path)
    lesson = course.lessons[0]
    phone.goto((tmp_path / f"l-{lesson.id}.html").as_uri())
    expect(phone.locator('[data-lms="warning"]')).to_contain_text("aquí nada queda guardado")
    assert "Muy bien" in acts.answer(phone, lesson.exercises[0])
    phone.get_by_role("button", name="Terminé esta lección").click()
    expect(phone.locator(".finished")).to_contain_text("Lección hecha")
