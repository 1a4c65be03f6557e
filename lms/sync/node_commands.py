"""`lms node …`: which other servers this one exchanges progress with."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from lms.clock import day_in_words, stamp, system_clock
from lms.db import Database, ready_database
from lms.errors import Conflict, Invalid, LmsError
from lms.settings import Settings
from lms.sync.own import card_of, identity_in
from lms.terminal import agreed

if TYPE_CHECKING:
    from lms.sync.invitations import Invitation
    from lms.sync.nodes import Peer, State

T = TypeVar("T")

_LONGEST_SHOWN = 100  # characters: a longer text was pasted, and lost something

STATES = {"waiting": "espera que lo aceptes", "joined": "unido", "refused": "no se acepta"}


@click.group(help="Otros servidores con los que este intercambia avances.")
def node() -> None:
    """Group of the node commands."""


@node.command(help="Muestra quién es este servidor: su nombre y su número.")
def show() -> None:
    """Print the name and the number of this node."""
    settings = Settings.load(os.environ)
    click.echo(f"{settings.node_name}\t{identity_in(settings).public.number}")


@node.command(
    help="Muestra la llave de este servidor, para LMS_RECEIVER donde se preparan paquetes de cursos."
)
def key() -> None:
    """Print the public key of this node."""
    click.echo(identity_in(Settings.load(os.environ)).public.text)


@node.command(help="Hace una invitación para que otro servidor se una a este. Vale para uno solo.")
@click.argument("name", metavar="[NOMBRE]", default="")
def invite(name: str) -> None:
    """Print the line that another node joins with."""
    from lms.sync.invitations import Invitation
    from lms.sync.nodes import invite as make

    settings = Settings.load(os.environ)
    secret = _run(lambda db: make(db, name, at=stamp(system_clock())))
    click.echo(Invitation(card_of(settings), secret).line)
    click.echo("Entrega esta línea a quien administra el otro servidor: lms node join LÍNEA", err=True)
    if not settings.address:
        click.echo(
            "Este servidor no tiene LMS_ADDRESS: el otro podrá intercambiar por archivo, pero no por la red.",
            err=True,
        )


@node.command(
    help="Une este servidor a otro, que recibirá su avance. A_QUIÉN es la línea de invitación que te dieron, un "
    "archivo con ella, o la dirección del otro (https://…), donde después tendrán que aceptarte."
)
@click.argument("whom", metavar="A_QUIÉN")
@click.option("--yes", is_flag=True, help="No pregunta: ya comparaste el número.")
def join(whom: str, yes: bool) -> None:
    """Know another node as upstream from now on."""
    from lms.sync.nodes import join as join_node
    from lms.sync.sealing import Public

    settings = Settings.load(os.environ)
    found = _invitation(whom)
    number = Public.read(found.card.public).number
    if found.card.public == card_of(settings).public:
        raise Conflict("Esa invitación es de este mismo servidor. Úsala en el otro.")
    if not (yes or found.secret):
        question = f"En esa dirección está «{found.card.name}», número {number}. ¿Es el que allí muestra «lms node show»?"
        if not agreed(question):
            raise click.Abort
    if found.secret and found.card.address:
        _try(found, settings)
    peer = _run(lambda db: join_node(db, found.card, found.secret, at=stamp(system_clock())))
    click.echo(f"Este servidor envía desde ahora su avance a «{peer.name}», número {number}.")
    if not found.secret and not _is_in(found, settings):
        click.echo(
            "Falta que allí lo acepten. Intercambia una vez, para que lo anoten: lms sync run. Después, allí: "
            f"lms node accept {settings.node_name} (número {identity_in(settings).public.number})."
        )
    click.echo(_ways(peer))


def _try(found: Invitation, settings: Settings) -> None:
    """Where there is a network, see at once whether an invitation is good; who cannot be reached is asked later."""
    from lms.remote import Refused
    from lms.sync.over_network import knock

    try:
        asyncio.run(knock(card_of(settings), identity_in(settings), found.card, found.secret))
    except Refused as refused:
        if refused.spoke:
            raise
        click.echo(f"Ahora no se pudo comprobar la invitación. {refused.message}", err=True)
    except LmsError as error:
        click.echo(f"Ahora no se pudo comprobar la invitación. {error.message}", err=True)


def _is_in(found: Invitation, settings: Settings) -> bool:
    """Whether a server found by its address takes already what this one brings, as one that invited it before."""
    from lms.sync.over_network import knock

    try:
        asyncio.run(knock(card_of(settings), identity_in(settings), found.card, found.secret))
    except LmsError:
        return False
    return True


def _ways(peer: Peer) -> str:
    by_file = f"por archivo: lms sync export --to {peer.name} CARPETA"
    return f"Por la red: lms sync run; {by_file}" if peer.address else f"Sin red, {by_file}"


def _invitation(text: str) -> Invitation:
    from lms.sync.invitations import Invitation, read_invitation
    from lms.sync.nodes import shown

    if text.lower().startswith(("http://", "https://")):
        from lms.sync.over_network import ask_card

        return Invitation(ask_card(text), "")
    file, written = Path(text), ""
    with suppress(OSError):  # a line of text may be too long to be the name of a file
        written = file.read_text("utf-8", "replace") if file.is_file() else ""
    if not written and len(text) < _LONGEST_SHOWN and "chaski-servidor" not in text:
        raise Invalid(
            f"«{shown(text)}» no es una invitación, ni un archivo que la tenga, ni una dirección. La invitación empieza "
            "con «chaski-servidor-1:»; la dirección se escribe entera, con http:// o https:// delante."
        )
    return read_invitation(written or text)


@node.command("list", help="Muestra los servidores que se conocen y cuándo se supo de ellos.")
def list_nodes() -> None:
    """Print a line for each node."""
    from lms.sync.nodes import peers
    from lms.sync.regularly import rhythm

    found = _run(peers)
    if not found:
        click.echo("Todavía no se conoce ningún servidor. Para unirse a uno: lms node join")
    for peer in found:
        seen = f"visto el {_day(peer.seen)}" if peer.seen else "todavía no se supo de él"
        way = "recibe el avance de este" if peer.upstream else "trae su avance a este"
        way = f"ya no {way}" if peer.state == "refused" else way
        click.echo("\t".join((peer.name, peer.key.number, STATES[peer.state], way, seen)))
    if any(peer.upstream and peer.state == "joined" and peer.address for peer in found):
        said = rhythm(Settings.load(os.environ), system_clock().astimezone())
        click.echo(f"Intercambia por la red {said}.", err=True)


def _day(at: str) -> str:
    from datetime import datetime

    return day_in_words(datetime.fromisoformat(at).date())


@node.command(help="Acepta a un servidor que espera: lo que traiga contará. Compara antes su número.")
@click.argument("named", metavar="NOMBRE")
def accept(named: str) -> None:
    """Let a node that waits in."""
    peer = _run(lambda db: _set(db, named, "joined"))
    who = f"«{peer.name}», número {peer.key.number},"
    if peer.state == "joined":
        click.echo(f"{who} ya estaba unido. No cambió nada.")
    elif peer.upstream:
        click.echo(f"{who} recibe otra vez el avance de este servidor.")
    else:
        click.echo(f"{who} se unió. Lo que traiga desde ahora se recibe.")


@node.command(
    help="Deja de intercambiar con un servidor, del todo: nada se recibe de él y nada se le envía. "
    "Lo que se intercambió antes se queda."
)
@click.argument("named", metavar="NOMBRE")
def remove(named: str) -> None:
    """Refuse a node from now on."""
    peer = _run(lambda db: _set(db, named, "refused"))
    who, back = f"«{peer.name}», número {peer.key.number}", f"Para volver: lms node accept {peer.name}"
    if peer.upstream:
        click.echo(
            f"Desde ahora no se envía nada a {who}, ni se recibe nada de él. Lo que ya tiene se queda allí."
        )
    else:
        click.echo(f"Desde ahora no se recibe nada de {who}, ni se le envía nada.")
        back += ", o que se una con una invitación que hagas desde ahora"
    click.echo(back)


async def _set(db: Database, named: str, state: State) -> Peer:
    """Have a node in a state; how it was known until now."""
    from lms.sync.nodes import find_peer, set_state

    peer = await find_peer(db, named)
    if peer.state != state:
        await set_state(db, peer, state, at=stamp(system_clock()))
    return peer


def _run(work: Callable[[Database], Awaitable[T]]) -> T:
    async def with_database() -> T:
        async with ready_database(Settings.load(os.environ).database) as db:
            return await work(db)

    return asyncio.run(with_database())
