"""Ends on the site: of a lesson, of a unit, of an assessment; with and without the server."""

from __future__ import annotations

from pathlib import Path

import acts
from browser.live_acts import sent, sign_up
from cast import Server
from playwright.sync_api import Page, Route, expect

from lms.course.model import Course


def test_a_finished_lesson_says_so_and_leads_onward(server: Server, phone: Page, course: Course) -> None:
    phone.goto(f"{server.url}/cursos/{course.id}/{course.lessons[0].id}")
    expect(phone.locator('[data-lms="status"]')).to_be_empty()
    phone.get_by_role("button", name="Terminé esta lección").click()
    done = phone.locator(".finished")
    expect(done).to_contain_text("Lección hecha")
    listed = phone.locator(".toc li")
    expect(listed.first).to_contain_text("Hecha: 1.1")
    expect(listed.nth(1)).to_contain_text("Por hacer: 1.2")
    sent(phone)
    phone.reload()
    expect(done).to_contain_text("Lección hecha")
    expect(phone.locator(".finished")).to_have_count(1)
    expect(phone.get_by_role("button", name="Terminé esta lección")).to_be_hidden()
    done.get_by_role("link", name="Ir a la lección siguiente").click()
    expect(phone.locator("#gestos-mouse-y-teclado")).to_be_visible()
    expect(phone.get_by_role("button", name="Terminé esta lección")).to_be_visible()


def test_the_end_of_a_unit_offers_a_copy_where_the_server_is_gone(
    server: Server, phone: Page, course: Course
) -> None:
    last = course.units[0].lessons[-1]
    with phone.expect_response("**/static/carrying.js?v=*") as ahead:
        phone.goto(f"{server.url}/cursos/{course.id}/{last.id}")
    ahead.value.finished()
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Terminé esta lección").click()
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Guardar mi avance en un archivo").click()
    assert "lesson.completed" in Path(download.value.path()).read_text("utf-8")


def test_an_assessment_is_delivered_and_marked_live(server: Server, phone: Page, course: Course) -> None:
    assessment = course.units[0].assessment
    assert assessment is not None
    sign_up(phone, server, "Marleni")
    phone.goto(f"{server.url}/cursos/{course.id}/evaluaciones/{assessment.id}")
    shown = phone.locator("article .exercise:visible")
    expect(shown).to_have_count(assessment.draw)
    for name in shown.evaluate_all("forms => forms.map(form => form.dataset.exercise)"):
        exercise = course.exercise(name)
        acts.fill(acts.form_of(phone, exercise), exercise, acts.right_answer(exercise))
    phone.get_by_role("button", name="Entregar").click()
    expect(phone.locator(".result b")).to_contain_text("20 de 20")
    sent(phone)
    phone.goto(f"{server.url}/mi-avance")
    expect(phone.locator(".course")).to_contain_text("20")


def test_a_guest_saves_a_file_of_what_no_server_has(server: Server, phone: Page) -> None:
    phone.goto(f"{server.url}/mi-avance")
    phone.get_by_role("button", name="Guardar mi avance").click()
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Para otro equipo mío, abierto").click()
    assert download.value.suggested_filename.startswith("avance-")


def test_an_assessment_whose_scripts_never_come_asks_what_was_drawn_and_is_delivered(
    server: Server, phone: Page, course: Course
) -> None:
    assessment = course.units[0].assessment
    assert assessment is not None
    sign_up(phone, server, "Segundo")
    phone.route("**/*.js*", lambda route: route.abort())
    phone.goto(f"{server.url}/cursos/{course.id}/evaluaciones/{assessment.id}")
    expect(phone.locator(".exercise:visible")).to_have_count(assessment.draw)
    expect(phone.get_by_role("button", name="Revisar")).to_have_count(0)
    phone.get_by_role("button", name="Entregar").click()
    expect(phone.locator(".score b")).to_contain_text("de 20")
    expect(phone.locator("article .exercise:visible")).to_have_count(0)


def test_an_attempt_delivered_without_scripts_is_not_drawn_again_once_they_come(
    server: Server, phone: Page, course: Course
) -> None:
    assessment = course.units[0].assessment
    assert assessment is not None
    sign_up(phone, server, "Percy")
    address = f"{server.url}/cursos/{course.id}/evaluaciones/{assessment.id}"
    phone.route("**/*.js*", lambda route: route.abort())
    phone.goto(address)
    fields = "fields => [...new Set(fields.map(field => field.name.split('.')[0]))]"
    plain = phone.locator("[data-lms=plain] .exercise :is(input, select)").evaluate_all(fields)
    phone.get_by_role("button", name="Entregar").click()
    expect(phone.locator(".score b")).to_contain_text("de 20")

    phone.unroute("**/*.js*")
    phone.goto(address)
    shown = phone.locator("article .exercise:visible")
    expect(shown).to_have_count(assessment.draw)
    expect(phone.locator("article.assessment")).to_have_attribute("data-attempt", "2")
    assert shown.evaluate_all("all => all.map(one => one.dataset.exercise)") != plain
    for _ in range(2):  # what is left blank is accepted by pressing again
        phone.get_by_role("button", name="Entregar").click()
    expect(phone.locator(".result")).to_contain_text("Este fue tu intento 2.")


def test_an_assessment_begun_before_its_scripts_came_keeps_its_answers_and_its_result(
    server: Server, phone: Page, course: Course
) -> None:
    assessment = course.units[0].assessment
    assert assessment is not None
    sign_up(phone, server, "Rosa")
    held: list[Route] = []
    phone.route("**/static/*.js*", lambda route: held.append(route))
    address = f"{server.url}/cursos/{course.id}/evaluaciones/{assessment.id}"
    phone.goto(address, wait_until="commit")
    field = phone.locator("[data-lms=plain] .exercise input[type=radio]").first
    field.check()
    for route in held:
        route.continue_()
    phone.unroute("**/static/*.js*")
    _wired(phone)
    expect(field).to_be_checked()
    expect(phone.locator(".exercise:visible")).to_have_count(assessment.draw)
    phone.get_by_role("button", name="Entregar").click()
    _wired(phone)
    expect(phone.locator(".score b")).to_contain_text("de 20")
    expect(phone.locator("article .exercise:visible")).to_have_count(0)


def _wired(page: Page) -> None:
    """Wait until the scripts have come and know who is here."""
    expect(page.locator("article .missing")).to_have_count(1)
    page.wait_for_timeout(700)
    assert page.evaluate("Boolean(lms.journal.profile())")
