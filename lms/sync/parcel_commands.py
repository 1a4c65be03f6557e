"""What `lms sync` does with files between servers; the keys are only read where there is one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lms.clock import system_clock
from lms.db import Database
from lms.files import write_whole
from lms.settings import Settings
from lms.sync.armour import Label, in_files, parcels_in
from lms.sync.giving import Here
from lms.sync.message import Card
from lms.sync.nodes import find_peer, peer_with_id

if TYPE_CHECKING:
    from lms.sync.sealing import Identity


def here_at(db: Database) -> tuple[Here, Identity]:
    """This server, as its settings say it is."""
    from lms.sync.sealing import Identity

    settings = Settings.load(os.environ)
    identity = Identity.kept_in(settings.node_folder)
    return Here(db, Card(settings.node_name, identity.public.text, settings.address)), identity


async def export_to(db: Database, named: str, folder: Path) -> None:
    """Write into a folder what a node lacks, sealed for it, and print the files."""
    from lms.sync.over_parcel import parcels_for

    here, identity = here_at(db)
    peer = await find_peer(db, named)
    parcels = [parcel async for parcel in parcels_for(here, identity, peer)]
    today = system_clock().date()
    files = in_files(parcels, Label(here.card.name, peer.name, today))
    for number, data in enumerate(files, 1):
        part = f"-{number}" if len(files) > 1 else ""
        file = folder / f"para-{peer.id}-{today.isoformat()}{part}.txt"
        write_whole(file, data)
        click.echo(f"{file}\t{len(data)}")


async def import_parcels(db: Database, data: bytes) -> str:
    """Take a file of another server; what became of it, in words."""
    from lms.sync.over_parcel import take_parcels, words_of

    here, identity = here_at(db)
    taken = await take_parcels(here, identity, parcels_in(data))
    peer = await peer_with_id(db, taken.sender)
    name = peer.name if peer else taken.sender
    return f"{words_of(taken, name)} Para responderle: lms sync export --to {name} CARPETA"
