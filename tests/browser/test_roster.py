"""«Mis docentes» as a coach uses it on a phone and on a laptop, without scripts."""

from __future__ import annotations

from pathlib import Path

from browser.conftest import LAPTOP, PHONE
from browser.live_acts import sign_up
from browser.test_review import make_coach
from cast import Server
from playwright.sync_api import Browser, Page, expect

from lms.course.model import Course

AUDIT = (Path(__file__).parent / "audit.js").read_text("utf-8")
NAME = "Maximiliana Hermelinda Tsamajain"
LOOKS = ((PHONE, "light", "no-preference"), (PHONE, "dark", "no-preference"), (LAPTOP, "light", "more"))


def audited(page: Page, what: str) -> None:
    """Whole, legible and easy to hit, on each screen and in each colours."""
    for size, scheme, contrast in LOOKS:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme, contrast=contrast)  # type: ignore[arg-type]
        assert page.evaluate(AUDIT) == [], (what, size, scheme)


def test_a_coach_sees_who_needs_help_and_finds_a_teacher(
    browser: Browser, server: Server, course: Course
) -> None:
    teacher, coach = (
        browser.new_context(java_script_enabled=False, reduced_motion="reduce") for _ in range(2)
    )
    document = sign_up(teacher.new_page(), server, NAME)
    lesson = f"/cursos/{course.id}/{course.lessons[0].id}"
    done = {"complete": course.lessons[0].id}
    teacher.request.post(server.url + lesson, form=done, headers={"sec-fetch-site": "same-origin"})
    page = coach.new_page()
    make_coach(page, server)
    page.goto(f"{server.url}/acompanante")
    row = page.get_by_role("row", name=NAME)
    expect(row).to_contain_text("Hoy")
    expect(row).to_contain_text(f"{course.title}: 1 de {len(course.lessons)} lecciones")
    audited(page, "list")

    field = page.get_by_label("Buscar por nombre o documento")
    field.fill("49999999")
    field.press("Enter")
    audited(page, "nobody")
    expect(page.get_by_label("Buscar por nombre o documento")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Buscar por nombre o documento").fill(document)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)
    assert document not in page.url
    assert document not in page.content()
    audited(page, "one teacher")
    for context in (teacher, coach):
        context.close()
