"""`lms pack verify` and `lms pack install`: is a pack whole, who made it, and let it in."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lms.errors import LmsError
from lms.packs.key_commands import confirmed, keyring
from lms.packs.keyring import Keyring
from lms.settings import Settings

if TYPE_CHECKING:
    from lms.packs.install import Outcome
    from lms.packs.verify import Verdict

PACK = click.argument("path", metavar="ARCHIVO|CARPETA", type=click.Path(path_type=Path))

EXTRACT = "extrae el zip de videos en la carpeta del paquete e instala esa carpeta"

_STANDINGS = {
    "trusted": "confías en ella",
    "known": "la conoces, pero aún no confías en ella",
    "unknown": "no la conoces",
    "revoked": "está anulada: no la aceptes",
}
_AGES = {
    "new": "Aquí no está instalado.",
    "newer": "Es más nuevo que el instalado aquí",
    "equal": "Es la misma versión que la instalada aquí",
    "older": "Es más antiguo que el instalado aquí",
    "unknown": "El instalado aquí no dice su versión.",
}


@click.command(help="Dice si un paquete está completo, quién lo firmó y si es más nuevo que el instalado.")
@PACK
@click.option("--unsigned", is_flag=True, help="Que le falte la firma no cuenta como problema.")
@click.option("--json", "as_json", is_flag=True, help="Responde en JSON, para otros programas.")
def verify(path: Path, unsigned: bool, as_json: bool) -> None:
    """Exit 0 for a pack that is whole and that `install` would accept as its maker's; 1 otherwise."""
    try:
        found = _looked_at(path)
    except LmsError as error:
        if not as_json:
            raise
        click.echo(
            json.dumps({"pack": path.name, "whole": False, "error": error.message}, ensure_ascii=False)
        )
        sys.exit(1)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(_words(found)))
    accepted = found["standing"] == "trusted" or (unsigned and found["standing"] is None)
    sys.exit(0 if found["whole"] and accepted else 1)


def _looked_at(path: Path) -> dict[str, Any]:
    from lms.packs.contents import open_contents
    from lms.packs.gathered import completed
    from lms.packs.verify import age, installed
    from lms.packs.verify import verify as look

    courses = Settings.load(os.environ).courses
    with open_contents(path) as contents:
        verdict = look(completed(contents, courses), keyring())
    course = verdict.manifest.course
    here = installed(courses, course.id)
    return {
        "pack": verdict.name,
        "course": course.id,
        "title": course.title,
        "version": course.version,
        "whole": verdict.whole,
        "damaged": verdict.damaged,
        "missing": verdict.missing,
        "extra": verdict.extra,
        "apart": {file.path: file.size for file in verdict.apart},
        "forged": [key.id for key in verdict.forged],
        "standing": verdict.standing,
        "signed_by": [
            {"name": signer.key.name, "id": signer.key.id, "standing": signer.standing}
            for signer in verdict.signers
        ],
        "installed": here[0].version if here else None,
        "age": age(course.version, here),
    }


def _words(found: dict[str, Any]) -> list[str]:
    from lms.course.media import weight
    from lms.packs.names import shown

    said = [f"{found['pack']}: «{found['title']}», versión {found['version']}."]
    said.append(
        "Está completo." if found["whole"] else "NO está como salió de quien lo hizo. No lo instales."
    )
    for kind, words in (("damaged", "Dañado"), ("missing", "Falta"), ("extra", "Sobra")):
        said += [f"  {words}: {shown(path)}" for path in found[kind]]
    if found["apart"]:
        said.append(
            f"No trae sus videos ({len(found['apart'])}, {weight(sum(found['apart'].values()))}), que van aparte: "
            "no le hacen falta."
        )
    if found["forged"]:
        said.append("  Lleva una firma que no corresponde a este contenido.")
    for signer in found["signed_by"]:
        said.append(
            f"Firmado por «{signer['name']}», llave {signer['id']}: {_STANDINGS[signer['standing']]}."
        )
    if not found["signed_by"]:
        said.append("No lo firmó nadie: no se puede saber quién lo hizo.")
    age = _AGES[found["age"]]
    said.append(age if age.endswith(".") else f"{age} ({found['installed']}).")
    return said


@click.command(
    help="Instala el curso de un paquete entre los de este equipo. El avance de las personas se conserva."
)
@PACK
@click.option("--unsigned", is_flag=True, help="Acepta un paquete que nadie firmó.")
@click.option(
    "--trust", is_flag=True, help="Confía desde hoy en quien firmó el paquete, después de comparar."
)
@click.option("--older", is_flag=True, help="Acepta volver a una versión más antigua.")
@click.option("--yes", is_flag=True, help="No pregunta: ya comparaste el número de la llave.")
def install(path: Path, unsigned: bool, trust: bool, older: bool, yes: bool) -> None:
    """Install the course and say which version was there before."""
    from lms.packs.install import Terms
    from lms.packs.install import install as put_in

    settings = Settings.load(os.environ)
    ring = keyring()
    if trust:
        _trust(path, settings.courses, ring, yes)
    done = put_in(path, settings.courses, ring, Terms(unsigned=unsigned, older=older))
    tell(done)


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
