"""What people see: their own answer told by sign, word and frame, and texts that can be read whole on a phone."""

from __future__ import annotations

import acts
import pytest
from cast import Server
from playwright.sync_api import Browser, Page, expect

from lms.course.model import Course

LESSON = "/cursos/alfabetizacion-digital/conozco-mi-equipo"


def _before(page: Page, choice: str) -> list[str]:
    """What stands before the text of each option chosen, and how its frame is drawn."""
    look = "getComputedStyle(one, '::before').content + getComputedStyle(one, '::after').borderTopStyle"
    said: list[str] = page.locator(f"{choice} input:checked + span").evaluate_all(
        f"spans => spans.map(one => {look})"
    )
    return said


@pytest.mark.parametrize("script", [True, False])
def test_ones_own_answer_is_told_by_sign_word_and_frame(
    browser: Browser, server: Server, course: Course, script: bool
) -> None:
    """Also on grey paper: nothing of it is only a colour."""
    exercise = next(one for one in course.lesson("conozco-mi-equipo").exercises if one.type == "multiple")
    good = next(n for n, one in enumerate(exercise.options) if one.weight > 0)
    bad = next(n for n, one in enumerate(exercise.options) if one.weight <= 0)
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=script)
    page = context.new_page()
    page.goto(server.url + LESSON)
    form = acts.form_of(page, exercise)
    acts.fill(form, exercise, sorted([good, bad]))
    acts.submit(form)
    for media in ("screen", "print"):
        page.emulate_media(media=media)  # type: ignore[arg-type]
        for position, sign in ((good, "✔"), (bad, "✖")):
            (said,) = _before(page, f'[data-exercise="{exercise.name}"] .choice:has([value="{position}"])')
            assert sign in said
            assert "Tu respuesta" in said
            assert said.endswith("solid")
    context.close()


def test_the_sign_goes_when_another_option_is_chosen(phone: Page, server: Server, course: Course) -> None:
    exercise = next(one for one in course.lesson("conozco-mi-equipo").exercises if one.type == "single")
    phone.goto(server.url + LESSON)
    acts.answer(phone, exercise, right=False)
    form = acts.form_of(phone, exercise)
    form.locator("input:not(:checked)").first.check()
    assert "Tu respuesta" not in _before(phone, f'[data-exercise="{exercise.name}"] .choice')[0]


def test_what_is_to_be_matched_can_be_read_whole_on_a_phone(
    phone: Page, server: Server, course: Course
) -> None:
    exercise = next(one for one in course.lesson("conozco-mi-equipo").exercises if one.type == "matching")
    phone.goto(server.url + LESSON)
    form = acts.form_of(phone, exercise)
    for letter, right in zip("ABCD", exercise.data["rights"], strict=True):
        item = form.locator(".rights li", has_text=right)
        expect(item).to_have_css("white-space", "normal")
        assert item.evaluate("one => one.scrollWidth <= one.clientWidth")
        expect(form.locator("select").first.locator("option", has_text=right)).to_have_text(
            f"{letter}. {right}"
        )


def test_a_wide_table_says_that_it_scrolls_and_the_keyboard_reaches_it(phone: Page, server: Server) -> None:
    phone.goto(server.url + LESSON)
    wide = phone.locator(".printable table[tabindex]").first
    hint = "one => getComputedStyle(one, '::before').content"
    assert "Desliza" in wide.evaluate(hint)
    wide.focus()
    wide.press("ArrowRight")
    phone.wait_for_timeout(500)
    assert wide.evaluate("one => one.scrollLeft") > 0
    phone.set_viewport_size({"width": 1280, "height": 800})
    expect(phone.locator("table[tabindex]")).to_have_count(0)
