"""A pack on a device without a network: the site zip and the single file, opened from disk."""

from __future__ import annotations

import os
import signal
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import acts
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lms.course.model import Course
from lms.packs.formats import FORMATS
from lms.sync.over_file import parse_progress_file

LESSON = "conozco-mi-equipo"


@pytest.fixture(params=["site", "single"])
def pack(request: pytest.FixtureRequest, tmp_path: Path, course: Course) -> Path:
    """The page to open, in a new folder with spaces and ñ in its path."""
    folder = tmp_path / "Curso de la señora Nélida"
    folder.mkdir()
    made = FORMATS[request.param]
    file = folder / made.file_name(course)
    file.write_bytes(made.write(course))
    if request.param == "single":
        return file
    with zipfile.ZipFile(file) as archive:
        archive.extractall(folder / "memoria usb")
    return folder / "memoria usb" / "ABRIR-AQUI.html"


def _open(context: BrowserContext, pack: Path, place: str = "") -> Page:
    page = context.new_page()
    page.goto(pack.as_uri() + place)
    return page


def _introduce(page: Page, name: str = "Nélida") -> None:
    page.get_by_role("textbox", name="Tu nombre").fill(name)
    page.get_by_role("button", name="Empezar").click()
    expect(page.locator('[data-lms="person"]')).to_have_text(name)


def _find(page: Page, query: str) -> list[str]:
    marks = page.locator("[data-route=buscar] mark")
    before = [mark.element_handle() for mark in marks.all()[:1]]
    page.locator('[data-lms="search"] input').fill(query)
    page.locator('[data-lms="search"] input').press("Enter")
    page.wait_for_function("before => before.every(mark => !mark.isConnected)", arg=before)
    expect(page.locator("[data-route=buscar]")).to_be_visible()
    marks.first.wait_for()
    return marks.all_inner_texts()


def test_every_kind_of_exercise_is_graded_and_explained(
    pack: Path, profile: Callable[..., BrowserContext], course: Course
) -> None:
    page = _open(profile(), pack)
    _introduce(page)
    seen: set[str] = set()
    for lesson in course.lessons:
        fresh = [one for one in lesson.exercises if one.type not in seen]
        if not fresh:
            continue
        page.goto(f"{pack.as_uri()}#l/{lesson.id}")
        for exercise in fresh:
            if exercise.type in seen:
                continue
            seen.add(exercise.type)
            assert "Muy bien" not in acts.answer(page, exercise, right=False)
            assert "Muy bien" in acts.answer(page, exercise)
    assert len(seen) == 7


def test_pictures_are_shown(pack: Path, profile: Callable[..., BrowserContext]) -> None:
    page = _open(profile(), pack, f"#l/{LESSON}")
    picture = page.locator(f"#{LESSON} img")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('#conozco-mi-equipo img').complete")
    assert picture.evaluate("image => image.naturalWidth") > 0


def test_search_forgives_accents_plurals_and_a_typo(
    pack: Path, profile: Callable[..., BrowserContext]
) -> None:
    page = _open(profile(), pack)
    _introduce(page)
    assert any("pedagógico" in found.lower() for found in _find(page, "pedagogico"))
    for asked in ("baterias", "batelia", "BATERÍA"):
        assert any("batería" in found.lower() for found in _find(page, asked)), asked
    _find(page, "celular")
    said = page.locator("[data-route=buscar] .count")
    expect(said).to_have_text("Está en muchos lugares. Mira primero estas lecciones.")
    page.locator("[data-route=buscar] a").first.click()
    expect(page.locator(".view.current article")).to_be_visible()


def test_who_comes_back_to_results_finds_them_as_they_were(
    pack: Path, profile: Callable[..., BrowserContext]
) -> None:
    page = _open(profile(), pack)
    _introduce(page)
    _find(page, "batería")
    page.locator('[data-lms="search"] input').fill("celular")
    lessons = page.locator(".results > li")
    expect(page).to_have_url(f"{pack.as_uri()}#b/celular")
    expect(lessons.nth(6)).to_be_attached()
    drawn = lessons.all_inner_texts()
    last = lessons.last.locator("h2 a")
    last.scroll_into_view_if_needed()
    here = page.evaluate("scrollY")
    last.click()
    expect(page.locator(".view.current article")).to_be_visible()
    page.go_back()
    expect(last).to_be_in_viewport()
    assert page.evaluate("scrollY") == here > 0
    assert lessons.all_inner_texts() == drawn
    expect(page.locator('[data-lms="search"] input')).to_have_value("celular")
    page.reload()
    expect(last).to_be_in_viewport()
    assert lessons.all_inner_texts() == drawn


def test_a_reader_hears_the_count_of_results_and_not_each(
    pack: Path, profile: Callable[..., BrowserContext]
) -> None:
    page = _open(profile(), pack)
    _introduce(page)
    _find(page, "pedagógico")
    found = page.evaluate("lms.find(lms.texts(), 'pedagógico', 40).total")
    expect(page.locator("[aria-live=polite] .count")).to_contain_text(f"{found} lugar")
    expect(page.locator("[aria-live=polite] > .results")).to_have_attribute("aria-live", "off")


def test_progress_survives_a_restart_and_a_second_person_has_their_own(
    pack: Path, profile: Callable[..., BrowserContext], course: Course
) -> None:
    exercise = course.lesson(LESSON).exercises[0]
    context = profile()
    page = _open(context, pack, f"#l/{LESSON}")
    _introduce(page)
    acts.answer(page, exercise)
    context.close()

    page = _open(profile(), pack, f"#l/{LESSON}")
    expect(acts.form_of(page, exercise).locator(".feedback")).to_contain_text("Muy bien")
    page.get_by_role("button", name="Cambiar de persona").click()
    page.get_by_role("button", name="Soy otra persona").click()
    _introduce(page, "Wilder")
    page.goto(f"{pack.as_uri()}#avance")
    expect(page.locator('[data-lms="progress"]')).to_contain_text("Mi equipo y yo")
    page.goto(f"{pack.as_uri()}#l/{LESSON}")
    expect(acts.form_of(page, exercise).locator(".feedback")).not_to_contain_text("Muy bien")


KEPT = """async item => (await lms.store.records(lms.journal.profile()))
    .some(({ line }) => line.includes('"exercise.answered"') && line.includes(`"${item}"`))"""


def test_an_answer_is_kept_within_a_second_and_survives_a_kill(
    pack: Path, profile: Callable[..., BrowserContext], course: Course, tmp_path: Path
) -> None:
    exercise = course.lesson(LESSON).exercises[0]
    page = _open(profile(), pack, f"#l/{LESSON}")
    _introduce(page)
    acts.answer(page, exercise)
    page.wait_for_function(KEPT, arg=exercise.name, timeout=1000)
    _kill_browser(tmp_path / "perfil")

    page = _open(profile(), pack, f"#l/{LESSON}")
    expect(acts.form_of(page, exercise).locator(".feedback")).to_contain_text("Muy bien")


def _kill_browser(profile_folder: Path) -> None:
    """SIGKILL every process of the browser on this profile: what a dead battery does."""
    alive = _browser_on(profile_folder)
    assert alive
    while alive:
        for process in alive:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        alive = _browser_on(profile_folder)
    for lock in profile_folder.glob("Singleton*"):
        lock.unlink()


def _browser_on(profile_folder: Path) -> list[int]:
    found = subprocess.run(
        ["pgrep", "-f", f"user-data-dir={profile_folder}"], capture_output=True, text=True, check=False
    )
    return [int(process) for process in found.stdout.split()]


def test_the_file_saved_here_is_whole_and_comes_back_on_another_device(
    pack: Path,
    profile: Callable[..., BrowserContext],
    phone: Page,
    course: Course,
    tmp_path: Path,
) -> None:
    exercise = course.lesson(LESSON).exercises[0]
    page = _open(profile(), pack, f"#l/{LESSON}")
    _introduce(page)
    acts.answer(page, exercise)
    page.goto(f"{pack.as_uri()}#avance")
    with page.expect_download() as download:
        page.locator('[data-route=avance] [data-lms="save"]').click()
    saved = tmp_path / "avance.txt"
    download.value.save_as(saved)
    assert download.value.suggested_filename.endswith(".txt")
    assert len(parse_progress_file(saved.read_bytes())) >= 2

    phone.goto(f"{pack.as_uri()}#avance")
    phone.get_by_role("button", name="Solo mirar").click()
    with phone.expect_file_chooser() as chooser:
        phone.locator('[data-route=avance] [data-lms="bring"]').click()
    chooser.value.set_files(saved)
    phone.get_by_role("button", name="Seguir como Nélida").click()
    phone.goto(f"{pack.as_uri()}#l/{LESSON}")
    expect(acts.form_of(phone, exercise).locator(".feedback")).to_contain_text("Muy bien")


def test_a_way_to_keep_and_bring_progress_stands_at_the_top_of_its_view(pack: Path, phone: Page) -> None:
    phone.goto(f"{pack.as_uri()}#avance")
    _introduce(phone)
    for name in ("Guardar mi avance en un archivo", "Traer mi avance"):
        expect(phone.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)


def test_an_assessment_is_drawn_marked_and_counted(
    pack: Path, profile: Callable[..., BrowserContext], course: Course
) -> None:
    assessment = course.units[0].assessment
    assert assessment is not None
    page = _open(profile(), pack, f"#e/{assessment.id}")
    _introduce(page)
    shown = page.locator(f'[data-assessment="{assessment.id}"] .exercise:visible')
    expect(shown).to_have_count(assessment.draw)
    for name in shown.evaluate_all("forms => forms.map(form => form.dataset.exercise)"):
        exercise = course.exercise(name)
        acts.fill(acts.form_of(page, exercise), exercise, acts.right_answer(exercise))
    page.locator('.view.current [data-lms="deliver"]').click()
    expect(page.locator(".view.current")).to_contain_text("20")
    page.goto(f"{pack.as_uri()}#avance")
    expect(page.locator('[data-lms="progress"]')).to_contain_text("20")


def test_without_javascript_the_whole_course_reads_as_a_book(
    pack: Path, browser: Browser, course: Course
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(pack.as_uri())
    for lesson in course.lessons:
        expect(page.locator(f"#{lesson.id} h1")).to_be_visible()
    assert not page.locator("[data-route=avance]").is_visible()
    expect(page.locator(".exercise button:visible")).to_have_count(0)
    context.close()


# The rest may take long: to the page its end has not come.
STILL_COMING = "addEventListener('DOMContentLoaded', event => event.stopImmediatePropagation(), true)"


@pytest.mark.parametrize(("place", "shown"), [("", "inicio"), (f"#l/{LESSON}", f"l/{LESSON}")])
def test_what_was_asked_for_can_be_read_before_the_scripts_are(
    browser: Browser, tmp_path: Path, course: Course, place: str, shown: str
) -> None:
    """A slow telephone takes seconds to read what stands after the text."""
    text = FORMATS["single"].write(course).decode()
    half = tmp_path / "a medias.html"
    half.write_text(text[: text.rindex("<script>")], "utf-8")
    page = browser.new_page()
    page.add_init_script(STILL_COMING)
    page.goto(half.as_uri() + place)
    views = page.locator(".view").evaluate_all(
        "views => views.filter(view => view.getClientRects().length).map(view => view.dataset.route)"
    )
    assert views == [shown]
    page.close()
