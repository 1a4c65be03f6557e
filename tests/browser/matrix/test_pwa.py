"""A course kept over https, in one story: kept, used and begun anew without its server, brought up to date, sent.

The name is one of a network, not localhost: only the certificate, which the browser accepts, makes it secure. What is
found here is a row of the table in docs/packs.md.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdf
import pytest
from browser.certificate import Certificate, certify
from browser.matrix.engine import Tabbed
from browser.matrix.firefox import Firefox
from browser.matrix.newest import Newest
from browser.matrix.places import Device
from browser.school import School
from browser.wire import wired
from cast import ROOT, free_port
from playwright.sync_api import Playwright

from lms.course.loader import load_course
from lms.course.model import Course, Exercise
from lms.sync.over_file import parse_progress_file

pytestmark = pytest.mark.soak
ROW = "PWA por https"
GUIDE, LESSON, TERM = "guia-multigrado", "del-grado-al-ciclo", "desempeno"
BEFORE, AFTER = "Son tres celdas en lugar", "Bastan tres celdas en lugar"
LONG = 120  # seconds: a course comes whole, on a busy machine
REST = 11  # seconds in which a worker does not ask a server that was away
SECURE = "isSecureContext && location.protocol === 'https:' && location.hostname === '{}'"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certify("chaski.escuela.test", tmp_path_factory.mktemp("certificado"))


@pytest.fixture(scope="module", params=["newest", "firefox"])
def start(
    request: pytest.FixtureRequest, playwright: Playwright, certificate: Certificate
) -> Callable[[Path], Tabbed]:
    """Starts one of the engines that keep courses on a profile, and has it accept the certificate."""
    here = f"--host-resolver-rules=MAP {certificate.name} 127.0.0.1"
    accepted = f"--ignore-certificate-errors-spki-list={certificate.key}"
    kinds: dict[str, Callable[[Path], Tabbed]] = {
        "newest": lambda profile: Newest(profile, playwright, [here, accepted]),
        "firefox": lambda profile: Firefox(profile, certificate),
    }
    return kinds[request.param]


@pytest.fixture(scope="module")
def school(
    start: Callable[[Path], Tabbed], certificate: Certificate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[School]:
    """A server for each engine, as each sees it change."""
    with wired(free_port(), certificate) as wire:
        school = School(tmp_path_factory.mktemp("escuela"), wire)
        school.add(GUIDE)
        yield school
        school.stop()


@pytest.fixture(scope="module")
def device(
    start: Callable[[Path], Tabbed],
    school: School,
    certificate: Certificate,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Device]:
    """A device that has kept the course, and whose server is gone since."""
    folder = tmp_path_factory.mktemp("equipo")
    device = Device("pwa", f"{school.url}/cursos/{GUIDE}", lambda: start(folder), start(folder))
    device.go("")
    assert device.engine.run(SECURE.format(certificate.name))
    device.engine.press("[data-lms=keep] button", "Guardar para usar sin internet")
    device.engine.reads("#guardar", "Guardado en este equipo", LONG)
    school.stop()
    yield device
    device.engine.close()


@pytest.fixture(autouse=True)
def row(device: Device, record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Says which cell of the table a test fills, before it tries."""

    def fills(column: str) -> None:
        record_property("cell", (ROW, device.version, column))

    return fills


@pytest.fixture(scope="module")
def exercises() -> list[Exercise]:
    """Two of the lesson that are answered by one choice."""
    course: Course | None = load_course(ROOT / "courses" / GUIDE).course
    assert course
    return [one for one in course.lesson(LESSON).exercises if one.type in ("single", "truefalse")][:2]


def is_right(device: Device, exercise: Exercise) -> bool:
    """Whether the page shows that it was answered well."""
    return "Muy bien" in device.engine.sees(f'[data-exercise="{exercise.name}"] .feedback strong')


def test_without_its_server_a_lesson_is_shown_with_its_picture(
    device: Device, row: Callable[[str], None]
) -> None:
    row("Lección")
    device.go(LESSON)
    device.engine.reads("main", "Sin conexión con el servidor")
    assert device.engine.sees(f"[id='{LESSON}--titulo']")
    picture = f"document.querySelector('[id=\"{LESSON}\"] img')"
    device.engine.run(f"{picture}.scrollIntoView()")
    device.engine.until(f"{picture}.naturalWidth > 0")


def test_an_exercise_is_graded_and_progress_is_there_when_the_browser_starts_again(
    device: Device, row: Callable[[str], None], exercises: list[Exercise]
) -> None:
    row("Ejercicio")
    assert "Muy bien" in device.answer(exercises[0])
    row("Avance")
    device.engine.reads("[data-lms=status]", "Por enviar")
    device.reopen()
    device.go("")
    device.engine.reads(f".lessons a[href$='{LESSON}'] .state", "Empezada")
    device.go(LESSON)
    assert is_right(device, exercises[0])


def test_words_are_found_without_the_server(device: Device, row: Callable[[str], None]) -> None:
    row("Buscar")
    assert "desempeño" in device.find("desempeno").lower()


def test_a_word_of_a_lesson_leads_to_the_glossary(device: Device, row: Callable[[str], None]) -> None:
    row("Glosario")
    device.go(LESSON)
    link = f'[id="{LESSON}"] a[href$="#glosario--{TERM}"]'
    device.engine.open(device.engine.run(f"document.querySelector({json.dumps(link)}).href"))
    assert "Desempeño" in device.engine.sees(f"#glosario--{TERM}")


def test_progress_leaves_in_a_file(device: Device, row: Callable[[str], None]) -> None:
    row("Avance en archivo")
    assert parse_progress_file(device.save_progress())


def test_a_lesson_is_printed(device: Device, row: Callable[[str], None], tmp_path: Path) -> None:
    row("Imprimir")
    device.go(LESSON)
    title = device.engine.sees(f"[id='{LESSON}--titulo']")
    device.engine.printed(tmp_path / "leccion.pdf")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "leccion.pdf").pages)
    assert "".join(title.split()) in "".join(text.split())


def test_a_newer_version_comes_behind_the_open_page_and_the_progress_is_sent(
    device: Device, school: School, row: Callable[[str], None], exercises: list[Exercise]
) -> None:
    row("Avance")
    device.go(LESSON)
    device.engine.reads("article.lesson", BEFORE)
    school.write(LESSON, BEFORE, AFTER, GUIDE)
    school.publish("1.0.1", GUIDE)
    time.sleep(REST)
    with device.engine.beside(device.address):
        device.engine.reads("main", "Guardamos la versión 1.0.1", LONG)
    device.engine.reads("main", "Guardamos la versión 1.0.1")
    device.engine.reads("article.lesson", BEFORE)
    assert "Muy bien" in device.answer(exercises[1])
    device.engine.until("document.querySelector('[data-lms=status]').textContent === 'Enviado'", LONG)
    assert set(_answered(school)) == {one.name for one in exercises}

    school.stop()
    device.reopen()
    device.go(LESSON)
    device.engine.reads("article.lesson", AFTER)
    assert all(is_right(device, one) for one in exercises)


def _answered(school: School) -> list[str]:
    """Which exercises the server has an answer of."""
    with sqlite3.connect(school.data / "lms.db") as db:
        found = db.execute("SELECT item FROM events WHERE type = 'exercise.answered'").fetchall()
    return [item for (item,) in found]
