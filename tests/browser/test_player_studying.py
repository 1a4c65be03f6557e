"""Finishing lessons, taking an assessment, finding the way in a course of one document."""

from __future__ import annotations

from acts import fill, wrong_answer
from browser.player_acts import LISTEN, answer, introduce, kept, questions
from playwright.sync_api import Page, expect

from lms.course.model import Course, Lesson


def test_the_last_lesson_offers_a_copy_and_the_assessment(phone: Page, stick: str, course: Course) -> None:
    unit = course.units[0]
    assert unit.assessment
    phone.goto(f"{stick}#l/{unit.lessons[-2].id}")
    introduce(phone)
    phone.get_by_role("button", name="Terminé esta lección").click()
    phone.get_by_role("link", name="Ir a la lección siguiente").click()
    expect(phone).to_have_url(f"{stick}#l/{unit.lessons[-1].id}")
    assert phone.evaluate("document.activeElement.tagName") == "H1"
    phone.get_by_role("button", name="Terminé esta lección").click()
    expect(phone.get_by_role("button", name="Guardar mi avance en un archivo")).to_be_visible()
    phone.get_by_role("link", name="Ir a la evaluación").click()
    expect(phone).to_have_url(f"{stick}#e/{unit.assessment.id}")
    phone.goto(f"{stick}#inicio")
    expect(phone.locator(f"[data-state-of={unit.lessons[-1].id}]")).to_have_text("Hecha")
    expect(phone.get_by_role("link", name="Seguir donde me quedé")).to_be_visible()


def test_a_finished_lesson_says_so_aloud_leads_onward_and_still_says_so_after_a_reload(
    phone: Page, stick: str, course: Course
) -> None:
    phone.add_init_script(LISTEN)
    lesson, following = course.units[0].lessons[:2]
    phone.goto(f"{stick}#l/{lesson.id}")
    introduce(phone)
    done, button = phone.locator(".view.current .finished"), phone.get_by_role("button", name="Terminé esta")
    expect(done).to_be_empty()
    button.dblclick()
    expect(done).to_contain_text("Lección hecha")
    expect(button).to_be_hidden()
    assert "Lección hechaIr a la lección siguiente" in phone.evaluate("heard")
    assert phone.evaluate("document.activeElement.textContent") == "Ir a la lección siguiente"
    assert kept(phone, "lesson.completed") == [lesson.id]

    phone.reload()
    expect(done).to_contain_text("Lección hecha")
    expect(button).to_be_hidden()
    assert phone.evaluate("heard.filter(text => text.includes('hecha'))") == []
    done.get_by_role("link").click()
    expect(phone).to_have_url(f"{stick}#l/{following.id}")
    expect(done).to_be_empty()
    expect(button).to_be_visible()


def look_at(phone: Page, stick: str, lesson: Lesson) -> None:
    """Open a lesson and go back to the start, as slowly as a person does."""
    phone.goto(f"{stick}#l/{lesson.id}")
    expect(phone.get_by_role("heading", name=lesson.title, level=1)).to_be_visible()
    phone.goto(f"{stick}#inicio")


def test_going_on_leads_to_where_something_was_done_not_to_what_was_only_looked_at(
    phone: Page, stick: str, course: Course
) -> None:
    first, second, third = course.units[0].lessons[:3]
    phone.goto(stick)
    introduce(phone)
    going_on = phone.get_by_role("link", name="Seguir donde me quedé")
    expect(going_on).to_be_hidden()
    for lesson in (second, third):
        look_at(phone, stick, lesson)
        expect(going_on).to_have_attribute("href", f"#l/{lesson.id}")
    answer(phone, next(one for one in questions(phone) if one.startswith(first.id)))
    look_at(phone, stick, third)
    expect(going_on).to_have_attribute("href", f"#l/{first.id}")


def test_another_view_and_going_back_leave_no_dialog_and_no_dead_page(phone: Page, stick: str) -> None:
    phone.goto(stick)
    introduce(phone)
    dialog, erase = phone.get_by_role("dialog"), phone.get_by_role("button", name="Borrar mis datos")
    for leave in (phone.go_back, lambda: phone.evaluate("location.hash = 'inicio'")):
        phone.get_by_role("link", name="Mi avance").click()
        erase.click()
        expect(dialog).to_be_visible()
        leave()
        expect(phone.locator(".view.current")).to_have_attribute("data-route", "inicio")
        expect(dialog).to_have_count(0)
        expect(phone.locator("[inert]")).to_have_count(0)
        assert phone.evaluate("document.activeElement.tagName") == "H1"


def test_an_assessment_keeps_its_draft_grades_everything_and_can_be_tried_again(
    phone: Page, stick: str, course: Course
) -> None:
    assessment = course.units[0].assessment
    assert assessment
    phone.goto(f"{stick}#e/{assessment.id}")
    introduce(phone)
    shown = phone.locator(".view.current .exercise:visible")
    expect(shown).to_have_count(assessment.draw)
    names = "Array.from(document.querySelectorAll('.view.current .exercise:not([hidden])'), one => one.dataset.exercise)"
    drawn = phone.evaluate(names)
    choice = phone.locator(".view.current .exercise:visible input[type=radio]").first
    choice.check()
    phone.wait_for_timeout(800)
    phone.goto("about:blank")
    phone.goto(f"{stick}#e/{assessment.id}")
    expect(choice).to_be_checked()
    assert phone.evaluate(names) == drawn

    phone.get_by_role("button", name="Entregar").click()
    expect(phone.locator(".missing")).to_contain_text("Te falta")
    phone.get_by_role("button", name="Entregar").click()
    expect(phone.locator(".view.current .result b")).to_contain_text("de 20")
    expect(phone.locator(".view.current .exercise:visible .feedback strong")).to_have_count(assessment.draw)
    assert kept(phone, "assessment.submitted") == [assessment.id]
    phone.reload()
    expect(phone.locator(".view.current .result b")).to_contain_text("de 20")
    phone.get_by_role("button", name="Intentar otra vez").click()
    expect(phone.locator(".view.current .result")).to_be_hidden()
    expect(shown).to_have_count(assessment.draw)


def test_links_to_headings_the_skip_link_and_going_back_keep_working(
    phone: Page, stick: str, course: Course
) -> None:
    lesson = course.units[0].lessons[0]
    phone.goto(f"{stick}#{lesson.id}--titulo")
    introduce(phone)
    expect(phone.locator(".view.current")).to_have_attribute("data-route", f"l/{lesson.id}")
    phone.mouse.wheel(0, 900)
    phone.wait_for_function("scrollY > 500")
    before = phone.evaluate("scrollY")
    phone.evaluate("document.querySelector('nav a').click()")
    expect(phone.locator(".view.current")).to_have_attribute("data-route", "inicio")
    assert phone.evaluate("scrollY") == 0
    phone.go_back()
    expect(phone.locator(".view.current")).to_have_attribute("data-route", f"l/{lesson.id}")
    assert abs(phone.evaluate("scrollY") - before) < 200 or phone.evaluate("scrollY") == 0
    phone.locator(".skip").press("Enter")
    assert phone.evaluate("document.activeElement.id") == "main"
    assert lesson.id in phone.url


def test_a_step_given_its_place_by_the_keyboard_keeps_the_focus_wherever_it_goes(
    phone: Page, stick: str, course: Course
) -> None:
    lesson = course.units[0].lessons[0]
    ordering = next(one for one in lesson.exercises if one.type == "ordering")
    phone.goto(f"{stick}#l/{lesson.id}")
    introduce(phone)
    steps = phone.locator(f'[data-exercise="{ordering.name}"] .order > li')
    name = steps.first.locator("select").get_attribute("name")
    steps.first.locator("select").focus()
    for place in ("3", "1"):
        phone.locator(f'[data-exercise="{ordering.name}"] select[name={name}]').select_option(place)
        expect(steps.nth(int(place) - 1).locator("select")).to_be_focused()


def test_steps_that_nobody_moved_are_no_answer(phone: Page, stick: str, course: Course) -> None:
    lesson = course.units[0].lessons[0]
    ordering = next(one for one in lesson.exercises if one.type == "ordering")
    phone.goto(f"{stick}#l/{lesson.id}")
    introduce(phone)
    form = phone.locator(f'[data-exercise="{ordering.name}"]')
    form.get_by_role("button", name="Revisar").click()
    expect(form.locator(".feedback")).to_have_text("Elige o escribe tu respuesta y vuelve a pulsar.")
    form.get_by_role("button", name="Bajar").first.click()
    form.get_by_role("button", name="Revisar").click()
    expect(form.locator(".feedback strong")).to_be_visible()


def test_a_blank_question_is_named_beside_it_and_again_when_others_are_left_than_those_accepted(
    phone: Page, stick: str, course: Course
) -> None:
    assessment = course.units[0].assessment
    assert assessment
    phone.goto(f"{stick}#e/{assessment.id}")
    introduce(phone)
    drawn = phone.locator(".view.current .exercise:visible")
    expect(drawn).to_have_count(assessment.draw)
    bank = {exercise.name: exercise for exercise in assessment.bank}
    forms = drawn.all()
    exercises = [bank[form.get_attribute("data-exercise") or ""] for form in forms]
    for form, exercise in list(zip(forms, exercises, strict=True))[1:]:
        fill(form, exercise, wrong_answer(exercise))
    missing, deliver = phone.locator(".missing"), phone.get_by_role("button", name="Entregar")
    deliver.click()
    expect(missing).to_contain_text("la pregunta 1. ")
    expect(missing).to_be_in_viewport()
    expect(forms[0].locator("input, select").first).to_be_focused()

    fill(forms[0], exercises[0], wrong_answer(exercises[0]))
    forms[1].evaluate("form => lms.forms.reset(form)")  # as by emptying its field
    deliver.click()
    expect(missing).to_contain_text("la pregunta 2. ")
    expect(missing).to_be_in_viewport()
    deliver.click()
    expect(phone.locator(".view.current .result b")).to_contain_text("de 20")
