"""Each way to open a course in each engine: the oldest Chromium that runs, the newest, and Firefox ESR.

What is found here is a row of the table in docs/packs.md (`tests/packs_table.py`).
"""

from __future__ import annotations

import time
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdf
import pytest
from browser.matrix.engine import Engine
from browser.matrix.places import NAMES, Device, lan_address, unpack
from cast import ROOT, Server

from lms.course.loader import load_course
from lms.course.model import Course
from lms.sync.over_file import parse_progress_file

pytestmark = pytest.mark.soak
LESSON, TERM = "del-grado-al-ciclo", "desempeno"
NOTE = "Preguntar a doña Rosa"


@pytest.fixture(scope="module")
def guide() -> Course:
    course = load_course(ROOT / "courses" / "guia-multigrado").course
    assert course
    return course


@pytest.fixture(scope="module", params=["site", "single", "live"])
def device(
    request: pytest.FixtureRequest,
    start: Callable[[Path], Engine],
    guide: Course,
    server: Server,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Device]:
    """A new device; the tests of a module use it one after another, as a day of study does."""
    folder = tmp_path_factory.mktemp("equipo")
    if request.param == "live":
        port = urllib.parse.urlsplit(server.url).port
        address = f"http://{lan_address()}:{port}/cursos/{guide.id}"
    else:
        address = unpack(guide, request.param, folder / "Año 2026, mi señal")
    device = Device(request.param, address, lambda: start(folder), start(folder))
    yield device
    device.engine.close()


@pytest.fixture(autouse=True)
def row(device: Device, record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Says which cell of the table a test fills, before it tries."""

    def fills(column: str) -> None:
        record_property("cell", (NAMES[device.name], device.version, column))

    return fills


def closed_and_opened(device: Device) -> None:
    time.sleep(1.5)  # what was done is shown at once and stored a moment later
    if device.live:
        device.engine.until("document.querySelector('[data-lms=status]').textContent === 'Enviado'")
    device.reopen()


def test_a_lesson_is_shown_with_its_picture(device: Device, row: Callable[[str], None]) -> None:
    row("Lección")
    device.go(LESSON)
    assert device.engine.sees(f"[id='{LESSON}--titulo']")
    picture = f"document.querySelector('[id=\"{LESSON}\"] img')"
    device.engine.run(f"{picture}.scrollIntoView()")
    device.engine.until(f"{picture}.naturalWidth > 0")


def test_an_exercise_is_graded_and_progress_is_there_after_opening_again(
    device: Device, row: Callable[[str], None], guide: Course
) -> None:
    row("Ejercicio")
    exercise = next(one for one in guide.lesson(LESSON).exercises if one.type in ("single", "truefalse"))
    device.go(LESSON)
    assert "Muy bien" in device.answer(exercise)
    row("Avance")
    device.engine.until("lms.journal.events().some(one => one.type === 'exercise.answered')")
    closed_and_opened(device)
    device.go(LESSON)
    assert "Muy bien" in device.engine.sees(f'[data-exercise="{exercise.name}"] .feedback strong')


def test_words_with_and_without_accents_are_found(device: Device, row: Callable[[str], None]) -> None:
    row("Buscar")
    device.go(LESSON)
    assert "desempeño" in device.find("desempeno").lower()


def test_a_word_of_a_lesson_is_explained_there_and_leads_to_the_glossary(
    device: Device, row: Callable[[str], None]
) -> None:
    row("Glosario")
    device.go(LESSON)
    device.engine.press(f'[id="{LESSON}"] a[href$="#glosario--{TERM}"]')
    assert "Desempeño" in device.engine.sees(".meaning strong")
    if device.live:  # another page: what is asked while it loads may be asked of the old one
        device.engine.open(device.engine.run("document.querySelector('.meaning a').href"))
    else:
        device.engine.press(".meaning a", "Ver en el glosario")
    assert "Desempeño" in device.engine.sees(f"#glosario--{TERM}")


def test_a_note_and_a_mark_are_there_after_opening_again(device: Device, row: Callable[[str], None]) -> None:
    row("Notas")
    device.go(LESSON)
    device.engine.press("[data-lms=bookmark]", "Marcar")
    device.engine.press("[data-lms=note]")
    device.engine.until(f"document.querySelector('.note textarea').value = {NOTE!r}")
    device.engine.press(".note button", "Guardar mi nota")
    device.engine.until("lms.journal.events().some(one => one.type === 'note.written')")
    closed_and_opened(device)
    device.go(LESSON)
    assert NOTE in device.engine.sees(".note .text")
    assert "Quitar marca" in device.engine.sees("[data-lms=bookmark]")


def test_letters_and_colours_stay_as_chosen(device: Device, row: Callable[[str], None]) -> None:
    row("Letra y colores")
    device.go(LESSON)
    for words in ("Muy grande", "Alto contraste"):
        if not device.engine.run("!!document.querySelector('#look')"):
            device.engine.press("[data-lms=look]")
        device.engine.press("#look label", words)
    device.reopen()
    device.go(LESSON)
    root = "getComputedStyle(document.documentElement)"
    chosen = device.engine.until(f"[{root}.fontSize, {root}.backgroundColor].join(' ')")
    assert chosen == "28px rgb(255, 255, 255)"
    device.engine.run("localStorage.removeItem('chaski|look')")


def test_progress_leaves_in_a_file(device: Device, row: Callable[[str], None]) -> None:
    row("Avance en archivo")
    device.go(LESSON)
    assert parse_progress_file(device.save_progress())


def test_a_lesson_is_printed(
    device: Device, row: Callable[[str], None], tmp_path: Path, guide: Course
) -> None:
    row("Imprimir")
    device.go(LESSON)
    device.engine.sees(f"[id='{LESSON}--titulo']")
    device.engine.printed(tmp_path / "leccion.pdf")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "leccion.pdf").pages)
    assert "".join(guide.lesson(LESSON).title.split()) in "".join(text.split())


def test_what_an_insecure_address_lacks_is_said_with_what_to_do(device: Device) -> None:
    if not device.live:
        pytest.skip("a pack is kept already")
    device.go("")
    assert "Descárgalo como un solo archivo" in device.engine.sees("[data-lms='keep-said']")
    assert "no usa https" in device.engine.sees("[data-lms='keep-said']")
