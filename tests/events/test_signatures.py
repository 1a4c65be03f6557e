"""What came in a device's name without what it gives its own can be told, and refused, and counts again."""

from __future__ import annotations

from datetime import date

import pytest
from events_cast import Tablet, all_outcomes, store

from lms.course.model import Course
from lms.db import Database
from lms.events import signatures
from lms.events.revisions import publish_revisions, rebuild_outcomes
from lms.sync.over_closed_file import read_progress_file
from lms.sync.over_file import Heading, build_progress_file
from lms.sync.receiving import By, receive_file
from lms.sync.routes import lines as doors
from lms.sync.sealing import Identity
from tests.sync.closing import Signing

SERVER = Identity.new()
AT = "2026-11-26T13:40:00.000Z"
ALL = 2**62


async def take(db: Database, *lines: bytes, signed: Signing | None = None, by: By = "bearer") -> None:
    """A file comes, open or closed by a tablet."""
    opened = build_progress_file(lines, Heading("", "", date(2026, 11, 23)))
    data = signed.closes(lines, SERVER.public) if signed else opened
    await receive_file(db, read_progress_file(data, lambda: SERVER), None, by)


async def noted(db: Database) -> list[tuple[int, str]]:
    rows = await db.rows(
        "SELECT seq, unsigned.by AS by FROM unsigned JOIN events ON events.id = unsigned.id ORDER BY seq"
    )
    return [(row["seq"], row["by"]) for row in rows]


async def done(db: Database) -> list[str]:
    rows = await db.rows("SELECT item FROM outcomes WHERE type = 'lesson.completed' ORDER BY item")
    return [row["item"] for row in rows]


@pytest.mark.parametrize("first", ["forged", "signed"])
async def test_what_came_without_the_signature_of_a_device_that_signs_is_noted(
    db: Database, small: Course, first: str
) -> None:
    tablet = Signing(small)
    own = [tablet.announces(), tablet.completes("uno")]
    forged = tablet.completes("dos")
    if first == "forged":
        await take(db, forged)
        assert await noted(db) == []  # nothing is known of the device yet
    await take(db, *own, signed=tablet)
    if first == "signed":
        await take(db, forged)
    assert await noted(db) == [(3, "")]
    assert await done(db) == ["dos", "uno"]


async def test_what_is_refused_counts_no_more_stays_in_the_log_and_comes_back(
    db: Database, small: Course
) -> None:
    await publish_revisions(db, small)
    tablet = Signing(small)
    await take(
        db, tablet.announces(), tablet.completes("uno"), tablet.answers("verdad", False), signed=tablet
    )
    forged = [tablet.completes("dos"), tablet.answers("verdad", True)]
    await take(db, *forged)
    before, place = await all_outcomes(db), (tablet.profile, tablet.device)

    assert await signatures.refuse(db, place, upto=ALL, by="rosa", at=AT) == 2
    assert await done(db) == ["uno"]
    assert [row[4:6] for row in await all_outcomes(db) if row[2] == "verdad"] == [(0.0, 1)]
    assert await db.value("SELECT count(*) FROM events") == 5
    now = await all_outcomes(db)
    await rebuild_outcomes(db)
    assert await all_outcomes(db) == now
    await take(db, *forged)  # brought again they are known, and say nothing new
    assert await all_outcomes(db) == now

    assert await signatures.take_back(db, by="rosa", at=AT) == 1
    assert await all_outcomes(db) == before
    assert await noted(db) == [(4, ""), (5, "")]


async def test_what_its_device_signs_after_all_is_its_own_even_if_it_was_refused(
    db: Database, small: Course
) -> None:
    tablet = Signing(small)
    own = [tablet.announces(), tablet.completes("uno")]
    await take(db, *own, signed=tablet)
    more = tablet.completes("dos")
    await take(db, more, by="coach")  # an honest open file
    await signatures.refuse(db, (tablet.profile, tablet.device), upto=ALL, by="rosa", at=AT)
    assert await done(db) == ["uno"]
    await take(db, *own, more, signed=tablet)
    assert (await done(db), await noted(db)) == (["dos", "uno"], [])


async def test_true_lines_beside_forged_ones_of_their_number_count_and_the_forged_are_told(
    db: Database, small: Course
) -> None:
    tablet = Signing(small)
    own = [tablet.announces(), tablet.completes("uno")]
    await take(db, *own, signed=tablet)
    await take(db, tablet.completes("dos"))
    tablet.seq -= 1  # the tablet knows nothing of it
    await take(db, *own, tablet.opens("dos"), signed=tablet)
    assert await noted(db) == [(3, "")]
    await signatures.refuse(db, (tablet.profile, tablet.device), upto=ALL, by="rosa", at=AT)
    assert await done(db) == ["uno"]
    assert await db.value("SELECT count(*) FROM outcomes WHERE item = 'dos'") == 1


async def test_two_copies_of_a_disk_that_both_sign_are_no_forgery(db: Database, small: Course) -> None:
    tablet = Signing(small)
    shared = [tablet.announces()]
    one, tablet.seq = tablet.completes("uno"), 1
    other = tablet.completes("dos")
    await take(db, *shared, one, signed=tablet)
    await take(db, *shared, other, signed=tablet)
    assert await noted(db) == []


@pytest.mark.parametrize("first", ["forged", "own"])
async def test_a_line_beside_one_of_the_devices_own_session_is_noted(
    db: Database, small: Course, first: str
) -> None:
    tablet = Tablet(small)
    own, tablet.seq = tablet.completes("uno"), 0
    forged = tablet.completes("dos")
    if first == "own":
        await store(db, own)
    await take(db, forged)
    if first == "forged":
        assert await noted(db) == []
        await doors.signatures.note_forks(db, await store(db, own))
    assert await noted(db) == [(1, "")]
    await signatures.refuse(db, (tablet.profile, tablet.device), upto=ALL, by="rosa", at=AT)
    assert await done(db) == ["uno"]


async def test_what_its_owner_brings_or_another_server_gives_is_not_doubted(
    db: Database, small: Course
) -> None:
    tablet = Signing(small)
    await take(db, tablet.announces(), signed=tablet)
    await take(db, tablet.completes("uno"), by="owner")
    await take(db, tablet.completes("dos"), by="node")
    assert await noted(db) == []
