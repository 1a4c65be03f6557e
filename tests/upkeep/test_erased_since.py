"""Who was erased after a backup was made is not brought back by it, as far as anything here still knows."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from events_cast import Tablet, small_course, store

from lms.db import ready_database
from lms.events.erasing import erase_profiles
from lms.events.forgetting import erase
from lms.people import links
from lms.people.model import Person
from lms.people.queries import add_person
from lms.settings import Settings
from lms.upkeep.commands import _of_erased
from lms.upkeep.restore import Restored, Staged, restore
from tests.sync.bringing import COACH, NELIDA, RUTH
from tests.upkeep.acts import NOW, backed_up, restored, settings_in

AT, LATER = "2026-11-23T13:40:00.000Z", "2026-11-26T10:00:00.000Z"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A server where Nélida has an account, and somebody without one left a name."""
    made = settings_in(tmp_path / "school" / "data")
    asyncio.run(_sign_up(made, NELIDA))
    asyncio.run(_somebody(made))
    return made


async def _sign_up(settings: Settings, person: Person) -> None:
    tablet = Tablet(small_course())
    async with ready_database(settings.database) as db:
        assert await add_person(db, person, pin_hash="", recovery_hash="")
        await store(db, tablet.identifies(person.given_names, person.document))
        await links.vouch(db, tablet.profile, person.id, by=person.id, at=AT)


async def _somebody(settings: Settings) -> None:
    async with ready_database(settings.database) as db:
        await store(db, Tablet(small_course()).identifies("Ana Sin Cuenta"))


async def _erase_both(settings: Settings) -> None:
    async with ready_database(settings.database) as db:
        await erase(db, NELIDA, at=LATER)
        rows = await db.rows("SELECT profile FROM events")
        await erase_profiles(db, [row["profile"] for row in rows], at=LATER)


def said_in(settings: Settings) -> tuple[list[str], str]:
    """The documents of the accounts, and all that lines say."""
    with closing(sqlite3.connect(settings.database)) as db:
        accounts = [one for (one,) in db.execute("SELECT document FROM persons ORDER BY document")]
        return accounts, "".join(bytes(one).decode() for (one,) in db.execute("SELECT line FROM events"))


def looked_at(source: Path, settings: Settings) -> tuple[Staged, Restored | None]:
    """What whoever restores is asked about, and what became of it."""
    asked: list[Staged] = []

    def agree(staged: Staged) -> bool:
        asked.append(staged)
        return True

    became = restore(source, settings, NOW, agree, lambda *_: None)
    return asked[0], became


def test_they_are_erased_again_after_one_question(settings: Settings) -> None:
    made = backed_up(settings)
    asyncio.run(_erase_both(settings))
    asyncio.run(_sign_up(settings, RUTH))
    staged, became = looked_at(made.file, settings)

    assert _of_erased(staged.erased).startswith("1 persona de esa copia se borró aquí después.")
    accounts, lines = said_in(settings)
    assert accounts == []
    assert "Nélida" not in lines
    assert NELIDA.document not in lines
    assert "Ana Sin Cuenta" not in lines

    assert became
    assert became.aside
    restored(became.aside, settings)
    assert said_in(settings)[0] == [RUTH.document], "what was put aside comes back as it was"


async def _others(settings: Settings) -> None:
    """A coach without progress, and a teacher whose only profile still waits for a word."""
    async with ready_database(settings.database) as db:
        for person in (COACH, RUTH):
            assert await add_person(db, person, pin_hash="", recovery_hash="")
        await links.claim(db, "waits", RUTH.id, at=AT)


async def _erase(settings: Settings, *persons: Person) -> None:
    async with ready_database(settings.database) as db:
        for person in persons:
            await erase(db, person, at=LATER)


def test_who_had_no_vouched_profile_is_erased_again_too(settings: Settings) -> None:
    asyncio.run(_others(settings))
    made = backed_up(settings)
    asyncio.run(_erase(settings, COACH, RUTH))
    with closing(sqlite3.connect(settings.database)) as db:
        noted = db.execute("SELECT person, day FROM erased_persons ORDER BY person").fetchall()
    assert noted == [(RUTH.id, "2026-11-26"), (COACH.id, "2026-11-26")], "no name, and no document"
    staged, _ = looked_at(made.file, settings)

    assert _of_erased(staged.erased).startswith("2 personas de esa copia se borraron aquí después.")
    assert said_in(settings)[0] == [NELIDA.document]
    with closing(sqlite3.connect(settings.database)) as db:
        assert db.execute("SELECT person, day FROM erased_persons ORDER BY person").fetchall() == noted


def test_it_is_still_known_after_an_older_backup_that_never_had_them(settings: Settings) -> None:
    first = backed_up(settings)
    asyncio.run(_others(settings))
    second = backed_up(settings, first.file.parent / "later")
    asyncio.run(_erase(settings, COACH, RUTH))
    staged, _ = looked_at(first.file, settings)
    assert _of_erased(staged.erased).startswith("Aquí no se borró después a ninguna persona de esa copia.")
    restored(second.file, settings)
    assert said_in(settings)[0] == [NELIDA.document]


def test_a_database_that_noted_no_account_claims_nothing_and_says_who_is_in_the_backup_only(
    settings: Settings,
) -> None:
    asyncio.run(_others(settings))
    made = backed_up(settings)
    asyncio.run(_erase(settings, NELIDA, COACH, RUTH))
    with closing(sqlite3.connect(settings.database)) as db:
        db.execute("DROP TABLE erased_persons")
        db.commit()
    staged, _ = looked_at(made.file, settings)

    assert _of_erased(staged.erased) == (
        "1 persona de esa copia se borró aquí después. Lo que se borró de nombres, documentos y notas se borra otra vez. "
        "2 cuentas de esa copia no están aquí, y no se sabe si se borraron: con la copia vuelven. Si alguna se "
        "borró, bórrala otra vez con lms person erase DOCUMENTO: 40000003 Elías Quispe; 40000002 Ruth Quispe."
    )
    assert said_in(settings)[0] == [RUTH.document, COACH.document]


def test_an_account_that_is_younger_than_what_is_here_was_not_erased(settings: Settings) -> None:
    before = backed_up(settings)
    asyncio.run(_sign_up(settings, RUTH))
    after = backed_up(settings, before.file.parent / "later")
    restored(before.file, settings)
    staged, _ = looked_at(after.file, settings)

    said = _of_erased(staged.erased)
    assert said.startswith(
        "1 cuenta de esa copia no está aquí, y no se sabe si se borró: con la copia vuelve."
    )
    assert said.endswith(f"{RUTH.document} Ruth Quispe.")
    assert said_in(settings)[0] == [NELIDA.document, RUTH.document]


def test_where_nothing_can_say_it_that_is_said(settings: Settings, tmp_path: Path) -> None:
    made = backed_up(settings)
    Path(settings.database).write_bytes(b"spoilt" * 1000)
    for place in (settings, settings_in(tmp_path / "box" / "data")):
        staged, became = looked_at(made.file, place)
        assert "borra otra vez esas cuentas con lms person erase DOCUMENTO" in _of_erased(staged.erased)
        assert became
