"""`lms pack bundle`: many courses on one stick."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from lms.course.edition import course_folders
from lms.course.made import kept
from lms.course.media import films, weight
from lms.course.model import Course, Media
from lms.packs.build import load_signers
from lms.packs.bundle_papers import made_in
from lms.packs.chosen import chosen, folder_of
from lms.packs.home import Home
from lms.packs.key_commands import asked
from lms.packs.notices import AGAIN, check_given, tell_unsigned
from lms.settings import Settings


@click.command(help="Prepara una mochila digital: muchos cursos en una carpeta, con una sola búsqueda.")
@click.argument("courses", nargs=-1, metavar="[CURSO]...")
@click.option("--all", "every", is_flag=True, help="Todos los cursos de la carpeta de cursos.")
@click.option("--zip", "zipped", is_flag=True, help="Un solo archivo zip en lugar de una carpeta.")
@click.option(
    "--to",
    metavar="CARPETA",
    type=click.Path(file_okay=False, path_type=Path),
    help="Dónde ponerla (por defecto, en packs/).",
)
@click.option("--sign", metavar="NOMBRE", multiple=True, help="Firma con esta llave tuya (LMS_KEY).")
@AGAIN
@click.option("--films", "with_films", is_flag=True, help="Lleva también los videos de los cursos.")
def bundle(
    courses: tuple[str, ...], every: bool, to: Path | None, sign: tuple[str, ...], **wanted: bool
) -> None:
    """Make the bundle and print where it is; «mochila-digital» that is there already is replaced whole."""
    from lms.packs.bundle import Wishes
    from lms.packs.bundle import bundle as make  # all that renders, which asking for help does not need

    if every == bool(courses):
        raise click.UsageError("Nombra los cursos que van en la mochila, o pide todos con --all.")
    settings = Settings.load(os.environ)
    signers = tuple(load_signers(settings, sign, asked))
    wishes = Wishes(wanted["zipped"], wanted["with_films"], signers, Home.of(settings))
    named = [str(folder) for folder in course_folders(settings.courses)] if every else courses
    shown = Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
    with kept(settings.data / "rendered" / ".mochila"), shown as progress:
        found = (chosen(name, folder_of(name, settings.courses)) for name in named)
        packed = {course.id: course for course in found}
        place = to or settings.packs
        check_given([*packed.values()], place, [made_in(place, zipped=wishes.zipped)], wanted["again"])
        if not signers:
            tell_unsigned(settings)
        _tell_of_films(list(packed.values()), wishes.films)
        task = progress.add_task("Preparando…", total=len(packed))
        made = make(
            list(packed.values()),
            place,
            lambda course: progress.update(task, advance=1, description=course.title),
            wishes,
        )
    click.echo(f"{made}\t{_weight(made)}")


def _tell_of_films(courses: Sequence[Course], taken: bool) -> None:
    """Say what films weigh before they are copied, or left."""
    every = [film for course in courses for film in films(course)]
    here = [film for film in every if film.source.is_file()]
    if here and taken:
        click.echo(f"Van también los videos: {len(here)}, {_said(here)}.", err=True)
    elif every:
        click.echo(f"Los videos ({_said(every)}) no van en la mochila. Para llevarlos: --films.", err=True)
    if taken and len(here) < len(every):
        lost = [film for film in every if film not in here]
        click.echo(f"aviso: hay videos ({_said(lost)}) que no están en este equipo y no van.", err=True)


def _said(films: Sequence[Media]) -> str:
    return weight(sum(film.size for film in films))


def _weight(made: Path) -> int:
    files = made.rglob("*") if made.is_dir() else [made]
    return sum(file.stat().st_size for file in files if file.is_file())
