"""`lms pack diff`: courses are renewed with only what changed."""

from __future__ import annotations

import os
from pathlib import Path

import click

from lms.settings import Settings

_PACK = click.Path(exists=True, path_type=Path)


@click.command(
    help="Hace un archivo pequeño con lo que NUEVO trae y VIEJO no: para «lms pack install» donde ya está el viejo."
)
@click.argument("old", metavar="VIEJO", type=_PACK)
@click.argument("new", metavar="NUEVO", type=_PACK)
@click.option(
    "-o", "file", type=click.Path(dir_okay=False, path_type=Path), help="Archivo (por defecto, en packs/)."
)
def diff(old: Path, new: Path, file: Path | None) -> None:
    """Write the difference of two packs and print where it is and its size in bytes."""
    from lms.packs.difference import make_difference

    made = make_difference(old, new, Settings.load(os.environ).packs, file)
    click.echo(f"{made}\t{made.stat().st_size}")
