"""`lms pictures`: an author makes photographs light."""

from __future__ import annotations

from pathlib import Path

import click

from lms.course.media import weight


@click.command(
    help="Achica las fotos de un curso y hace la copia liviana de cada una, para el archivo de celular. "
    "Lo que salió de la cámara queda en la carpeta «originales»."
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="CARPETA")
def pictures(folder: Path) -> None:
    """Print a line a picture that was written; none when nothing was missing."""
    from lms.packs.pictures import make_sizes

    for made in make_sizes(folder):
        click.echo(f"{folder / made.path}\t{made.width} px\t{weight(made.size)}")
