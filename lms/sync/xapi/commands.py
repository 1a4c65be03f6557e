"""`lms xapi …`: the keys of programs that read or leave statements."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

import click

from lms.db import Database, ready_database
from lms.settings import Settings
from lms.sync.xapi.keys import May, all_keys, new_key, revoke_key

T = TypeVar("T")

_MAY: dict[May, str] = {"read": "leer", "write": "dejar", "all": "leer y dejar"}


@click.group(help="xAPI: llaves de los programas que leen o dejan declaraciones (statements) aquí.")
def xapi() -> None:
    """Group of the xAPI commands."""


@xapi.group(help="Llaves: quién puede leer o dejar declaraciones.")
def key() -> None:
    """Group of the key commands."""


@key.command(help="Hace una llave y muestra su clave, una sola vez. NOMBRE la distingue: lrs-difods.")
@click.argument("name", metavar="NOMBRE")
@click.option("--only", type=click.Choice(["read", "write"]), help="Solo para leer, o solo para dejar.")
def new(name: str, only: str | None) -> None:
    """Make a key and print its secret."""
    may = cast(May, only or "all")
    secret = asyncio.run(_with_database(lambda db: new_key(db, name, may)))
    click.echo(f"{name}:{secret}")
    click.echo("Guarda esta clave ahora: no se puede volver a mostrar.", err=True)
    if may != "write":
        click.echo("Con ella se lee lo que hizo cada perfil de este servidor.", err=True)


@key.command("list", help="Muestra las llaves: nombre, para qué sirve, desde cuándo, si está anulada.")
def list_keys() -> None:
    """Print a line a key."""
    for one in asyncio.run(_with_database(all_keys)):
        state = f"anulada {one.revoked_at[:10]}" if one.revoked_at else "en uso"
        click.echo(f"{one.name}\t{_MAY[one.may]}\t{one.made_at[:10]}\t{state}")


@key.command(help="Anula una llave: desde ese momento no abre nada.")
@click.argument("name", metavar="NOMBRE")
def revoke(name: str) -> None:
    """Revoke a key."""
    asyncio.run(_with_database(lambda db: revoke_key(db, name)))
    click.echo(f"Llave «{name}» anulada.")


async def _with_database(work: Callable[[Database], Awaitable[T]]) -> T:
    async with ready_database(Settings.load(os.environ).database) as db:
        return await work(db)
