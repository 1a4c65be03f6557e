"""Questions at the terminal: in Spanish, and no is what nobody has to type."""

from __future__ import annotations

import ast
import os
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest
from cast import ROOT
from click.testing import CliRunner

from lms.cli import main
from lms.terminal import agreed


@click.command()
def ask() -> None:
    click.echo("fue sí" if agreed("¿Borrar?") else "fue no")


@pytest.mark.parametrize("said", ["s", "S", "sí", "SI", " sí "])
def test_yes_is_said_in_spanish(said: str) -> None:
    shown = CliRunner().invoke(ask, input=f"{said}\n").output
    assert "¿Borrar? [s/N]: " in shown
    assert shown.endswith("fue sí\n")


@pytest.mark.parametrize("said", ["", "n", "N", "no"])
def test_enter_alone_is_no(said: str) -> None:
    assert CliRunner().invoke(ask, input=f"{said}\n").output.endswith("fue no\n")


def test_anything_else_is_asked_again() -> None:
    shown = CliRunner().invoke(ask, input="y\nquizá\ns\n").output
    assert shown.count("Responde «s» (sí) o «n» (no).") == 2
    assert shown.endswith("fue sí\n")


def test_who_hangs_up_has_not_agreed() -> None:
    assert CliRunner().invoke(ask, input="").exit_code == 1


def test_no_command_asks_in_english() -> None:
    asking = {"confirm", "confirmation_option"}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in Path(ROOT / "lms").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in asking
        and getattr(node.value, "id", "") == "click"
    ]
    assert found == []


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("nada", "No hay una orden «nada»."),
        ("pack nada", "No hay una orden «nada»."),
        ("pack build", "Falta escribir 'CURSO'."),
        ("pack build --rapido agua", "No hay una opción «--rapido»."),
        ("pack build agua --format doc", "No hay «doc». Puedes escribir 'site', "),
        ("pack verify uno dos", "Sobra esto: dos."),
        ("pack diff uno dos", "No hay nada en «uno». Revisa el nombre."),
        ("sync import /", "«/» es una carpeta. Escribe el nombre de un archivo."),
        ("sync export avance.txt", "Elige una de las cuatro: "),
    ],
)
def test_an_order_written_wrongly_is_explained_in_spanish(
    capsys: pytest.CaptureFixture[str], order: str, said: str
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(order.split())
    shown = capsys.readouterr().err
    assert stop.value.code == 2
    assert shown.startswith("Se escribe así: ")
    assert said in shown
    assert not {"Usage", "Try", "Error"} & set(shown.replace(":", " ").split())


def test_a_port_that_another_program_has_is_said(tmp_path: Path) -> None:
    (tmp_path / "courses").mkdir()
    places = {"LMS_DATA": str(tmp_path / "data"), "LMS_COURSES": str(tmp_path / "courses")}
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        order = [sys.executable, "-m", "lms", "serve", "--host", "127.0.0.1", "--port", str(port)]
        done = subprocess.run(
            order, env={**os.environ, **places}, cwd=ROOT, capture_output=True, text=True, timeout=60
        )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(
        f"No se puede escuchar en el puerto {port} de «127.0.0.1». Lo usa"
    )
