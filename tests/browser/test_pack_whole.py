"""«¿Este curso está completo?», opened from disk: what is missing or broken is named."""

from __future__ import annotations

import shutil
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sample_courses import GOOD

from lms.course.loader import load_course
from lms.packs.formats import FORMATS


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A course with a drawing and a large picture."""
    folder = shutil.copytree(GOOD, tmp_path / "agua")
    (folder / "media/foto.png").write_bytes(picture(120, 120))
    with (folder / "lessons/la-lluvia.md").open("a", encoding="utf-8") as lesson:
        lesson.write("\n![Una foto de la lluvia sobre el patio.](media/foto.png)\n")
    return folder


def picture(width: int, height: int) -> bytes:
    """A PNG that cannot be compressed below 40 KB."""
    rows = b"".join(
        b"\0" + bytes(place * 31 % 251 for place in range(row, row + 3 * width)) for row in range(height)
    )
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 0)),
        (b"IEND", b""),
    )
    made = b"\x89PNG\r\n\x1a\n"
    for kind, content in chunks:
        made += (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )
    return made


def written(source: Path, name: str) -> bytes:
    course = load_course(source).course
    assert course is not None
    return FORMATS[name].write(course)


def look(page: Page, document: Path) -> str:
    """Open the page that the help leads to, and return what it says."""
    page.goto("about:blank")
    page.goto(f"{document.as_uri()}#completo")
    expect(page.locator('[data-route=ayuda] a[href="#completo"]')).to_have_count(1)
    status = page.locator('[data-lms="whole"]')
    expect(status).not_to_have_text("Revisando…")
    expect(status).not_to_be_empty()
    return status.inner_text()


def test_a_folder_that_lacks_a_picture_or_has_a_broken_one_names_it(
    source: Path, tmp_path: Path, phone: Page
) -> None:
    (tmp_path / "agua.zip").write_bytes(written(source, "site"))
    folder = tmp_path / "memoria usb"
    with zipfile.ZipFile(tmp_path / "agua.zip") as archive:
        archive.extractall(folder)
    document = folder / "ABRIR-AQUI.html"
    assert "se abren: 2 de 2" in look(phone, document)

    (folder / "media/foto.png").unlink()
    assert look(phone, document) == "No. Falta o está dañado: media/foto.png."

    drawing = (folder / "media/pozo.svg").read_bytes()
    (folder / "media/pozo.svg").write_bytes(drawing[: len(drawing) // 2])
    said = look(phone, document)
    assert "media/foto.png" in said
    assert "media/pozo.svg" in said


def test_a_single_file_knows_its_large_pictures_by_their_size(
    source: Path, tmp_path: Path, phone: Page
) -> None:
    document = tmp_path / "agua.html"
    whole = written(source, "single")
    document.write_bytes(whole)
    assert "se abren: 1 de 1" in look(phone, document)
    at = whole.index(b"<!--media:media/foto.png ") + 500
    document.write_bytes(whole[:at] + whole[at + 400 :])
    assert look(phone, document) == "No. Falta o está dañado: media/foto.png."


def test_a_single_file_with_everything_inside_says_so(tmp_path: Path, phone: Page) -> None:
    document = tmp_path / "agua.html"
    document.write_bytes(written(GOOD, "single"))
    assert look(phone, document) == "Sí. El texto llegó hasta el final."
    expect(phone.get_by_text("no necesita otros archivos")).to_be_visible()
    expect(phone.get_by_text("extrae de nuevo")).to_have_count(0)


def test_a_file_that_arrived_cut_short_says_so_and_can_be_read_as_far_as_it_came(
    source: Path, tmp_path: Path, phone: Page
) -> None:
    document = tmp_path / "agua.html"
    whole = written(source, "single")
    cut = phone.get_by_role("alert").filter(has_text="Este archivo llegó cortado")

    document.write_bytes(whole)
    phone.goto(document.as_uri())
    expect(phone.get_by_role("dialog")).to_be_visible()
    expect(cut).to_have_count(0)

    document.write_bytes(whole[: whole.rindex(b"<script>") + 500])
    phone.goto(document.as_uri())
    expect(cut).to_be_visible()
    phone.locator('a[href="#l/la-lluvia"]').first.click()
    expect(phone.locator("#la-lluvia--titulo")).to_be_in_viewport()

    document.write_bytes(whole[: whole.index(b"<!--media:media/foto.png ") + 500])
    phone.goto(document.as_uri())
    expect(phone.get_by_role("dialog")).to_be_visible()
    expect(cut).to_have_count(1)
