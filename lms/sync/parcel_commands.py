"""What `lms sync` does with files between servers; the keys are only read where there is one."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from lms.clock import system_clock
from lms.db import Database
from lms.errors import Conflict, LmsError, NotFound
from lms.files import name_of_text, write_whole
from lms.settings import Settings
from lms.sync.armour import Label, in_files, parcels_in
from lms.sync.exchange import Errand
from lms.sync.giving import Here
from lms.sync.message import Card
from lms.sync.nodes import Peer, find_peer, peer_with_id, peers
from lms.sync.over_closed_file import in_text
from lms.sync.own import here_at, identity_in
from lms.sync.sealing import Identity, Public
from lms.sync.words import count

_MOST_OF_NAME = 20  # letters of a server's name in a file's, beside the beginning of its number


def here_and_key(db: Database) -> tuple[Here, Identity]:
    """This server, as its settings say it is, and its key."""
    settings = Settings.load(os.environ)
    return here_at(settings, db), identity_in(settings)


async def export_to(db: Database, named: str, folder: Path) -> None:
    """Write into a folder what a node lacks, sealed for it, and what waits here closed to it, and print the files."""
    from lms.sync import entrusted
    from lms.sync.over_parcel import parcels_for

    here, identity = here_and_key(db)
    peer = await _joined(db, named)
    parcels = [parcel async for parcel in parcels_for(here, identity, peer)]
    today = system_clock().date()
    files = in_files(parcels, Label(here.card.name, peer.name, today))
    name = name_for(peer, here.card, today)
    for number, data in enumerate(files, 1):
        part = f"-{number}" if len(files) > 1 else ""
        file = folder / f"{name}{part}.txt"
        write_whole(file, data)
        click.echo(f"{file}\t{len(data)}")
    for digest in await entrusted.waiting(db, peer):
        if not (parcel := await entrusted.parcel_of(db, digest)):
            continue
        data = in_text(parcel, peer.key.number)
        file = folder / f"cerrado-{digest[:16]}.txt"
        write_whole(file, data)
        click.echo(f"{file}\t{len(data)}")


def name_for(peer: Peer, sender: Card, today: date) -> str:
    """What a file for a node is called, without its ending: whose it is too, as several may go on one stick."""
    receiver, whose = _in_short(peer.name, peer.key), _in_short(sender.name, Public.read(sender.public))
    kind = name_of_text("para", receiver, today).removesuffix(f"-{today}.txt")
    return name_of_text(f"{kind}-de", whose, today).removesuffix(".txt")


def _in_short(name: str, key: Public) -> str:
    return f"{name[:_MOST_OF_NAME]} {key.number[:5]}"


async def import_parcels(db: Database, data: bytes, senders: dict[str, bool]) -> str:
    """Take a file of another server; what became of it, in words.

    Notes its sender, and whether it does not know yet that something of it has arrived, was erased, or is not here.
    """
    from lms.sync.over_parcel import take_parcels, words_of

    here, identity = here_and_key(db)
    taken = await take_parcels(here, identity, parcels_in(data))
    senders[taken.sender] = senders.get(taken.sender, False) or taken.wants_answer
    peer = await peer_with_id(db, taken.sender)
    return words_of(taken, peer.name if peer else taken.sender)


async def answers_for(db: Database, senders: Mapping[str, bool]) -> list[str]:
    """What to say to whoever brought files: how to answer each sender, if there is anything that it does not know.

    So that who answers answers goes on only as long as there is something new to say.
    """
    from lms.sync.over_parcel import lacks_something

    here, said = here_and_key(db)[0] if senders else None, []
    for sender, brought in senders.items():
        peer = await peer_with_id(db, sender)
        if here is None or peer is None:
            continue
        if brought or await lacks_something(here, peer):
            said.append(f"Para responder a «{peer.name}»: lms sync export --to {peer.name} CARPETA")
        else:
            said.append(f"No hace falta responder a «{peer.name}»: ya tiene lo mismo.")
    return said


async def exchange_with(db: Database, named: Sequence[str], errand: Errand) -> int:
    """Exchange with the nodes named, or with all above this one, and say what went; how many it failed with."""
    from lms.events.heading import bring_up_to_date
    from lms.events.naming import name_owners
    from lms.sync.over_network import ahead, exchange_over

    here, identity = here_and_key(db)
    known = [await _joined(db, one) for one in named] or await _above(db)
    if errand.gives and any(peer.upstream for peer in known):
        await name_owners(db)  # or more would go than is told
    await bring_up_to_date(db)
    failed = 0
    for peer in known:
        before, done = await ahead(db, peer), replace(errand)
        if done.gives:
            events = count(before.events, "registro", "registros")
            click.echo(
                f"{peer.name}: por enviar, {events}, unos {in_kilobytes(before.size)}, según lo último que dijo."
            )
        try:
            remote = await exchange_over(here, identity, peer, done)
        except LmsError as error:
            failed += 1
            before_it = f" Antes: {_done(done)}" if done.sent or done.stored else ""
            click.echo(f"{peer.name}: {error.message}{before_it}", err=True)
        else:
            went = f"Salieron {in_kilobytes(remote.sent)} y llegaron {in_kilobytes(remote.received)}."
            click.echo(f"{peer.name}: {_done(done)} {went}")
    return failed


async def _joined(db: Database, named: str) -> Peer:
    """The node with this name, if anything may go to it."""
    peer = await find_peer(db, named)
    if peer.state != "joined":
        why = "se quitó" if peer.state == "refused" else "todavía no se aceptó"
        raise Conflict(
            f"A «{peer.name}» no se le envía nada: {why} en este servidor. Si es quien dice, y su número es "
            f"{peer.key.number}: lms node accept {peer.name}"
        )
    return peer


async def _above(db: Database) -> list[Peer]:
    above = [one for one in await peers(db) if one.upstream]
    joined = [one for one in above if one.state == "joined"]
    if not above:
        raise NotFound("Este servidor todavía no se unió a ningún otro. Pide una invitación: lms node join")
    if not joined:
        names = ", ".join(f"«{one.name}»" for one in above)
        raise NotFound(
            f"Este servidor ya no intercambia con {names}: se quitó. Para volver: lms node accept NOMBRE"
        )
    return joined


def _done(errand: Errand) -> str:
    sent = count(errand.sent, "registro enviado", "registros enviados")
    handed = count(errand.handed, "archivo cerrado entregado", "archivos cerrados entregados")
    closed = f" {handed}." if errand.handed else ""
    return f"{sent}, {count(errand.stored, 'nuevo recibido', 'nuevos recibidos')}.{closed}"


def in_kilobytes(size: int) -> str:
    """A size for people: `12 KB`, `3.4 MB`."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{-(-size // 1000)} KB"
