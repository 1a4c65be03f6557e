"""A teacher on the site: sign up, learn, come back, bring home what was done offline."""

from __future__ import annotations

import itertools
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import acts
import pytest
from browser.live_acts import PIN, sent, sign_up
from cast import Server
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from lms.course.model import Course
from lms.packs.formats import FORMATS

LESSON = "/cursos/alfabetizacion-digital/conozco-mi-equipo"


def test_signing_up_takes_few_keys(server: Server, phone: Page) -> None:
    """Ninety characters at three a second are thirty seconds, the aim for somebody who types slowly."""
    document = sign_up(phone, server)
    typed = len(document) + len("Nélida") + len("Mamani") + 2 * len(PIN)
    assert typed <= 90


def test_learn_fail_read_why_close_and_continue(
    server: Server, profile: Callable[..., BrowserContext], course: Course
) -> None:
    context = profile(offline=False)
    page = context.new_page()
    sign_up(page, server)
    page.goto(server.url + LESSON)
    for exercise in course.lesson("conozco-mi-equipo").exercises:
        said = acts.answer(page, exercise, right=False)
        assert len(said) > 30, f"{exercise.name} does not say why"
        assert "Muy bien" in acts.answer(page, exercise)
    sent(page)
    context.close()

    page = profile(offline=False).new_page()
    page.goto(server.url)
    page.get_by_role("link", name="Seguir donde me quedé").first.click()
    expect(page.locator("#conozco-mi-equipo")).to_be_visible()
    first = course.lesson("conozco-mi-equipo").exercises[0]
    expect(acts.form_of(page, first).locator(".feedback")).to_contain_text("Muy bien")


def test_every_exercise_type_is_graded_live(server: Server, phone: Page, course: Course) -> None:
    seen: set[str] = set()
    for lesson in course.lessons:
        fresh = {one.type: one for one in lesson.exercises if one.type not in seen}
        if fresh:
            phone.goto(f"{server.url}/cursos/{course.id}/{lesson.id}")
        for kind, exercise in fresh.items():
            seen.add(kind)
            assert "Muy bien" in acts.answer(phone, exercise)
    assert len(seen) == 7


def test_each_pair_says_whether_it_is_right_until_it_is_changed(
    server: Server, phone: Page, course: Course
) -> None:
    lesson = course.lesson("conozco-mi-equipo")
    matching = next(one for one in lesson.exercises if one.type == "matching")
    pairs = matching.data["pairs"]
    phone.goto(server.url + LESSON)
    form = acts.form_of(phone, matching)
    acts.fill(form, matching, [pairs[1], *pairs[1:]])
    acts.submit(form)
    expect(form.locator(".feedback")).to_contain_text("te falta una parte")
    selects = form.locator(".match select")
    expect(selects.nth(0)).to_have_accessible_name(re.compile("✖.*Todavía no"))
    expect(selects.nth(1)).to_have_accessible_name(re.compile("✔.*Bien"))
    selects.nth(0).select_option(str(pairs[0]))
    expect(selects.nth(0)).not_to_have_accessible_name(re.compile("Todavía no"))
    phone.reload()
    expect(selects.nth(0)).to_have_accessible_name(re.compile("✖.*Todavía no"))
    acts.fill(form, matching, [pairs[0], *[pairs[0]] * (len(pairs) - 1)])
    acts.submit(form)
    expect(form.locator(".feedback")).to_contain_text("Todavía no: tienes una parte bien")


def test_a_guest_keeps_what_they_did(server: Server, phone: Page, course: Course) -> None:
    phone.goto(server.url + LESSON)
    acts.answer(phone, course.lesson("conozco-mi-equipo").exercises[0])
    sent(phone)
    sign_up(phone, server, "Wilder")
    phone.goto(f"{server.url}/mi-avance")
    expect(phone.locator(".course")).to_contain_text("Alfabetización Digital")


def test_the_servers_pages_know_what_a_guest_did(server: Server, phone: Page, course: Course) -> None:
    phone.goto(server.url + LESSON)
    acts.answer(phone, course.lesson("conozco-mi-equipo").exercises[0])
    with phone.expect_response(lambda answer: "lesson.completed" in (answer.request.post_data or "")):
        phone.get_by_role("button", name="Terminé esta lección").click()
    phone.goto(f"{server.url}/mi-avance")
    expect(phone.locator(".course")).to_contain_text("1 de 4")
    phone.goto(f"{server.url}/cursos/{course.id}")
    expect(phone.get_by_role("link", name="Empezar el curso")).to_have_count(0)


def test_without_javascript_a_lesson_is_answered_and_finished(
    server: Server, browser: Browser, course: Course
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    sign_up(page, server, "Hermelinda")
    page.goto(server.url + LESSON)
    for exercise in course.lesson("conozco-mi-equipo").exercises[:2]:
        form = acts.form_of(page, exercise)
        acts.fill(form, exercise, acts.right_answer(exercise))
        form.get_by_role("button", name="Revisar").click()
        expect(page.locator("main")).to_contain_text("Muy bien")
    page.get_by_role("button", name="Terminé esta lección").click()
    expect(page).to_have_url(f"{server.url}{LESSON}#hecha")
    expect(page.locator("#hecha")).to_contain_text("Lección hecha")
    expect(page.locator("#hecha")).to_be_in_viewport()
    page.get_by_role("link", name="Ir a la lección siguiente").click()
    expect(page.locator("#gestos-mouse-y-teclado")).to_be_visible()
    page.goto(f"{server.url}/mi-avance")
    expect(page.locator(".course")).to_contain_text("1 de 4")
    context.close()


def test_two_people_share_a_browser(server: Server, phone: Page) -> None:
    sign_up(phone, server, "Yajaira")
    phone.goto(f"{server.url}/cambiar-de-persona")
    sign_up(phone, server, "Tito")
    phone.goto(f"{server.url}/cambiar-de-persona")
    phone.get_by_text("Yajaira").first.click()
    phone.get_by_label("Mi PIN").first.fill(PIN)
    phone.get_by_role("button", name="Ingresar").first.click()
    expect(phone.locator("header")).to_contain_text("Yajaira")


@pytest.fixture
def carried(profile: Callable[..., BrowserContext], tmp_path: Path, course: Course) -> Path:
    """A progress file made in a single-file pack, without a network."""
    pack = tmp_path / "curso.html"
    pack.write_bytes(FORMATS["single"].write(course))
    page = profile().new_page()
    page.goto(f"{pack.as_uri()}#l/conozco-mi-equipo")
    page.get_by_role("textbox", name="Tu nombre").fill("Rosa")
    page.get_by_role("button", name="Empezar").click()
    for exercise in course.lesson("conozco-mi-equipo").exercises[:3]:
        acts.answer(page, exercise)
    page.locator('.view.current [data-lms="complete"] button').click()
    page.locator(".view.current").get_by_role("link", name="Ir a la lección siguiente").click()
    expect(page.locator("#gestos-mouse-y-teclado")).to_be_visible()
    page.goto(f"{pack.as_uri()}#avance")
    with page.expect_download() as download:
        page.locator('[data-route=avance] [data-lms="save"]').click()
    file = tmp_path / "avance-rosa.txt"
    download.value.save_as(file)
    return file


def _upload(page: Page, server: Server, file: Path) -> str:
    page.goto(f"{server.url}/mi-avance")
    page.get_by_label("Archivo de avance").set_input_files(file)
    page.get_by_role("button", name="Subir mi avance").click()
    page.locator(".notice.good:visible, .notice.bad:visible").first.wait_for()
    return page.locator("main").inner_text()


def test_progress_made_offline_comes_home_once(
    server: Server, phone: Page, carried: Path, tmp_path: Path
) -> None:
    sign_up(phone, server, "Rosa")
    assert "Recibimos tu archivo" in _upload(phone, server, carried)
    phone.goto(f"{server.url}/mi-avance")
    standing = phone.locator(".course").inner_text()
    assert "1 de 4" in standing

    _upload(phone, server, carried)
    phone.goto(f"{server.url}/mi-avance")
    assert phone.locator(".course").inner_text() == standing

    altered = tmp_path / "alterado.txt"
    content = bytearray(carried.read_bytes())
    content[len(content) // 2] ^= 1
    altered.write_bytes(content)
    refused = _upload(phone, server, altered)
    assert "No pudimos recibir" in refused
    phone.goto(f"{server.url}/mi-avance")
    assert phone.locator(".course").inner_text() == standing


def test_one_dropped_request_at_every_place_loses_nothing(
    server: Server, browser: Browser, course: Course
) -> None:
    """Each run drops another request to `/events`, before or after the server has seen it."""
    exercises = course.lesson("conozco-mi-equipo").exercises[:3]
    for dropped in range(5):
        for reached in (False, True):
            context = browser.new_context(viewport={"width": 360, "height": 740})
            page = context.new_page()
            _drop(page, dropped, reached=reached)
            sign_up(page, server, "Nélida")
            page.goto(server.url + LESSON)
            for exercise in exercises:
                acts.answer(page, exercise)
            answers = _answers_oncesent(page, server, len(exercises))
            assert len(answers) == len(set(answers)) == len(exercises), (dropped, reached)
            context.close()


def _drop(page: Page, number: int, *, reached: bool) -> None:
    counter = itertools.count()

    def maybe(route: Route) -> None:
        if next(counter) != number:
            route.continue_()
        elif reached:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.abort("connectionfailed")

    page.route("**/events", maybe)


def _answers_oncesent(page: Page, server: Server, wanted: int) -> list[str]:
    """Return the answers the server has, as soon as it has as many as wanted, or after twenty seconds."""
    answers: list[str] = []
    for _ in range(40):
        answer = page.request.get(f"{server.url}/mi-avance/archivo")
        assert answer.ok
        answers = [line for line in answer.text().splitlines() if '"exercise.answered"' in line]
        if len(answers) >= wanted:
            break
        page.wait_for_timeout(500)
    return answers


def test_a_server_that_said_when_to_come_again_is_left_alone_on_every_page_and_tab(
    server: Server, phone: Page, course: Course
) -> None:
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=429, headers={"Retry-After": "600"}, body="{}")

    phone.context.route("**/events", refuse)
    with phone.expect_request("**/events"):
        phone.goto(f"{server.url}/cursos/{course.id}/{course.lessons[0].id}")
    phone.wait_for_function("lms.store.get('calm')")
    for page, lesson in ((phone, 1), (phone, 2), (phone.context.new_page(), 3)):
        page.goto(f"{server.url}/cursos/{course.id}/{course.lessons[lesson].id}")
        expect(page.locator('[data-lms="complete"]')).to_be_visible()
        page.get_by_role("button", name="Terminé esta lección").click()
        expect(page.locator('[data-lms="status"]')).to_contain_text(f"Por enviar ({1 + 2 * lesson})")
        page.evaluate("lms.outbox.flush()")
    assert len(asked) == 1


def test_search_opens_at_the_right_heading(server: Server, phone: Page) -> None:
    phone.goto(server.url)
    phone.get_by_role("searchbox").fill("baterias")
    phone.get_by_role("searchbox").press("Enter")
    expect(phone.locator("mark").first).to_be_visible()
    link = phone.locator(".results a").first
    anchor = (link.get_attribute("href") or "").split("#")[1]
    link.click()
    expect(phone.locator(f"[id='{anchor}']")).to_be_in_viewport()


def test_a_picture_answers_byte_ranges_and_nothing_changed(server: Server) -> None:
    picture = f"{server.url}/cursos/alfabetizacion-digital/media/conozco-mi-equipo.svg"
    request = urllib.request.Request(picture, headers={"Range": "bytes=0-9"})
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 206
        assert len(answer.read()) == 10
    with urllib.request.urlopen(server.url + LESSON) as answer:
        tag = answer.headers["ETag"]
    again = urllib.request.Request(server.url + LESSON, headers={"If-None-Match": tag})
    with pytest.raises(urllib.error.HTTPError) as unchanged:
        urllib.request.urlopen(again)
    assert unchanged.value.code == 304
    unchanged.value.close()


def test_escape_closes_the_persons_menu(server: Server, phone: Page) -> None:
    sign_up(phone, server)
    summary, entry = phone.locator(".menu summary"), phone.get_by_role("link", name="Mis datos")
    summary.press("Enter")
    entry.focus()
    entry.press("Escape")
    expect(entry).to_be_hidden()
    expect(summary).to_be_focused()
