"""`lms pack …`: courses leave for places without a network."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn

from lms.course.made import kept
from lms.course.media import films, weight
from lms.course.model import Course, Unit
from lms.errors import Invalid, NotFound
from lms.files import write_whole
from lms.packs.build import build as build_one
from lms.packs.build import load_signers
from lms.packs.bundle_commands import bundle
from lms.packs.chosen import chosen, folder_of
from lms.packs.formats import FORMATS, ready_formats
from lms.packs.formats.site import NAME as SITE
from lms.packs.home import Home
from lms.packs.install_commands import install
from lms.packs.key_commands import asked
from lms.packs.notices import AGAIN, check_given, check_signed, tell_unsigned
from lms.packs.printing import SHAPES, Shape, make_booklet
from lms.packs.update_commands import diff, update
from lms.packs.verify_commands import verify
from lms.settings import Settings


@click.group(help="Prepara cursos para usar sin internet.")
def pack() -> None:
    """Group of the pack commands."""


pack.add_command(verify)
pack.add_command(install)
pack.add_command(update)
pack.add_command(diff)
pack.add_command(bundle)


@pack.command(help="Prepara los paquetes de un curso. CURSO es su nombre corto o su carpeta.")
@click.argument("course", metavar="CURSO")
@click.option(
    "--format",
    "formats",
    type=click.Choice([*FORMATS, "all"]),
    multiple=True,
    default=("all",),
    show_default=True,
)
@click.option(
    "--to",
    metavar="CARPETA",
    type=click.Path(file_okay=False, path_type=Path),
    help="Carpeta de destino (por defecto, packs/).",
)
@click.option("--sign", metavar="NOMBRE", multiple=True, help="Firma con esta llave tuya (LMS_KEY).")
@AGAIN
def build(course: str, formats: tuple[str, ...], to: Path | None, sign: tuple[str, ...], again: bool) -> None:
    """Build the asked formats and print where each one is and its size in bytes."""
    settings = Settings.load(os.environ)
    folder = folder_of(course, settings.courses)
    to = to or settings.packs
    signers = load_signers(settings, sign, asked)
    home = Home.of(settings)
    with kept(settings.data / "rendered" / folder.resolve().name), _shown_building() as shown:
        loaded = chosen(course, folder)
        names = ready_formats(loaded) if "all" in formats else list(dict.fromkeys(formats))
        _check_offered(loaded, names)
        check_given([loaded], to, [to / FORMATS[name].file_name(loaded) for name in names], again)
        if SITE in names and not signers:
            check_signed(loaded, to, again)
            tell_unsigned(settings)
        _tell_of_films(loaded)
        task = shown.add_task("Preparando…", total=len(names))
        for name in names:
            shown.update(task, description=f"Preparando «{name}»…")
            made = build_one(loaded, name, to, signers, home)
            size = made.stat().st_size
            click.echo(f"{made}\t{size}")
            if said := FORMATS[name].advice(loaded, size):
                click.echo(f"aviso: {said}", err=True)
            shown.advance(task)


def _tell_of_films(course: Course) -> None:
    apart = films(course)
    if apart:
        told = weight(sum(film.size for film in apart))
        click.echo(f"Los videos ({told}) no van en estos archivos, sino aparte: --format videos.", err=True)


def _shown_building() -> Progress:
    console = Console(stderr=True)
    # A format built apart takes long without a step to count: something has to move meanwhile.
    columns = (SpinnerColumn(), *Progress.get_default_columns())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _check_offered(course: Course, names: Iterable[str]) -> None:
    for name in names:
        if why := FORMATS[name].why_not(course):
            raise Invalid(f"No se hizo el formato «{name}» de «{course.title}»: {why}.")


@click.command(
    name="print",
    help="Hace el cuadernillo de un curso, para imprimir. CURSO es su nombre corto o su carpeta.",
)
@click.argument("course", metavar="CURSO")
@click.option("--unit", type=click.IntRange(1), metavar="NÚMERO", help="Solo la unidad con ese número.")
@click.option(
    "--format",
    "shape",
    type=click.Choice(SHAPES),
    default="pdf",
    show_default=True,
    help="pdf-2 pone dos páginas por hoja A4; html es una página web, para imprimir con Ctrl-P.",
)
@click.option(
    "--site", metavar="DIRECCIÓN", default="", help="Dirección del sitio, para los códigos QR (LMS_ADDRESS)."
)
@click.option(
    "--to",
    metavar="CARPETA",
    type=click.Path(file_okay=False, path_type=Path),
    help="Carpeta de destino (por defecto, packs/).",
)
def print_course(course: str, unit: int | None, shape: Shape, site: str, to: Path | None) -> None:
    """Write the booklet and print where it is, its size in bytes and how many pages it has."""
    settings = Settings.load(os.environ)
    loaded = chosen(course, folder_of(course, settings.courses))
    units = _units(loaded, unit)
    console = Console(stderr=True)
    with console.status("Preparando el cuadernillo…") if console.is_terminal else nullcontext():
        made = make_booklet(loaded, units, site or settings.address, shape)
    file = (to or settings.packs) / made.file_name
    write_whole(file, made.content)
    click.echo(f"{file}\t{len(made.content)}" + (f"\t{made.pages}" if made.pages else ""))
    for lesson in made.overflowing:
        click.echo(f"aviso: la hoja para imprimir de «{lesson}» ocupa más de una página.", err=True)


def _units(course: Course, number: int | None) -> tuple[Unit, ...]:
    taught = tuple(unit for unit in course.units if unit.lessons)
    if number is None:
        return taught
    found = tuple(unit for unit in taught if unit.number == number)
    if not found:
        raise NotFound(f"«{course.title}» no tiene unidad {number}. Elige una de la 1 a la {len(taught)}.")
    return found
