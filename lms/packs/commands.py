"""`lms pack …`: courses leave for places without a network."""

from __future__ import annotations

import os
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from lms.course.loader import load_course
from lms.course.model import Course
from lms.errors import Invalid, NotFound
from lms.packs.build import build as build_one
from lms.packs.formats import FORMATS
from lms.settings import Settings


@click.group(help="Prepara cursos para usar sin internet.")
def pack() -> None:
    """Group of the pack commands."""


@pack.command(help="Prepara los paquetes de un curso. CURSO es su nombre corto o su carpeta.")
@click.argument("course")
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
def build(course: str, formats: tuple[str, ...], to: Path | None) -> None:
    """Build the asked formats and print where each one is and its size in bytes."""
    settings = Settings.load(os.environ)
    loaded = _course(course, settings)
    names = list(FORMATS) if "all" in formats else list(dict.fromkeys(formats))
    console = Console(stderr=True)
    for name in track(names, "Preparando…", console=console, transient=True, disable=not console.is_terminal):
        made = build_one(loaded, name, to or settings.packs)
        click.echo(f"{made}\t{made.stat().st_size}")


def _course(named: str, settings: Settings) -> Course:
    folder = next(
        (path for path in (settings.courses / named, Path(named)) if (path / "course.toml").is_file()), None
    )
    if folder is None:
        raise NotFound(f"No hay un curso «{named}». Revisa el nombre o mira la carpeta {settings.courses}.")
    loaded = load_course(folder)
    if loaded.course is None or any(problem.severity == "error" for problem in loaded.problems):
        raise Invalid(
            f"El curso «{named}» tiene errores y no se puede empaquetar. Míralos con: lms check {folder}"
        )
    return loaded.course
