"""Whoever brings a file to the wrong server is told which one it is for, as far as that is known."""

from __future__ import annotations

from datetime import date

import pytest
from events_cast import small_course

from lms.db import Database
from lms.errors import ForAnother
from lms.sync.armour import Label, armoured, parcels_in
from lms.sync.destined import calling_it_by_name
from lms.sync.message import Card
from lms.sync.nodes import State, keep_peer
from lms.sync.over_closed_file import read_progress_file
from lms.sync.sealing import Identity
from tests.sync.closing import Signing

HERE, UGEL = Identity.new(), Identity.new()
NUMBER = UGEL.public.number
AT = "2026-11-26T13:40:00.000Z"


def closed() -> bytes:
    """A teacher's file, as a browser heads it."""
    tablet = Signing(small_course())
    file = tablet.closes([tablet.announces(), tablet.opens()], UGEL.public)
    return file.replace(b"# Cerrado", f"# Cerrado: solo lo abre el servidor {NUMBER}. Súbelo allí".encode())


def parcel() -> bytes:
    """What a school prepared."""
    return armoured([HERE.seal(b"x", UGEL.public)], Label("Escuela", "UGEL Cusco", date(2026, 11, 26)))


async def bring(db: Database, data: bytes) -> None:
    async with calling_it_by_name(db, data):
        if data.startswith(b"CHASKI PAQUETE"):
            HERE.open(next(parcels_in(data)))
        read_progress_file(data, lambda: HERE)


async def told(db: Database, data: bytes) -> str:
    with pytest.raises(ForAnother) as refused:
        await bring(db, data)
    return refused.value.message


async def known(db: Database, state: State) -> None:
    await keep_peer(db, Card("ugel", UGEL.public.text, ""), state, at=AT)


@pytest.mark.parametrize("file", [closed(), parcel()])
async def test_a_server_that_was_accepted_here_is_called_by_its_name(db: Database, file: bytes) -> None:
    await known(db, "joined")
    assert f" para «ugel», número {NUMBER}: solo ese servidor lo puede abrir. Entrégalo allí" in await told(
        db, file
    )


@pytest.mark.parametrize("file", [closed(), parcel()])
async def test_one_that_only_knocked_is_told_by_its_number(db: Database, file: bytes) -> None:
    await known(db, "waiting")
    assert f" para otro servidor, con el número {NUMBER}: " in await told(db, file)


async def test_of_a_strange_server_what_the_file_says_for_people_is_repeated(db: Database) -> None:
    assert f"cerrado para otro servidor, con el número {NUMBER}: " in await told(db, closed())
    assert "es para otro servidor, que el archivo llama «UGEL Cusco»: " in await told(db, parcel())


async def test_a_file_that_says_nothing_is_for_another_server(db: Database) -> None:
    silent = closed().replace(NUMBER.encode(), b"1234")
    assert "cerrado para otro servidor: solo ese servidor" in await told(db, silent)


async def test_the_way_out_names_the_button_by_its_words(db: Database) -> None:
    assert "guarda el avance otra vez, con «Para otro equipo mío, abierto»." in await told(db, closed())
