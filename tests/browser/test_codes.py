"""QR codes on our pages are read by another program from bad photos, and photos of them are read by our pages."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from browser.live_acts import sign_up
from browser.player_acts import introduce, kept
from browser.test_message import pack, study
from cast import Server
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from pyzbar.pyzbar import ZBarSymbol
from pyzbar.pyzbar import decode as seen_by_zbar
from sync.learners import learner
from sync.pictures import CAMERAS, Camera, drawn, jpeg, photographed

from lms.course.model import Course
from lms.sync.over_token import decode, encode, size
from lms.sync.token import ANSWERS, MARKS

__all__ = ["pack"]  # a fixture

PHONE = {"width": 360, "height": 740}
# What Chrome on Android has and Chromium on a desktop has not.
DETECTOR = """
window.BarcodeDetector = class {
  static getSupportedFormats() { return Promise.resolve(["qr_code"]); }
  detect(picture) { return Promise.resolve(picture.width > 99 ? [{ rawValue: "HTTPS://AULA.EXAMPLE/P/%s" }] : []); }
};
"""


def full(course: Course, profile: str = "2a362bd8272a") -> str:
    """The largest token there is: all of the course, nine of ten wrong."""
    return encode(learner(course, right=0.1, seed=1)._replace(profile=profile))


def taken(folder: Path, text: str) -> Path:
    """A bad photo of another device's QR code."""
    file = folder / "IMG_20261125.jpg"
    file.write_bytes(jpeg(photographed(drawn("HTTPS://AULA.EXAMPLE/P/" + text), CAMERAS["all of it"])))
    return file


def screenshot(drawing: Locator) -> Image.Image:
    """What the screen shows of it and the little that is around it."""
    expect(drawing).to_be_visible()
    drawing.scroll_into_view_if_needed()
    return Image.open(BytesIO(drawing.screenshot())).convert("L")


def read_in_bad_photos(screen: Image.Image, expected: str) -> None:
    for name, camera in CAMERAS.items():
        # A hand is never still: a phone looks at some thirty frames a second, here at four.
        frames = (camera._replace(turned=camera.turned + moved) for moved in (0, 1, -1, 2))
        assert any(read_by_zbar(screen, frame) == [expected] for frame in frames), name


def read_by_zbar(screen: Image.Image, camera: Camera) -> list[str]:
    photo = Image.open(BytesIO(jpeg(photographed(screen, camera), camera.quality)))
    return [code.data.decode() for code in seen_by_zbar(photo, symbols=[ZBarSymbol.QRCODE])]


@pytest.fixture
def photo(course: Course, tmp_path: Path) -> Path:
    return taken(tmp_path, full(course))


def in_a_pack(browser: Browser, pack: str, course: Course) -> Page:
    page = browser.new_context(viewport=PHONE, device_scale_factor=2).new_page()
    page.goto(pack)
    introduce(page)
    study(page, course)
    page.goto(f"{pack}#avance")
    return page


def test_what_was_done_is_read_from_a_photo_of_the_packs_code(
    browser: Browser, pack: str, course: Course
) -> None:
    page = in_a_pack(browser, pack, course)
    made = page.evaluate("lms.report.text(lms.outline(), lms.journal.events(), lms.journal.profile())")
    page.get_by_role("button", name="Mostrar QR").click()

    read_in_bad_photos(
        screenshot(page.get_by_role("img", name="Código QR de mi avance")), f"HTTPS://AULA.EXAMPLE/P/{made}"
    )
    assert decode(made).form == ANSWERS


def test_the_largest_code_is_read_from_a_photo(browser: Browser, pack: str, course: Course) -> None:
    page = in_a_pack(browser, pack, course)
    page.evaluate("text => { lms.report.text = () => text; }", full(course))
    page.get_by_role("button", name="Mostrar QR").click()

    assert size(full(course)) > 220
    read_in_bad_photos(
        screenshot(page.get_by_role("img", name="Código QR de mi avance")),
        f"HTTPS://AULA.EXAMPLE/P/{full(course)}",
    )


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_photo_uploaded_to_the_site_becomes_its_own_code(
    browser: Browser, server: Server, course: Course, tmp_path: Path, scripts: bool
) -> None:
    brought = full(course, profile=f"2a362bd8272{scripts:d}")
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, java_script_enabled=scripts)
    page = context.new_page()
    sign_up(page, server)
    page.goto(f"{server.url}/mi-avance/codigo")
    page.get_by_label("Subir una foto del código").set_input_files(taken(tmp_path, brought))
    page.get_by_role("button", name="Traer mi avance").click()
    page.get_by_role("button", name="Sí, es mío").click()
    expect(page.get_by_text(f"Recibimos el avance de Nélida Mamani en «{course.title}»")).to_be_visible()

    page.goto(f"{server.url}/mi-avance/mensaje/{course.id}")
    message = page.get_by_label("Tu mensaje").input_value()
    address = message.split(f"{course.title}: ")[1]
    read_in_bad_photos(screenshot(page.locator("main .qr svg")), address)
    sent = decode(address.split("/P/")[1])
    assert sent.form == MARKS
    assert [one and one.mark for one in sent.exercises] == [
        one and one.mark for one in decode(brought).exercises
    ]
    context.close()


def test_a_browser_that_reads_codes_does_it_itself(
    browser: Browser, server: Server, course: Course, photo: Path, tmp_path: Path
) -> None:
    page = browser.new_context(viewport=PHONE).new_page()
    page.add_init_script(DETECTOR % full(course))
    page.goto(f"{server.url}/mi-avance/codigo")
    chosen = page.get_by_label("Subir una foto del código")
    chosen.set_input_files(photo)

    expect(page.get_by_label("Código o mensaje")).to_have_value(f"HTTPS://AULA.EXAMPLE/P/{full(course)}")
    expect(page.get_by_text("Leímos el código de la foto.")).to_be_visible()
    assert chosen.input_value() == ""
    blank = tmp_path / "nada.jpg"
    blank.write_bytes(jpeg(Image.new("L", (40, 40))))
    chosen.set_input_files(blank)
    page.wait_for_timeout(300)
    assert chosen.input_value().endswith("nada.jpg")  # left for the server to try


def test_a_pack_brings_progress_from_a_photo(
    browser: Browser, pack: str, course: Course, photo: Path
) -> None:
    page = browser.new_context(viewport=PHONE).new_page()
    page.add_init_script(DETECTOR % full(course))
    page.goto(f"{pack}#avance")
    introduce(page)
    page.get_by_role("button", name="Traer con un código").click()
    page.get_by_label("O elige una foto de su QR").set_input_files(photo)
    expect(page.get_by_text("Leímos el código de la foto.")).to_be_visible()
    page.get_by_role("button", name="Traer", exact=True).click()
    page.get_by_role("button", name="Sí, es mío").click()
    page.get_by_role("button", name="Entendido").click()

    assert kept(page, "progress.reported") == [course.id]
    again = page.evaluate("lms.report.text(lms.outline(), lms.journal.events(), lms.journal.profile())")
    # What another device answered goes on with it.
    assert decode(again).exercises == decode(full(course)).exercises


def test_a_pack_does_not_ask_for_a_photo_that_it_cannot_read(browser: Browser, pack: str) -> None:
    page = browser.new_context(viewport=PHONE).new_page()
    page.goto(f"{pack}#avance")
    introduce(page)
    page.get_by_role("button", name="Traer con un código").click()
    expect(page.get_by_role("textbox", name="Código o mensaje")).to_be_visible()
    expect(page.get_by_label("O elige una foto de su QR")).to_have_count(0)
