"""The terminal's front door: every command, loaded only when it is asked for."""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import click

from lms.datafolder import using
from lms.errors import LmsError, Unavailable
from lms.settings import Settings

# name → (module, attribute, help): the help stands here so that `lms --help` imports no feature.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "serve": ("lms.serving", "serve", "Sirve los cursos en este equipo."),
    "check": ("lms.commands", "check", "Revisa los cursos y dice qué falta, con archivo y línea."),
    "number": ("lms.commands", "number", "Da a cada lección y pregunta su número para siempre."),
    "pictures": ("lms.packs.picture_commands", "pictures", "Achica las fotos de un curso."),
    "pack": ("lms.packs.commands", "pack", "Prepara cursos para usar sin internet."),
    "key": ("lms.packs.key_commands", "key", "Llaves con las que se firman los paquetes."),
    "print": ("lms.packs.commands", "print_course", "Hace el cuadernillo de un curso, para imprimir."),
    "sync": ("lms.sync.commands", "sync", "Recibe, guarda e intercambia avances, en archivos o por la red."),
    "node": ("lms.sync.node_commands", "node", "Otros servidores con los que intercambia avances."),
    "xapi": (
        "lms.sync.xapi.commands",
        "xapi",
        "Llaves de los programas que leen o dejan declaraciones xAPI.",
    ),
    "reindex": ("lms.search.commands", "reindex", "Vuelve a preparar la búsqueda."),
    "migrate": ("lms.commands", "migrate", "Pone al día las tablas de la base de datos."),
    "regrade": ("lms.commands", "regrade", "Vuelve a calificar todo el avance guardado."),
    "person": ("lms.accounts.commands", "person", "Agrega personas, cambia su rol o su PIN."),
    "stats": ("lms.commands", "stats", "Dice cómo está este servidor."),
    "backup": ("lms.upkeep.commands", "backup", "Guarda una copia de todo lo que no se debe perder."),
    "restore": ("lms.upkeep.commands", "restore", "Vuelve a una copia guardada."),
    "routes": ("lms.commands", "routes", "Muestra todas las direcciones del sitio."),
}

# Where click, which asks gettext for each of its sentences, finds them as people here say them.
_LOCALE = Path(__file__).parent / "locale"
_OPTIONS, _ORDER = "[OPCIONES]", "ORDEN [LO QUE PIDE]..."


def _in_spanish(command: click.Command) -> None:
    """Say in Spanish what gettext is not asked for."""
    command.options_metavar = _OPTIONS
    # click asks once and keeps the answer, which came in another language if this was called by itself before.
    if asking := command.get_help_option(click.Context(command)):
        asking.help = gettext.gettext("Show this message and exit.")
    if isinstance(command, click.Group):
        command.subcommand_metavar = _ORDER
        for one in command.commands.values():
            _in_spanish(one)


class _Lazy(click.Group):
    """A group whose commands are imported when they run, so that one command never pays for another."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), attribute)
        _in_spanish(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Órdenes"):
            formatter.write_dl([(name, text) for name, (_, _, text) in COMMANDS.items()])


@click.group(
    cls=_Lazy,
    help="Chaski: cursos para docentes cuya escuela no tiene internet.",
    options_metavar=_OPTIONS,
    subcommand_metavar=_ORDER,
)
@click.version_option(package_name="lms", message="%(version)s", help="Muestra la versión.")
@click.pass_context
def _lms(ctx: click.Context) -> None:
    """Hold the data folder as long as the command runs; only a restore wants it alone."""
    if ctx.invoked_subcommand != "restore":
        ctx.with_resource(using(Settings.load(os.environ).data))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command. Exit codes: 0 done, 1 refused or problems found, 2 wrongly called, 130 interrupted."""
    try:
        with _speaking_spanish():
            _lms.main(args=list(arguments) if arguments is not None else None, standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except LmsError as error:
        click.echo(error.message, err=True)
        if isinstance(error, Unavailable) and error.place:
            click.echo(f"Falló: {error.place}", err=True)
        sys.exit(1)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)


@contextmanager
def _speaking_spanish() -> Iterator[None]:
    """Have gettext answer in Spanish whatever this machine's language is, and leave the environment as it was."""
    gettext.bindtextdomain("messages", _LOCALE)
    before = os.environ.get("LANGUAGE")
    os.environ["LANGUAGE"] = "es"
    try:
        yield
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    finally:
        if before is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before
