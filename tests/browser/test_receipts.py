"""A closed file goes from a pack to its server, and the receipt comes back: «Mi avance» says what was received."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from browser.player_acts import answer, introduce, questions
from browser.test_closed_file import CLOSED, saved, uploaded
from cast import Server
from msgspec import structs
from playwright.sync_api import Browser, Page, expect

from lms.course.model import Course
from lms.events.ids import new_event_id
from lms.packs.formats import FORMATS
from lms.packs.home import NOWHERE, Home
from lms.sync import over_receipt
from lms.sync.sealing import Identity

Receipt = Callable[[Path], Path]
"""Brings a file to the server and takes its receipt away."""


@pytest.fixture
def key(server: Server) -> str:
    with urllib.request.urlopen(f"{server.url}/servidores") as card:
        return str(msgspec.json.decode(card.read())["public"])


@pytest.fixture
def pack(course: Course, key: str, tmp_path: Path) -> str:
    """The address of a single file that closes its progress to the server."""
    return packed(course, Home("", key), tmp_path)


def packed(course: Course, home: Home, folder: Path) -> str:
    file = folder / "curso.html"
    file.write_bytes(FORMATS["single"].write(course, home))
    return file.as_uri()


@pytest.fixture
def receipt(browser: Browser, server: Server, tmp_path: Path) -> Receipt:
    def fetch(file: Path) -> Path:
        there = browser.new_context(accept_downloads=True)
        page = uploaded(there, server, file)
        expect(page.get_by_role("heading", name="Recibo de lo que ya está aquí")).to_be_visible()
        page.get_by_text("Mostrar el recibo como QR").click()
        expect(page.locator("details svg")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("button", name="Guardar el recibo").click()
        download.value.save_as(tmp_path / "recibo.txt")
        there.close()
        return tmp_path / "recibo.txt"

    return fetch


def bring(page: Page, file: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Traer mi avance").click()
    chooser.value.set_files(file)


def paste(page: Page, text: str) -> None:
    page.get_by_role("button", name="Traer con un código").click()
    page.get_by_label("Código o mensaje").fill(text)
    page.get_by_role("button", name="Traer", exact=True).click()


def test_a_pack_says_what_its_server_received(
    phone: Page, pack: str, receipt: Receipt, tmp_path: Path
) -> None:
    phone.goto(pack)
    introduce(phone, "Nélida Ñahui")
    first, second = questions(phone)[:2]
    answer(phone, first)
    file = saved(phone, CLOSED, tmp_path / "cerrado.txt")
    phone.get_by_role("button", name="Entendido").click()
    said = phone.locator("[data-lms=received]")
    expect(said).to_be_hidden()

    slip = receipt(file)
    assert "Nélida" not in slip.read_text("utf-8")
    cut = tmp_path / "cortado.txt"
    cut.write_text(slip.read_text("utf-8")[:-20], "utf-8")
    bring(phone, cut)
    expect(phone.get_by_role("heading", name="El recibo no se tomó en cuenta")).to_be_visible()
    phone.get_by_role("button", name="Entendido").click()
    bring(phone, slip)
    expect(phone.locator("[role=dialog]")).to_contain_text("Tomamos nota del recibo")
    phone.get_by_role("button", name="Entendido").click()
    expect(said).to_contain_text("Guardado aquí: 4 registros.")
    expect(said).to_contain_text(
        "): todo. Cuando llegó, todavía no estaba a nombre de nadie: no cuenta hasta que"
    )
    expect(said).not_to_contain_text("no conocía")

    answer(phone, second)
    phone.reload()
    phone.goto(phone.url.split("#")[0] + "#avance")
    expect(said).to_contain_text("): 4 de ")
    assert phone.evaluate("lms.journal.events().length") > 4
    with phone.expect_download():  # nothing is deleted, and it can be saved again
        phone.get_by_role("button", name="Guardar mi avance").click()
        phone.get_by_role("button", name=CLOSED).click()


def test_a_pack_on_a_clock_that_nobody_set_says_to_set_it_and_then_the_day(
    phone: Page, pack: str, receipt: Receipt, tmp_path: Path
) -> None:
    phone.clock.install(time=datetime(2019, 3, 1, 10, tzinfo=UTC))
    phone.goto(pack)
    introduce(phone, "Saúl")
    file = saved(phone, CLOSED, tmp_path / "cerrado.txt")
    phone.get_by_role("button", name="Entendido").click()
    bring(phone, receipt(file))
    behind = "la fecha de este equipo está atrasada: ponla en hora): todo."
    expect(phone.locator("[role=dialog]")).to_contain_text(behind)
    phone.get_by_role("button", name="Entendido").click()
    said = phone.locator("[data-lms=received]")
    expect(said).to_contain_text(behind)

    phone.clock.set_system_time(datetime.now(UTC))
    phone.reload()
    expect(said).to_contain_text(re.compile(r"» \(\d+ \w+ \d{4}\): todo\."))


def forge(page: Page, server: Server) -> None:
    """Somebody writes a line in the name of this device, after its last, and sends it to the server."""
    line = page.evaluate("lms.journal.records().map(({ line }) => line).sort().pop()")
    event = {**msgspec.json.decode(line), "id": new_event_id(), "type": "lesson.opened", "data": {}}
    event |= {"course": "curso", "version": "1.0.0", "item": "uno"}
    event["seq"] = page.evaluate("lms.journal.events().length") + 1
    request = urllib.request.Request(f"{server.url}/recibir", msgspec.json.encode(event))
    with urllib.request.urlopen(request) as answered:
        assert b'"stored"' in answered.read()


def test_a_pack_in_whose_name_somebody_wrote_has_its_own_received_and_says_what_to_do(
    phone: Page, pack: str, server: Server, receipt: Receipt, tmp_path: Path
) -> None:
    phone.goto(pack)
    introduce(phone, "Nélida")
    file = saved(phone, CLOSED, tmp_path / "cerrado.txt")
    phone.get_by_role("button", name="Entendido").click()
    receipt(file)
    forge(phone, server)

    bring(phone, receipt(file))
    expect(phone.locator("[role=dialog]")).to_contain_text("Tomamos nota del recibo")
    phone.get_by_role("button", name="Entendido").click()
    said = phone.locator("[data-lms=received]")
    expect(said).to_contain_text("): todo.")
    expect(said).to_contain_text("que no son de este equipo: dilo a tu acompañante.")


def test_a_receipt_that_is_pasted_counts_and_a_false_one_does_not(
    phone: Page, pack: str, receipt: Receipt, tmp_path: Path
) -> None:
    phone.goto(pack)
    introduce(phone, "Nélida")
    file = saved(phone, CLOSED, tmp_path / "cerrado.txt")
    phone.get_by_role("button", name="Entendido").click()
    slip = receipt(file).read_text("utf-8")

    said = phone.locator("[data-lms=received]")
    for text, words in (
        (slip.replace("\n0", "\n1", 1), "cambió en el camino"),
        (slip, "Tomamos nota del recibo"),
    ):
        expect(said).to_be_hidden()
        paste(phone, text)
        expect(phone.locator("[role=dialog]")).to_contain_text(words)
        phone.get_by_role("button", name="Entendido").click()
    expect(said).to_contain_text("): todo.")

    phone.get_by_role("button", name="Cambiar de persona").click()
    phone.get_by_role("button", name="Otra persona").click()
    introduce(phone, "Ruth")
    expect(said).to_be_hidden()


def test_who_sends_a_code_learns_that_it_arrived(
    phone: Page, browser: Browser, server: Server, pack: str
) -> None:
    phone.goto(pack)
    introduce(phone, "Nélida")
    answer(phone, questions(phone)[0])
    phone.goto(phone.url.split("#")[0] + "#avance")
    phone.get_by_role("button", name="Enviar por mensaje").click()
    message = phone.get_by_label("Tu mensaje").input_value()
    phone.get_by_role("button", name="Listo").click()

    carrier = browser.new_context().new_page()
    carrier.goto(f"{server.url}/mi-avance/codigo")
    carrier.get_by_label("Código o mensaje").fill(message)
    carrier.get_by_role("button", name="Traer mi avance").click()
    slip = carrier.locator("input[name=recibo]").input_value()
    carrier.context.close()

    paste(phone, f"{slip} Y este era mi mensaje. {message}")
    for words in ("Trajimos tu avance", "Tomamos nota del recibo"):
        expect(phone.locator("[role=dialog]")).to_contain_text(words)
        phone.get_by_role("button", name="Entendido").click()
    expect(phone.locator("[data-lms=received]")).to_contain_text("): tu código del ")


def test_a_pack_that_names_no_server_believes_the_first_receipt_that_is_of_it(
    phone: Page, course: Course, receipt: Receipt, tmp_path: Path
) -> None:
    phone.goto(packed(course, NOWHERE, tmp_path))
    introduce(phone, "Nélida")
    answer(phone, questions(phone)[0])
    phone.goto(phone.url.split("#")[0] + "#avance")
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Guardar mi avance").click()
    file = tmp_path / "abierto.txt"
    download.value.save_as(file)
    phone.get_by_role("button", name="Entendido").click()
    slip = receipt(file)

    true, stranger = over_receipt.read(slip.read_text("utf-8")), Identity.new()
    empty = structs.replace(true, key=stranger.public, places=())
    paste(phone, over_receipt.as_text(empty, over_receipt.write(stranger, empty)))
    said = "es de un avance que no está en este equipo. Llévalo al equipo donde"
    expect(phone.locator("[role=dialog]")).to_contain_text(said)
    phone.get_by_role("button", name="Entendido").click()

    bring(phone, slip)
    phone.get_by_role("button", name="Entendido").click()
    expect(phone.locator("[data-lms=received]")).to_contain_text("Este curso no conocía a ese servidor")
