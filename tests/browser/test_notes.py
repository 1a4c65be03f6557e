"""«Marcar» and «Mi nota» at 360 px: written, kept, carried, deleted and brought back, live and from disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser.live_acts import sent, sign_up
from browser.player_acts import introduce, kept
from browser.test_look import AUDIT, LESSON
from cast import Server
from playwright.sync_api import Browser, Locator, Page, expect

from lms.course.model import Course
from lms.packs.formats import FORMATS

NOTE = "Preguntar a <b>doña Rosa</b> por el pozo"
ITEM = LESSON.rsplit("/", 1)[1]


@pytest.fixture
def pack(course: Course, tmp_path: Path) -> str:
    file = tmp_path / "curso.html"
    file.write_bytes(FORMATS["single"].write(course))
    return file.as_uri()


def note_of(page: Page) -> Locator:
    return page.locator(".view.current .note .text, .study .note .text")


def row(page: Page) -> Locator:
    return page.locator(".view.current .tools, .study .tools")


def write(page: Page, text: str) -> None:
    row(page).locator("[data-lms=note]").press("Enter")
    field = page.get_by_label("Escribe lo que quieras recordar de esta lección")
    expect(field).to_be_focused()
    field.fill(text)
    assert page.evaluate(AUDIT) == []
    page.get_by_role("button", name="Guardar mi nota").click()
    expect(row(page).locator("[data-lms=note]")).to_be_focused()


def marked_noted_deleted_and_undone(page: Page) -> None:
    row(page).get_by_role("button", name="Marcar").click()
    expect(row(page).get_by_role("button", name="Quitar marca")).to_be_visible()
    write(page, NOTE)
    expect(note_of(page)).to_have_text(NOTE)
    row(page).locator("[data-lms=note]").click()
    page.get_by_role("button", name="Borrar mi nota").click()
    expect(note_of(page)).to_have_count(0)
    undo = page.get_by_role("button", name="Deshacer")
    expect(undo).to_be_focused()
    undo.click()
    expect(note_of(page)).to_have_text(NOTE)


def test_a_note_being_written_stays_while_the_mark_made_before_it_is_stored(phone: Page, pack: str) -> None:
    phone.goto(f"{pack}#l/{ITEM}")
    introduce(phone)
    expect(row(phone).get_by_role("button", name="Marcar")).to_be_visible()
    row(phone).evaluate(
        "row => ['bookmark', 'note'].forEach(name => row.querySelector(`[data-lms=${name}]`).click())"
    )
    phone.get_by_label("Escribe lo que quieras recordar de esta lección").fill(NOTE)
    expect(row(phone).get_by_role("button", name="Quitar marca")).to_be_visible()
    phone.get_by_role("button", name="Guardar mi nota").click()
    expect(note_of(phone)).to_have_text(NOTE)


def test_leaving_the_page_with_a_note_half_written_asks_first(phone: Page, pack: str) -> None:
    asked: list[str] = []
    phone.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    phone.goto(f"{pack}#l/{ITEM}")
    introduce(phone)
    write(phone, NOTE)
    phone.reload()
    row(phone).locator("[data-lms=note]").click()
    field = phone.get_by_label("Escribe lo que quieras recordar de esta lección")
    expect(field).to_have_value(NOTE)
    phone.reload()
    assert asked == []

    row(phone).locator("[data-lms=note]").click()
    field.fill("Otra cosa")
    phone.reload()
    assert asked == ["beforeunload"]


def test_live_it_is_there_on_the_next_visit_and_on_another_device(
    phone: Page, browser: Browser, server: Server
) -> None:
    sign_up(phone, server)
    phone.goto(server.url + LESSON)
    marked_noted_deleted_and_undone(phone)
    sent(phone)
    phone.goto(server.url + LESSON)
    expect(note_of(phone)).to_have_text(NOTE)
    write(phone, "Otra cosa")
    expect(note_of(phone)).to_have_text("Otra cosa")
    sent(phone)
    cookies = phone.context.cookies()
    other = browser.new_context(java_script_enabled=False)
    other.add_cookies(cookies)  # type: ignore[arg-type]
    page = other.new_page()
    page.goto(f"{server.url}/mi-avance")
    expect(page.locator(".own .text")).to_have_text("Otra cosa")
    page.locator(".own a").click()
    expect(page.get_by_role("button", name="Quitar marca")).to_be_visible()
    page.get_by_role("link", name="Mi nota").click()
    page.get_by_label("Escribe lo que quieras recordar").fill("Sin scripts")
    page.get_by_role("button", name="Guardar mi nota").click()
    expect(note_of(page)).to_have_text("Sin scripts")
    other.close()
    phone.goto(server.url + LESSON)
    expect(note_of(phone)).to_have_text("Sin scripts")
    write(phone, "Al final")
    expect(note_of(phone)).to_have_text("Al final")


def test_from_disk_it_is_kept_listed_carried_and_erased(phone: Page, pack: str, tmp_path: Path) -> None:
    phone.goto(pack)
    introduce(phone)
    phone.goto(f"{pack}#l/{ITEM}")
    marked_noted_deleted_and_undone(phone)
    assert kept(phone, "lesson.completed") == []
    phone.reload()
    expect(note_of(phone)).to_have_text(NOTE)
    phone.goto(f"{pack}#avance")
    listed = phone.locator("[data-lms=own-list]")
    expect(listed.locator(".text")).to_have_text(NOTE)
    expect(listed).to_contain_text("Marcada")
    assert phone.evaluate(AUDIT) == []
    with phone.expect_download() as saving:
        phone.locator(".view.current [data-lms=save]").click()
    phone.get_by_role("button", name="Entendido").click()
    saving.value.save_as(tmp_path / "avance.txt")
    phone.get_by_role("button", name="Borrar mis datos de este equipo").click()
    phone.get_by_role("button", name="Borrar lo de Nélida").click()
    introduce(phone, "Rosa")
    phone.goto(f"{pack}#avance")
    expect(phone.locator("[data-lms=own-list]")).to_be_hidden()
    with phone.expect_file_chooser() as choosing:
        phone.get_by_role("button", name="Traer mi avance", exact=True).click()
    choosing.value.set_files(tmp_path / "avance.txt")
    phone.get_by_role("button", name="Seguir como Nélida").click()
    expect(listed.locator(".text")).to_have_text(NOTE)
    listed.get_by_role("link").click()
    expect(note_of(phone)).to_have_text(NOTE)
