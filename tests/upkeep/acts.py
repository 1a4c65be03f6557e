"""What is done to data folders in these tests: filled, backed up, restored, looked at."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from cast import ROOT
from events_cast import Tablet, small_course, store

from lms.datafolder import using
from lms.db import ready_database
from lms.events.revisions import publish_revisions
from lms.settings import Settings
from lms.upkeep.backup import Made, Wish, back_up
from lms.upkeep.restore import Restored, restore

NOW = datetime(2026, 11, 26, 10, 30, tzinfo=UTC)


def settings_in(data: Path, **more: str) -> Settings:
    """The settings of a server whose data and courses lie together."""
    return Settings.load(environment(data, **more))


def environment(data: Path, **more: str) -> dict[str, str]:
    """The same, as the environment of a process."""
    return {
        "LMS_DATA": str(data),
        "LMS_COURSES": str(data.parent / "courses"),
        "LMS_PACKS": str(data / "packs"),
        **more,
    }


def fill(settings: Settings, events: int) -> None:
    """Store so many answers of one teacher."""
    asyncio.run(_fill(settings, events))


async def _fill(settings: Settings, events: int) -> None:
    tablet = Tablet(small_course())
    async with ready_database(settings.database) as db:
        await publish_revisions(db, tablet.course)
        receipts = await store(db, *(tablet.answers("senal", n % 3) for n in range(events)))
    assert {receipt.status for receipt in receipts} <= {"stored"}


def backed_up(settings: Settings, folder: Path | None = None, now: datetime = NOW, **wish: object) -> Made:
    """Back up, saying nothing."""
    wanted = Wish(folder or settings.data / "backups", **wish)  # type: ignore[arg-type]
    return back_up(settings, wanted, now, lambda *_: None)


def restored(source: Path, settings: Settings) -> Restored:
    """Restore, agreeing to everything."""
    found = restore(source, settings, NOW, lambda _: True, lambda *_: None)
    assert found
    return found


def ids_in(database: Path) -> list[str]:
    """The ids of the log, in order; the database is whole."""
    with closing(sqlite3.connect(database)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [one for (one,) in db.execute("SELECT id FROM events ORDER BY number")]


def outcomes_in(database: Path) -> list[tuple[object, ...]]:
    """The read model, row for row."""
    with closing(sqlite3.connect(database)) as db:
        return db.execute("SELECT * FROM outcomes ORDER BY 1, 2, 3, 4").fetchall()


def state_of(settings: Settings) -> tuple[int, str, str]:
    """What whoever opens the folder next finds: number of events, the secret, the key."""
    with using(settings.data):
        key = settings.data / "keys" / "own" / "difods.pem"
        found = len(ids_in(Path(settings.database)))
        return found, (settings.data / "secret").read_text(), key.read_text() if key.exists() else ""


def lms(settings: Settings, *words: str) -> subprocess.Popen[str]:
    """Begin a command as a person would."""
    env = {**os.environ, **environment(settings.data)}
    command: Sequence[str] = (sys.executable, "-m", "lms", *words)
    return subprocess.Popen(
        command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
