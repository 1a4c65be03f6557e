"""«Letra y colores»: chosen by keyboard, there before the first paint, legible in every choice, nothing cut."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser.live_acts import sign_up
from browser.player_acts import introduce
from browser.scorm_platform import platform
from browser.test_look import AUDIT, COURSE, LESSON
from cast import Server
from playwright.sync_api import Browser, FrameLocator, Page, expect

from lms.course.model import Course
from lms.packs.bundle import bundle
from lms.packs.formats import FORMATS

LARGEST = "28px"
PAGES = (
    "/",
    COURSE,
    LESSON,
    f"{COURSE}/evaluaciones/evaluacion-mi-equipo-y-yo",
    "/mi-avance",
    "/crear-cuenta",
)
VIEWS = ("inicio", "l/conozco-mi-equipo", "e/evaluacion-mi-equipo-y-yo", "avance", "ayuda", "glosario")
SEVENFOLD = AUDIT.replace("large ? 3 : 4.5", "7")


@pytest.fixture
def pack(course: Course, tmp_path: Path) -> str:
    file = tmp_path / "curso.html"
    file.write_bytes(FORMATS["single"].write(course))
    return file.as_uri()


def paper(place: Page | FrameLocator) -> tuple[str, str]:
    """The size of letters and the colour of the page."""
    root = place.locator("html")
    look = "one => [getComputedStyle(one).fontSize, getComputedStyle(one).backgroundColor]"
    size, colour = root.evaluate(look)
    return size, colour


def choose(place: Page | FrameLocator, *words: str) -> None:
    place.get_by_role("button", name="letra y colores").click()
    for word in words:
        place.get_by_role("radio", name=word, exact=True).check()
    place.get_by_role("button", name="Listo").click()


def test_it_is_chosen_by_keyboard_and_gives_the_focus_back(phone: Page, server: Server) -> None:
    phone.goto(server.url + LESSON)
    button = phone.get_by_role("button", name="letra y colores")
    button.focus()
    button.press("Enter")
    expect(phone.get_by_role("radio", name="Normal")).to_be_focused()
    phone.keyboard.press("ArrowRight")
    assert paper(phone)[0] == "21px"
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("radio", name="Como el equipo")).to_be_focused()
    phone.keyboard.press("ArrowDown")
    phone.keyboard.press("ArrowDown")
    assert paper(phone) == ("21px", "rgb(27, 24, 21)")
    phone.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")


def test_it_is_there_on_the_next_page_before_any_script_comes(phone: Page, server: Server) -> None:
    phone.goto(server.url + LESSON)
    choose(phone, "Muy grande", "Oscuro")
    phone.route("**/static/**", lambda route: route.abort())
    phone.goto(f"{server.url}/mi-avance")
    assert paper(phone) == (LARGEST, "rgb(27, 24, 21)")
    phone.unroute("**/static/**")
    phone.reload()
    phone.get_by_role("button", name="letra y colores").click()
    expect(phone.get_by_role("radio", name="Muy grande")).to_be_checked()
    expect(phone.get_by_role("radio", name="Oscuro")).to_be_checked()
    phone.get_by_role("radio", name="Normal").check()
    phone.get_by_role("radio", name="Como el equipo").check()
    assert paper(phone) == ("18px", "rgb(255, 250, 242)")
    assert phone.evaluate("localStorage.getItem('chaski|look')") is None


def test_a_pack_keeps_it_too(phone: Page, pack: str) -> None:
    phone.goto(pack)
    introduce(phone)
    choose(phone, "Grande", "Alto contraste")
    phone.reload()
    assert paper(phone) == ("21px", "rgb(255, 255, 255)")


def test_so_do_a_piece_of_a_platform_and_the_start_of_a_bundle(
    phone: Page, course: Course, tmp_path: Path
) -> None:
    with platform(FORMATS["scorm"].write(course), {}) as running:
        sco = running.launch(phone, "l-conozco-mi-equipo.html")
        choose(sco, "Grande", "Oscuro")
        assert paper(running.launch(phone, "e-evaluacion-mi-equipo-y-yo.html")) == ("21px", "rgb(27, 24, 21)")
    phone.goto((bundle([course], tmp_path / "mochila", lambda _: None) / "ABRIR-AQUI.html").as_uri())
    choose(phone, "Oscuro")
    assert paper(phone)[1] == "rgb(27, 24, 21)"


def test_nothing_of_it_is_on_paper(phone: Page, server: Server) -> None:
    phone.goto(server.url + LESSON)
    choose(phone, "Muy grande", "Oscuro")
    phone.emulate_media(media="print")
    ink = phone.locator("article h1").evaluate("one => getComputedStyle(one).color")
    assert (paper(phone), ink) == (("14.6667px", "rgb(255, 255, 255)"), "rgb(0, 0, 0)")


@pytest.mark.parametrize(
    ("theme", "audit"), [("Claro", AUDIT), ("Oscuro", AUDIT), ("Alto contraste", SEVENFOLD)]
)
def test_with_the_largest_letters_every_page_is_whole_and_legible(
    phone: Page, server: Server, theme: str, audit: str
) -> None:
    phone.goto(server.url + LESSON)
    choose(phone, "Muy grande", theme)
    for address in PAGES:
        phone.goto(server.url + address, wait_until="networkidle")
        assert phone.evaluate(audit) == [], address
    phone.get_by_role("button", name="letra y colores").click()
    phone.wait_for_selector("#look")
    assert phone.evaluate(audit) == [], "the choice itself"


def test_so_are_ones_own_data(phone: Page, server: Server) -> None:
    sign_up(phone, server, "Maximiliana Hermelinda")
    choose(phone, "Muy grande")
    phone.goto(f"{server.url}/mis-datos", wait_until="networkidle")
    assert phone.evaluate(AUDIT) == []


@pytest.mark.parametrize("theme", ["Oscuro", "Alto contraste"])
def test_so_is_every_view_of_a_pack(phone: Page, pack: str, theme: str) -> None:
    phone.goto(pack)
    introduce(phone, "Maximiliana")
    choose(phone, "Muy grande", theme)
    for view in VIEWS:
        phone.goto(f"{pack}#{view}")
        phone.wait_for_timeout(300)
        assert phone.evaluate(SEVENFOLD if theme == "Alto contraste" else AUDIT) == [], view


def test_a_device_that_asks_for_contrast_gets_it_unasked(browser: Browser, server: Server) -> None:
    for scheme in ("light", "dark"):
        context = browser.new_context(contrast="more", color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(server.url + LESSON)
        soft, ink = page.locator(".objective, article h1").evaluate_all(
            "all => all.map(one => getComputedStyle(one).color)"
        )
        assert soft == ink
        context.close()


def test_the_devices_own_colours_stand_over_what_was_chosen(browser: Browser, server: Server) -> None:
    context = browser.new_context(forced_colors="active", viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(server.url + LESSON)
    forced = paper(page)[1]
    choose(page, "Grande", "Oscuro" if forced == "rgb(255, 255, 255)" else "Claro")
    assert paper(page) == ("21px", forced)
    context.close()


def test_on_a_laptop_the_largest_letters_leave_room_to_write_what_to_search(phone: Page, pack: str) -> None:
    phone.set_viewport_size({"width": 1280, "height": 800})
    phone.goto(pack)
    introduce(phone)
    choose(phone, "Muy grande")
    room = "one => one.offsetWidth / parseFloat(getComputedStyle(one).fontSize)"
    assert phone.get_by_role("searchbox").evaluate(room) > 8
    assert phone.locator(".brand svg").evaluate("one => one.getBoundingClientRect().width") > 30
