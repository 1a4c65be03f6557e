"""`lms sync …`: progress files come and go from the terminal, for whoever keeps a server."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Self, TypeVar

import click
from rich.console import Console
from rich.progress import Progress

from lms.clock import system_clock
from lms.db import Database, ready_database
from lms.errors import Invalid, LmsError, NotFound, Unavailable
from lms.events.devices import with_other_keys
from lms.events.naming import name_owners
from lms.events.queries import identified, lines_of
from lms.files import write_whole
from lms.people.queries import person_typed, profiles_of
from lms.settings import Settings
from lms.sync.exchange import Errand
from lms.sync.importing import take_all
from lms.sync.over_file import Heading, build_progress_file, in_files
from lms.sync.parcel_commands import exchange_with, export_to
from lms.sync.queries import all_profiles

T = TypeVar("T")

_CANNOT_SAVE = "No se pudo guardar ahí. Revisa el nombre de la carpeta y del archivo."


@click.group(help="Recibe, guarda e intercambia avances, en archivos o por la red.")
def sync() -> None:
    """Group of the sync commands."""


@sync.command(
    "import",
    help="Recibe uno o varios archivos de avance, o todos los de una carpeta. Traer dos veces el mismo no cambia nada.",
)
@click.argument(
    "places",
    metavar="ARCHIVO_O_CARPETA...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
)
def import_files(places: tuple[Path, ...]) -> None:
    """Take each file, say what became of it, and exit with 1 if any could not be taken."""
    if asyncio.run(_with_database(lambda db: _import(db, places))):
        raise SystemExit(1)


@sync.command(
    help="Guarda avances en un archivo, o en varios si no cabe en uno. "
    "Con --all, SALIDA es una carpeta: un archivo por perfil. Con --to, también: uno o más archivos para ese servidor."
)
@click.option("--person", metavar="DOC", help="El avance de la persona con este documento.")
@click.option("--profile", metavar="ID", help="El avance de un perfil.")
@click.option("--all", "everybody", is_flag=True, help="El avance de todos los perfiles.")
@click.option(
    "--to", "node", metavar="SERVIDOR", help="Lo que le falta a un servidor unido a este, cifrado para él."
)
@click.option(
    "--xapi", is_flag=True, help="Como declaraciones xAPI en JSON; una por línea si termina en .jsonl."
)
@click.option(
    "--with-documents", is_flag=True, help="Con --xapi: con documento y nombre, donde se confirmaron."
)
@click.argument("out", metavar="SALIDA", type=click.Path(path_type=Path))
def export(out: Path, xapi: bool, with_documents: bool, **whose: Any) -> None:
    """Write the asked progress and print where it is; exactly one of the four options is needed."""
    person, profile, everybody, node = (whose[one] for one in ("person", "profile", "everybody", "node"))
    if sum((person is not None, profile is not None, everybody, node is not None)) != 1:
        raise click.UsageError("Elige una de las cuatro: --person, --profile, --all o --to.")
    if with_documents and not xapi:
        raise click.UsageError("--with-documents va con --xapi.")
    if node is not None and xapi:
        raise click.UsageError("--xapi no va con --to.")

    if everybody and not xapi and out.is_file():
        raise Invalid(f"{out} ya es un archivo. Con --all, elige una carpeta.")

    async def work(db: Database) -> int:
        if node is not None:
            await export_to(db, node, out)
            return 0
        profiles = None if everybody else [profile] if profile else await _profiles_of(db, person)
        if xapi:
            await _export_statements(db, profiles, out, with_documents)
        elif profiles is None:
            return await _export_all(db, out)
        else:
            await _export_one(db, profiles, out)
        return 0

    if asyncio.run(_with_database(work)):
        raise SystemExit(1)


_NODES = click.argument("nodes", metavar="[SERVIDOR]...", nargs=-1)


@sync.command(
    help="Intercambia ahora con los servidores a los que este se unió: lleva lo de aquí y trae lo de allá."
)
@_NODES
def run(nodes: tuple[str, ...]) -> None:
    """Give and take until both sides have the same."""
    _exchange(nodes, Errand())


@sync.command(
    help="Lleva a los servidores de arriba lo que hay aquí, sin traer nada: para cuando los datos cuestan."
)
@_NODES
def push(nodes: tuple[str, ...]) -> None:
    """Give only."""
    _exchange(nodes, Errand(takes=False))


@sync.command(help="Trae de los servidores de arriba lo que falta aquí, sin llevar nada.")
@_NODES
def pull(nodes: tuple[str, ...]) -> None:
    """Take only."""
    _exchange(nodes, Errand(gives=False))


@sync.command(help="Nombra los equipos que anunciaron más de una llave: alguien pudo escribir en su nombre.")
def keys() -> None:
    """Print the profile and the device of each, a line each."""
    found = asyncio.run(_with_database(with_other_keys))
    if not found:
        click.echo("Ningún equipo anunció más de una llave.", err=True)
    for profile, device in found:
        click.echo(f"perfil {profile}\tequipo {device}")


def _exchange(nodes: tuple[str, ...], errand: Errand) -> None:
    if asyncio.run(_with_database(lambda db: exchange_with(db, nodes, errand))):
        raise SystemExit(1)


async def _with_database(work: Callable[[Database], Awaitable[T]]) -> T:
    async with ready_database(Settings.load(os.environ).database) as db:
        return await work(db)


async def _import(db: Database, places: tuple[Path, ...]) -> int:
    """Take the files and folders; how many could not be taken."""
    with _Bar("Recibiendo…", len(places)) as bar:
        return await take_all(db, places, bar.advance)


async def _export_all(db: Database, folder: Path) -> int:
    """Write a file for each profile; how many profiles could not be written."""
    failed = 0
    profiles = await all_profiles(db)
    with _Bar("Guardando…", len(profiles)) as bar:
        for profile in profiles:
            file = folder / f"avance-{profile}.txt"
            try:
                await _export_one(db, [profile], file)
            except Unavailable:  # the next would not fit there either
                raise
            except LmsError as error:
                failed += 1
                click.echo(f"{file}: {error.message}", err=True)
            bar.advance()
    return failed


async def _export_one(db: Database, profiles: list[str], file: Path) -> None:
    await name_owners(db, profiles)
    lines = await lines_of(db, profiles)
    if not lines:
        raise NotFound("Aquí no hay ningún registro de ese avance. Revisa el documento o el perfil.")
    said = [await identified(db, profile) for profile in profiles]
    name = next((one.name for one in said if one and one.name), "")
    heading = Heading(name, "", system_clock().date())
    parts = in_files(lines, heading)
    for number, part in enumerate(parts, 1):
        place = file if len(parts) == 1 else file.with_name(f"{file.stem}-{number}{file.suffix}")
        _write(place, build_progress_file(part, heading))
        click.echo(f"{place}\t{len(part)}")


async def _export_statements(
    db: Database, profiles: list[str] | None, file: Path, with_documents: bool
) -> None:
    from lms.course.kept import load_courses  # to name lessons; other commands do without
    from lms.events.revisions import Shelf
    from lms.sync.xapi.exporting import write_statements
    from lms.sync.xapi.mapping import Teller

    settings = Settings.load(os.environ)
    if not settings.address:
        raise Invalid(
            "Cada declaración dice de qué servidor es. Escribe su dirección en LMS_ADDRESS (https://…) y repite la orden."
        )
    courses, _ = load_courses(settings.courses, settings.data / "courses.kept")
    teller = Teller(settings.address.rstrip("/") + "/", courses, await Shelf.of(db).current(db))
    try:
        count = await write_statements(db, teller, file, profiles, documents=with_documents)
    except OSError as error:
        raise Invalid(_CANNOT_SAVE) from error
    click.echo(f"{file}\t{count}")
    if with_documents:
        click.echo(
            "Cuidado: este archivo lleva documentos y nombres de personas. "
            "Entrégalo solo a quien deba tenerlos (Ley 29733) y bórralo después.",
            err=True,
        )


async def _profiles_of(db: Database, document: str) -> list[str]:
    person = await person_typed(db, document)
    if person is None:
        raise NotFound("Aquí no hay una cuenta con ese documento. Revisa el número.")
    return await profiles_of(db, person.id)


def _write(file: Path, data: bytes) -> None:
    """Whole or not at all, so that a stick pulled out too soon leaves no half file under the right name."""
    try:
        write_whole(file, data)
    except OSError as error:
        raise Invalid(_CANNOT_SAVE) from error


class _Bar:
    """A progress bar on a terminal, for what takes longer than a second; nothing otherwise."""

    def __init__(self, words: str, total: int) -> None:
        console = Console(stderr=True)
        self._progress = Progress(console=console, transient=True)
        self._shown = False
        self._from = time.monotonic() + 1 if console.is_terminal else float("inf")
        self._task = self._progress.add_task(words, total=total)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._shown:
            self._progress.stop()

    def advance(self) -> None:
        self._progress.advance(self._task)
        if not self._shown and time.monotonic() > self._from:
            self._progress.start()
            self._shown = True
