"""What is acknowledged is kept, even when the process is killed in the middle of the next batch."""

from __future__ import annotations

import signal
import subprocess
import sys

from cast import ROOT

from lms.db import open_database

PROGRAM = """
import asyncio, sys
sys.path.insert(0, "tests")
from events_cast import Tablet, small_course, store
from lms.db import migrate, open_database
from lms.events import wire
from lms.events.revisions import publish_revisions

async def main():
    db = await open_database(sys.argv[1])
    await migrate(db)
    tablet = Tablet(small_course())
    await publish_revisions(db, tablet.course)
    while True:
        lines = [tablet.answers("senal", 0) for _ in range(20)]
        for receipt in await store(db, *lines):
            print(receipt.id, flush=True)

asyncio.run(main())
"""


def acknowledged_before_a_kill(place: str) -> set[str]:
    """The ids that a server said it had stored before it was killed."""
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, place], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    ids = [process.stdout.readline().decode().strip() for _ in range(210)]
    process.send_signal(signal.SIGKILL)
    # The last line may have been cut short by the kill.
    ids += process.stdout.read().decode().split("\n")[:-1]
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    return set(ids)


async def test_a_killed_server_loses_nothing_it_acknowledged(place: str) -> None:
    acknowledged = acknowledged_before_a_kill(place)

    db = await open_database(place)
    kept = {row["id"] for row in await db.rows("SELECT id FROM events")}
    attempts = await db.value("SELECT attempts FROM outcomes")
    intact = db.engine != "sqlite" or await db.value("PRAGMA integrity_check") == "ok"
    await db.close()

    assert kept >= acknowledged
    assert len(kept) % 20 == 0
    assert attempts == len(kept)
    assert intact
