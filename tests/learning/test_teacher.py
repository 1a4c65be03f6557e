"""How far one teacher has come, as who accompanies them sees it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from cast import NELIDA, SECRET
from starlette.testclient import TestClient

from lms.course.model import Course
from lms.people import queries as people

SignUp = Callable[[], None]


@pytest.fixture
def database(place: str) -> dict[str, str]:
    """Both engines in turn."""
    return {"LMS_DATABASE": place, "LMS_SECRET": SECRET}


def words(page: str) -> str:
    """The main part of a page, as somebody reads it."""
    text = re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")])
    return re.sub(r"\s+", " ", html.unescape(text))


def become(browser: TestClient, role: str, document: str = NELIDA["documento"]) -> str:
    """Give whoever has a document another role; their id."""
    db = browser.app.state.site.db
    browser.portal.call(people.set_role, db, document, role)
    person = browser.portal.call(people.person_with_document, db, document)
    return str(person.id)


def hand_in(browser: TestClient, course: Course) -> None:
    """Deliver the first assessment without an answer."""
    url = f"/cursos/{course.id}/evaluaciones/{course.units[0].assessment.id}"
    browser.post(url)
    assert browser.post(url, data={"intento": "1", "entregar": "si"}).status_code == 303


def coach_sees(browser: TestClient, teacher: str) -> str:
    """The page of a teacher, by whoever signs up as a coach in this browser."""
    document = "12345678"
    form = {**NELIDA, "documento": document, "nombres": "Rosa", "paterno": "Mamani", "materno": ""}
    browser.post("/salir")
    assert browser.post("/crear-cuenta", data=form).status_code == 303
    become(browser, "acompanante", document)
    answer = browser.get(f"/acompanante/docentes/{teacher}")
    assert answer.status_code == 200
    return answer.text


def test_a_coach_sees_units_lessons_marks_and_the_last_day(
    browser: TestClient, course: Course, sign_up: SignUp
) -> None:
    sign_up()
    lesson = course.lessons[0]
    browser.post(f"/cursos/{course.id}/{lesson.id}", data={"complete": lesson.id})
    hand_in(browser, course)
    page = coach_sees(browser, become(browser, "docente"))
    text = words(page)
    assert "Nélida Quispe Ñahui" in text
    assert "Estudió por última vez hoy (" in text
    assert all(unit.title in text for unit in course.units)
    assert f"1 de {len(course.units[0].lessons)}" in text
    assert "0 de 20 · 1 intento" in text
    assert "Mi nota" not in text
    assert "Su avance está guardado en este servidor." in text
    assert 'href="/acompanante/avance"' in page
    assert 'href="/acompanante/pin"' in page


def test_nothing_that_is_the_teachers_alone_is_shown(
    browser: TestClient, course: Course, sign_up: SignUp
) -> None:
    sign_up()
    lesson = course.lessons[0]
    place = f"/cursos/{course.id}/{lesson.id}"
    for own in ({"note": "Solo para mí"}, {"bookmark": "si"}):
        assert browser.post(place, data=own).status_code == 303
    assert "Solo para mí" in browser.get("/mi-avance").text
    page = coach_sees(browser, become(browser, "docente"))
    assert "Solo para mí" not in page
    assert "Marcada" not in page
    assert lesson.title not in page
    assert NELIDA["documento"] not in page


def test_what_nobody_confirmed_is_said_to_wait(browser: TestClient, course: Course, sign_up: SignUp) -> None:
    sign_up()
    hand_in(browser, course)
    teacher, db = become(browser, "docente"), browser.app.state.site.db
    browser.portal.call(db.execute, "UPDATE links SET status = 'unverified'")
    text = words(coach_sees(browser, teacher))
    assert "Una parte de su avance todavía no está confirmada." in text
    assert "de 20 · 1 intento Por confirmar" in text


def test_who_has_not_begun_has_a_page_that_says_what_to_do(browser: TestClient, sign_up: SignUp) -> None:
    sign_up()
    assert "todavía no empieza. Si ya estudió en otro equipo" in words(
        coach_sees(browser, become(browser, "docente"))
    )


def test_progress_in_a_course_that_is_not_here_is_said(
    browser: TestClient, course: Course, sign_up: SignUp
) -> None:
    sign_up()
    lesson = course.lessons[0]
    browser.post(f"/cursos/{course.id}/{lesson.id}", data={"complete": lesson.id})
    teacher = become(browser, "docente")
    del browser.app.state.site.courses[course.id]
    assert "Lo que hizo es de un curso que no está en este servidor." in words(coach_sees(browser, teacher))


def test_a_teacher_sees_nobodys_page_not_even_their_own(browser: TestClient, sign_up: SignUp) -> None:
    sign_up()
    answer = browser.get(f"/acompanante/docentes/{become(browser, 'docente')}")
    assert answer.status_code == 403
    assert "no tiene permiso" in answer.text


def test_who_is_no_teacher_has_no_page_and_nobody_else_has(browser: TestClient, sign_up: SignUp) -> None:
    sign_up()
    own = become(browser, "administrador")
    for nobody in (own, "nadie", "%00"):
        answer = browser.get(f"/acompanante/docentes/{nobody}")
        assert answer.status_code == 404
        assert "Vuelve a «Mis docentes»" in answer.text
