"""A server that keeps backups by itself: once a day, beside its work, when something changed."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from datetime import datetime
from pathlib import Path

from lms.clock import Clock, stamp, system_clock
from lms.events.oddities import FIRST_DAY
from lms.settings import Settings
from lms.upkeep.contents import FOLDER
from lms.upkeep.shelf import last_of

log = logging.getLogger(__name__)

FIRST = 300.0
"""Seconds after the start in which there are other things to do. A laptop may be on for an hour a day: not more."""

_LOOK = 1800.0  # seconds until it is looked at again
_DAY = 23 * 3600.0  # a server that is started every morning has a backup of every morning


async def keep_backups(settings: Settings, clock: Clock = system_clock) -> None:
    """Make a backup a day until cancelled, as many as the settings say."""
    if not settings.backups:
        return
    if settings.is_shared:
        log.info("PostgreSQL keeps the data: its backups are made with pg_dump, none is made here")
        return
    await asyncio.sleep(FIRST)
    # Without a battery a clock may begin at one hour whenever the machine is turned on, and the last backup seems to be
    # of today: only that the server was started says that it may not be.
    folder, starts = settings.data / FOLDER, True
    while True:
        now = clock()
        if is_due(folder, settings.node_name, now) or (starts and stamp(now) < FIRST_DAY):
            await _back_up_apart(settings)
        starts = False
        await asyncio.sleep(_LOOK)


def is_due(folder: Path, name: str, now: datetime) -> bool:
    """Whether the last backup of the server of this name is of another day, or the clock went back behind it.

    So each leap of a clock, either way, costs one more, and after it there is one a day again.
    """
    last = last_of(folder, name)
    return last is None or not 0 <= now.timestamp() - last.stat().st_mtime <= _DAY


async def _back_up_apart(settings: Settings) -> None:
    """Run `lms backup` as a process of its own; if who waits for it is cancelled, it ends."""
    places = {
        "LMS_DATA": str(settings.data),
        "LMS_DATABASE": settings.database_url,
        "LMS_COURSES": str(settings.courses),
        "LMS_PACKS": str(settings.packs),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "lms", "backup", "--if-changed", "--keep", str(settings.backups)),
        env={**os.environ, **places},
        stdout=DEVNULL,
        stderr=PIPE,
        start_new_session=True,  # a Ctrl-C in the terminal is for the server, which ends this one
    )
    try:
        _, said = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        log.error("no backup was made: %s", said.decode(errors="replace").strip())
    else:
        log.info("backed up")
