"""`lms pack verify`: is a pack, or each of a bundle, whole; who made it, and is it newer than what is here."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lms.errors import LmsError
from lms.packs.key_commands import keyring
from lms.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lms.packs.bundle_verify import BundleVerdict
    from lms.packs.verify import Signer, Verdict

Found = dict[str, Any]

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
@click.argument("path", metavar="ARCHIVO|CARPETA", type=click.Path(path_type=Path))
@click.option("--unsigned", is_flag=True, help="Que le falte la firma no cuenta como problema.")
@click.option("--json", "as_json", is_flag=True, help="Responde en JSON, para otros programas.")
def verify(path: Path, unsigned: bool, as_json: bool) -> None:
    """Exit 0 for a pack that is whole and that `install` would accept as its maker's; 1 otherwise.

    Of a bundle: for itself and each of its packs.
    """
    try:
        found = _looked_at(path)
    except LmsError as error:
        if not as_json:
            raise
        click.echo(json.dumps(_unreadable(path.name, error), ensure_ascii=False))
        sys.exit(1)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(_words_of_bundle(found) if "courses" in found else _words(found)))
    every = [found, *found.get("courses", ())]
    if not as_json and (after := _next_step(every, unsigned)):
        click.echo(after)
    sys.exit(0 if all(_accepted(one, unsigned) for one in every) else 1)


def _accepted(found: Found, unsigned: bool) -> bool:
    signed = found.get("standing") == "trusted" or (unsigned and found.get("standing") is None)
    return bool(found["whole"]) and signed


def _next_step(every: Sequence[Found], unsigned: bool) -> str:
    """Say what to do about a pack that is whole and not known to be its maker's."""
    standings = {one.get("standing") for one in every}
    if "revoked" in standings or not all(one["whole"] for one in every):
        return ""
    if standings & {"known", "unknown"}:
        return "Compara ese número con quien lo hizo, por teléfono o en persona. Si es el mismo, instálalo con --trust."
    if None in standings and not unsigned:
        return "Pide el firmado. Si sabes bien de dónde viene, instálalo con --unsigned."
    return ""


def _looked_at(path: Path) -> Found:
    from lms.packs.bundle_papers import bundle_in
    from lms.packs.contents import open_contents
    from lms.packs.gathered import completed
    from lms.packs.verify import verify as look

    courses = Settings.load(os.environ).courses
    bundle = bundle_in(path)
    if bundle:
        from lms.packs.bundle_verify import verify_bundle

        return _found_of_bundle(verify_bundle(bundle, keyring()), courses)
    with open_contents(path) as contents:
        return _found(look(completed(contents, courses), keyring()), courses)


def _found(verdict: Verdict, courses: Path) -> Found:
    from lms.packs.verify import age, installed

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
        "signed_by": _signed_by(verdict.signers),
        "installed": here[0].version if here else None,
        "age": age(course.version, here),
    }


def _found_of_bundle(verdict: BundleVerdict, courses: Path) -> Found:
    packs = {
        path: _unreadable(path, one) if isinstance(one, LmsError) else {**_found(one, courses), "pack": path}
        for path, one in verdict.packs.items()
    }
    return {
        "bundle": verdict.name,
        "listed": verdict.listed,
        "whole": verdict.whole,
        "damaged": verdict.damaged,
        "missing": verdict.missing,
        "extra": verdict.extra,
        "forged": [key.id for key in verdict.forged],
        "standing": verdict.standing,
        "signed_by": _signed_by(verdict.signers),
        "courses": list(packs.values()),
    }


def _unreadable(name: str, error: LmsError) -> Found:
    return {"pack": name, "whole": False, "error": error.message}


def _signed_by(signers: Sequence[Signer]) -> list[dict[str, str]]:
    return [{"name": signer.key.name, "id": signer.key.id, "standing": signer.standing} for signer in signers]


def _words(found: Found) -> list[str]:
    from lms.course.media import weight

    if "error" in found:
        return [found["error"]]
    said = [f"{found['pack']}: «{found['title']}», versión {found['version']}."]
    said.append(
        "Está completo." if found["whole"] else "NO está como salió de quien lo hizo. No lo instales."
    )
    said += _faults(found)
    if found["apart"]:
        said.append(
            f"No trae sus videos ({len(found['apart'])}, {weight(sum(found['apart'].values()))}), que van aparte: "
            "no le hacen falta."
        )
    said += _words_of_signers(found) or ["No lo firmó nadie: no se puede saber quién lo hizo."]
    age = _AGES[found["age"]]
    return [*said, age if age.endswith(".") else f"{age} ({found['installed']})."]


def _words_of_bundle(found: Found) -> list[str]:
    many = len(found["courses"])
    said = [f"{found['bundle']}: mochila digital con {many} {'curso' if many == 1 else 'cursos'}."]
    if not found["listed"]:
        said.append("No lleva la lista de lo que trajo: solo se revisó cada curso.")
    elif found["whole"]:
        said.append("Su página para empezar y su lista de cursos están completas.")
    else:
        said.append("NO está como salió de quien la hizo. Pide otra copia.")
    said += _faults(found)
    said += _words_of_signers(found) or ["La mochila no la firmó nadie: no se puede saber quién la hizo."]
    for course in found["courses"]:
        said += ["", *_words(course)]
    return said


def _faults(found: Found) -> list[str]:
    from lms.packs.names import shown

    kinds = (("damaged", "Dañado"), ("missing", "Falta"), ("extra", "Sobra"))
    said = [f"  {words}: {shown(path)}" for kind, words in kinds for path in found[kind]]
    forged = ["  Lleva una firma que no corresponde a este contenido."] if found["forged"] else []
    return [*said, *forged]


def _words_of_signers(found: Found) -> list[str]:
    return [
        f"Firmado por «{signer['name']}», llave {signer['id']}: {_STANDINGS[signer['standing']]}."
        for signer in found["signed_by"]
    ]
