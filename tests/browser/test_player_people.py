"""Several people on one device, each with their own progress."""

from __future__ import annotations

from browser.player_acts import answer, introduce, kept, questions
from playwright.sync_api import Page, expect


def test_two_people_on_one_device_keep_their_own_progress(phone: Page, stick: str) -> None:
    phone.goto(stick)
    introduce(phone, "Nélida")
    first = questions(phone)[0]
    answer(phone, first)
    phone.get_by_role("button", name="Cambiar de persona").click()
    phone.get_by_role("button", name="Soy otra persona").click()
    introduce(phone, "Wilder")
    form = phone.locator(f"[id='{first}']")
    expect(form.locator(".feedback")).to_be_empty()
    expect(form.locator("input").first).not_to_be_checked()
    assert kept(phone, "exercise.answered") == []
    phone.get_by_role("button", name="Cambiar de persona").click()
    phone.get_by_role("button", name="Nélida").click()
    expect(form.locator(".feedback strong")).to_be_visible()


def test_what_is_wrong_is_said_beside_its_field(phone: Page, stick: str) -> None:
    phone.goto(stick)
    dialog = phone.get_by_role("dialog")
    name, number = dialog.get_by_role("textbox", name="Tu nombre"), dialog.get_by_label("Número")
    phone.get_by_role("button", name="Empezar").click()
    expect(name).to_be_focused()
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_have_accessible_description("Escribe tu nombre para reconocer tu avance.")
    expect(name.locator("xpath=ancestor::*[@class='row error']/p")).to_be_visible()

    name.fill("Nélida")
    phone.get_by_text("Añadir mi documento").click()
    number.fill("1234567")
    phone.get_by_text("Añadir mi documento").click()
    name.press("Enter")
    expect(number).to_be_focused()
    expect(number).to_have_accessible_description(
        "El DNI tiene 8 números. Revisa si falta el cero del inicio."
    )
    expect(name).not_to_have_attribute("aria-invalid", "true")
    expect(phone.locator(".why")).to_have_count(1)
    number.fill("12345678")
    number.press("Enter")
    expect(phone.locator("[data-lms=person]")).to_have_text("Nélida")


def test_somebody_who_only_looks_can_take_a_name_later_and_keeps_the_progress(
    phone: Page, stick: str
) -> None:
    phone.goto(stick)
    phone.get_by_role("button", name="Solo mirar").click()
    answer(phone, questions(phone)[0])
    phone.get_by_role("button", name="Cambiar de persona").click()
    phone.get_by_role("button", name="Poner mi nombre").click()
    phone.get_by_role("textbox", name="Tu nombre").fill("Rosa")
    phone.get_by_role("button", name="Guardar", exact=True).click()
    expect(phone.locator("[data-lms=person]")).to_have_text("Rosa")
    assert len(kept(phone, "exercise.answered")) == 1


def test_a_name_that_is_here_already_is_asked_about_before_there_are_two(phone: Page, stick: str) -> None:
    phone.goto(stick)
    introduce(phone, "Nélida")
    answer(phone, questions(phone)[0])
    for choice in ("other", "me"):
        phone.get_by_role("button", name="Cambiar de persona").click()
        phone.get_by_role("button", name="Soy otra persona").click()
        phone.get_by_role("textbox", name="Tu nombre").fill(" nelida ")
        phone.get_by_role("button", name="Empezar").click()
        expect(phone.get_by_role("heading", name="Ya hay una persona con ese nombre")).to_be_visible()
        if choice == "other":
            phone.get_by_role("button", name="No, escribir otro nombre").click()
            introduce(phone, "Nélida Mamani")
            expect(phone.locator("[data-lms=person]")).to_have_text("Nélida Mamani")
            assert kept(phone, "exercise.answered") == []
        else:
            phone.get_by_role("button", name="Sí, continuar como Nélida").click()
            expect(phone.locator("[data-lms=person]")).to_have_text("Nélida")
    assert len(kept(phone, "exercise.answered")) == 1
    phone.get_by_role("button", name="Cambiar de persona").click()
    expect(phone.locator(".picker .initial")).to_have_count(2)


def test_nothing_but_its_own_edge_is_below_the_last_button_of_a_dialog(phone: Page, stick: str) -> None:
    phone.goto(stick)
    below = """box => box.getBoundingClientRect().bottom - parseFloat(getComputedStyle(box).paddingBottom)
      - Math.max(...Array.from(box.querySelectorAll("button"), one => one.getBoundingClientRect().bottom))"""
    assert phone.get_by_role("dialog").evaluate(below) == 0
    introduce(phone)
    phone.get_by_role("button", name="Cambiar de persona").click()
    assert phone.get_by_role("dialog").evaluate(below) == 0
