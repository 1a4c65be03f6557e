"""A course kept in a browser: saved, used without its server, updated by its difference, taken off again."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import acts
from browser.conftest import ARGUMENTS, chromium
from browser.live_acts import sent, sign_up
from browser.school import HERE, LESSON, OTHER, School, save
from playwright.sync_api import Page, Playwright, expect

from lms.course.model import Course

KEPT = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const box = await caches.open(name);
    for (const request of await box.keys()) {
      found[request.url] = await (await box.match(request)).text();
    }
  }
  return found;
}"""

# What a player asks of a sound that it moves about in.
STRETCH = """async (image) => {
  const answer = await fetch(image.src, { headers: { Range: "bytes=50-149" } });
  return [answer.status, (await answer.blob()).size];
}"""


# Of each result, the address of its lesson and the name of its course.
FIRST = """rows => rows.map(row => [row.querySelector("h2 a").pathname, row.querySelector("small").textContent])"""


def test_a_browser_that_waits_for_an_answer_keeps_it(school: School, device: Callable[[], Page]) -> None:
    page = device()
    page.add_init_script(
        "StorageManager.prototype.persist = () => new Promise(() => {})"
    )  # Firefox's question
    save(page, school)


def test_a_course_is_used_without_its_server_and_sent_when_it_is_back(
    school: School, device: Callable[[], Page], course: Course
) -> None:
    page = device()
    save(page, school)
    page.context.close()
    school.stop()

    page = device()
    page.goto(school.url + LESSON)
    expect(page.locator("main")).to_contain_text("Sin conexión con el servidor")
    exercise = course.lesson("conozco-mi-equipo").exercises[0]
    assert "Muy bien" in acts.answer(page, exercise)
    page.get_by_role("button", name="Terminé esta lección").click()
    expect(page.locator('[data-lms="status"]')).to_contain_text("Por enviar")
    picture = page.locator("article img").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    assert picture.evaluate(STRETCH) == [206, 100]

    page.locator(".find input").fill("cargador")
    page.locator(".find input").press("Enter")
    expect(page.locator(".results mark").first).to_be_visible()
    page.locator(".results a").first.click()
    expect(page.locator("article.lesson")).to_be_visible()

    school.start()
    page.reload()
    sent(page)
    page.wait_for_timeout(10_000)  # until the worker asks the server for pages again
    page.goto(f"{school.url}/mi-avance")
    expect(page.locator(".course")).to_contain_text("1 de 4")


def test_a_note_and_the_letters_chosen_are_there_without_the_server(
    school: School, device: Callable[[], Page]
) -> None:
    page = device()
    save(page, school)
    page.goto(school.url + LESSON)
    page.get_by_role("button", name="letra y colores").click()
    page.get_by_role("radio", name="Grande", exact=True).check()
    _write(page, "Con servidor")
    sent(page)
    school.stop()
    page.goto(school.url + LESSON)
    expect(page.locator("html")).to_have_css("font-size", "21px")
    expect(page.locator(".note .text")).to_have_text("Con servidor")
    _write(page, "Sin servidor")
    page.reload()
    expect(page.locator(".note .text")).to_have_text("Sin servidor")
    school.start()
    page.wait_for_timeout(10_000)  # until the worker asks the server for pages again
    page.reload()
    sent(page)
    page.reload()
    expect(page.locator(".note .text")).to_have_text("Sin servidor")


def _write(page: Page, text: str) -> None:
    page.get_by_role("link", name="Mi nota").click()
    page.get_by_label("Escribe lo que quieras recordar de esta lección").fill(text)
    page.get_by_role("button", name="Guardar mi nota").click()
    expect(page.locator(".note .text")).to_have_text(text)  # by then the browser has stored it


def test_pages_that_only_a_server_has_are_stood_for(
    school: School, device: Callable[[], Page], course: Course
) -> None:
    page = device()
    save(page, school)
    school.stop()
    page.goto(school.url + LESSON)
    page.get_by_role("button", name="Terminé esta lección").click()
    expect(page.locator('[data-lms="status"]')).to_contain_text("Por enviar")  # it is stored by then
    page.goto(school.url + HERE)
    first = page.locator(f'.lessons a[href="{LESSON}"] .state')
    expect(first).to_have_text("Hecha")
    expect(page.get_by_role("link", name="Seguir donde me quedé")).to_have_attribute("href", OTHER)
    page.goto(f"{school.url}/mi-avance")
    expect(page.get_by_role("region", name=course.title)).to_contain_text("1 de 4 lecciones")
    expect(page.get_by_role("button", name="Guardar mi avance en un archivo")).to_be_visible()
    page.goto(f"{school.url}/ingresar")
    expect(page.locator("h1")).to_have_text("Esta página necesita conexión")
    page.get_by_role("link", name=course.title).click()
    expect(page.locator("h1")).to_have_text(course.title)
    page.goto(school.url)
    expect(page.locator(".kept li")).to_have_count(1)


def test_two_courses_are_kept_side_by_side(
    school: School, device: Callable[[], Page], course: Course
) -> None:
    school.add("guia-multigrado")
    page = device()
    save(page, school)
    save(page, school, "guia-multigrado")
    school.stop()
    page.goto(school.url)
    expect(page.locator(".kept li")).to_have_count(2)
    page.goto(f"{school.url}/buscar?q=aula")
    expect(page.locator('.results a[href^="/cursos/guia-multigrado/"]').first).to_be_visible()
    expect(page.locator(f'.results a[href^="{HERE}/"]').first).to_be_visible()
    page.goto(f"{school.url}/buscar?q=aula&curso={course.id}")
    expect(page.locator(f'.results a[href^="{HERE}/"]').first).to_be_visible()
    expect(page.locator('.results a[href^="/cursos/guia-multigrado/"]')).to_have_count(0)
    page.goto(f"{school.url}/sin-internet")
    page.get_by_role("button", name=f"Quitar «{course.title}» de este equipo").click()
    expect(page.locator(".kept li")).to_have_count(1)
    page.goto(f"{school.url}/cursos/guia-multigrado")
    expect(page.locator(".lessons").first).to_be_visible()
    page.goto(school.url + HERE)
    expect(page.locator("h1")).to_have_text("Esta página necesita conexión")


def _found(page: Page, school: School, query: str) -> list[tuple[str, ...]]:
    """The first three lessons that a query finds: where they are, and of which course."""
    page.goto(f"{school.url}/buscar?{urlencode({'q': query})}")
    expect(page.locator(".results h2").first).to_be_visible()
    return [tuple(row) for row in page.locator(".results li").evaluate_all(FIRST)[:3]]


def test_kept_courses_are_searched_as_the_server_searches_them(
    school: School, device: Callable[[], Page]
) -> None:
    school.add("guia-multigrado")
    page = device()
    asked = ["seis grados juntos", "se acaba rapido la bateria", "celular", "planif", "batelia", "familia"]
    live = [_found(page, school, query) for query in asked]
    save(page, school, "guia-multigrado")  # the last one first: the order is the server's
    save(page, school)
    school.stop()
    assert [_found(page, school, query) for query in asked] == live


def test_an_assessment_is_taken_without_the_server(
    school: School, device: Callable[[], Page], course: Course
) -> None:
    page = device()
    save(page, school)
    school.stop()
    bank = course.units[0].assessment
    assert bank
    page.goto(f"{school.url}{HERE}/evaluaciones/{bank.id}")
    expect(page.locator("article .exercise:visible")).to_have_count(min(bank.draw, len(bank.bank)))
    page.locator('[data-lms="deliver"]').click()
    page.locator('[data-lms="deliver"]').click()
    expect(page.locator(".result")).to_contain_text("de 20")


def test_what_is_kept_is_anybodys_and_leaving_leaves_nobody(
    school: School, device: Callable[[], Page], course: Course
) -> None:
    page = device()
    sign_up(page, school, "Xiomara")
    save(page, school)
    page.goto(school.url + LESSON)
    acts.answer(page, course.lesson("conozco-mi-equipo").exercises[0])
    sent(page)
    assert not [url for url, text in page.evaluate(KEPT).items() if "Xiomara" in text]

    school.stop()
    page.goto(school.url + LESSON)
    expect(page.locator(".menu summary")).to_contain_text("Xiomara")
    acts.answer(page, course.lesson("conozco-mi-equipo").exercises[1])
    expect(page.locator('[data-lms="status"]')).to_contain_text("Por enviar (1)")
    school.start()
    page.wait_for_timeout(10_000)
    page.goto(school.url + LESSON)
    sent(page)

    page.locator(".menu summary").click()
    page.get_by_role("button", name="Salir").click()
    expect(page.get_by_role("link", name="Ingresar")).to_be_visible()
    school.stop()
    page.goto(school.url + LESSON)
    expect(page.locator("main")).to_contain_text("Sin conexión")
    expect(page.locator("body")).not_to_contain_text("Xiomara")
    assert not [url for url, text in page.evaluate(KEPT).items() if "Xiomara" in text]


def test_somebody_else_says_so_without_the_server(
    school: School, device: Callable[[], Page], course: Course
) -> None:
    page = device()
    sign_up(page, school, "Xiomara")
    save(page, school)
    school.stop()
    page.goto(school.url + LESSON)
    page.locator(".menu summary").click()
    page.get_by_role("button", name="No soy Xiomara").click()
    expect(page.locator(".top .menu")).to_have_count(0)
    acts.answer(page, course.lesson("conozco-mi-equipo").exercises[0])
    page.reload()
    expect(
        acts.form_of(page, course.lesson("conozco-mi-equipo").exercises[0]).locator(".feedback")
    ).to_contain_text("Muy bien")
    expect(page.locator("body")).not_to_contain_text("Xiomara")


def test_a_course_is_taken_off_and_its_room_is_free(school: School, device: Callable[[], Page]) -> None:
    page = device()
    save(page, school)
    page.goto(f"{school.url}/sin-internet")
    expect(page.locator(".kept li")).to_contain_text("Alfabetización Digital")
    page.goto(school.url + HERE)
    page.get_by_role("button", name="Quitar de este equipo").click()
    expect(page.locator("#guardar")).to_contain_text("Lo quitamos de este equipo")
    assert page.evaluate("caches.keys()") == []
    expect(page.get_by_role("button", name="Guardar para usar sin internet")).to_be_visible()
    page.goto("about:blank")
    page.goto(f"{school.url}/sin-internet")
    expect(page.locator(".kept")).to_contain_text("Todavía no hay ninguno")
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0


def test_it_says_whether_the_browser_may_clear_it(school: School, device: Callable[[], Page]) -> None:
    page = device()
    save(page, school)
    expect(page.locator("#guardar")).to_contain_text("el navegador puede borrarlo")
    granted = {"permissions": ["durableStorage"], "origin": school.url}
    page.context.new_cdp_session(page).send("Browser.grantPermissions", granted)
    page.get_by_role("button", name="Quitar de este equipo").click()
    expect(page.locator("#guardar")).to_contain_text("Lo quitamos")
    save(page, school)
    expect(page.locator("#guardar")).not_to_contain_text("puede borrarlo")


def test_a_browser_may_install_the_site(school: School, device: Callable[[], Page]) -> None:
    page = device()
    save(page, school)
    page.reload(wait_until="networkidle")
    session = page.context.new_cdp_session(page)
    problems = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [one["errorId"] for one in problems] == []
    page.evaluate("""() => {
      const offer = new Event("beforeinstallprompt", { cancelable: true });
      offer.prompt = async () => { window.asked = true; };
      window.dispatchEvent(offer);
    }""")
    page.get_by_role("button", name="Instalar en este celular").click()
    assert page.evaluate("window.asked")


def test_without_https_it_says_so_and_offers_the_file(school: School, playwright: Playwright) -> None:
    rules = "--host-resolver-rules=MAP escuela.lan 127.0.0.1"
    opened = playwright.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS, rules])
    page = opened.new_page()
    page.goto(school.url.replace("127.0.0.1", "escuela.lan") + HERE)
    expect(page.locator("#guardar")).to_contain_text("Este servidor no usa https")
    expect(page.locator("#guardar button:visible")).to_have_count(0)
    link = page.get_by_role("link", name="Descárgalo como un solo archivo")
    assert link.get_attribute("href") == f"{HERE}/descargar/single"
    opened.close()
