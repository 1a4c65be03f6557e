"""Progress as a file: to another device and back, spoilt on the way, erased here."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from browser.player_acts import answer, introduce, kept, questions
from playwright.sync_api import Browser, Page, expect

from lms.clock import day_in_words
from lms.sync.over_file import Heading, build_progress_file


def test_a_file_carries_progress_to_another_device(browser: Browser, stick: str, tmp_path: Path) -> None:
    here, there = browser.new_context(accept_downloads=True), browser.new_context()
    page = here.new_page()
    page.goto(stick)
    introduce(page, "Nélida Ñahui")
    answer(page, questions(page)[0])
    page.goto(f"{stick}#avance")
    with page.expect_download() as download:
        page.get_by_role("button", name="Guardar mi avance").click()
    assert download.value.suggested_filename.startswith("avance-nelida-nahui-2")
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)

    other = there.new_page()
    other.goto(f"{stick}#avance")
    other.get_by_role("button", name="Solo mirar").click()
    bring(other, file)
    other.get_by_role("button", name="Seguir como Nélida Ñahui").click()
    expect(other.locator("[data-lms=person]")).to_have_text("Nélida Ñahui")
    lines = "lms.journal.records().map(one => one.line).sort()"
    assert other.evaluate(lines) == page.evaluate(lines)
    bring(other, file)
    other.get_by_role("button", name="Entendido").click()
    assert len(kept(other, "exercise.answered")) == 1
    here.close()
    there.close()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text.replace("Nélida", "Nélido", 1), "cambió después de guardarse"),
        (lambda text: text[: len(text) // 2], "incompleto"),
        (lambda text: "", "vacío"),
        (lambda text: "Hola", "no es de avance"),
    ],
)
def test_a_spoilt_file_is_refused_with_a_sentence(
    phone: Page, stick: str, tmp_path: Path, change: Callable[[str], str], sentence: str
) -> None:
    phone.goto(f"{stick}#avance")
    introduce(phone)
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Guardar mi avance").click()
    phone.get_by_role("button", name="Entendido").click()
    file = tmp_path / "avance.txt"
    file.write_text(change(Path(download.value.path()).read_text("utf-8")), "utf-8")
    bring(phone, file)
    expect(phone.locator("[role=dialog] p").first).to_contain_text(sentence)


def test_a_chat_that_was_exported_brings_the_codes_in_it(phone: Page, stick: str, tmp_path: Path) -> None:
    phone.goto(f"{stick}#avance")
    introduce(phone)
    code = phone.evaluate(
        "lms.report.text(lms.outline(), lms.journal.events(), 'f'.repeat(8) + lms.journal.profile().slice(8))"
    )
    chat = tmp_path / "chat.txt"
    chat.write_text(
        f"26/11/26, 10:03 - Nélida: Mi avance: {code}\n26/11/26, 10:04 - Rosa: gracias\n", "utf-8"
    )
    bring(phone, chat)
    expect(phone.get_by_role("heading", name="Este avance viene de otro equipo")).to_be_visible()
    expect(phone.get_by_text(f"Es el código {code[:4]}…{code[-4:]} del ")).to_be_visible()
    phone.get_by_role("button", name="Sí, es mío").click()
    expect(phone.get_by_role("heading", name="Trajimos tu avance")).to_be_visible()
    phone.get_by_role("button", name="Entendido").click()
    chat.write_text("26/11/26, 10:04 - Rosa: gracias\n", "utf-8")
    bring(phone, chat)
    expect(phone.get_by_text("También buscamos códigos y recibos")).to_be_visible()


def bring(page: Page, file: Path) -> None:
    """Choose a file at «Traer mi avance»."""
    page.locator("body").press("Escape")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Traer mi avance").click()
    chooser.value.set_files(file)


def test_the_page_says_since_when_there_is_progress_in_no_file(
    phone: Page, stick: str, tmp_path: Path
) -> None:
    phone.goto(f"{stick}#avance")
    introduce(phone)
    said = phone.locator("[data-lms=saved]")
    expect(said).to_be_hidden()
    first, second = questions(phone)[:2]
    answer(phone, first)
    phone.goto(f"{stick}#avance")
    today = day_in_words(date.today())
    expect(said).to_have_text(f"Tienes avance sin guardar en un archivo desde el {today}.")
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Guardar mi avance").click()
    file = tmp_path / "avance.txt"
    download.value.save_as(file)
    phone.reload()
    expect(said).to_have_text("Todo tu avance está guardado en un archivo.")
    answer(phone, second)
    phone.goto(f"{stick}#avance")
    expect(said).to_contain_text("sin guardar")
    bring(phone, file)
    phone.get_by_role("button", name="Entendido").click()
    expect(said).to_contain_text("sin guardar")


def test_who_erases_is_warned_of_what_is_only_here_and_of_nothing_once_it_is_saved(
    phone: Page, stick: str
) -> None:
    phone.goto(stick)
    introduce(phone)
    answer(phone, questions(phone)[0])
    phone.goto(f"{stick}#avance")
    dialog = phone.get_by_role("dialog")
    phone.get_by_role("button", name="Borrar mis datos").click()
    expect(dialog).to_contain_text("Tienes avance que solo está en este equipo.")
    with phone.expect_download():
        dialog.get_by_role("button", name="Guardar primero").click()
    phone.get_by_role("button", name="Entendido").click()
    expect(dialog).to_contain_text("Se borra lo que está guardado aquí.")
    expect(dialog).not_to_contain_text("solo está en este equipo")


def test_what_a_file_brought_is_in_a_file(browser: Browser, stick: str, phone: Page, tmp_path: Path) -> None:
    phone.goto(stick)
    introduce(phone)
    answer(phone, questions(phone)[0])
    phone.goto(f"{stick}#avance")
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Guardar mi avance").click()
    file = tmp_path / "avance.txt"
    download.value.save_as(file)
    there = browser.new_context()
    other = there.new_page()
    other.goto(f"{stick}#avance")
    other.get_by_role("button", name="Solo mirar").click()
    bring(other, file)
    other.get_by_role("button", name="Seguir como Nélida").click()
    expect(other.locator("[data-lms=saved]")).to_have_text("Todo tu avance está guardado en un archivo.")
    there.close()


@pytest.mark.parametrize("data", [None, {"exercises": {"x": None}}, {"exercises": None, "answers": None}])
def test_a_line_that_no_server_takes_is_left_out_and_one_kept_from_before_empties_nothing(
    phone: Page, stick: str, tmp_path: Path, data: object
) -> None:
    phone.goto(stick)
    introduce(phone)
    answer(phone, questions(phone)[0])
    kept(phone, "exercise.answered")
    told = phone.evaluate("lms.journal.events().find(({ type }) => type === 'exercise.answered')")
    lines = [
        json.dumps({**told, "id": told["id"][:-4] + last, "type": type, "seq": 50, "data": content}).encode()
        for last, type, content in (
            ("0000", "progress.reported", data),
            ("0001", "lesson.opened", {}),
        )
    ]
    file = tmp_path / "avance.txt"
    file.write_bytes(build_progress_file(lines, Heading("Nélida", "Curso", date(2026, 11, 26))))
    phone.goto(f"{stick}#avance")
    before = phone.evaluate("lms.journal.events().length")
    bring(phone, file)
    phone.get_by_role("button", name="Entendido").click()
    phone.wait_for_function("count => lms.journal.events().length === count", arg=before + 1)

    phone.evaluate("line => lms.store.merge([lms.record(JSON.parse(line))])", lines[0].decode())
    phone.reload()
    expect(phone.locator("[data-lms=progress]")).to_contain_text("0 de 4 lecciones")
    phone.wait_for_function("count => lms.journal.events().length === count", arg=before + 2)
    assert phone.evaluate("lms.report.text(lms.outline(), lms.journal.events(), lms.journal.profile())")


def test_erasing_takes_one_persons_data_and_no_more(phone: Page, stick: str) -> None:
    phone.goto(stick)
    introduce(phone, "Nélida")
    answer(phone, questions(phone)[0])
    phone.get_by_role("button", name="Cambiar de persona").click()
    phone.get_by_role("button", name="Soy otra persona").click()
    introduce(phone, "Wilder")
    phone.goto(f"{stick}#avance")
    phone.get_by_role("button", name="Borrar mis datos").click()
    phone.get_by_role("button", name="Borrar lo de Wilder").click()
    phone.get_by_role("button", name="Nélida").click()
    assert len(kept(phone, "exercise.answered")) == 1
    assert phone.evaluate("lms.store.profiles().then(all => all.map(one => one.name))") == ["Nélida"]


def test_a_file_whose_events_say_no_name_brings_the_one_in_its_heading_and_takes_it_off_again(
    phone: Page, stick: str, tmp_path: Path
) -> None:
    ids = {
        "id": "019a0000-0000-7000-8000-000000000001",
        "device": "8e9d4cf4-0000-4000-8000-000000000002",
        "profile": "8e9d4cf4-0000-4000-8000-000000000003",
    }
    said = {"v": 1, "type": "lesson.opened", "at": "2026-11-23T13:40:00Z", "seq": 1, "data": {}}
    line = json.dumps({**said, **ids, "course": "ad", "version": "1", "item": "uno"}).encode()
    file = tmp_path / "avance.txt"
    file.write_bytes(build_progress_file([line], Heading("Rosa Quispe", "", date(2026, 11, 23))))
    phone.goto(f"{stick}#avance")
    introduce(phone, "Marta")
    people = "lms.store.profiles().then(all => all.map(one => one.name).sort())"
    bring(phone, file)
    expect(phone.get_by_role("dialog")).to_contain_text("Trajimos el avance de Rosa Quispe")
    expect(phone.get_by_role("dialog")).to_contain_text(
        "Quedó en este equipo, en «Cambiar de persona»: quien"
    )
    phone.get_by_role("button", name="Quitarlo de este equipo").click()
    expect(phone.get_by_role("dialog")).to_contain_text("El avance de Rosa Quispe ya no está en este equipo")
    assert phone.evaluate(people) == ["Marta"]
    for _ in range(2):
        bring(phone, file)
        expect(phone.get_by_role("button", name="Ahora no")).to_be_visible()
    assert phone.evaluate(people) == ["Marta", "Rosa Quispe"]
    expect(phone.get_by_role("button", name="Quitarlo de este equipo")).to_have_count(0)
    phone.get_by_role("button", name="Seguir como Rosa Quispe").click()
    expect(phone.locator("[data-lms=person]")).to_have_text("Rosa Quispe")
