"""`lms pack update` and `lms pack diff`: courses are renewed with only what changed."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from lms.course.media import weight
from lms.errors import LmsError, NotFound
from lms.packs.install_commands import EXTRACT, tell, trust_signers
from lms.packs.key_commands import keyring
from lms.packs.names import shown
from lms.settings import Settings

if TYPE_CHECKING:
    from lms.packs.origins import Origin
    from lms.packs.update import Here, Plan
    from lms.packs.verify import Verdict

_PACK = click.Path(exists=True, path_type=Path)
LONG = 1_000_000
"""Bytes from which on it is shown how they come."""
_MOST_NAMED = 20


@click.command(
    help="Trae lo nuevo de los cursos de este equipo, y solo lo que falta. ORIGEN es la dirección de otro sitio de "
    "Chaski, una carpeta o memoria USB con paquetes, o un paquete. Si se corta, al repetirla sigue desde ahí."
)
@click.argument("origin", metavar="ORIGEN")
@click.argument("courses", metavar="[CURSO]...", nargs=-1)
@click.option("--unsigned", is_flag=True, help="Acepta cursos que nadie firmó.")
@click.option("--trust", is_flag=True, help="Confía desde hoy en quien los firmó, después de comparar.")
@click.option("--older", is_flag=True, help="Acepta volver a una versión más antigua.")
@click.option("--yes", is_flag=True, help="No pregunta: ya comparaste el número de la llave.")
@click.option(
    "--films/--no-films",
    default=None,
    help="Trae también los videos, o no. Si no lo dices, solo los de los cursos que aquí ya tienen videos.",
)
def update(origin: str, courses: tuple[str, ...], films: bool | None, **accepted: bool) -> None:
    """Renew the named courses, or all that are here and there; 1 if one of them could not be renewed."""
    from lms.packs.install import Terms
    from lms.packs.update import Here

    terms = Terms(unsigned=accepted["unsigned"], older=accepted["older"])
    here = Here(Settings.load(os.environ).courses, keyring(), terms, films)
    failed = False
    with ExitStack() as stack:
        place = _origin(origin, stack)
        for course_id in courses or _common(place, here.courses):
            try:
                _renew(place, course_id, here, accepted["yes"] if accepted["trust"] else None)
            except LmsError as error:
                failed = True
                click.echo(error.message, err=True)
    if failed:
        sys.exit(1)


def _origin(named: str, stack: ExitStack) -> Origin:
    from lms.packs.origins import Server, Stick
    from lms.remote import Remote

    if "://" in named:
        remote = Remote(named)
        stack.callback(remote.close)
        return Server(remote)
    if not Path(named).exists():
        raise NotFound(
            f"No hay nada en «{named}». Si es la dirección de un sitio, escribe http:// o https:// delante."
        )
    return Stick(Path(named), stack)


def _common(origin: Origin, courses: Path) -> list[str]:
    from lms.packs.verify import installed

    offered = origin.course_ids()
    found = [course_id for course_id in offered if installed(courses, course_id)]
    if not found:
        there = ", ".join(map(shown, offered[:_MOST_NAMED]))
        hint = (
            f"Para traer uno nuevo, escribe su nombre corto: {there}." if there else "No tiene ningún curso."
        )
        raise NotFound(f"«{origin.name}» no tiene ninguno de los cursos de este equipo. {hint}")
    return found


def _renew(origin: Origin, course_id: str, here: Here, compared: bool | None) -> None:
    from lms.packs.update import Watcher
    from lms.packs.update import update as renew

    def judge(verdict: Verdict) -> None:
        if compared is not None:
            trust_signers(verdict, here.ring, compared)

    before = origin.received
    with _Screen() as screen:
        done = renew(origin, course_id, here, Watcher(judge, screen.plan, screen.came))
    click.echo(what_came(origin.received - before, screen.size))
    tell(done, "para traerlos, repite la orden con --films" if here.films is None else EXTRACT)
    if here.films and done.apart:
        click.echo(f"«{origin.name}» no tiene {_weight(done.apart)} de esos videos.")


class _Screen:
    """Says before how much must come, and shows how it comes where that is long."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task: TaskID | None = None
        self.size = 0

    def __enter__(self) -> _Screen:
        return self

    def __exit__(self, *raised: object) -> None:
        self._bar.stop()

    def plan(self, plan: Plan) -> None:
        """Hear what must come."""
        before = f"{plan.before} → " if plan.before and plan.before != plan.course.version else ""
        lacking = "Falta 1 archivo" if plan.files == 1 else f"Faltan {plan.files} archivos"
        wanted = (
            f"{lacking}, {_weight(plan.size)} de {_weight(plan.whole)}." if plan.files else "No falta nada."
        )
        films = f" De eso, {_weight(plan.films)} son videos." if plan.films else ""
        self.size = plan.size
        click.echo(f"«{plan.course.title}», versión {before}{plan.course.version}. {wanted}{films}")
        if plan.size >= LONG:
            self._task = self._bar.add_task("Trayendo…", total=plan.size)
            self._bar.start()

    def came(self, size: int) -> None:
        """Hear what came."""
        if self._task is not None:
            self._bar.advance(self._task, size)


def what_came(size: int, lacked: int) -> str:
    """How much came, and why it is less than what lacked."""
    return f"Llegaron {_weight(size)}{': los textos viajan comprimidos' if size < lacked else ''}."


def _weight(size: int) -> str:
    """As `weight` says it, but rounded up and 0 for nothing: who pays for each byte reads it."""
    return weight(size) if size >= LONG else f"{-(-size // 1000)} KB"


@click.command(
    help="Hace un archivo pequeño con lo que NUEVO trae y VIEJO no: para «lms pack install» donde ya está el viejo."
)
@click.argument("old", metavar="VIEJO", type=_PACK)
@click.argument("new", metavar="NUEVO", type=_PACK)
@click.option(
    "-o",
    "file",
    metavar="ARCHIVO",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Archivo (por defecto, en packs/).",
)
def diff(old: Path, new: Path, file: Path | None) -> None:
    """Write the difference of two packs and print where it is and its size in bytes."""
    from lms.packs.difference import make_difference

    made = make_difference(old, new, Settings.load(os.environ).packs, file)
    click.echo(f"{made}\t{made.stat().st_size}")
