"""A server that was put back to an older day: what browsers did meanwhile comes back from them, whoever's it is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import acts
import pytest
from browser.live_acts import sent, sign_up
from browser.school import LESSON, School
from playwright.sync_api import Browser, Page, expect

from lms.course.model import Course


@pytest.fixture
def open_page(browser: Browser) -> Callable[[], Page]:
    """Opens another person's browser."""
    return lambda: browser.new_context(
        viewport={"width": 360, "height": 740}, accept_downloads=True
    ).new_page()


def put_back(school: School, copy: Path) -> None:
    """Take the server's disk out and put in one from another day."""
    school.stop()
    shutil.rmtree(school.data)
    shutil.copytree(copy, school.data)
    school.start()


def answers_on(page: Page, school: School) -> int:
    """How many answers of this browser's person the server has."""
    return page.request.get(f"{school.url}/mi-avance/archivo").text().count('"exercise.answered"')


def keeps_only_here(page: Page, school: School, answer: Callable[[], str]) -> str:
    """Answer while nothing can be sent; what «Mi avance» saves in a file then."""
    page.route("**/events", lambda route: route.abort())
    page.goto(school.url + LESSON)
    answer()
    page.goto(f"{school.url}/mi-avance")
    expect(page.locator("[data-lms=again]")).to_contain_text("2 registros de tu avance que solo están en")
    with page.expect_download() as download:
        page.get_by_role("link", name="Guardar mi avance").click()
    return Path(download.value.path()).read_text("utf-8")


def test_what_browsers_did_after_a_backup_comes_back_from_them(
    school: School, open_page: Callable[[], Page], course: Course, tmp_path: Path
) -> None:
    first, second, third = course.lesson("conozco-mi-equipo").exercises[:3]
    nelida, wilder = open_page(), open_page()
    sign_up(nelida, school)
    nelida.goto(school.url + LESSON)
    acts.answer(nelida, first)
    sent(nelida)
    with nelida.expect_response("**/recibos"):  # a browser compares for the first time
        nelida.goto(school.url)
    nelida.evaluate("lms.receipts.busy")
    nelida.goto(school.url + LESSON)
    shutil.copytree(school.data, tmp_path / "copia")

    acts.answer(nelida, second)
    sent(nelida)
    document = sign_up(wilder, school, "Wilder")
    wilder.goto(school.url + LESSON)
    acts.answer(wilder, first)
    sent(wilder)
    with wilder.expect_response(lambda answer: "lesson.completed" in (answer.request.post_data or "")):
        wilder.get_by_role("button", name="Terminé esta lección").click()
    sent(wilder)

    put_back(school, tmp_path / "copia")
    # Her page stayed open; what it sends next is answered so that it sends again what was lost.
    with nelida.expect_response(lambda answer: f'"{second.name}"' in (answer.request.post_data or "")):
        acts.answer(nelida, third)
    assert answers_on(nelida, school) == 3

    sign_up(wilder, school, "Wilder", document)
    wilder.goto(f"{school.url}/mi-avance")
    expect(wilder.get_by_role("heading", name="Este equipo guarda avance de Wilder Mamani")).to_be_visible()
    wilder.get_by_role("button", name="Es mío", exact=True).click()
    expect(wilder.locator("main")).to_contain_text("Ahora ese avance está a tu nombre.")
    expect(wilder.locator(".course")).to_contain_text("1 de 4")

    whole = keeps_only_here(wilder, school, lambda: acts.answer(wilder, second))
    assert whole.count('"exercise.answered"') == 2
