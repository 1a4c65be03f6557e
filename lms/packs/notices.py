"""What somebody who packs courses is told before they leave: what others may have already, and what lacks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from lms.course.model import COURSE_FILE, Course
from lms.course.source import parse_toml, read_text
from lms.errors import Conflict
from lms.packs.given import Given, given_otherwise, signed_pack
from lms.packs.keyring import Keyring
from lms.packs.names import some
from lms.settings import Settings

AGAIN = click.option(
    "--again", is_flag=True, help="Acepta dar otro contenido a una versión que ya se entregó."
)

_STATES = {"signed": "ya se entregó firmada, en {place}", "installed": "llegó a este equipo en un paquete"}
_MOST_NAMED = 3
_UNSIGNED = "Sin firma: quien lo instale no podrá saber quién lo hizo y tendrá que aceptarlo con --unsigned."


def check_given(courses: Sequence[Course], folder: Path, made: Sequence[Path], again: bool) -> None:
    """Refuse to give a version other content than it was given out with, unless it is done `again` knowingly.

    A pack with other content that stands where one that is `made` is about to be is named before it is replaced.
    """
    refused = []
    for course in courses:
        found = given_otherwise(course, folder)
        out = next((one for one in found if one.state != "draft"), None)
        if out and not again:
            refused.append(_refusal(course, out))
            continue
        for one in found:
            if {one.place, *one.place.parents} & {*made}:
                signed = "firmado" if one.state == "signed" else "sin firma"
                click.echo(
                    f"aviso: {one.place} ({signed}) tenía otro contenido en la misma versión, {course.version}: "
                    f"{some(one.differ, _MOST_NAMED)}. Se reemplaza.",
                    err=True,
                )
    if refused:
        hint = "Si sabes que nadie la tiene, repite la orden con --again."
        raise Conflict("\n".join([*refused, hint]))


def check_signed(course: Course, folder: Path, again: bool) -> None:
    """Refuse to put a pack without a signature where a signed one of the same version is, unless it is done `again`."""
    if not again and (signed := signed_pack(course, folder)):
        raise Conflict(
            f"{signed} está firmado, y esta orden lo cambiaría por uno sin firma. Usa --sign, u otra carpeta con --to. "
            "Si ya no lo necesitas, repite la orden con --again."
        )


def _refusal(course: Course, out: Given) -> str:
    file = course.folder / COURSE_FILE
    line = parse_toml(read_text(course.folder, COURSE_FILE), COURSE_FILE).line("version")
    return (
        f"La versión {course.version} de «{course.title}» {_STATES[out.state].format(place=out.place)}, y ahora cambió: "
        f"{some(out.differ, _MOST_NAMED)}. Sube «version» en {file}, línea {line}."
    )


def tell_unsigned(settings: Settings) -> None:
    """Say what a pack without a signature means for who installs it, and how to sign."""
    own = Keyring(settings.data / "keys").own_names()
    how = (
        f"Para firmarlo: --sign {own[0]}."
        if own
        else "Para firmarlo: haz una llave con «lms key new» y usa --sign."
    )
    click.echo(f"{_UNSIGNED} {how}", err=True)
