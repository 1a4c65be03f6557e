"""A word that a lesson explains: there and back, live and from disk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browser.scorm_platform import platform
from cast import ROOT, Server
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect

from lms.course.loader import load_course
from lms.packs.formats import FORMATS

LESSON, TERM = "del-grado-al-ciclo", "desempeno"


@pytest.fixture
def single(tmp_path: Path) -> Path:
    course = load_course(ROOT / "courses" / "guia-multigrado").course
    assert course
    file = tmp_path / "guía.html"
    file.write_bytes(FORMATS["single"].write(course))
    return file


def word_of(place: Page | FrameLocator) -> Locator:
    return place.locator(f'.lesson a[href$="#glosario--{TERM}"]').first


def opened_in_place(page: Page, place: Page | FrameLocator) -> None:
    """By keyboard alone: it opens below its paragraph, says its name, and gives the focus back."""
    word = word_of(place)
    expect(word).to_have_attribute("aria-expanded", "false")
    address = page.url
    word.focus()
    word.press("Enter")
    box = place.get_by_role("dialog", name="Desempeño")
    expect(box).to_be_focused()
    expect(box).to_be_in_viewport()
    expect(box).to_have_accessible_description(re.compile("^Lo que se puede observar"))
    expect(word).to_have_attribute("aria-expanded", "true")
    root = place.locator("html")
    assert root.evaluate("one => one.scrollWidth <= one.clientWidth")
    box.press("Escape")
    expect(box).to_have_count(0)
    expect(word).to_be_focused()
    word.click()
    place.get_by_role("button", name="Cerrar").click()
    expect(word).to_be_focused()
    word.click()
    word.click()
    expect(box).to_have_count(0)
    expect(word).to_have_attribute("aria-expanded", "false")
    assert page.url == address


def there_and_back(page: Page) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    word_of(page).click()
    page.get_by_role("link", name="Ver en el glosario").click()
    term = page.locator(f"#glosario--{TERM}")
    expect(term).to_be_in_viewport()
    assert term.evaluate("term => getComputedStyle(term).backgroundColor") != "rgba(0, 0, 0, 0)"
    page.wait_for_timeout(300)  # what would fail does so after the page is shown
    page.go_back()
    expect(page.locator(f"#{LESSON}--titulo")).to_be_visible()
    assert faults == []


def test_live(phone: Page, server: Server) -> None:
    phone.goto(f"{server.url}/cursos/guia-multigrado/{LESSON}")
    there_and_back(phone)


def test_from_disk(phone: Page, single: Path) -> None:
    phone.goto(f"{single.as_uri()}#l/{LESSON}")
    phone.get_by_role("button", name="Solo mirar").click()
    there_and_back(phone)


def test_its_meaning_opens_in_place_live(phone: Page, server: Server) -> None:
    phone.goto(f"{server.url}/cursos/guia-multigrado/{LESSON}")
    opened_in_place(phone, phone)


def test_its_meaning_opens_in_place_from_disk(phone: Page, single: Path) -> None:
    phone.goto(f"{single.as_uri()}#l/{LESSON}")
    phone.get_by_role("button", name="Solo mirar").click()
    opened_in_place(phone, phone)


def test_its_meaning_opens_in_place_in_a_platform(phone: Page) -> None:
    course = load_course(ROOT / "courses" / "guia-multigrado").course
    assert course
    with platform(FORMATS["scorm"].write(course), {}) as running:
        opened_in_place(phone, running.launch(phone, f"l-{LESSON}.html"))


def test_another_word_closes_the_first(phone: Page, server: Server) -> None:
    phone.goto(f"{server.url}/cursos/guia-multigrado/{LESSON}")
    words = phone.locator(".lesson a[aria-expanded]")
    words.nth(0).click()
    expect(phone.get_by_role("dialog")).to_be_visible()
    words.nth(1).click()
    expect(phone.get_by_role("dialog")).to_have_count(1)
    expect(words.nth(0)).to_have_attribute("aria-expanded", "false")


def test_what_cannot_be_fetched_leads_to_the_glossary(phone: Page, server: Server) -> None:
    phone.route("**/static/tools.js*", lambda route: route.abort())
    phone.goto(f"{server.url}/cursos/guia-multigrado/{LESSON}")
    word_of(phone).click()
    expect(phone.locator(f"#glosario--{TERM}")).to_be_in_viewport()


def test_without_scripts_the_word_leads_to_the_glossary(browser: Browser, server: Server) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.url}/cursos/guia-multigrado/{LESSON}")
    expect(page.locator("[data-term]").first).to_be_hidden()
    word_of(page).click()
    expect(page.locator(f"#glosario--{TERM}")).to_be_visible()
    context.close()
