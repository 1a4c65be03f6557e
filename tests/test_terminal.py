"""Questions at the terminal: in Spanish, and no is what nobody has to type."""

from __future__ import annotations

import ast
import gettext
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from cast import ROOT
from click.testing import CliRunner

from lms.cli import _lms, main
from lms.terminal import agreed

SPANISH = ROOT / "lms/locale/es/LC_MESSAGES"
ENGLISH = re.compile(
    r"\b(Usage|Options|Commands|Arguments|Show|exit|Error|Try|default|required|COMMAND|ARGS|OPTIONS"
    r"|TEXT|INTEGER|RANGE|FLOAT|DIRECTORY|FILE|FILENAME|PATH)\b"
)


def _orders(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Each order there is, as somebody types it."""
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found
            yield from _orders(found, (*path, name))


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
        ("pack diff / / -o /", "«/» es una carpeta. Escribe el nombre de un archivo."),
        ("sync export avance.txt", "Elige una de las cuatro: "),
        ("serve --port muchos", "«muchos» no es un número, o no es entero. Mira lo que pusiste en '--port'."),
        ("serve --port 99999", "El número 99999 no vale aquí: debe cumplir 1<=x<=65535."),
        ("pack buil", "No hay una orden «buil». ¿Quieres decir una de estas: 'build', 'bundle'?"),
        ("xapi key new uno --only todo", "No hay «todo». Puedes escribir 'read', 'write'."),
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


@pytest.mark.parametrize("order", tuple(_orders(_lms, ())), ids=" ".join)
def test_every_order_explains_itself_in_spanish(
    capsys: pytest.CaptureFixture[str], order: tuple[str, ...]
) -> None:
    main([*order, "--help"])
    shown = capsys.readouterr().out
    assert shown.startswith("Se escribe así: ")
    assert "Muestra esta ayuda." in shown
    assert not ENGLISH.search(shown)


def test_the_machines_language_changes_nothing_and_is_left_as_it_was(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    main(["--help"])
    assert capsys.readouterr().out.startswith("Se escribe así: ")
    assert os.environ["LANGUAGE"] == "en"


def test_what_is_translated_is_what_click_says_and_is_compiled() -> None:
    said = _catalogue((SPANISH / "messages.po").read_text("utf-8"))
    with (SPANISH / "messages.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for (one, many), (here, several) in said.items():
        if many:
            assert [compiled.ngettext(one, many, count) for count in (1, 2)] == [here, several]
        else:
            assert compiled.gettext(one) == here
    source = "".join(path.read_text("utf-8") for path in Path(click.__file__).parent.glob("*.py"))
    assert [one for one, _ in said if json.dumps(one) not in source] == []


def _catalogue(text: str) -> dict[tuple[str, str], tuple[str, str]]:
    """What a catalogue translates: each message and its plural, if any, and what is said for both."""
    entries = [dict(re.findall(r'^(msg\S+) (".*")$', one, re.MULTILINE)) for one in text.split("\n\n")[1:]]
    told = [{kind: json.loads(words) for kind, words in entry.items()} for entry in entries]
    return {
        (one["msgid"], one.get("msgid_plural", "")): (
            one.get("msgstr") or one["msgstr[0]"],
            one.get("msgstr[1]", ""),
        )
        for one in told
    }


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


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("LMS_DATA=/proc/nada stats", "«/proc/nada» no puede ser una carpeta"),
        ("LMS_DATA=/etc/passwd stats", "«/etc/passwd» no puede ser una carpeta"),
        ("LMS_DATABASE=/etc/passwd/lms.db node list", "«/etc/passwd» no puede ser una carpeta"),
        ("LMS_NODE=escuela backup /proc/nada", "«/proc/nada» no puede ser una carpeta"),
        ("LMS_PORT=99999 stats", "LMS_PORT: «99999» no vale"),
        ("LMS_SYNC_HOURS=22-5 sync run", "LMS_SYNC_HOURS: «22-5» no vale"),
        ("LMS_SYNC_HOURS=22-5 serve", "LMS_SYNC_HOURS: «22-5» no vale"),
    ],
)
def test_a_setting_or_a_place_that_cannot_be_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, order: str, said: str
) -> None:
    monkeypatch.setenv("LMS_DATA", str(tmp_path))
    monkeypatch.delenv("LMS_DATABASE", raising=False)
    main(["migrate"])
    setting, *words = order.split()
    monkeypatch.setenv(*setting.split("=", 1))
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code == 1
    assert said in capsys.readouterr().err


def test_a_server_that_cannot_start_says_why_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "datos").write_text("no es una carpeta")
    places = {"LMS_DATA": str(tmp_path / "datos"), "LMS_COURSES": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "lms", "serve", "--host", "127.0.0.1", "--port", "8099"],
        env={**os.environ, **places}, cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert f"«{tmp_path / 'datos'}» no puede ser una carpeta" in done.stderr.splitlines()[-1]
