"""The terminal's way to accounts: for whoever administers a server."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from lms.accounts import queries, signin, signup
from lms.clock import stamp, system_clock
from lms.db import Database, ready_database
from lms.errors import Conflict, Invalid, NotFound
from lms.events import naming
from lms.forms import Form
from lms.people import links
from lms.people import queries as people
from lms.people.documents import DOCUMENT_TYPES, parse_document
from lms.people.model import ROLES, Person, Role
from lms.people.pin import parse_pin
from lms.settings import Settings
from lms.terminal import agreed

T = TypeVar("T")

_PIN = "PIN de 6 números"
_ROLE = click.Choice(ROLES)
_STATES = {"vouched": "confirmado", "unverified": "por confirmar"}

_KNOWN = (
    "Ya hay una cuenta con el documento {0}, de {1}. Si olvidó su PIN: lms person reset-pin {0}. "
    "Si necesita otro rol: lms person role {0} ROL."
)


@click.group(help="Agrega personas, cambia su rol o su PIN, o las borra. El PIN se pide sin mostrarlo.")
def person() -> None:
    """Hold the commands below."""


@person.command(help="Agrega una persona y muestra su código de recuperación.")
@click.argument("documento")
@click.option("--type", "tipo", type=click.Choice([kind.code for kind in DOCUMENT_TYPES]), default="dni")
@click.option("--names", "nombres", required=True, metavar="NOMBRES", help="Nombres.")
@click.option("--paternal", "paterno", required=True, metavar="APELLIDO", help="Apellido paterno.")
@click.option("--maternal", "materno", default="", metavar="APELLIDO", help="Apellido materno, si tiene.")
@click.option("--role", type=_ROLE, default="docente", show_default=True, help="Rol.")
@click.option("--pin", metavar="PIN", prompt=_PIN, hide_input=True, confirmation_prompt="Otra vez", help=_PIN)
def add(role: Role, **typed: str) -> None:
    """Make an account for somebody; its owner accepts the privacy notice on first signing in."""
    form = Form({**typed, "pin2": typed["pin"], "acepto": "si"})
    sign_up = signup.read_sign_up(form)
    if sign_up is None:
        raise Invalid(" ".join(form.errors.values()))
    if sign_up.document.warning:
        click.echo(sign_up.document.warning, err=True)

    async def work(db: Database) -> str:
        if there := await people.person_typed(db, sign_up.document.number):
            raise Conflict(_KNOWN.format(there.document, there.full_name))
        account = await signup.new_account(sign_up, system_clock(), role=role, accepted=False)
        await account.store(db)
        return account.code

    click.echo(f"Código de recuperación: {_run(work)}")


@person.command("correct", help="Corrige el documento de una persona; su PIN y su avance no cambian.")
@click.argument("document", metavar="DOCUMENTO")
@click.argument("right", metavar="CORRECTO")
@click.option("--type", "kind", type=click.Choice([kind.code for kind in DOCUMENT_TYPES]), default="dni")
def correct(document: str, right: str, kind: str) -> None:
    """Give a person the document they really have."""
    new = parse_document(kind, right)
    if new.warning:
        click.echo(new.warning, err=True)

    async def work(db: Database) -> Person:
        found = await _named(db, document)
        async with db.transaction() as change:
            if not await people.set_document(change, found.id, new.type, new.number):
                raise Conflict(f"Otra persona tiene el documento {new.number}. No se cambió nada.")
            for profile in await people.profiles_of(change, found.id):
                await naming.take_back(change, profile, at=stamp(system_clock()))
        return found

    click.echo(f"{_run(work).full_name}: {new.number}")


@person.command("role", help="Cambia el rol de una persona.")
@click.argument("document", metavar="DOCUMENTO")
@click.argument("role", type=_ROLE, metavar="ROL")
def change_role(document: str, role: Role) -> None:
    """Give a person another role; it holds from their next page on."""

    async def work(db: Database) -> Person:
        found = await _named(db, document)
        await people.set_role(db, found.document, role)
        return found

    click.echo(f"{_run(work).full_name}: {role}")


@person.command("reset-pin", help="Pone un PIN nuevo y muestra el código de recuperación nuevo.")
@click.argument("document", metavar="DOCUMENTO")
@click.option("--pin", metavar="PIN", help=_PIN)
def reset_pin(document: str, pin: str | None) -> None:
    """Set a PIN; every open session of the person ends. Nobody is asked for one before their account is found."""
    found = _run(lambda db: _named(db, document))
    typed = pin or click.prompt(_PIN, hide_input=True, confirmation_prompt="Otra vez")

    async def work(db: Database) -> str:
        checked = parse_pin(typed, found.document)
        return await signin.set_pin(db, found, checked, by="", now=system_clock())

    click.echo(f"Código de recuperación: {_run(work)}")


@person.command(
    help="Borra a una persona: su cuenta, y su nombre y documento en todo lo guardado. Con --profile, los nombres, "
    "documentos y notas de un avance de alguien que no tiene cuenta aquí. Los servidores unidos a este también lo borran."
)
@click.argument("document", metavar="[DOCUMENTO]", default="")
@click.option("--profile", metavar="PERFIL", default="", help="En lugar del documento.")
@click.option("--yes", is_flag=True, help="No preguntar.")
def erase(document: str, profile: str, yes: bool) -> None:
    """Forget a person, or whoever used a profile; it cannot be undone."""
    if bool(document) == bool(profile):
        raise click.UsageError("Elige uno de los dos: DOCUMENTO o --profile.")
    found = _run(lambda db: _named(db, document)) if document else None
    whom = found.full_name if found else f"{_run(lambda db: _free(db, profile))}, del perfil {profile}"
    if not yes and not agreed(f"¿Borrar para siempre a {whom}?"):
        raise click.Abort
    at = stamp(system_clock())
    if found:
        _run(lambda db: queries.erase(db, found, at=at))
    elif not _run(lambda db: queries.erase_profile(db, profile, at=at)):
        raise Conflict("Mientras tanto ese perfil quedó enlazado a una persona. No se borró nada.")
    click.echo("Borrado.")


async def _free(db: Database, profile: str) -> str:
    """The names that a profile says, which is nobody's who has an account here."""
    link = await links.link_of(db, profile)
    owner = await people.person(db, link.person) if link else None
    if owner:
        raise Conflict(
            f"Ese perfil es de {owner.full_name}, o puede serlo. Borra su cuenta: lms person erase {owner.document}. "
            f"Si no es suyo: lms person unlink {profile}"
        )
    if not await queries.has_progress(db, profile):
        raise NotFound(f"Aquí no hay avance del perfil {profile}. Revisa si está completo.")
    return await queries.names_said(db, profile) or "quien lo usó"


@person.command("profiles", help="Muestra los perfiles de una persona: perfil, estado y registros.")
@click.argument("document", metavar="DOCUMENTO")
def show_profiles(document: str) -> None:
    """Print every profile that is or may be a person's, one a line."""

    async def work(db: Database) -> list[queries.LinkedProfile]:
        return await queries.links_of(db, (await _named(db, document)).id)

    for link in _run(work):
        click.echo(f"{link.profile}\t{_STATES[link.status]}\t{link.progress}")


@person.command("unlink", help="Quita un perfil a la persona que lo tiene. Su avance no se borra.")
@click.argument("profile", metavar="PERFIL")
def unlink(profile: str) -> None:
    """Undo a wrong link, also one that somebody vouched for; see `lms person profiles`."""

    async def work(db: Database) -> Person | None:
        link = await links.link_of(db, profile)
        if link is None:
            raise NotFound(f"Nadie tiene el perfil {profile}. Mira cuáles hay con: lms person profiles")
        await queries.undo_link(db, profile, link.person, by="", at=stamp(system_clock()))
        return await people.person(db, link.person)

    found = _run(work)
    click.echo(f"{profile}: ya no es de {found.full_name if found else 'nadie'}.")


@person.command("list", help="Muestra las personas: documento, rol y nombre, separados por tabulaciones.")
def show_all() -> None:
    """Print everybody, one a line."""
    for found in _run(people.all_persons):
        click.echo(f"{found.document}\t{found.role}\t{found.full_name}")


async def _named(db: Database, document: str) -> Person:
    found = await people.person_typed(db, document)
    if found is None:
        raise NotFound(f"No hay una cuenta con el documento {document}. Mira cuáles hay con: lms person list")
    return found


def _run(work: Callable[[Database], Awaitable[T]]) -> T:
    """Do something with the database of the settings in force."""
    return asyncio.run(_with_database(work))


async def _with_database(work: Callable[[Database], Awaitable[T]]) -> T:
    async with ready_database(Settings.load(os.environ).database) as db:
        return await work(db)
