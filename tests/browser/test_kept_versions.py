"""What saving a course and bringing it up to date cost, with cuts and open pages in between."""

from __future__ import annotations

import base64
import os
import urllib.request
from collections.abc import Callable

import acts
from browser.school import HERE, LESSON, OTHER, School, save
from cast import COURSE
from playwright.sync_api import Page, expect

from lms.course.model import Course

KIB = 1024

# Leaves what a release kept that knew no frames: whole pages, under the same names.
WITHOUT_FRAMES = """async (course) => {
  const list = await lms.kept.list(course);
  const frames = list.files.filter((file) => lms.kept.isFrame(list, file));
  const box = await lms.kept.box(course);
  list.files = list.files.filter((file) => !frames.includes(file));
  await lms.kept.adopt(new Response(JSON.stringify(list), { headers: { ETag: '"de antes"' } }), list);
  await lms.kept.sweep(list);
  return [frames.length, list.files.length + 1, (await box.keys()).length];
}"""


def _weigh(school: School, address: str) -> int:
    """What a page by itself costs on the wire."""
    before = school.wire.carried
    asked = urllib.request.Request(school.url + address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked) as answer:
        answer.read()
    return school.wire.carried - before


def test_a_typo_costs_thirty_kib_and_an_open_page_goes_on(
    school: School, device: Callable[[], Page], course: Course
) -> None:
    page = device()
    save(page, school)
    page.goto(school.url + LESSON)
    page.wait_for_load_state("networkidle")
    school.write("conozco-mi-equipo", "un enredo de cables", "un nudo de cables")
    school.publish("1.0.1")

    visit = _weigh(school, HERE)
    before = school.wire.carried
    visitor = page.context.new_page()
    visitor.goto(school.url + HERE)
    expect(page.locator("main")).to_contain_text("Guardamos la versión 1.0.1", timeout=30_000)
    assert school.wire.carried - before - visit < 30 * KIB
    expect(visitor.locator("#guardar")).to_contain_text("Versión 1.0.1")

    school.stop()
    expect(page.locator("article")).to_contain_text("enredo de cables")
    assert "Muy bien" in acts.answer(page, course.lesson("conozco-mi-equipo").exercises[0])
    page.reload()
    expect(page.locator("article")).to_contain_text("nudo de cables")
    assert "Muy bien" in acts.answer(page, course.lesson("conozco-mi-equipo").exercises[1])
    page.goto(school.url + OTHER)
    assert "Muy bien" in acts.answer(page, course.lesson("gestos-mouse-y-teclado").exercises[0])


def test_what_an_earlier_release_kept_is_used_and_brought_up_to_date(
    school: School, device: Callable[[], Page]
) -> None:
    page = device()
    save(page, school)
    frames, listed, here = page.evaluate(WITHOUT_FRAMES, COURSE.name)
    assert (frames, here) == (2, listed)
    school.write("conozco-mi-equipo", "un enredo de cables", "un nudo de cables")
    school.publish("1.0.1")
    page.wait_for_load_state("networkidle")
    before = school.wire.marked
    page.goto(school.url + HERE)
    expect(page.locator("main")).to_contain_text("Guardamos la versión 1.0.1", timeout=30_000)
    assert school.wire.marked - before < 35 * KIB, (
        "the frames come once, and one lesson; no page that is here"
    )
    school.stop()
    page.goto(school.url + LESSON)
    expect(page.locator("article")).to_contain_text("nudo de cables")
    page.goto(school.url + OTHER)
    expect(page.locator("article.lesson")).to_be_visible()


def test_a_large_new_version_waits_until_it_is_asked_for(school: School, device: Callable[[], Page]) -> None:
    page = device()
    save(page, school)
    noise = base64.b64encode(os.urandom(1_100_000)).decode()
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><!--{noise}--><path d="M0 0h9v9z"/></svg>'
    )
    (school.courses / COURSE.name / "media" / "conozco-mi-equipo.svg").write_text(drawing)
    school.publish("1.0.1")
    page.goto(school.url + HERE)
    button = page.get_by_role("button", name="Guardar la versión 1.0.1 (1.1 MB)")
    expect(button).to_be_visible()
    expect(page.locator("#guardar")).to_contain_text("Versión 1.0.0")
    button.click()
    expect(page.locator("#guardar")).to_contain_text("Versión 1.0.1", timeout=60_000)


def test_a_cut_costs_nothing_twice(school: School, device: Callable[[], Page]) -> None:
    page = device()
    page.goto(school.url + HERE)
    page.wait_for_load_state("networkidle")
    before = school.wire.carried
    school.wire.cut_after = before + 400 * KIB
    page.get_by_role("button", name="Guardar para usar sin internet").click()
    expect(page.locator("#guardar")).to_contain_text("Se cortó antes de terminar", timeout=60_000)
    first = school.wire.carried - before
    page.context.close()

    school.wire.mend()
    page = device()
    page.goto(school.url + HERE)
    expect(page.locator("#guardar")).to_contain_text("Falta una parte: ya están")
    page.wait_for_load_state("networkidle")
    before = school.wire.carried
    page.get_by_role("button", name="Seguir guardando").click()
    expect(page.locator("#guardar")).to_contain_text("Guardado en este equipo", timeout=60_000)
    second = school.wire.carried - before
    whole = page.evaluate("lms.kept.list('alfabetizacion-digital').then((list) => list.size)")
    assert first > 300 * KIB
    # Headers, the list again, and what was under way when it was cut.
    assert first + second < 1.25 * whole, (first, second, whole)
