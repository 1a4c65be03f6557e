"""The Nu validator, which others wrote, reads what we write: live pages, the site and the single file, without an error."""

from __future__ import annotations

import io
import subprocess
import urllib.request
import zipfile
from pathlib import Path

import pytest
from cast import ROOT, Server
from sample_courses import WITH_MEDIA, sample

from lms.course.loader import load_course
from lms.course.model import Course
from lms.packs.formats import FORMATS

pytestmark = pytest.mark.soak
JUDGE = ROOT / ".venv/judges/vnu-jar/build/dist/vnu.jar"
COURSE = "/cursos/alfabetizacion-digital"
LIVE = (
    *("/", COURSE, f"{COURSE}/conozco-mi-equipo", f"{COURSE}/evaluaciones/evaluacion-mi-equipo-y-yo"),
    *(f"{COURSE}/glosario", "/buscar?q=bateria", "/buscar?q=xyzxyz", "/mi-avance", "/crear-cuenta"),
    *("/ingresar", "/olvide-mi-pin", "/cambiar-de-persona", "/que-datos-guardamos", "/sin-internet"),
)


def errors(*files: Path) -> list[str]:
    """What it calls an error; its advice on headings is not one."""
    flags = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss4m"]
    judged = subprocess.run(
        ["java", *flags, "-jar", JUDGE, "--errors-only", "--format", "gnu", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    return judged.stderr.splitlines() + ([] if judged.returncode in (0, 1) else [f"exit {judged.returncode}"])


def test_live_pages(server: Server, tmp_path: Path) -> None:
    for number, address in enumerate(LIVE):
        with urllib.request.urlopen(server.url + address) as answer:
            (tmp_path / f"{number}.html").write_bytes(answer.read())
    assert errors(*sorted(tmp_path.iterdir())) == []


@pytest.mark.proves("Archivo único", "vnu", "Formato válido")
def test_the_single_file(course: Course, tmp_path: Path) -> None:
    (tmp_path / "curso.html").write_bytes(FORMATS["single"].write(course))
    assert errors(tmp_path / "curso.html") == []


def test_documents_with_sounds_and_films(tmp_path: Path) -> None:
    course = load_course(sample(WITH_MEDIA.name, tmp_path / "source")).course
    assert course
    zipfile.ZipFile(io.BytesIO(FORMATS["site"].write(course))).extractall(tmp_path)
    for name in ("single", "single-audio"):
        (tmp_path / f"{name}.html").write_bytes(FORMATS[name].write(course))
    assert (
        errors(*(tmp_path / name for name in ("ABRIR-AQUI.html", "single.html", "single-audio.html"))) == []
    )


@pytest.mark.proves("Sitio (zip)", "vnu", "Formato válido")
def test_the_site(course: Course, tmp_path: Path) -> None:
    zipfile.ZipFile(io.BytesIO(FORMATS["site"].write(course))).extractall(tmp_path)
    assert errors(tmp_path / "ABRIR-AQUI.html", tmp_path / "index.html") == []
