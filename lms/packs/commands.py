"""`lms pack …`: courses leave for places without a network."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, track

from lms.course.checks import check_draft
from lms.course.draft import COURSE_FILE, course_id, read_draft
from lms.course.edition import course_folders
from lms.course.loader import load_draft
from lms.course.made import kept
from lms.course.media import films, weight
from lms.course.model import Course, Unit
from lms.errors import Invalid, NotFound
from lms.files import write_whole
from lms.packs.build import build as build_one
from lms.packs.build import load_signers
from lms.packs.formats import FORMATS, ready_formats
from lms.packs.home import Home
from lms.packs.install_commands import install, verify
from lms.packs.key_commands import asked
from lms.packs.printing import SHAPES, Shape, make_booklet
from lms.packs.update_commands import diff, update
from lms.settings import Settings


@click.group(help="Prepara cursos para usar sin internet.")
def pack() -> None:
    """Group of the pack commands."""


pack.add_command(verify)
pack.add_command(install)
pack.add_command(update)
pack.add_command(diff)


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
    "--to", type=click.Path(file_okay=False, path_type=Path), help="Carpeta de destino (por defecto, packs/)."
)
@click.option("--sign", metavar="NOMBRE", multiple=True, help="Firma con esta llave tuya (LMS_KEY).")
def build(course: str, formats: tuple[str, ...], to: Path | None, sign: tuple[str, ...]) -> None:
    """Build the asked formats and print where each one is and its size in bytes."""
    settings = Settings.load(os.environ)
    folder = _folder(course, settings.courses)
    signers = load_signers(settings, sign, asked)
    home = Home.of(settings)
    console = Console(stderr=True)
    with kept(settings.data / "rendered" / folder.resolve().name):
        loaded = _course(course, folder)
        names = ready_formats(loaded) if "all" in formats else list(dict.fromkeys(formats))
        _check_offered(loaded, names)
        if apart := films(loaded):
            told = weight(sum(film.size for film in apart))
            click.echo(
                f"Los videos ({told}) no van en estos archivos, sino aparte: --format videos.", err=True
            )
        for name in track(
            names, "Preparando…", console=console, transient=True, disable=not console.is_terminal
        ):
            made = build_one(loaded, name, to or settings.packs, signers, home)
            size = made.stat().st_size
            click.echo(f"{made}\t{size}")
            if said := FORMATS[name].advice(loaded, size):
                click.echo(f"aviso: {said}", err=True)


def _check_offered(course: Course, names: Iterable[str]) -> None:
    for name in names:
        if why := FORMATS[name].why_not(course):
            raise Invalid(f"No se hizo el formato «{name}» de «{course.title}»: {why}.")


@pack.command(
    name="bundle", help="Prepara una mochila digital: muchos cursos en una carpeta, con una sola búsqueda."
)
@click.argument("courses", nargs=-1, metavar="[CURSO]...")
@click.option("--all", "every", is_flag=True, help="Todos los cursos de la carpeta de cursos.")
@click.option("--zip", "zipped", is_flag=True, help="Un solo archivo zip en lugar de una carpeta.")
@click.option(
    "--to", type=click.Path(file_okay=False, path_type=Path), help="Dónde ponerla (por defecto, en packs/)."
)
def bundle_courses(courses: tuple[str, ...], every: bool, zipped: bool, to: Path | None) -> None:
    """Make the bundle and print where it is; «mochila-digital» that is there already is replaced whole."""
    from lms.packs.bundle import bundle  # all that renders, which asking for help does not need

    if every == bool(courses):
        raise click.UsageError("Nombra los cursos que van en la mochila, o pide todos con --all.")
    settings = Settings.load(os.environ)
    named = [str(folder) for folder in course_folders(settings.courses)] if every else courses
    shown = Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
    with kept(settings.data / "rendered" / ".mochila"), shown as progress:
        found = (_course(name, _folder(name, settings.courses)) for name in named)
        chosen = {course.id: course for course in found}
        task = progress.add_task("Preparando…", total=len(chosen))
        made = bundle(
            list(chosen.values()),
            to or settings.packs,
            lambda course: progress.update(task, advance=1, description=course.title),
            zipped=zipped,
        )
    click.echo(f"{made}\t{_weight(made)}")


def _weight(made: Path) -> int:
    files = made.rglob("*") if made.is_dir() else [made]
    return sum(file.stat().st_size for file in files if file.is_file())


def _course(named: str, folder: Path) -> Course:
    draft = read_draft(folder)
    course = load_draft(draft).course
    errors = [problem for problem in check_draft(draft) if problem.severity == "error"]
    if course is None or errors:
        listed = [f"{folder / problem.file}:{problem.line}: {problem.message}" for problem in errors]
        refusal = f"El curso «{named}» tiene errores y no se puede empaquetar. Después de corregirlos: lms check {folder}"
        raise Invalid("\n".join([*listed, refusal]))
    return course


def _folder(named: str, shelf: Path) -> Path:
    """Where the course with that id is, or else the folder that was named."""
    same_id = [folder for folder in course_folders(shelf) if course_id(folder) == named]
    if len(same_id) > 1:
        both = " y ".join(str(folder) for folder in same_id)
        raise Invalid(f"El curso «{named}» está en {both}. Ponle otro «id» a uno o saca su carpeta.")
    found = [path for path in (*same_id, shelf / named, Path(named)) if (path / COURSE_FILE).is_file()]
    if not found:
        raise NotFound(f"No hay un curso «{named}». Revisa el nombre o mira la carpeta {shelf}.")
    return found[0]


@click.command(
    name="print",
    help="Hace el cuadernillo de un curso, para imprimir. CURSO es su nombre corto o su carpeta.",
)
@click.argument("course", metavar="CURSO")
@click.option("--unit", type=click.IntRange(1), help="Solo la unidad con ese número.")
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
    "--to", type=click.Path(file_okay=False, path_type=Path), help="Carpeta de destino (por defecto, packs/)."
)
def print_course(course: str, unit: int | None, shape: Shape, site: str, to: Path | None) -> None:
    """Write the booklet and print where it is, its size in bytes and how many pages it has."""
    settings = Settings.load(os.environ)
    loaded = _course(course, _folder(course, settings.courses))
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
