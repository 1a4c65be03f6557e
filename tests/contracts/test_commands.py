"""A command is whole when it can be asked for help and says so when it is called wrongly."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from cast import ROOT

from lms.cli import COMMANDS

COURSE = "courses/alfabetizacion-digital"
BROKEN = "tests/samples/no-right"


def every_command() -> list[str]:
    """Name every command, those inside of groups too, as a person types them."""
    found = []
    for name, (module, attribute, _) in COMMANDS.items():
        command = getattr(import_module(module), attribute)
        inside = command.commands if isinstance(command, click.Group) else ()
        found += [name, *(f"{name} {sub}" for sub in inside)]
    return found


def lms(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lms", *words], capture_output=True, text=True, cwd=ROOT, check=False
    )


@pytest.mark.parametrize("command", every_command())
def test_a_command_explains_itself(command: str) -> None:
    result = lms(*command.split(), "--help")
    assert result.returncode == 0, result.stderr
    assert len(result.stdout) > 60


def test_a_good_course_passes_and_is_counted() -> None:
    result = lms("check", COURSE)
    assert result.returncode == 0, result.stdout
    assert f"{len(list((ROOT / COURSE / 'lessons').iterdir()))} lecciones" in result.stdout
    assert "INFLESZ" in result.stdout
    assert "Total" not in result.stdout


def test_several_courses_are_counted_together(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests/samples/good", tmp_path / "agua")
    other = shutil.copytree(ROOT / "tests/samples/good", tmp_path / "pozo")
    toml = other / "course.toml"
    toml.write_text(toml.read_text("utf-8").replace('id = "agua"', 'id = "pozo"'), "utf-8")
    last = lms("check", str(tmp_path)).stdout.splitlines()[-1]
    assert last.startswith("Total: 2 cursos, 0 errores")
    assert last.endswith(
        "(2 unidades, 4 lecciones, 16 preguntas de lección, 2 bancos, 8 preguntas de banco, 4 imprimibles, 2 dibujos)"
    )


def test_a_course_is_compared_with_what_was_published(tmp_path: Path) -> None:
    before = shutil.copytree(ROOT / COURSE, tmp_path / "before")
    now = shutil.copytree(ROOT / COURSE, tmp_path / "now")
    bank = now / "banks/mi-equipo-y-yo.gift"
    questions = bank.read_text("utf-8").split("\n\n")
    bank.write_text("\n\n".join(questions[1:]), "utf-8")
    result = lms("check", str(now), "--against", str(before))
    assert result.returncode == 1
    assert "Falta la pregunta" in result.stdout
    assert "su versión sigue en" in result.stdout
    assert "nuevo: nada; cambiado: 1 evaluación; quitado: 1 pregunta" in result.stdout


def test_a_course_is_compared_with_its_pack(tmp_path: Path) -> None:
    built = lms("pack", "build", COURSE, "--format", "site", "--to", str(tmp_path))
    pack = built.stdout.split("\t")[0]
    result = lms("check", COURSE, "--against", pack)
    assert result.returncode == 0, result.stdout
    assert "nuevo: nada; cambiado: nada; quitado: nada" in result.stdout


def test_a_course_that_was_not_published_is_new() -> None:
    result = lms("check", COURSE, "tests/samples/good", "--against", "tests/samples/good")
    assert result.returncode == 0, result.stdout
    assert f"{COURSE}: no está en tests/samples/good: es un curso nuevo" in result.stdout


def test_a_course_with_errors_is_not_compared_and_says_so() -> None:
    result = lms("check", "tests/samples/no-right", "--against", "tests/samples/good")
    assert result.returncode == 1
    assert "no se comparó con tests/samples/good: corrige primero los errores" in result.stdout


def test_a_folder_without_courses_is_said_to_have_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMS_COURSES", str(tmp_path))
    result = lms("check")
    assert result.returncode == 1
    assert "No hay ningún curso en" in result.stderr


def test_one_of_something_is_counted_as_one(tmp_path: Path) -> None:
    course = shutil.copytree(ROOT / "tests/samples/good", tmp_path / "agua")
    (course / "media/pozo.svg").unlink()
    assert ": 1 error, 2 avisos (1 unidad, 2 lecciones" in lms("check", str(course)).stdout


def test_a_wrong_call_exits_with_two() -> None:
    assert lms("pack", "build").returncode == 2
    assert lms("nada").returncode == 2


def test_an_unknown_course_is_refused_with_a_sentence() -> None:
    result = lms("pack", "build", "no-existe")
    assert result.returncode == 1
    assert "No hay un curso" in result.stderr


def test_a_server_that_cannot_start_says_why_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_DATA", str(tmp_path))
    (tmp_path / "secret").write_text("a")
    result = lms("serve")
    assert result.returncode == 1
    assert "Borra ese archivo y vuelve a empezar" in result.stderr.splitlines()[-1]


def test_a_fresh_data_folder_is_its_owners_whatever_makes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMS_DATA", str(tmp_path / "data"))
    assert lms("reindex").returncode == 0
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
