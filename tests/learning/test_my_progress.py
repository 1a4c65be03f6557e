"""Mi avance: marks, what waits to be confirmed, and progress that travels as a file."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from cast import SECRET
from starlette.testclient import TestClient

from lms.course.model import Course


@pytest.fixture
def database(place: str) -> dict[str, str]:
    """Both engines in turn."""
    return {"LMS_DATABASE": place, "LMS_SECRET": SECRET}


def finish_first(browser: TestClient, course: Course) -> None:
    lesson = course.lessons[0]
    browser.post(f"/cursos/{course.id}/{lesson.id}", data={"complete": lesson.id})


def test_it_starts_empty_and_says_what_to_do(browser: TestClient) -> None:
    page = browser.get("/mi-avance").text
    assert "Todavía no hay avance guardado" in page
    assert "crea tu cuenta" in page


def test_it_shows_every_unit_of_a_course_begun(browser: TestClient, course: Course) -> None:
    finish_first(browser, course)
    page = browser.get("/mi-avance").text
    assert all(unit.title in page for unit in course.units)
    assert f"1 de {len(course.units[0].lessons)}" in page


def test_an_account_keeps_what_was_done_before_it(
    browser: TestClient, course: Course, sign_up: Callable[[], None]
) -> None:
    finish_first(browser, course)
    sign_up()
    assert f"1 de {len(course.units[0].lessons)}" in browser.get("/mi-avance").text


def test_the_file_comes_back_whole(browser: TestClient, course: Course) -> None:
    finish_first(browser, course)
    file = browser.get("/mi-avance/archivo")
    assert file.headers["content-disposition"].startswith('attachment; filename="avance-20')
    assert file.content.startswith(b"CHASKI AVANCE 1\n")
    answer = browser.post("/mi-avance/archivo", files={"archivo": ("avance.txt", file.content)})
    assert answer.status_code == 200
    assert "Recibimos tu archivo" in answer.text


def test_the_files_name_says_whose_it_is_and_no_document(
    browser: TestClient, course: Course, sign_up: Callable[[], None]
) -> None:
    finish_first(browser, course)
    sign_up()
    named = browser.get("/mi-avance/archivo").headers["content-disposition"]
    assert named.startswith('attachment; filename="avance-nelida-quispe-20')
    assert "40000002" not in named


def test_a_wrong_file_is_refused_in_words(browser: TestClient) -> None:
    for files in ({"archivo": ("foto.jpg", b"\xff\xd8\xff")}, {"archivo": ("", b"")}):
        answer = browser.post("/mi-avance/archivo", files=files)
        assert answer.status_code == 400
        assert "No pudimos recibir ese archivo" in answer.text


def test_without_anything_done_there_is_no_file(browser: TestClient) -> None:
    assert browser.get("/mi-avance/archivo").status_code == 404


def test_the_course_worked_in_last_is_first_and_those_not_begun_are_a_line_each(
    browser: TestClient, course: Course
) -> None:
    finish_first(browser, course)
    looked_at, later = "guia-multigrado", "competencia-digital"
    courses = browser.app.state.site.courses  # type: ignore[attr-defined]
    assert {looked_at, later} < set(courses)
    finish_first(browser, courses[later])
    browser.get(f"/cursos/{looked_at}/{courses[looked_at].lessons[0].id}")

    page = browser.get("/mi-avance").text
    tables, others = page.split('id="otros"')
    assert tables.index(courses[later].title) < tables.index(course.title)
    assert tables.count("<table") == 2
    assert f'href="/cursos/{looked_at}"' in others
    assert "Este servidor" not in page


def test_progress_comes_first_and_then_how_it_travels(
    browser: TestClient, course: Course, sign_up: Callable[[], None]
) -> None:
    finish_first(browser, course)
    sign_up()
    page = browser.get("/mi-avance").text
    assert [*re.findall(r"<h(\d)", page)] == sorted(re.findall(r"<h(\d)", page)), (
        "one h1, and below it only h2"
    )
    places = [
        page.index(one)
        for one in ("<table", "Subir un archivo de avance", "Guardar mi avance en un", 'id="otros"')
    ]
    assert places == sorted(places)
