"""Ends on the site: of a lesson, of a unit, of an assessment; with and without the server."""

from __future__ import annotations

from pathlib import Path

import acts
from browser.live_acts import sent, sign_up
from cast import Server
from playwright.sync_api import Page, expect

from lms.course.model import Course


def test_a_finished_lesson_says_so_and_leads_onward(server: Server, phone: Page, course: Course) -> None:
    phone.goto(f"{server.url}/cursos/{course.id}/{course.lessons[0].id}")
    expect(phone.locator('[data-lms="status"]')).to_be_empty()
    phone.get_by_role("button", name="Terminé esta lección").click()
    done = phone.locator(".finished")
    expect(done).to_contain_text("Lección hecha")
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
    shown = phone.locator(".exercise:visible")
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
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Guardar mi avance").click()
    assert download.value.suggested_filename.startswith("avance-")
