"""A pack whose lesson became another one, opened by somebody who finished it as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sample_courses import GOOD

from lms.course.loader import load_course
from lms.course.model import Changes, Course
from lms.packs.formats import FORMATS

CHANGED = "Cambió: vuelve a verla"


@pytest.fixture
def old() -> Course:
    loaded = load_course(GOOD)
    assert loaded.course is not None, loaded.problems
    return loaded.course


def _open(context: BrowserContext, pack: Path, place: str = "") -> Page:
    page = context.new_page()
    page.goto(pack.as_uri() + place)
    return page


def test_it_asks_to_be_seen_again_and_finishing_it_brings_it_back(
    profile: Callable[..., BrowserContext], old: Course, tmp_path: Path
) -> None:
    pack = tmp_path / "agua.html"
    pack.write_bytes(FORMATS["single"].write(old))
    page = _open(profile(), pack, "#l/la-lluvia")
    page.get_by_role("textbox", name="Tu nombre").fill("Nélida")
    page.get_by_role("button", name="Empezar").click()
    page.locator(".view.current").get_by_role("button", name="Terminé esta lección").click()
    expect(page.locator(".view.current .finished")).to_contain_text("Lección hecha")
    page.context.close()

    new = replace(old, version="2.0.0", changes=Changes(major={"la-lluvia": "2.0.0"}))
    pack.write_bytes(FORMATS["single"].write(new))
    page = _open(profile(), pack)
    expect(page.locator('[data-state-of="la-lluvia"]')).to_have_text(CHANGED)
    expect(page.locator('[data-state-of="la-lluvia"] svg')).to_have_count(1)
    expect(page.locator('[data-lms="resume"]')).to_have_attribute("href", "#l/la-lluvia")
    page.goto(f"{pack.as_uri()}#avance")
    expect(page.locator('[data-lms="progress"]')).to_contain_text(CHANGED)
    expect(page.locator('[data-lms="progress"] .sum').first).to_have_text("0 %")
    page.goto(f"{pack.as_uri()}#l/la-lluvia")
    expect(page.locator(".view.current .finished")).to_have_text(CHANGED)
    page.locator(".view.current").get_by_role("button", name="Terminé esta lección").click()
    expect(page.locator(".view.current .finished")).to_contain_text("Lección hecha")
    expect(page.locator('.view.current [name="complete"]')).to_be_hidden()
    page.goto(f"{pack.as_uri()}#avance")
    expect(page.locator('[data-lms="progress"]')).not_to_contain_text(CHANGED)
    expect(page.locator('[data-lms="progress"] .sum').first).to_have_text("33 %")
