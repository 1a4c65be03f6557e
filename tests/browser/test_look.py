"""What people see: nothing cut, nothing too small or too faint, on a phone and on a laptop, by day and by night."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import acts
import pytest
from browser.conftest import LAPTOP
from cast import Server
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lms.course.model import Course
from lms.packs.formats import FORMATS

AUDIT = (Path(__file__).parent / "audit.js").read_text("utf-8")
COURSE = "/cursos/alfabetizacion-digital"
LESSON = f"{COURSE}/conozco-mi-equipo"
SMALL = {"width": 320, "height": 640}
LOOKS = [(SMALL, "light"), (LAPTOP, "dark")]
PAGES = (
    *("/", COURSE, LESSON, f"{COURSE}/energia-y-cuentas-simples"),
    *(f"{COURSE}/evaluaciones/evaluacion-mi-equipo-y-yo", "/mi-avance", "/crear-cuenta", "/ingresar"),
    *("/olvide-mi-pin", "/cambiar-de-persona", "/que-datos-guardamos", "/no-existe"),
    *("/sin-internet", "/buscar", "/buscar?q=bateria", "/buscar?q=batelia", "/buscar?q=xyzxyz"),
)
VIEWS = (
    *("inicio", "l/conozco-mi-equipo", "e/evaluacion-mi-equipo-y-yo"),
    *("avance", "ayuda", "b/bateria", "b/xyzxyz"),
)


# How many rows the header has: what begins below all that came before it begins another one.
ROWS = """() => {
  const all = Array.from(document.querySelectorAll('.top .wrap > *'), one => one.getBoundingClientRect());
  let [rows, end] = [0, 0];
  all.filter(box => box.width).forEach(box => {
    rows += box.top >= end;
    end = Math.max(end, box.bottom);
  });
  return rows;
}"""


@pytest.fixture
def person(browser: Browser, server: Server) -> Callable[..., BrowserContext]:
    """A browser in which somebody with a long name has an account."""

    def opened(document: str) -> BrowserContext:
        context = browser.new_context(viewport={"width": 360, "height": 740})
        page = context.new_page()
        page.goto(f"{server.url}/crear-cuenta")
        page.get_by_label("Número").fill(document)
        page.get_by_label("Nombres").fill("Maximiliana Hermelinda")
        page.get_by_label("Apellido paterno").fill("Huamanchumo")
        page.get_by_label("PIN nuevo").fill("274915")
        page.get_by_label("Otra vez el PIN").fill("274915")
        page.get_by_label("Leí qué datos guardamos").check()
        page.get_by_role("button", name="Crear mi cuenta").click()
        expect(page.locator(".code")).to_be_visible()
        return context

    return opened


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_every_page_is_whole_legible_and_easy_to_hit(
    browser: Browser, server: Server, size: dict[str, int], scheme: str
) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    for address in PAGES:
        page.goto(server.url + address, wait_until="networkidle")
        assert page.evaluate(AUDIT) == [], address
    context.close()


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_every_page_of_an_account_is_too(
    person: Callable[[str], BrowserContext], server: Server, size: dict[str, int], scheme: str
) -> None:
    context = person(f"4012300{LOOKS.index((size, scheme))}")
    page = context.pages[0]
    assert page.evaluate(ROWS) == 2, "nothing of the header stands alone on a third row"
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.wait_for_timeout(300)  # colours change gradually
    assert page.evaluate(AUDIT) == [], "recovery code"
    for address in ("/", LESSON, "/mi-avance", "/cambiar-de-persona", "/mis-datos", "/mis-datos/borrar"):
        page.goto(server.url + address, wait_until="networkidle")
        assert page.evaluate(AUDIT) == [], address
        expect(page.locator(".menu .name")).to_have_text("Maximiliana Huamanchumo")
    context.close()


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_every_view_of_a_pack_is_too(
    browser: Browser, course: Course, tmp_path: Path, size: dict[str, int], scheme: str
) -> None:
    pack = tmp_path / "curso.html"
    pack.write_bytes(FORMATS["single"].write(course))
    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(pack.as_uri())
    page.get_by_role("textbox", name="Tu nombre").fill("Maximiliana")
    page.get_by_role("button", name="Empezar").click()
    for view in VIEWS:
        page.goto(f"{pack.as_uri()}#{view}")
        page.wait_for_timeout(300)
        assert page.evaluate(AUDIT) == [], view
    context.close()


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


def test_the_unit_over_a_lesson_leads_to_its_lessons(
    phone: Page, server: Server, course: Course, tmp_path: Path
) -> None:
    pack = tmp_path / "curso.html"
    pack.write_bytes(FORMATS["single"].write(course))
    phone.goto(server.url + LESSON)
    phone.get_by_role("link", name="Unidad 1", exact=True).click()
    expect(phone.locator("#unidad-1")).to_be_in_viewport()
    phone.goto(f"{pack.as_uri()}#l/abrir-un-curso-sin-internet")
    phone.get_by_role("button", name="Solo mirar").click()
    phone.locator(".view.current .crumbs").get_by_role("link", name="Unidad 4").click()
    expect(phone.locator("[id='u/4']")).to_be_in_viewport()
