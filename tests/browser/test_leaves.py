"""Formats with a file a lesson, as people see them: what Kiwix and a platform show, read from a folder."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import acts
import pytest
from browser.conftest import LAPTOP
from browser.test_look import AUDIT, SMALL
from libzim.reader import Archive
from playwright.sync_api import Browser, Page, expect

from lms.course.model import Course
from lms.packs.formats import FORMATS

LESSON, EXAM = "l-conozco-mi-equipo.html", "e-evaluacion-mi-equipo-y-yo.html"


@pytest.fixture(scope="module")
def kiwix(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is inside of a ZIM file, file by file."""
    folder = tmp_path_factory.mktemp("kiwix")
    (folder / "curso.zim").write_bytes(FORMATS["zim"].write(course))
    archive = Archive(folder / "curso.zim")
    for number in range(archive.all_entry_count):
        entry = archive._get_entry_by_id(number)
        if entry.path.endswith((".html", ".css", ".js", ".svg")):
            file = folder / entry.path
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(bytes(entry.get_item().content))
    return folder


@pytest.fixture(scope="module")
def platform(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SCORM package, unpacked."""
    folder = tmp_path_factory.mktemp("scorm")
    zipfile.ZipFile(io.BytesIO(FORMATS["scorm"].write(course))).extractall(folder)
    return folder


@pytest.mark.parametrize(("size", "scheme"), [(SMALL, "light"), (LAPTOP, "dark")])
def test_every_page_is_whole_legible_and_easy_to_hit(
    browser: Browser, kiwix: Path, platform: Path, size: dict[str, int], scheme: str
) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    for file in (
        kiwix / "index.html",
        *(at / name for at in (kiwix, platform) for name in (LESSON, EXAM, "glosario.html")),
    ):
        page.goto(file.as_uri())
        page.wait_for_timeout(300)
        assert page.evaluate(AUDIT) == [], file
    context.close()


def test_in_kiwix_exercises_are_graded_and_a_sentence_says_that_nothing_is_kept(
    phone: Page, kiwix: Path, course: Course
) -> None:
    phone.goto((kiwix / "index.html").as_uri())
    phone.get_by_role("link", name="Conozco mi celular, tableta y laptop").click()
    for exercise in course.lesson("conozco-mi-equipo").exercises:
        assert "Muy bien" in acts.answer(phone, exercise)
    expect(phone.get_by_text("nada queda guardado")).to_be_visible()
    phone.get_by_role("link", name="Ir a la lección siguiente").click()
    expect(phone.locator("#gestos-mouse-y-teclado h1")).to_be_visible()


def test_in_kiwix_an_assessment_is_drawn_and_marked(phone: Page, kiwix: Path, course: Course) -> None:
    phone.goto((kiwix / EXAM).as_uri())
    shown = phone.locator(".exercise:visible")
    expect(shown).to_have_count(10)
    for name in shown.evaluate_all("forms => forms.map(form => form.dataset.exercise)"):
        exercise = course.exercise(name)
        acts.fill(acts.form_of(phone, exercise), exercise, acts.right_answer(exercise))
    phone.locator('[data-lms="deliver"]').click()
    expect(phone.locator(".score")).to_contain_text("20")


def test_without_javascript_pages_read_well(browser: Browser, kiwix: Path, platform: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    for folder in (kiwix, platform):
        page.goto((folder / LESSON).as_uri())
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator(".exercise button:visible")).to_have_count(0)
    context.close()
