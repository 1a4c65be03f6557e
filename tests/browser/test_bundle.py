"""The «mochila digital» on a stick: opened by double click, searched, and left for a course at the right heading."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browser.conftest import LAPTOP
from browser.test_look import AUDIT, SMALL
from cast import ROOT
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lms.course.loader import load_courses
from lms.course.model import Course
from lms.course.texts import for_browser, passages
from lms.packs.bundle import bundle
from lms.search.index import Index
from lms.search.query import find
from lms.search.service import prepare

QUERIES = [asked["query"] for asked in json.loads((ROOT / "tests/search/queries.json").read_text("utf-8"))]
MISSPELT = ["batelia", "computadora", "baterias", "planif", "qosqo"]
FIRST_THREE = """queries => queries.map(query =>
    [...new Set(lms.find(lms.texts(), query, 40).hits.map(hit => hit.lesson))].slice(0, 3))"""

# Two questions at once, and how many lessons there are as soon as the second is answered.
ASKED_IN_HASTE = """() => {
  const field = document.querySelector("input[type=search]"), drawn = [];
  lms.on("route", () => drawn.push(document.querySelectorAll(".results > li").length));
  for (field.value of ["señal", "celular"]) field.form.dispatchEvent(new Event("submit", { cancelable: true }));
  return drawn[1];
}"""
MORE_THAN = "first => document.querySelectorAll('.results > li').length > first"

# A question answered, a word's meaning opened, headings that had the focus: what they leave is no text of the course.
STUDIED = """() => {
  document.querySelectorAll(".lesson .exercise .choice input").forEach(input => { input.checked = true; });
  document.querySelectorAll(".lesson .exercise button").forEach(button => button.click());
  document.querySelector('.lesson a[href*="#glosario--"]').click();
  document.querySelectorAll("h2, h3").forEach(heading => heading.setAttribute("tabindex", "-1"));
}"""

MADE_AHEAD = "() => { const index = lms.scan.prepare(lms.texts()); return index.words && index.spellings; }"


@pytest.fixture(scope="module")
def courses() -> list[Course]:
    return list(load_courses(ROOT / "courses")[0].values())


@pytest.fixture(scope="module")
def start(courses: list[Course], tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("usb") / "Memoria de la señora Nélida"
    return (bundle(courses, folder, lambda course: None) / "ABRIR-AQUI.html").as_uri()


def search(page: Page, query: str) -> None:
    page.get_by_role("searchbox").fill(query)
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("[data-route=buscar] mark").first).to_be_visible()


def test_a_course_searches_the_text_of_its_lessons_whatever_its_reader_did_there(
    phone: Page, start: str, courses: list[Course]
) -> None:
    for course in courses:
        phone.goto(start.replace("ABRIR-AQUI", f"cursos/{course.id}/ABRIR-AQUI"))
        phone.evaluate(STUDIED)
        expect(phone.locator(".lesson .meaning")).to_be_attached()
        read = [for_browser(passage) for passage in passages(course)]
        assert phone.evaluate("lms.texts()") == [
            {name: value for name, value in one.items() if name != "words"} for one in read
        ]


def test_it_finds_what_the_server_finds(
    phone: Page, start: str, courses: list[Course], tmp_path: Path
) -> None:
    index = Index(prepare(tmp_path / "search", courses))
    asked = QUERIES + MISSPELT
    found = [
        list(dict.fromkeys(f"{hit.course}/{hit.lesson}" for hit in find(index, query).hits))[:3]
        for query in asked
    ]
    index.close()
    phone.goto(start)
    search(phone, "batería")
    assert phone.evaluate(FIRST_THREE, asked) == found
    phone.get_by_role("searchbox").focus()
    phone.wait_for_function(MADE_AHEAD)
    assert phone.evaluate(FIRST_THREE, asked) == found, "from the words that were made ready meanwhile"


def test_a_result_opens_its_course_at_its_heading(phone: Page, start: str) -> None:
    phone.goto(start)
    assert phone.evaluate("lms.texts().length") == 0, "texts come only to be searched"
    search(phone, "alfabeto oficial")
    titled = phone.locator("small", has_text="Guía para la Educación Intercultural Bilingüe")
    first = phone.locator(".results > li", has=titled).first
    place = first.locator("a.where").first
    heading = place.inner_text()
    place.click()
    phone.get_by_role("button", name="Solo mirar").click()
    expect(phone.locator(".view.current").get_by_role("heading", name=heading)).to_be_in_viewport()
    assert "/cursos/guia-eib/ABRIR-AQUI.html#" in phone.url


def test_the_first_lessons_are_drawn_at_once_and_all_of_them_before_one_can_scroll(
    phone: Page, start: str
) -> None:
    phone.goto(start)
    search(phone, "agua")
    first = phone.evaluate(ASKED_IN_HASTE)
    assert first > 0
    phone.wait_for_function(MORE_THAN, arg=first)
    expect(phone, "the address of what is shown").to_have_url(re.compile("#b/celular$"))
    phone.evaluate("scrollTo(0, document.body.scrollHeight)")
    last = phone.locator(".results > li").last
    expect(last).to_be_in_viewport()
    last.locator("h2 a").click()
    phone.get_by_role("button", name="Solo mirar").click()
    phone.go_back()
    expect(last).to_be_in_viewport()


def test_it_shows_the_progress_of_whoever_is_chosen(
    profile: Callable[[], BrowserContext], start: str
) -> None:
    page = profile().new_page()
    page.goto(start)
    expect(page.get_by_text("Aquí todavía no hay avance")).to_be_visible()
    page.get_by_role("link", name="Alfabetización Digital").click()
    page.get_by_role("textbox", name="Tu nombre").fill("Nélida")
    page.get_by_role("button", name="Empezar").click()
    page.goto(page.url.split("#")[0] + "#l/conozco-mi-equipo")
    page.get_by_role("button", name="Terminé esta lección").click()
    expect(page.locator(".view.current .finished")).to_be_visible()
    page.get_by_role("button", name="Cambiar de persona").click()
    page.get_by_role("button", name="Soy otra persona").click()
    page.get_by_role("textbox", name="Tu nombre").fill("Wilder")
    page.get_by_role("button", name="Empezar").click()
    expect(page.locator("[data-lms=person]")).to_have_text("Wilder")
    page.wait_for_timeout(2000)  # that he opened the lesson is stored in the background

    page.goto(start)
    mine = page.locator("[data-mine=alfabetizacion-digital]")
    expect(mine).to_contain_text("0 % del curso")
    page.get_by_label("Avance de").select_option("Nélida")
    expect(mine).to_contain_text("2 % del curso")
    page.get_by_role("link", name="Alfabetización Digital").click()
    expect(page.locator("[data-lms=person]")).to_have_text("Nélida")


def test_without_javascript_it_is_a_list_of_links(
    browser: Browser, start: str, courses: list[Course]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(start)
    expect(page.locator(".card h2 a")).to_have_text([course.title for course in courses])
    expect(page.get_by_role("searchbox")).to_be_hidden()
    page.locator(".card h2 a").last.click()
    expect(page.locator("h1").first).to_have_text(courses[-1].title)
    context.close()


def test_a_search_without_its_texts_says_so(browser: Browser, courses: list[Course], tmp_path: Path) -> None:
    made = bundle(courses[:1], tmp_path, lambda course: None)
    (made / "textos.js").unlink()
    context = browser.new_context()
    page = context.new_page()
    page.goto((made / "ABRIR-AQUI.html").as_uri() + "#b/agua")
    expect(page.get_by_text("falta el archivo textos.js")).to_be_visible()
    context.close()


@pytest.mark.parametrize(("size", "scheme"), [(SMALL, "light"), (LAPTOP, "dark")])
def test_every_view_is_whole_legible_and_easy_to_hit(
    browser: Browser, start: str, size: dict[str, int], scheme: str
) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    for view in ("", "#glosario", "#b/bateria", "#b/ugel", "#b/xyzxyz"):
        page.goto(start + view)
        page.wait_for_timeout(1000)
        assert page.evaluate(AUDIT) == [], view
    context.close()
