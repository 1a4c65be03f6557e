"""A course's final assessment, wherever a reader without JavaScript meets it: it is no unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sample_courses import FINAL, sample
from starlette.testclient import TestClient

from lms.app import create_app
from lms.settings import Settings

COURSE = "/cursos/agua"
LAST = f"{COURSE}/evaluaciones/evaluacion-el-agua"
FINAL_PAGE = f"{COURSE}/evaluaciones/evaluacion-final"
RIGHT = {
    **{"banco-uno": "false", "banco-dos": "20", "banco-tres": "0", "banco-cuatro": ["1", "2"]},
    **{"final-uno": "false", "final-dos": "30", "final-tres": "0", "final-cuatro": "true"},
}


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[TestClient]:
    """A browser without JavaScript at a site whose one course has a final assessment."""
    sample(FINAL.name, tmp_path / "courses")
    settings = Settings.load(
        {
            "LMS_DATA": str(tmp_path / "data"),
            "LMS_COURSES": str(tmp_path / "courses"),
            "LMS_PACKS": str(tmp_path / "packs"),
        }
    )
    headers = {"accept": "text/html", "sec-fetch-site": "same-origin"}
    with TestClient(create_app(settings), headers=headers, follow_redirects=False) as client:
        yield client


def finish_lessons(browser: TestClient) -> None:
    for lesson in ("el-pozo", "la-lluvia"):
        assert browser.post(f"{COURSE}/{lesson}", data={"complete": lesson}).status_code == 303


def take(browser: TestClient, url: str, *, right: bool = True) -> str:
    """Deliver an attempt and return the page of its result."""
    browser.post(url)
    page = browser.get(url).text
    attempt = re.findall(r'name="intento" value="(\d+)"', page)[0]
    drawn = set(re.findall(r'name="([a-z-]+)\.', page.split('data-lms="plain"')[-1]))
    answers = {f"{name}.answer": RIGHT[name] for name in drawn if right}
    answer = browser.post(url, data={"intento": attempt, "entregar": "si", **answers})
    return browser.get(answer.headers["location"]).text


def test_it_is_called_by_its_title_and_never_a_unit(browser: TestClient) -> None:
    for address in ("/", COURSE, FINAL_PAGE, f"{COURSE}/el-pozo"):
        assert "Unidad 2" not in browser.get(address).text, address
        assert "2 unidades" not in browser.get(address).text, address
    assert "1 unidad</li>" in browser.get("/").text
    course = browser.get(COURSE).text
    assert "2 lecciones en 1 unidad</li>" in course
    assert "<h2>Evaluación final</h2>" in course
    assert "Tu producto: </p>" not in course
    assert f'href="{FINAL_PAGE}"' in course
    assert "Otras unidades" not in browser.get(f"{COURSE}/el-pozo").text
    assert f'href="{FINAL_PAGE}"' in browser.get(f"{COURSE}/el-pozo").text


def test_a_passed_last_unit_leads_to_it(browser: TestClient) -> None:
    onward = f'<a class="button" href="{FINAL_PAGE}">Ir a la evaluación final</a>'
    assert onward not in take(browser, LAST, right=False)
    assert onward in take(browser, LAST)
    assert "Ir a la evaluación final" not in take(browser, FINAL_PAGE)


def test_going_on_after_all_lessons_is_going_to_it_until_it_is_passed(browser: TestClient) -> None:
    finish_lessons(browser)
    take(browser, LAST)
    going = f'<a class="button" href="{FINAL_PAGE}">'
    assert going in browser.get("/").text
    assert '<p class="title">Evaluación final</p>' in browser.get("/").text
    take(browser, FINAL_PAGE, right=False)
    assert going in browser.get(COURSE).text
    assert "Por mejorar" in browser.get("/mi-avance").text
    take(browser, FINAL_PAGE)
    assert going not in browser.get("/").text
    assert going not in browser.get(COURSE).text


def test_my_progress_counts_it_and_says_its_mark(browser: TestClient) -> None:
    finish_lessons(browser)
    assert "<b>50 %</b>" in browser.get("/mi-avance").text
    take(browser, FINAL_PAGE)
    page = browser.get("/mi-avance").text
    assert "<b>75 %</b>" in page
    row = re.findall(r'<tr><th scope="row">Evaluación final</th>.*?</tr>', page, re.DOTALL)[0]
    assert "Aprobada" in row
    assert ">20</span>" in row
    assert " de 0" not in row
