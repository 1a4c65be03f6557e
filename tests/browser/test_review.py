"""«Por revisar» as a coach uses it on a phone: whole and legible, by keyboard, without scripts."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.conftest import LAPTOP, PHONE
from browser.live_acts import sign_up
from cast import ROOT, Server
from playwright.sync_api import Browser, Page, expect
from sync.learners import learner

from lms.course.model import Course
from lms.sync.over_token import encode
from tests.accounts.lines import identified, opened

AUDIT = (Path(__file__).parent / "audit.js").read_text("utf-8")
DESK = "/acompanante/por-revisar"


def bring(server: Server, name: str, document: str) -> None:
    """Send the beginnings of a profile through the open door, as a pack would that nobody signed in for."""
    profile = str(uuid.uuid4())
    body = b"\n".join([identified(profile, name, document), opened(profile).replace(b"2026-11", b"2009-11")])
    asked = urllib.request.Request(f"{server.url}/recibir", body, {"content-type": "text/plain"})
    with urllib.request.urlopen(asked) as answer:
        assert answer.status == 200


def make_coach(page: Page, server: Server) -> None:
    """Sign up as somebody who is made a coach."""
    lms = [sys.executable, "-m", "lms", "person", "role", sign_up(page, server, "Rosa"), "acompanante"]
    subprocess.run(lms, cwd=ROOT, env={**os.environ, "LMS_DATA": str(server.data)}, check=True)


@pytest.fixture
def coach(browser: Browser, server: Server) -> Iterator[Page]:
    """A coach's phone, without scripts."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    make_coach(page, server)
    yield page
    context.close()


@pytest.mark.parametrize("size", [PHONE, LAPTOP])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_whole_legible_and_easy_to_hit(
    browser: Browser, server: Server, size: dict[str, int], scheme: str
) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    make_coach(page, server)
    for name in ("Maximiliana Hermelinda Huamanchumo Chumpitazi", "Delia"):
        bring(server, name, "49999999")
    for address in ("/acompanante", DESK, f"{DESK}?motivo=nadie", f"{DESK}?hecho=visto&n=1&a=x"):
        page.goto(server.url + address, wait_until="networkidle")
        assert page.evaluate(AUDIT) == [], address
    page.get_by_role("link", name="Enlazar a…").first.click()
    page.wait_for_load_state("networkidle")
    assert page.evaluate(AUDIT) == []
    context.close()


def test_a_pasted_chat_is_told_whole_and_a_code_is_linked_from_it(
    coach: Page, browser: Browser, server: Server, course: Course
) -> None:
    tomas = browser.new_context()
    document = sign_up(tomas.new_page(), server, "Tomás")
    code = encode(learner(course, right=0.5, seed=3)._replace(profile=uuid.uuid4().hex[:12]))
    coach.goto(f"{server.url}/acompanante/codigos")
    chat = f"[26/11/26, 10:03] Tomás: {code}\n[26/11/26, 10:04] {'W' * 60}<b>: {code[:-1]}{'ZY'[code[-1] == 'Z']}"
    coach.get_by_label("Mensaje o chat").fill(chat)
    coach.get_by_role("button", name="Buscar y recibir").click()
    expect(coach.get_by_text("1 código no se pudo recibir")).to_be_visible()
    expect(coach.get_by_text(f"{'W' * 39}… (línea 2):")).to_be_visible()
    assert coach.evaluate(AUDIT) == []

    with coach.context.expect_page() as opened:
        coach.get_by_role("listitem").filter(has_text="Tomás (línea 1)").get_by_role("button").click()
    asked = opened.value
    expect(asked.get_by_text("Tomás (línea 1), código")).to_be_visible()
    assert "Tom" not in asked.url
    asked.get_by_label("DNI o documento de su dueño").fill(document)
    asked.get_by_role("button", name="Seguir").click()
    expect(asked.get_by_role("heading", name="¿Es de Tomás ")).to_be_visible()
    expect(asked.get_by_text("Tomás (línea 1), código")).to_be_visible()
    expect(asked.get_by_text(f"Código {code[:4]}…{code[-4:]}. De «")).to_be_visible()
    assert asked.evaluate(AUDIT) == []
    asked.get_by_role("button", name="Sí, es de Tomás ").click()
    expect(asked.get_by_role("status").first).to_contain_text("Ahora el avance es de Tomás ")
    expect(asked.get_by_text(f"Código {code[:4]}…{code[-4:]}")).to_have_count(0)
    expect(coach.get_by_text("1 código no se pudo recibir")).to_be_visible()
    tomas.close()


def test_a_box_is_ticked_and_sent_with_the_keyboard_alone_and_taken_back(coach: Page, server: Server) -> None:
    for name in ("Marleny", "Wilder"):
        bring(server, f"{name} {uuid.uuid4().hex[:6]}", "49999999")
    coach.goto(f"{server.url}{DESK}?motivo=nadie")
    boxes = coach.locator("#nadie").get_by_role("checkbox")
    before, name = boxes.count(), boxes.nth(1).evaluate("one => one.closest('label').textContent")
    cases = coach.locator("#nadie .case")
    coach.get_by_role("button", name="Ya vi los marcados").focus()
    while not boxes.nth(1).evaluate("one => one === document.activeElement"):
        coach.keyboard.press("Tab")
    coach.keyboard.press("Space")
    coach.keyboard.press("Enter")
    expect(coach.get_by_role("status").first).to_contain_text("Ya no está en la lista.")
    expect(coach.get_by_role("heading", name=name)).to_have_count(0)
    expect(cases).to_have_count(before - 1)
    coach.get_by_role("button", name="Deshacer").click()
    expect(coach.get_by_role("heading", name=name)).to_have_count(1)
