"""A course on paper: what the booklet holds, and that its PDF can be read by everybody."""

from __future__ import annotations

import io
import re
import sys
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from click.testing import CliRunner
from sample_courses import GOOD

from lms.cli import main
from lms.course.loader import load_course
from lms.course.model import Course
from lms.errors import Unavailable
from lms.packs.booklet import booklet
from lms.packs.commands import print_course
from lms.packs.pdf import Pages, two_up
from lms.packs.printing import Booklet, make_booklet

SITE = "https://chaski.example"


@pytest.fixture(scope="module")
def good() -> Course:
    course = load_course(GOOD).course
    assert course
    return course


@pytest.fixture(scope="module")
def html(good: Course) -> str:
    return booklet(good, good.units, SITE)


@pytest.fixture(scope="module")
def made(good: Course) -> Booklet:
    return make_booklet(good, good.units, SITE, "pdf")


@pytest.fixture(scope="module")
def pages(made: Booklet) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made.content)).pages]


def test_it_holds_everything_and_reaches_for_nothing(html: str, good: Course) -> None:
    for lesson in good.lessons:
        assert f'id="{lesson.id}--titulo"' in html
        assert f"{SITE}/cursos/agua/{lesson.id}" in html
    assert not re.findall(r"""(?:src|href)=["'](?!data:|#)[^"']*""", html)
    assert html == booklet(good, good.units, SITE)


def test_a_part_says_which_it_is_and_the_whole_does_not(good: Course) -> None:
    final = replace(good.units[0], id="final", number=2, lessons=(), product="")
    both = replace(good, units=(*good.units, final))
    assert "part-of" not in booklet(both, good.units).split("<body")[1]
    other = replace(good.units[0], id="otra", number=2)
    assert "Unidad 1: El agua" in booklet(replace(good, units=(*good.units, other)), good.units)


def test_the_cover_has_its_colours(html: str) -> None:
    assert '<path fill="#f0b441" d="M' in html


def test_without_an_address_there_is_no_code_to_scan(good: Course) -> None:
    assert "<aside" not in booklet(good, good.units)


def test_answers_stand_at_the_end_with_their_reasons(html: str) -> None:
    lessons, answers = html.split('id="cuadernillo--respuestas"')
    assert "<b>Tapado.</b> Así no cae nada." in answers
    assert "<b>2</b> Bien. Tres menos uno es dos." in answers
    assert "Así no cae nada" not in lessons


@pytest.mark.proves("PDF", "pypdf", "Formato válido")
def test_the_pdf_is_tagged_titled_and_in_spanish(made: Booklet) -> None:
    document = pypdf.PdfReader(io.BytesIO(made.content))
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "es-PE"
    assert document.metadata
    assert document.metadata.title == "Agua para la escuela"
    assert [entry["/Title"] for entry in document.outline if isinstance(entry, dict)]
    assert len(document.pages) == made.pages


def test_contents_say_the_page_of_each_lesson(pages: list[str]) -> None:
    contents = next(page for page in pages if page.startswith("Contenido"))
    for title in ("El pozo", "La lluvia"):
        told = re.search(rf"{title}\W*(\d+)", contents)
        assert told
        assert title in pages[int(told[1]) - 1]


def test_each_printable_sheet_has_a_page_of_its_own(pages: list[str], made: Booklet) -> None:
    sheets = [page for page in pages if "Imprimible" in page]
    assert len(sheets) == 2
    assert all("Para recordar" not in page for page in sheets)
    assert made.overflowing == ()


def test_a_sheet_too_long_for_its_page_is_set_smaller_and_then_named(good: Course) -> None:
    document = booklet(good, good.units).replace("Escribe aquí:", "<br>renglón" * 200)
    assert Pages(document).overflowing(["el-pozo", "la-lluvia"]) == ["el-pozo"]


def test_two_pages_fit_on_a_sheet(made: Booklet) -> None:
    halved = pypdf.PdfReader(io.BytesIO(two_up(made.content)))
    assert len(halved.pages) == -(-made.pages // 2)
    box = halved.pages[0].mediabox
    assert box.width > box.height
    assert "Agua para la escuela" in halved.pages[0].extract_text()


def test_the_same_course_gives_the_same_bytes(made: Booklet, good: Course) -> None:
    assert make_booklet(good, good.units, SITE, "pdf").content == made.content


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(Unavailable, match="pip install"):
        Pages("<p>Hola")


def test_the_command_writes_a_unit_and_says_where(tmp_path: Path) -> None:
    run = CliRunner().invoke(
        print_course, [str(GOOD), "--unit", "1", "--format", "html", "--to", str(tmp_path)]
    )
    assert run.exit_code == 0, run.output
    (file,) = tmp_path.iterdir()
    assert run.output.split("\t")[0] == str(file)
    assert file.name == "agua-1.0.0-cuadernillo.html"


def test_a_unit_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["print", str(GOOD), "--unit", "9", "--to", str(tmp_path)])
    assert stopped.value.code == 1
    assert "no tiene unidad 9. Elige una de la 1 a la 1." in capsys.readouterr().err
