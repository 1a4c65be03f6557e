"""A browser that keeps nothing: it says so, and what was done goes into a file at once."""

from __future__ import annotations

import json
from pathlib import Path

import acts
import pytest
from browser.matrix.places import unpack
from browser.player_acts import introduce
from cast import Server
from playwright.sync_api import Page, expect

from lms.course.model import Course
from lms.sync.over_file import parse_progress_file

LESSON = "conozco-mi-equipo"
WARNING = "Este navegador no deja guardar"
SAVE = "Guardar mi avance en un archivo"

# As some browsers in private mode, and those told to keep no data.
BLOCKED = """
for (const name of ["localStorage", "sessionStorage", "indexedDB"])
  Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });
"""

# Full from the moment that somebody says so.
FILLING = """
const full = (kind, name) => {
  const { [name]: before } = kind.prototype;
  kind.prototype[name] = function () {
    if (window.full) throw new DOMException("full", "QuotaExceededError");
    return before.apply(this, arguments);
  };
};
full(IDBObjectStore, "add");
full(IDBObjectStore, "put");
full(Storage, "setItem");
"""


@pytest.fixture(params=["site", "single", "live"])
def address(request: pytest.FixtureRequest, course: Course, server: Server, tmp_path: Path) -> str:
    """A lesson of a pack from disk, or of a server."""
    if request.param == "live":
        return f"{server.url}/cursos/{course.id}/{LESSON}"
    return unpack(course, request.param, tmp_path / "memoria usb") + f"#l/{LESSON}"


def begin(page: Page, address: str) -> None:
    page.goto(address)
    if address.startswith("file:"):
        introduce(page)


def answered(page: Page) -> list[str]:
    """Press the button below the warning; the exercises that the file has an answer of."""
    with page.expect_download() as download:
        page.locator("[data-lms=unsaved]").get_by_role("button", name=SAVE).click()
    lines = [json.loads(line) for line in parse_progress_file(Path(download.value.path()).read_bytes())]
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(download.value.suggested_filename)
    expect(page.locator(".dialog")).to_have_css("position", "fixed")
    dialog.get_by_role("button").click()
    return [one["item"] for one in lines if one["type"] == "exercise.answered"]


def test_where_nothing_can_be_stored_a_button_puts_what_was_done_into_a_file(
    phone: Page, address: str, course: Course
) -> None:
    phone.add_init_script(BLOCKED)
    begin(phone, address)
    expect(phone.locator("[data-lms=warning]")).to_contain_text(WARNING)
    button = phone.get_by_role("button", name=SAVE).and_(phone.locator("main > .actions button"))
    expect(button).to_be_visible()
    phone.context.set_offline(True)  # by now the button needs nothing from a server
    first, second = course.lesson(LESSON).exercises[:2]
    assert "Muy bien" in acts.answer(phone, first)
    assert answered(phone) == [first.name]
    acts.answer(phone, second)
    assert answered(phone) == [first.name, second.name]
    expect(phone.locator("[data-lms=unsaved]")).to_have_count(1)


def test_where_the_device_fills_up_the_file_has_what_was_stored_and_what_was_not(
    phone: Page, address: str, course: Course
) -> None:
    phone.add_init_script(FILLING)
    begin(phone, address)
    first, second = course.lesson(LESSON).exercises[:2]
    acts.answer(phone, first)
    phone.wait_for_function("lms.journal.events().some(one => one.type === 'exercise.answered')")
    expect(phone.locator("[data-lms=warning]")).to_be_hidden()
    expect(phone.locator("[data-lms=unsaved]")).to_have_count(0)
    phone.evaluate("window.full = true")
    acts.answer(phone, second)
    expect(phone.locator("[data-lms=warning]")).to_contain_text(WARNING)
    assert answered(phone) == [first.name, second.name]


def test_a_pack_offers_the_file_once_below_the_warning_and_denies_it_nowhere(
    phone: Page, course: Course, tmp_path: Path
) -> None:
    phone.add_init_script(BLOCKED)
    begin(phone, unpack(course, "single", tmp_path / "memoria usb") + "#avance")
    for view in ("#avance", "#ayuda"):
        phone.evaluate("hash => { location.hash = hash; }", view)
        expect(phone.locator(view).get_by_role("button", name="Traer mi avance")).to_be_visible()
        expect(phone.locator("[data-lms=unsaved] button")).to_be_visible()
        expect(phone.get_by_role("button", name=SAVE)).to_have_count(1)
        expect(phone.get_by_text("Tu avance está guardado en este equipo")).to_be_hidden()
