"""A typo in the largest course, wherever it stands, costs little to a browser that keeps the version before."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable

import pytest
from browser.school import School, save
from playwright.sync_api import Page, expect

LARGEST = "competencia-digital"
HERE = f"/cursos/{LARGEST}"
KIB = 1024

# What was wrong: the file, the words before and after.
TYPOS = {
    "una frase": ("mapa-de-medios", "conversa en el puerto", "habla en el puerto"),
    "la explicación de una pregunta": ("mapa-de-medios", "#El aparato no basta.", "#El equipo no basta."),
    "una pregunta de un banco": ("planificar-con-medios.gift", "y casi no se", "y no se"),
    "el título de una lección": ("mapa-de-medios", "Mapa de medios de", "El mapa de medios de"),
    "el título de una unidad": ("course.toml", 'title = "Planificar con', 'title = "Planear con'),
    "el título del curso": ("course.toml", 'title = "Competencia Digital', 'title = "La Competencia Digital'),
    "lo que dice una palabra": ("glossary.toml", "Formación en servicio que", "Formación que"),
}

# The pages that are kept, by path, as they would be read without the server.
KEPT_PAGES = """async (course) => {
  const list = await lms.kept.list(course);
  const pages = list.files.filter(([address]) => !/\\.\\w+(\\?|$)/.test(address));
  const texts = await Promise.all(pages.map(async (file) => [file[0], await (await lms.kept.read(list, file)).text()]));
  return texts.map(([address, text]) => [address, lms.kept.settled(text)]);
}"""


def _get(school: School, address: str) -> str:
    with urllib.request.urlopen(school.url + address) as answer:
        text: str = answer.read().decode()
        return text


def _visit(school: School, page: Page) -> int:
    before = school.wire.marked
    page.goto(school.url + HERE)
    page.wait_for_load_state("networkidle")
    return school.wire.marked - before


def test_any_one_typo_costs_at_most_thirty_kib(
    school: School, device: Callable[[], Page], record_property: pytest.RecordProperty
) -> None:
    school.add(LARGEST)
    page = device()
    save(page, school, LARGEST)
    page.wait_for_load_state("networkidle")
    visit = _visit(school, page)  # what opening the page costs when there is nothing new
    costs = {}
    for number, (what, (file, before, after)) in enumerate(TYPOS.items(), 1):
        school.write(file, before, after, ".." if file == "glossary.toml" else LARGEST)
        school.publish(f"1.0.{number}", LARGEST)
        before_it = school.wire.marked
        page.goto(school.url + HERE)
        expect(page.locator("main")).to_contain_text(f"Guardamos la versión 1.0.{number}", timeout=60_000)
        costs[what] = school.wire.marked - before_it - visit
        record_property(what, costs[what])
        page.wait_for_load_state("networkidle")
    print({what: f"{cost / KIB:.1f} KiB" for what, cost in costs.items()})
    assert max(costs.values()) <= 30 * KIB, costs
    for address, text in page.evaluate(KEPT_PAGES, LARGEST):
        assert text == page.evaluate("text => lms.kept.settled(text)", _get(school, address)), address
