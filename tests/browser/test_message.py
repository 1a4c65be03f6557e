"""Progress leaves a pack as a message or a QR code, and comes into another device and onto the site."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest
from browser.player_acts import introduce, kept
from playwright.sync_api import Browser, Page, expect

from lms.course.model import Course
from lms.course.numbers import numbers_of
from lms.packs.formats import FORMATS
from lms.packs.home import Home
from lms.sync.over_token import decode, encode
from lms.sync.token import ANSWERS, COMPLETED, FULL, SHORT, Token, course_key


@pytest.fixture
def pack(course: Course, tmp_path: Path) -> str:
    """The address of a single file that knows its site."""
    file = tmp_path / "curso.html"
    file.write_bytes(FORMATS["single"].write(course, Home("https://aula.example")))
    return file.as_uri()


def study(page: Page, course: Course) -> None:
    """Finish the first lesson and answer its first single-choice question wrongly."""
    lesson = course.lessons[0]
    question = next(one for one in lesson.exercises if one.type == "single")
    wrong = min(range(len(question.options)), key=lambda n: question.options[n].weight)
    page.goto(page.url.split("#")[0] + f"#l/{lesson.id}")
    form = page.locator(f"[data-exercise='{question.name}']")
    form.locator("input").nth(wrong).check()
    form.get_by_role("button", name="Revisar").click()
    expect(form.locator(".feedback strong")).to_be_visible()
    page.locator(f"form[data-lesson='{lesson.id}']").get_by_role("button").click()
    kept(page, "lesson.completed")


def test_a_message_carries_progress_to_another_device(browser: Browser, pack: str, course: Course) -> None:
    page = browser.new_context().new_page()
    page.goto(pack)
    introduce(page, "Nélida Ñahui")
    study(page, course)
    page.goto(f"{pack}#avance")
    page.get_by_role("button", name="Enviar por mensaje").click()
    message = page.get_by_role("textbox", name="Tu mensaje").input_value()
    chat = page.get_by_role("link", name="WhatsApp", exact=True).get_attribute("href") or ""
    sms = unquote(page.get_by_role("link", name="SMS", exact=True).get_attribute("href") or "").split("=")[1]

    assert message.startswith(f"Mi avance en {course.title}: HTTPS://AULA.EXAMPLE/P/")
    assert unquote(chat) == f"whatsapp://send?text={message}"
    sent = decode(message.split("/P/")[1])
    assert sent.form == ANSWERS
    assert sent.lessons[0] == COMPLETED
    answered = [name for name, one in zip(numbers_of(course).exercises, sent.exercises, strict=True) if one]
    assert len(answered) == 1
    assert course.exercise(answered[0]).type == "single"
    assert all(one is None or one.mark < FULL for one in sent.exercises if one)
    assert len(sms) <= 160
    assert decode(sms.removeprefix("AVANCE ")).lessons == sent.lessons
    page.get_by_role("button", name="Copiar").click()
    expect(page.get_by_role("button", name="Copiado")).to_be_visible()
    page.get_by_role("button", name="Listo").click()

    other = browser.new_context().new_page()
    other.goto(f"{pack}#avance")
    introduce(other, "Nélida")
    for _ in range(2):
        other.get_by_role("button", name="Traer con un código").click()
        other.get_by_role("textbox", name="Código o mensaje").fill(message)
        other.get_by_role("button", name="Traer", exact=True).click()
        other.get_by_role("button", name="Sí, es mío").click()
        other.get_by_role("button", name="Entendido").click()
    assert kept(other, "progress.reported") == [course.id]
    first = other.locator(f"[data-route=avance] a[href='#l/{course.lessons[0].id}']").locator("..")
    expect(first).to_contain_text("Hecha")


def test_each_good_code_of_a_chat_is_taken_though_the_last_is_wrong(
    browser: Browser, pack: str, course: Course
) -> None:
    page = browser.new_context().new_page()
    page.goto(f"{pack}#avance")
    introduce(page, "Nélida")
    first, other, stranger = (
        encode(Token(SHORT, key, "2a362bd8272a", date(2026, 11, day), "1.0.0", lessons, (), ()))
        for key, day, lessons in (
            (course_key(course.id), 20, (COMPLETED,)),
            (course_key(course.id), 25, (0, COMPLETED)),
            (course_key("otro"), 26, ()),
        )
    )
    altered = f"{first[:-1]}{'X' if first[-1] != 'X' else 'Y'}"
    page.get_by_role("button", name="Traer con un código").click()
    page.get_by_role("textbox", name="Código o mensaje").fill("\n".join([first, other, stranger, altered]))
    page.get_by_role("button", name="Traer", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text(
        f"Es el código {first[:4]}…{first[-4:]} del 20 nov 2026."
    )
    page.get_by_role("button", name="Sí, es mío").click()
    told = page.get_by_role("dialog")
    expect(told).to_contain_text("Trajimos tu avance")
    expect(told).to_contain_text("Se unió con lo que ya tenías.")
    expect(told).to_contain_text(f"{stranger[:4]}…{stranger[-4:]}: El código es de otro curso.")
    expect(told).to_contain_text(f"{altered[:4]}…{altered[-4:]}: El código cambió en el camino")
    page.get_by_role("button", name="Entendido").click()
    assert kept(page, "progress.reported") == [course.id, course.id]


def test_receipts_are_told_of_once_each_and_five_at_most(browser: Browser, pack: str) -> None:
    page = browser.new_context().new_page()
    page.goto(f"{pack}#avance")
    introduce(page)
    pasted = [f"CHASKI RECIBO 1\n{n}\nFIN" for n in (0, 0, 1, 1, 2, 3, 4, 5)]
    page.get_by_role("button", name="Traer con un código").click()
    page.get_by_role("textbox", name="Código o mensaje").fill("\n".join(pasted))
    page.get_by_role("button", name="Traer", exact=True).click()
    for sentence in (*["El recibo cambió en el camino"] * 5, "Hay más de 5 recibos: pega los demás aparte."):
        expect(page.get_by_role("dialog")).to_contain_text(sentence)
        page.get_by_role("button", name="Entendido").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_what_is_no_code_or_an_altered_one_is_said_so_where_it_is_typed(browser: Browser, pack: str) -> None:
    page = browser.new_context().new_page()
    page.goto(f"{pack}#avance")
    introduce(page)
    page.get_by_role("button", name="Traer con un código").click()
    for text, sentence in (
        ("", "Aquí no hay ningún código"),
        ("23456789ABCDEFGHJKMNPQRSTVWXYZ0123", "El código cambió en el camino"),
        ("hola", "Aquí no hay ningún código"),
    ):
        page.get_by_role("textbox", name="Código o mensaje").fill(text)
        page.get_by_role("button", name="Traer", exact=True).click()
        expect(page.locator("#dialog-why")).to_contain_text(sentence)


def test_a_qr_code_is_drawn_with_its_margin(browser: Browser, pack: str, course: Course) -> None:
    page = browser.new_context().new_page()
    page.goto(pack)
    introduce(page)
    study(page, course)
    page.goto(f"{pack}#avance")
    page.get_by_role("button", name="Mostrar QR").click()
    drawing = page.get_by_role("img", name="Código QR de mi avance")
    expect(drawing).to_be_visible()
    size = int((drawing.get_attribute("viewBox") or "").split()[2])
    box = drawing.bounding_box()

    assert box
    assert box["width"] / size >= 3  # what a camera needs of each square
    assert size <= 69 + 8
    assert (drawing.locator("path").get_attribute("d") or "").startswith("M4 4h1v1h-1z")
