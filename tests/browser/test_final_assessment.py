"""A course's final assessment in a pack: where it stands, and how a reader comes to it."""

from __future__ import annotations

from pathlib import Path

import acts
import pytest
from playwright.sync_api import Page, expect
from sample_courses import FINAL, sample

from lms.course.loader import load_course
from lms.course.model import Course
from lms.packs.formats import FORMATS


@pytest.fixture
def final(tmp_path: Path) -> Course:
    loaded = load_course(sample(FINAL.name, tmp_path))
    assert loaded.course is not None, loaded.problems
    return loaded.course


@pytest.fixture
def pack(final: Course, tmp_path: Path) -> str:
    file = tmp_path / "agua.html"
    file.write_bytes(FORMATS["single"].write(final))
    return file.as_uri()


def _deliver(page: Page, course: Course, assessment: str) -> None:
    names = page.locator(f'[data-assessment="{assessment}"] .exercise:visible').evaluate_all(
        "forms => forms.map(form => form.dataset.exercise)"
    )
    for name in names:
        exercise = course.exercise(name)
        acts.fill(acts.form_of(page, exercise), exercise, acts.right_answer(exercise))
    page.locator('.view.current [data-lms="deliver"]').click()
    expect(page.locator(".view.current .score")).to_contain_text("Aprobaste")


def test_a_reader_comes_to_it_from_the_last_unit_and_from_where_they_left(
    phone: Page, pack: str, final: Course
) -> None:
    phone.goto(pack)
    phone.get_by_role("textbox", name="Tu nombre").fill("Nélida")
    phone.get_by_role("button", name="Empezar").click()
    home = phone.locator("[data-route=inicio]")
    expect(home).to_contain_text("2 lecciones en 1 unidad")
    begin = home.get_by_role("link", name="Empezar el curso")
    expect(begin).to_have_attribute("href", f"#l/{final.lessons[0].id}")
    expect(home).not_to_contain_text("Unidad 2")
    expect(home.get_by_role("heading", name="Evaluación final")).to_be_visible()
    for lesson in final.lessons:
        phone.goto(f"{pack}#l/{lesson.id}")
        phone.locator(".view.current").get_by_role("button", name="Terminé esta lección").click()
        expect(phone.locator(".view.current .finished")).to_contain_text("Lección hecha")
    phone.get_by_role("link", name="Inicio").click()
    expect(phone.locator('[data-lms="resume"]')).to_have_text("Seguir donde me quedé")
    expect(phone.locator('[data-lms="resume"]')).to_have_attribute("href", "#e/evaluacion-final")
    phone.goto(f"{pack}#e/evaluacion-el-agua")
    _deliver(phone, final, "evaluacion-el-agua")
    phone.locator(".view.current .result").get_by_role("link", name="Ir a la evaluación final").click()
    expect(phone.get_by_role("heading", name="Evaluación final", level=1)).to_be_visible()
    expect(phone.locator(".view.current .crumbs")).not_to_contain_text("Unidad")
    _deliver(phone, final, "evaluacion-final")
    expect(phone.locator(".view.current .result a")).to_have_count(0)
    phone.get_by_role("link", name="Mi avance").click()
    expect(phone.locator('[data-lms="progress"] .sum').first).to_contain_text("100 %")
    expect(phone.locator('[data-lms="progress"] section').last).not_to_contain_text("lecciones")
    expect(phone.locator('[data-lms="resume"]')).to_be_hidden()
