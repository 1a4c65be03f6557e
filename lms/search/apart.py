"""Making the index beside the server, in a process of its own.

It takes neither turns from readers nor memory that would stay taken, and it can be stopped at once.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from asyncio.subprocess import DEVNULL

from lms.settings import Settings

log = logging.getLogger(__name__)


async def make_apart(settings: Settings) -> None:
    """Run `lms reindex`; if who waits for it is cancelled, it ends."""
    places = {"LMS_DATA": str(settings.data), "LMS_COURSES": str(settings.courses)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "lms", "reindex"),
        env={**os.environ, **places},
        stdout=DEVNULL,
        stderr=DEVNULL,
        start_new_session=True,  # a Ctrl-C in the terminal is for the server, which ends this one
    )
    try:
        code = await process.wait()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if code:
        log.warning("the search index was not made apart and will be made here", extra={"exit": code})
