"""An electronic book: whole, readable by everybody, and XML through and through."""

from __future__ import annotations

import io
import posixpath
import re
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from cast import COURSE, ROOT
from sample_courses import WITH_MEDIA, sample

from lms.course.loader import load_course
from lms.course.model import Course
from lms.packs.formats import FORMATS
from lms.packs.xhtml import xhtml

JUDGE = ROOT / ".venv/epubcheck/epubcheck/epubcheck.jar"
COURSES = sorted(folder.parent for folder in COURSE.parent.glob("*/course.toml"))
NAMES = {"opf": "http://www.idpf.org/2007/opf", "dc": "http://purl.org/dc/elements/1.1/"}
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def book(course: Course) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(FORMATS["epub"].write(course)))


@pytest.fixture(scope="module")
def package(book: zipfile.ZipFile) -> ET.Element:
    return ET.fromstring(book.read("EPUB/package.opf"))


def test_its_first_bytes_say_what_it_is(course: Course) -> None:
    written = FORMATS["epub"].write(course)
    assert written[30 : 30 + 28] == b"mimetypeapplication/epub+zip"


def test_it_is_read_in_the_order_of_the_course(package: ET.Element, course: Course) -> None:
    order = [one.get("idref") for one in package.findall("opf:spine/opf:itemref", NAMES)]
    taught = [
        *(f"c-l-{lesson.id}" for lesson in course.lessons),
        *(f"c-e-{unit.assessment.id}" for unit in course.units if unit.assessment),
    ]
    assert order[:3] == ["c-portada", "c-inicio", "nav"]
    assert sorted(order[3:-2]) == sorted(taught)
    assert order.index(f"c-e-{course.units[0].assessment.id}") == 3 + len(course.units[0].lessons)  # type: ignore[union-attr]
    assert order[-2:] == ["c-respuestas", "c-glosario"]


def test_every_file_is_listed_and_every_listed_file_is_there(
    package: ET.Element, book: zipfile.ZipFile
) -> None:
    listed = {f"EPUB/{one.get('href')}" for one in package.findall("opf:manifest/opf:item", NAMES)}
    assert listed == set(book.namelist()) - {"mimetype", "META-INF/container.xml", "EPUB/package.opf"}


def test_every_link_leads_somewhere(book: zipfile.ZipFile) -> None:
    pages = {name: ET.fromstring(book.read(name)) for name in book.namelist() if name.endswith(".xhtml")}
    ids = {name: {one.get("id") for one in page.iter()} for name, page in pages.items()}
    followed = 0
    for name, page in pages.items():
        for link in page.iter(f"{XHTML}a"):
            address, _, anchor = link.get("href", "").partition("#")
            if re.match(r"[a-z]+:", address):
                continue
            target = posixpath.join("EPUB", address) if address else name
            assert target in pages, f"{name}: {address}"
            assert not anchor or anchor in ids[target], f"{name}: {address}#{anchor}"
            followed += 1
    assert followed > 100


def test_it_says_how_it_can_be_read_and_in_what_language(package: ET.Element) -> None:
    said = [(one.get("property"), one.text) for one in package.findall("opf:metadata/opf:meta", NAMES)]
    assert ("schema:accessModeSufficient", "textual") in said
    assert {name for name, _ in said} >= {
        "schema:accessibilityFeature",
        "schema:accessibilityHazard",
        "schema:accessibilitySummary",
    }
    assert package.findtext("opf:metadata/dc:language", "", NAMES) == "es-PE"


def test_answers_and_their_reasons_stand_at_the_end(tmp_path: Path) -> None:
    course = load_course(sample("final", tmp_path)).course
    assert course
    assert course.final
    book = zipfile.ZipFile(io.BytesIO(FORMATS["epub"].write(course)))
    answers = book.read("EPUB/respuestas.xhtml").decode()
    assert "<b>Tapado.</b> Así no cae nada." in answers
    assert f"<h2>{course.final.title}</h2>" in answers
    assert "Así no cae nada" not in book.read("EPUB/l-el-pozo.xhtml").decode()


def test_html_becomes_xml_with_the_same_words() -> None:
    html = '<p>A &amp; B &lt; C<br>«ñ»<input type="radio" checked value="a&quot;b" autocorrect="off"></p>'
    assert xhtml(html) == '<p>A &amp; B &lt; C<br/>«ñ»<input type="radio" checked="" value="a&quot;b"/></p>'


@pytest.mark.parametrize("broken", ["<p>", "<p><b></p></b>", "</p>"])
def test_html_that_is_not_closed_in_order_is_refused(broken: str) -> None:
    with pytest.raises(ValueError, match="close"):
        xhtml(broken)


@pytest.mark.proves("EPUB 3", "epubcheck", "Formato válido")
@pytest.mark.soak
@pytest.mark.parametrize("folder", COURSES, ids=lambda folder: folder.name)
def test_epubcheck_finds_nothing(folder: Path, tmp_path: Path) -> None:
    assert_sound(folder, tmp_path)


@pytest.mark.soak
def test_epubcheck_finds_nothing_in_a_book_with_sounds_either(tmp_path: Path) -> None:
    assert_sound(sample(WITH_MEDIA.name, tmp_path), tmp_path)


def assert_sound(folder: Path, tmp_path: Path) -> None:
    """Have the book of a course read by who wrote the rules for books."""
    course = load_course(folder).course
    assert course
    (tmp_path / "libro.epub").write_bytes(FORMATS["epub"].write(course))
    flags = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    judged = subprocess.run(
        ["java", *flags, "-jar", JUDGE, "--failonwarnings", tmp_path / "libro.epub"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stderr
