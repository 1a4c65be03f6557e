"""Progress leaves a pack closed to one server, by anybody's hand, and comes into it."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import msgspec
import pytest
from browser.player_acts import answer, introduce, questions
from cast import Server
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lms.course.model import Course
from lms.packs.formats import FORMATS
from lms.packs.home import Home

CLOSED, OPEN = "Para mi servidor, cerrado", "Para otro equipo mío, abierto"
WITHOUT = "va abierto: quien lo lleve puede leerlo"


@pytest.fixture
def pack(course: Course, server: Server, tmp_path: Path) -> str:
    """The address of a single file that closes its progress to the server."""
    with urllib.request.urlopen(f"{server.url}/servidores") as card:
        key = msgspec.json.decode(card.read())["public"]
    file = tmp_path / "curso.html"
    file.write_bytes(FORMATS["single"].write(course, Home("", key)))
    return file.as_uri()


def saved(page: Page, how: str, place: Path) -> Path:
    """Save the progress, closed or open."""
    page.goto(page.url.split("#")[0] + "#avance")
    page.get_by_role("button", name="Guardar mi avance").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=how).click()
    download.value.save_as(place)
    return place


def uploaded(context: BrowserContext, server: Server, file: Path) -> Page:
    page = context.new_page()
    page.goto(f"{server.url}/mi-avance")
    page.get_by_label("Archivo de avance").set_input_files(file)
    page.get_by_role("button", name="Subir mi avance").click()
    return page


def test_a_closed_file_comes_from_a_pack_to_its_server(
    browser: Browser, phone: Page, server: Server, pack: str, tmp_path: Path
) -> None:
    phone.goto(pack)
    introduce(phone, "Nélida Ñahui")
    answer(phone, questions(phone)[0])
    file = saved(phone, CLOSED, tmp_path / "cerrado.txt")
    expect(phone.locator("[role=dialog]")).to_contain_text("solo tu servidor puede abrirlo")
    phone.get_by_role("button", name="Entendido").click()
    expect(phone.locator("[data-lms=saved]")).to_have_text("Todo tu avance está guardado en un archivo.")
    text = file.read_text("utf-8")
    assert text.startswith("CHASKI AVANCE 2\n# Avance de Nélida Ñahui · ")
    assert "exercise.answered" not in text

    there = browser.new_context()
    page = uploaded(there, server, file)
    expect(page.locator(".notice.good")).to_contain_text("Recibimos 4 registros nuevos")
    page = uploaded(there, server, file)
    expect(page.locator(".notice.good")).to_contain_text("No había nada nuevo")
    there.close()


def test_a_file_that_could_not_be_closed_goes_open_only_if_its_person_says_so(phone: Page, pack: str) -> None:
    phone.goto(pack)
    introduce(phone, "Nélida")
    answer(phone, questions(phone)[0])
    phone.evaluate("() => { lms.closing.close = () => Promise.reject(new Error('muy grande')); }")
    left: list[object] = []
    phone.on("download", lambda download: left.append(download))
    phone.goto(phone.url.split("#")[0] + "#avance")
    phone.get_by_role("button", name="Guardar mi avance").click()
    phone.get_by_role("button", name=CLOSED).click()
    expect(phone.get_by_role("dialog")).to_contain_text("No se pudo cerrar el archivo")
    phone.get_by_role("button", name="Cancelar").click()
    phone.get_by_role("button", name="Guardar mi avance").click()
    phone.get_by_role("button", name=CLOSED).click()
    assert left == []
    with phone.expect_download():
        phone.get_by_role("button", name="Usar el archivo abierto").click()
    expect(phone.get_by_role("dialog")).to_contain_text(WITHOUT)


def test_what_a_device_refuses_to_share_is_saved_as_it_was_wanted_without_asking_again(
    phone: Page, pack: str
) -> None:
    refused = "share = () => Promise.reject(new DOMException('', 'NotAllowedError'))"
    phone.add_init_script(f"navigator.canShare = () => true; navigator.{refused}")
    phone.goto(pack)
    introduce(phone, "Nélida")
    phone.goto(f"{pack}#avance")
    phone.get_by_role("button", name="Enviar mi avance").click()
    with phone.expect_download() as download:
        phone.get_by_role("button", name=CLOSED).click()
    assert Path(download.value.path()).read_text("utf-8").startswith("CHASKI AVANCE 2\n")
    expect(phone.locator("[role=dialog]")).to_contain_text("solo tu servidor puede abrirlo")


def test_a_device_makes_one_key_and_says_it_once_in_each_profile(
    phone: Page, pack: str, tmp_path: Path
) -> None:
    phone.goto(pack)
    introduce(phone, "Nélida")
    said = "lms.journal.events().filter(one => one.type === 'device.announced').map(one => one.device + one.data.key)"
    assert phone.evaluate(said) == []
    for _ in range(2):
        saved(phone, CLOSED, tmp_path / "cerrado.txt")
        phone.get_by_role("button", name="Entendido").click()
    first = phone.evaluate(said)
    assert len(first) == 1
    phone.reload()
    saved(phone, CLOSED, tmp_path / "cerrado.txt")
    phone.get_by_role("button", name="Entendido").click()
    assert phone.evaluate(said) == first
    assert phone.evaluate("lms.device.key().then(({pair}) => pair.privateKey.extractable)") is False

    phone.get_by_role("button", name="Cambiar de persona").click()
    phone.get_by_role("button", name="Otra persona").click()
    introduce(phone, "Ruth")
    saved(phone, CLOSED, tmp_path / "ruth.txt")
    phone.get_by_role("button", name="Entendido").click()
    assert phone.evaluate(said) == first


def test_a_device_that_lost_its_key_becomes_another_device(phone: Page, pack: str, tmp_path: Path) -> None:
    phone.goto(pack)
    introduce(phone, "Nélida")
    saved(phone, CLOSED, tmp_path / "cerrado.txt")
    phone.get_by_role("button", name="Entendido").click()
    phone.evaluate("lms.device.forget()")
    saved(phone, CLOSED, tmp_path / "cerrado.txt")
    phone.get_by_role("button", name="Entendido").click()
    devices = phone.evaluate(
        "lms.journal.events().filter(one => one.type === 'device.announced').map(one => one.device)"
    )
    assert len(devices) == 2
    assert devices[0] != devices[1]


def test_an_open_file_says_that_it_is_open_and_goes_to_another_device(
    browser: Browser, phone: Page, pack: str, tmp_path: Path
) -> None:
    phone.goto(pack)
    introduce(phone, "Nélida")
    answer(phone, questions(phone)[0])
    closed = saved(phone, CLOSED, tmp_path / "cerrado.txt")
    phone.get_by_role("button", name="Entendido").click()
    file = saved(phone, OPEN, tmp_path / "abierto.txt")
    expect(phone.locator("[role=dialog]")).to_contain_text(WITHOUT)
    there = browser.new_context()
    other = there.new_page()
    other.goto(f"{pack}#avance")
    other.get_by_role("button", name="Solo mirar").click()
    for chosen, words in ((closed, "está cerrado"), (file, "Trajimos el avance de Nélida")):
        with other.expect_file_chooser() as chooser:
            other.get_by_role("button", name="Traer mi avance").click()
        chooser.value.set_files(chosen)
        expect(other.locator("[role=dialog]")).to_contain_text(words)
        other.keyboard.press("Escape")
    there.close()


def test_a_pack_that_knows_no_server_asks_nothing_and_says_so(
    phone: Page, stick: str, tmp_path: Path
) -> None:
    phone.goto(stick)
    introduce(phone, "Nélida")
    phone.goto(f"{stick}#avance")
    with phone.expect_download():
        phone.get_by_role("button", name="Guardar mi avance").click()
    expect(phone.locator("[role=dialog]")).to_contain_text(WITHOUT)


def test_a_browser_without_cryptography_saves_an_open_file(phone: Page, pack: str) -> None:
    phone.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', {get: () => undefined})")
    phone.goto(pack)
    introduce(phone, "Nélida")
    phone.goto(f"{pack}#avance")
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Guardar mi avance").click()
    assert Path(download.value.path()).read_text("utf-8").startswith("CHASKI AVANCE 1\n")
    expect(phone.locator("[role=dialog]")).to_contain_text(WITHOUT)
