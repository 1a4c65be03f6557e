"""What `lms sync import` takes in: files, and folders such as the one on a stick that was exported to."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import click

from lms.clock import stamp, system_clock
from lms.db import Database
from lms.errors import ForAnother, Invalid, LmsError, NotFound, Unavailable
from lms.settings import Settings
from lms.sync.armour import is_armoured
from lms.sync.destined import calling_it_by_name
from lms.sync.over_closed_file import is_closed
from lms.sync.over_file import MAX_FILE, beginning
from lms.sync.own import identity_in
from lms.sync.parcel_commands import answers_for, import_parcels
from lms.sync.receiving import Bringer, read_file, receive_file
from lms.sync.words import what_became

UNREADABLE = "No se pudo leer. Revisa que no esté abierto en otro programa y que tengas permiso."
NOTHING = "En esta carpeta no hay archivos de avance. Revisa si están en otra, dentro o fuera de esta."

CODES = (
    "No es un archivo de avance: trae códigos o recibos, como un chat. Los recibe un acompañante en «Recibir avance de un "
    "docente», o su persona en «Mi avance»."
)

_OURS = (b"CHASKI AVANCE ", b"CHASKI PAQUETE ")


async def take_all(db: Database, places: Sequence[Path], advance: Callable[[], None]) -> int:
    """Take in files, and those of folders, and say what became of each; how many could not be taken.

    In a folder may also lie what is for another server: that is for whoever carries it there.
    """
    failed, senders = 0, dict[str, bool]()
    for place in places:
        try:
            files = _in_folder(place) if place.is_dir() else [place]
        except LmsError as error:
            files, failed = [], failed + 1
            click.echo(f"{place}: {error.message}", err=True)
        for file in files:
            try:
                click.echo(f"{file}: {await _take(db, file, senders)}")
            except Unavailable:  # what cannot take this one cannot take the next
                raise
            except LmsError as error:
                failed += not (isinstance(error, ForAnother) and file is not place)
                click.echo(f"{file}: {error.message}", err=True)
        advance()
    for said in await answers_for(db, senders):
        click.echo(said)
    return failed


def _in_folder(folder: Path) -> list[Path]:
    """The files of progress and of parcels in a folder, by their name; whatever else lies there is let be.

    One that cannot be read may be of either: it is told by itself, and keeps out no other.
    """
    try:
        files = sorted(one for one in folder.iterdir() if one.is_file() and _is_ours(one))
    except OSError as error:
        raise Invalid(UNREADABLE) from error
    if not files:
        raise NotFound(NOTHING)
    return files


def _is_ours(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return beginning(opened.read(64)).startswith(_OURS)
    except OSError:
        return True


async def _take(db: Database, file: Path, senders: dict[str, bool]) -> str:
    """Take one file, of a person or of another server; what became of it."""
    data, settings = _read(file), Settings.load(os.environ)
    if _has_codes(data):
        raise Invalid(CODES)
    async with calling_it_by_name(db, data):
        if is_armoured(data):
            return await import_parcels(db, data, senders)
        if is_closed(data) and (kept := await _kept(db, data)):
            return kept
        opened = await read_file(data, partial(identity_in, settings))
    received = await receive_file(db, opened, None, "keeper")
    return what_became(received, _titles(settings.courses, received.course), Bringer(None, "keeper"))


async def _kept(db: Database, data: bytes) -> str:
    """What to say of a file that waits here for a server above, empty if it is none."""
    from lms.sync.entrusted import leave, words_of

    left = await leave(db, data, at=stamp(system_clock()))
    return words_of(left) if left else ""


def _has_codes(data: bytes) -> bool:
    """Whether there are codes or receipts in a file, as in a chat: they are taken on the word of a person who is known."""
    from lms.sync.pasted import Source, chat_in, look_through

    if beginning(data).startswith(b"CHASKI RECIBO"):
        return True
    found = look_through([Source(chat_in(data))], 1)
    return bool(found.codes or found.receipts)


def _titles(courses: Path, id: str) -> dict[str, str]:
    """The title of one course, by its id, read from its own file alone: others wait for no course to be loaded."""
    with suppress(OSError, ValueError):  # where it is not here or cannot be read, its id says which it is
        if id in {folder.name for folder in courses.iterdir()}:
            said = tomllib.loads((courses / id / "course.toml").read_text("utf-8"))
            return {id: str(said["title"])} if "title" in said else {}
    return {}


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_FILE + 1)  # as much as tells that it is too large
    except OSError as error:
        raise Invalid(UNREADABLE) from error
