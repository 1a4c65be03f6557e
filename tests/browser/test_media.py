"""Sounds, a photograph and a film, in real pages: those that are there play, of the rest a sentence says where they are."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from cast import start_server, stop_server
from playwright.sync_api import Page, expect
from sample_courses import WITH_MEDIA, sample

from lms.course.films import films_file
from lms.course.loader import load_course
from lms.course.media import films
from lms.course.model import Course
from lms.packs.formats import FORMATS

LESSON = "la-lluvia"
PLAYED = """async sound => {
    sound.muted = true;
    await sound.play();
    await new Promise(done => { sound.ontimeupdate = () => { if (sound.currentTime > 0) done(); }; });
    return Math.round(sound.duration);
}"""


@pytest.fixture(scope="module")
def rain(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = load_course(sample(WITH_MEDIA.name, tmp_path_factory.mktemp("source"))).course
    assert course is not None
    return course


def opened(page: Page, document: Path) -> Page:
    """Open the lesson with media from disk; what fails in the page fails the test."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{document.as_uri()}#l/{LESSON}")
    page.get_by_role("button", name="Solo mirar").click()
    expect(page.locator(f"#{LESSON}--titulo")).to_be_visible()
    assert faults == []
    return page


def single(course: Course, name: str, folder: Path) -> Path:
    file = folder / FORMATS[name].file_name(course)
    file.write_bytes(FORMATS[name].write(course))
    return file


def extracted(course: Course, folder: Path, *names: str) -> Path:
    for name in names:
        zipfile.ZipFile(io.BytesIO(FORMATS[name].write(course))).extractall(folder)
    return folder / "ABRIR-AQUI.html"


def within_its_width(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def seen(page: Page, name: str) -> None:
    """Leave a picture of the page, where somebody asked for them."""
    if folder := os.environ.get("LOOK"):
        page.locator(f"#{LESSON}--medir-la-lluvia").scroll_into_view_if_needed()
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_the_light_file_says_in_words_where_its_sounds_are(phone: Page, rain: Course, tmp_path: Path) -> None:
    page = opened(phone, single(rain, "single", tmp_path))
    lesson = page.locator(f"[data-route='l/{LESSON}'] .lesson")
    expect(lesson.get_by_text("El audio no está en este archivo liviano")).to_have_count(2)
    expect(lesson.get_by_text("El video no está en este archivo")).to_be_visible()
    expect(lesson.locator("audio, video")).to_have_count(0)
    expect(lesson.get_by_text("Hoy medimos la lluvia.")).to_be_visible()
    picture = lesson.locator("img[alt^='Un vaso']")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("picture => picture.naturalWidth === 400", arg=picture.element_handle())
    assert within_its_width(page)
    seen(page, "lite")


def test_the_file_with_audio_plays_it(phone: Page, rain: Course, tmp_path: Path) -> None:
    page = opened(phone, single(rain, "single-audio", tmp_path))
    for name in ("Escucha: el saludo de Wilder", "Escucha: cómo suena la lluvia"):
        sound = page.locator(f"audio[aria-label='{name}']:visible")
        assert sound.get_attribute("preload") == "none"
        assert sound.evaluate(PLAYED) == 1
    expect(page.get_by_text("Escucha: el saludo de Wilder (1 s, 3 KB)")).to_be_visible()
    assert within_its_width(page)
    seen(page, "single-audio")

    page.evaluate("location.hash = '#inicio'")
    page.evaluate(f"location.hash = '#l/{LESSON}'")
    assert page.locator("audio:visible").first.evaluate(PLAYED) == 1


def test_a_pack_without_its_film_says_which_file_to_ask_for(
    phone: Page, rain: Course, tmp_path: Path
) -> None:
    page = opened(phone, extracted(rain, tmp_path, "site"))
    expect(page.locator(f"[data-route='l/{LESSON}'] .apart")).to_have_text(
        "El video no está en este paquete (5 KB). Pide también el archivo agua-1.0.0-videos.zip y extráelo en esta misma "
        "carpeta."
    )
    expect(page.locator("video")).to_have_count(0)
    assert page.locator("audio:visible").first.evaluate(PLAYED) == 1
    assert within_its_width(page)
    seen(page, "site-without")

    page.goto("about:blank")
    page.goto(f"{(tmp_path / 'ABRIR-AQUI.html').as_uri()}#completo")
    expect(page.locator('[data-lms="whole"]')).to_contain_text("4 de 4")
    expect(page.locator("[data-apart]")).to_have_attribute("data-state", "apart")


def test_with_its_film_beside_it_the_pack_plays_it(phone: Page, rain: Course, tmp_path: Path) -> None:
    page = opened(phone, extracted(rain, tmp_path, "site", "videos"))
    assert page.locator("video:visible").evaluate(PLAYED) == 1
    expect(page.locator(".apart")).to_have_count(0)
    assert within_its_width(page)
    seen(page, "site-with")


def test_a_film_that_a_page_cannot_open_is_a_sentence(phone: Page, tmp_path: Path) -> None:
    folder = sample(WITH_MEDIA.name, tmp_path / "courses")
    (tmp_path / "data").mkdir()
    server = start_server(tmp_path / "data", courses=tmp_path / "courses")
    try:
        phone.goto(f"{server.url}/cursos/agua/{LESSON}")
        expect(phone.locator("video")).to_be_visible()
        (folder / "media/medir.webm").unlink()
        phone.locator("video").evaluate("film => { film.play().catch(() => {}); }")
        expect(phone.get_by_text("El video no se pudo abrir aquí.")).to_be_visible()
    finally:
        stop_server(server)


def test_a_server_to_which_no_film_came_says_so_and_offers_what_it_has(phone: Page, tmp_path: Path) -> None:
    folder = sample(WITH_MEDIA.name, tmp_path / "courses")
    course = load_course(folder).course
    assert course is not None
    (folder / "videos.txt").write_text(films_file(films(course)))
    films(course)[0].source.unlink()
    (tmp_path / "data").mkdir()
    server = start_server(tmp_path / "data", courses=tmp_path / "courses")
    try:
        phone.goto(f"{server.url}/cursos/agua/{LESSON}")
        expect(phone.get_by_text("El video no está en este servidor (5 KB).")).to_be_visible()
        assert phone.locator("audio").first.evaluate(PLAYED) == 1
        assert within_its_width(phone)
        seen(phone, "live")
        phone.goto(f"{server.url}/cursos/agua")
        expect(phone.get_by_text("En un celular, con audio")).to_be_visible()
        expect(phone.get_by_text("Los videos, aparte")).to_have_count(0)
        if folder_to_look := os.environ.get("LOOK"):
            phone.screenshot(path=f"{folder_to_look}/ways.png", full_page=True)
    finally:
        stop_server(server)
