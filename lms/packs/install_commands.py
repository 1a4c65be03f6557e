"""`lms pack install`: let a pack in, or those of a bundle."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lms.errors import LmsError, NotFound
from lms.packs.key_commands import confirmed, keyring
from lms.packs.keyring import Keyring
from lms.packs.names import shown
from lms.settings import Settings

if TYPE_CHECKING:
    from lms.packs.install import Outcome, Terms
    from lms.packs.verify import Verdict

EXTRACT = "extrae el zip de videos en la carpeta del paquete e instala esa carpeta"


@click.command(
    help="Instala el curso de un paquete entre los de este equipo. El avance de las personas se conserva. De una mochila "
    "digital, todos sus cursos, o los que nombres."
)
@click.argument("path", metavar="ARCHIVO|CARPETA", type=click.Path(path_type=Path))
@click.argument("courses", metavar="[CURSO]...", nargs=-1)
@click.option("--unsigned", is_flag=True, help="Acepta un paquete que nadie firmó.")
@click.option(
    "--trust", is_flag=True, help="Confía desde hoy en quien firmó el paquete, después de comparar."
)
@click.option("--older", is_flag=True, help="Acepta volver a una versión más antigua.")
@click.option("--yes", is_flag=True, help="No pregunta: ya comparaste el número de la llave.")
def install(path: Path, courses: tuple[str, ...], **accepted: bool) -> None:
    """Install the course and say which version was there before; 1 if one of a bundle could not be."""
    from lms.packs.bundle_papers import bundle_in
    from lms.packs.install import Terms

    terms = Terms(unsigned=accepted["unsigned"], older=accepted["older"])
    compared = accepted["yes"] if accepted["trust"] else None
    bundle = bundle_in(path)
    if not bundle:
        if courses:
            raise click.UsageError(
                f"Solo de una mochila digital se nombran cursos, y {path} no es la carpeta de una. "
                "Si es su zip, extráelo todo y usa la carpeta."
            )
        _install(path, terms, compared)
        return
    failed = False
    for pack in _packs(bundle, courses):
        try:
            _install(pack, terms, compared)
        except LmsError as error:
            failed = True
            click.echo(error.message, err=True)
    if failed:
        sys.exit(1)


def _packs(bundle: Path, named: Sequence[str]) -> list[Path]:
    from lms.packs.bundle_papers import packs_of

    found = packs_of(bundle)
    strange = [name for name in named if name not in found]
    if strange or not found:
        there = ", ".join(map(shown, found)) or "ninguno"
        wanted = " ni ".join(map(shown, strange)) or "ningún curso"
        raise NotFound(f"En «{bundle.name}» no está {wanted}. Sus cursos: {there}.")
    return [found[name] for name in dict.fromkeys(named)] or list(found.values())


def _install(pack: Path, terms: Terms, compared: bool | None) -> None:
    from lms.packs.install import install as put_in

    courses, ring = Settings.load(os.environ).courses, keyring()
    if compared is not None:
        _trust(pack, courses, ring, compared)
    tell(put_in(pack, courses, ring, terms))


def tell(done: Outcome, films: str = EXTRACT) -> None:
    """Say what is installed now, and how to have the `films` that are not here."""
    from lms.course.media import weight

    named = f"«{done.course.title}», versión {done.course.version}"
    if not done.changed:
        click.echo(f"Ya tenías {named}, igual a la del paquete. No había nada que cambiar.")
        return
    before = f" (antes, {done.before})" if done.before else ""
    if done.before == done.course.version:
        before = " (antes, el mismo número con otro contenido)"
    click.echo(f"Instalado: {named}{before}, en {done.folder}.")
    if done.apart:
        click.echo(
            f"Sus videos ({weight(done.apart)}) van aparte: {films}. El curso está completo sin ellos."
        )
    click.echo(
        "Si el sitio está en marcha, reinícialo para que la muestre. El avance de las personas se conserva."
    )


def _trust(path: Path, courses: Path, ring: Keyring, yes: bool) -> None:
    """Trust who signed a pack that is whole, once its number was compared."""
    from lms.packs.contents import open_contents
    from lms.packs.gathered import completed
    from lms.packs.verify import verify as look

    with open_contents(path) as contents:
        verdict = look(completed(contents, courses), ring)
    trust_signers(verdict, ring, yes)


def trust_signers(verdict: Verdict, ring: Keyring, yes: bool) -> None:
    """Trust who signed this, unless they are trusted already or it will be refused anyway."""
    from lms.packs.install import Terms, require

    if verdict.standing not in ("known", "unknown"):
        return
    # Nobody should compare the number of a pack that will be refused anyway.
    require(replace(verdict, signers=()), Terms(unsigned=True))
    for signer in verdict.signers:
        confirmed(signer.key, yes)
        ring.keep(signer.key, "trusted", date.today())
