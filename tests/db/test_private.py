"""Nobody but the server's own user reads what teachers did."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms.db import open_database


@pytest.fixture(autouse=True)
def usual_mask() -> Iterator[None]:
    """The mask of a plain Debian user: what is made is for everybody to read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def modes(folder: Path) -> dict[str, int]:
    return {file.name: mode(file) for file in folder.iterdir()}


@pytest.fixture
def open_to_all(tmp_path: Path) -> Path:
    """A database that everybody may read, in a folder that everybody may enter."""
    tmp_path.chmod(0o755)
    (tmp_path / "lms.db").touch(0o644)
    return tmp_path / "lms.db"


async def test_a_new_data_folder_and_all_files_of_the_database_are_its_owners(tmp_path: Path) -> None:
    db = await open_database(tmp_path / "data" / "lms.db")
    await db.execute("CREATE TABLE things (name TEXT)")
    found = modes(tmp_path / "data")
    await db.close()

    assert mode(tmp_path / "data") == 0o700
    assert found == {"lms.db": 0o600, "lms.db-wal": 0o600, "lms.db-shm": 0o600}


async def test_a_database_that_others_could_read_is_closed_to_them(open_to_all: Path) -> None:
    db = await open_database(open_to_all)
    await db.execute("CREATE TABLE things (name TEXT)")
    found = modes(open_to_all.parent)
    await db.close()

    assert set(found.values()) == {0o600}
    assert mode(open_to_all.parent) == 0o755, "a folder that somebody else made may hold other things too"


async def test_a_disk_without_modes_is_used_as_it_is(
    open_to_all: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refuse)
    db = await open_database(open_to_all)
    await db.execute("CREATE TABLE things (name TEXT)")
    await db.close()

    assert mode(open_to_all) == 0o644
