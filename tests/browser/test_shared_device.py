"""A tablet that many hands hold: what it keeps of each, and what each can take away."""

from __future__ import annotations

from pathlib import Path

import acts
from browser.live_acts import PIN, sent, sign_up
from cast import Server
from playwright.sync_api import Page, expect

from lms.course.model import Course
from lms.packs.formats import FORMATS

LESSON = "/cursos/alfabetizacion-digital/conozco-mi-equipo"

KEPT = """async () => {
  const db = await new Promise((resolve) => {
    const request = indexedDB.open("chaski");
    request.onsuccess = () => resolve(request.result);
  });
  const all = (name) => new Promise((resolve) => {
    db.transaction(name).objectStore(name).getAll().onsuccess = (event) => resolve(event.target.result);
  });
  const found = { profiles: await all("profiles"), events: await all("events") };
  db.close();
  return JSON.stringify(found) + JSON.stringify(Object.assign({}, localStorage));
}"""


def _answer(page: Page, server: Server, course: Course) -> None:
    page.goto(server.url + LESSON)
    acts.answer(page, course.lesson("conozco-mi-equipo").exercises[0])
    sent(page)


def _kept(page: Page) -> str:
    kept: str = page.evaluate(KEPT)
    return kept


def test_a_person_takes_their_name_and_work_off_the_device_and_keeps_the_account(
    server: Server, phone: Page, course: Course
) -> None:
    document = sign_up(phone, server, "Nélida")
    _answer(phone, server, course)
    assert "Nélida" in _kept(phone)

    phone.goto(f"{server.url}/mis-datos")
    phone.get_by_role("button", name="Borrar mis datos de este equipo").click()
    expect(phone.get_by_role("dialog")).not_to_contain_text("todas las personas")
    phone.get_by_role("button", name="Borrar lo de Nélida Mamani").click()
    expect(phone.locator("main")).to_contain_text("Nadie ha ingresado todavía")
    assert "Nélida" not in _kept(phone)
    assert "exercise.answered" not in _kept(phone)

    phone.goto(f"{server.url}/ingresar")
    phone.get_by_label("Mi DNI o documento").fill(document)
    phone.get_by_label("Mi PIN").fill(PIN)
    phone.get_by_role("button", name="Ingresar").click()
    phone.goto(f"{server.url}/mi-avance")
    expect(phone.locator(".course")).to_contain_text("Alfabetización Digital")


def test_what_is_erased_stays_erased_while_another_tab_has_not_sent_it(
    server: Server, phone: Page, course: Course
) -> None:
    sign_up(phone, server, "Rufina")
    phone.context.route("**/events", lambda route: route.abort())
    other = phone.context.new_page()
    other.goto(server.url + LESSON)
    acts.answer(other, course.lesson("conozco-mi-equipo").exercises[0])
    expect(other.locator("[data-lms=status]")).to_contain_text("Por enviar (2)")
    assert "exercise.answered" in _kept(phone)

    phone.goto(f"{server.url}/mis-datos")
    phone.get_by_role("button", name="Borrar mis datos de este equipo").click()
    phone.get_by_role("button", name="Borrar lo de Rufina Mamani").click()
    expect(phone.locator("main")).to_contain_text("Nadie ha ingresado todavía")

    phone.context.unroute("**/events")
    posts: list[str] = []
    other.on("request", lambda asked: posts.append(asked.url) if asked.url.endswith("/events") else None)
    other.evaluate("lms.outbox.flush()")
    expect(other.locator("[data-lms=status]")).to_have_text("")
    assert (posts, other.evaluate("lms.journal.events().length")) == ([], 0)
    assert "exercise.answered" not in _kept(phone)


def test_work_that_waits_is_said_and_sent_when_its_person_comes_back(
    server: Server, phone: Page, course: Course
) -> None:
    document = sign_up(phone, server, "Nilda")
    phone.route("**/events", lambda route: route.abort())
    phone.goto(server.url + LESSON)
    acts.answer(phone, course.lesson("conozco-mi-equipo").exercises[0])
    sign_up(phone, server, "Efraín")
    phone.goto(f"{server.url}/cambiar-de-persona")
    phone.get_by_role("link", name="Nilda").click()
    phone.get_by_role("link", name="Quitar mi nombre de este equipo").click()
    expect(phone.get_by_text("avance que todavía no se envió")).to_be_visible()
    phone.get_by_role("button", name="Sí, quitar su nombre").click()
    expect(phone.locator("main")).not_to_contain_text("Nilda")

    phone.unroute("**/events")
    phone.goto(f"{server.url}/ingresar")
    phone.get_by_label("Mi DNI o documento").fill(document)
    phone.get_by_label("Mi PIN").fill(PIN)
    phone.get_by_role("button", name="Ingresar").click()
    sent(phone)
    phone.goto(f"{server.url}/mi-avance")
    expect(phone.locator(".course")).to_contain_text("Alfabetización Digital")


def test_an_erased_account_leaves_nothing_on_the_device_either(
    server: Server, phone: Page, course: Course
) -> None:
    sign_up(phone, server, "Rosa")
    _answer(phone, server, course)
    phone.goto(f"{server.url}/mis-datos/borrar")
    phone.get_by_label("Para confirmar, escribe tu PIN").fill(PIN)
    phone.get_by_role("button", name="Borrar mi cuenta para siempre").click()
    phone.get_by_role("button", name="Borrar también lo que quedó en este equipo").click()
    phone.get_by_role("button", name="Borrar lo de Rosa Mamani").click()
    phone.wait_for_url(f"{server.url}/")
    assert "Rosa" not in _kept(phone)
    assert "exercise.answered" not in _kept(phone)


def test_two_people_of_a_browser_keep_their_progress_apart(
    server: Server, phone: Page, course: Course
) -> None:
    sign_up(phone, server, "Yajaira")
    _answer(phone, server, course)
    sign_up(phone, server, "Tito")
    phone.goto(f"{server.url}/mi-avance")
    expect(phone.locator("main")).to_contain_text("Todavía no hay avance guardado")
    phone.goto(server.url + LESSON)
    first = course.lesson("conozco-mi-equipo").exercises[0]
    expect(acts.form_of(phone, first).locator(".feedback")).not_to_contain_text("Muy bien")

    phone.goto(f"{server.url}/cambiar-de-persona")
    phone.get_by_text("Yajaira").first.click()
    phone.get_by_label("Mi PIN").first.fill(PIN)
    phone.get_by_role("button", name="Ingresar").first.click()
    phone.goto(server.url + LESSON)
    expect(acts.form_of(phone, first).locator(".feedback")).to_contain_text("Muy bien")


def test_looking_again_and_again_adds_nobody_to_a_packs_people(
    phone: Page, course: Course, tmp_path: Path
) -> None:
    pack = tmp_path / "curso.html"
    pack.write_bytes(FORMATS["single"].write(course))
    phone.goto(pack.as_uri())
    phone.get_by_role("textbox", name="Tu nombre").fill("Nélida")
    phone.get_by_role("button", name="Empezar").click()
    for _ in range(3):
        phone.locator('[data-lms="people"]').click()
        phone.get_by_role("button", name="Solo mirar").click()
        expect(phone.locator('[data-lms="person"]')).to_have_text("Sin nombre")
        phone.locator('[data-lms="people"]').click()
        phone.locator(".picker").get_by_text("Nélida").click()
        expect(phone.locator('[data-lms="person"]')).to_have_text("Nélida")
    phone.locator('[data-lms="people"]').click()
    expect(phone.locator(".picker").get_by_text("Sin nombre")).to_have_count(1)


def test_the_keyboard_has_numbers_for_a_dni_and_letters_for_who_asks_for_them(
    server: Server, phone: Page
) -> None:
    phone.goto(f"{server.url}/ingresar")
    number = phone.get_by_label("Mi DNI o documento")
    assert number.evaluate("it => it.inputMode") == "numeric"
    phone.get_by_role("button", name="Mi documento tiene letras").click()
    assert number.evaluate("it => it.inputMode") == "text"
    expect(number).to_be_focused()
