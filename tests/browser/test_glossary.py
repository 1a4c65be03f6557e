"""A word that a lesson explains: there and back, live and from disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from cast import ROOT, Server
from playwright.sync_api import Page, expect

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


def there_and_back(page: Page) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.locator(f'a[href$="#glosario--{TERM}"]').first.click()
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
