"""What axe-core, which others wrote, says of each kind of page: that everybody can use it."""

from __future__ import annotations

from pathlib import Path

import acts
import pytest
from browser.live_acts import sign_up
from browser.player_acts import introduce
from browser.test_review import bring, make_coach
from cast import ROOT, Server
from playwright.sync_api import Page

from lms.course.model import Course
from lms.packs.formats import FORMATS

AXE = ROOT / ".venv/judges/axe-core/axe.min.js"
pytestmark = pytest.mark.soak  # forty seconds, most of them for one document with all lessons
RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
  one => one.id + ": " + one.nodes.map(node => node.target.join(" ")).slice(0, 3).join(", "))"""
COURSE = "/cursos/alfabetizacion-digital"
LIVE = (
    *("/", COURSE, f"{COURSE}/conozco-mi-equipo", f"{COURSE}/evaluaciones/evaluacion-mi-equipo-y-yo"),
    *(
        "/buscar?q=bateria",
        f"{COURSE}/glosario",
        "/crear-cuenta",
        "/ingresar",
        "/olvide-mi-pin",
        "/que-datos-guardamos",
    ),
)
VIEWS = (
    *("inicio", "l/conozco-mi-equipo", "e/evaluacion-mi-equipo-y-yo", "avance"),
    *("b/bateria", "glosario", "ayuda"),
)


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text("utf-8"))  # not a script of the page: its policy would refuse one
    found: list[str] = page.evaluate(RUN)
    return found


@pytest.mark.parametrize("address", LIVE)
def test_a_live_page_has_no_violations(phone: Page, server: Server, address: str) -> None:
    phone.goto(server.url + address)
    assert violations(phone) == []


def test_what_an_account_sees_has_none_either(phone: Page, server: Server) -> None:
    sign_up(phone, server)
    for address in ("/mi-avance", "/mis-datos", "/cambiar-de-persona"):
        phone.goto(server.url + address)
        assert violations(phone) == [], address


def test_nor_has_a_result(phone: Page, server: Server, course: Course) -> None:
    phone.goto(f"{server.url}{COURSE}/evaluaciones/evaluacion-mi-equipo-y-yo")
    shown = phone.locator("article .exercise:visible")
    shown.first.wait_for()
    for name in shown.evaluate_all("forms => forms.map(form => form.dataset.exercise)"):
        exercise = course.exercise(name)
        acts.fill(acts.form_of(phone, exercise), exercise, acts.wrong_answer(exercise))
    phone.get_by_role("button", name="Entregar").click()
    phone.locator(".result b").wait_for()
    assert violations(phone) == []


def test_nor_has_the_page_of_a_coach(phone: Page, server: Server) -> None:
    sign_up(phone, server)  # a teacher to be listed
    make_coach(phone, server)
    for address in ("/acompanante/por-revisar", "/acompanante"):
        phone.goto(f"{server.url}{address}")
        assert phone.url.endswith(address)
        assert violations(phone) == [], address
    phone.locator("#docentes a[href*='/docentes/']").first.click()
    phone.wait_for_url("**/docentes/**")
    assert violations(phone) == [], "one teacher"


def test_nor_has_a_list_of_what_waits_for_a_coach(phone: Page, server: Server) -> None:
    make_coach(phone, server)
    for name in ("Delia", "Wilder"):
        bring(server, name, "49999999")
    phone.goto(f"{server.url}/acompanante/por-revisar")
    phone.locator(".case").first.wait_for()
    assert violations(phone) == []
    phone.goto(f"{server.url}/acompanante/por-revisar?motivo=nadie")
    assert violations(phone) == []
    phone.get_by_role("link", name="Enlazar a…").first.click()
    assert violations(phone) == []


def test_nor_has_any_view_of_a_pack(phone: Page, course: Course, tmp_path: Path) -> None:
    pack = tmp_path / "curso.html"
    pack.write_bytes(FORMATS["single"].write(course))
    phone.goto(pack.as_uri())
    assert violations(phone) == [], "who are you?"
    introduce(phone)
    for view in VIEWS:
        phone.goto(f"{pack.as_uri()}#{view}")
        phone.wait_for_timeout(200)
        assert violations(phone) == [], view
