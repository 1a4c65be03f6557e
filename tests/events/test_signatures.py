"""What came in a device's name without what it gives its own can be told, and refused, and counts again."""

from __future__ import annotations

from datetime import date

import pytest
from events_cast import Tablet, all_outcomes, store

from lms.course.model import Course
from lms.db import Database
from lms.events import signatures
from lms.events.model import ProgressReported
from lms.events.revisions import publish_revisions, rebuild_outcomes
from lms.people import links
from lms.people.queries import add_person
from lms.sync.over_closed_file import read_progress_file
from lms.sync.over_file import Heading, build_progress_file
from lms.sync.receiving import By, receive_file
from lms.sync.routes import lines as doors
from lms.sync.sealing import Identity
from tests.sync.bringing import COACH, NELIDA, RUTH
from tests.sync.closing import Signing

SERVER = Identity.new()
AT = "2026-11-26T13:40:00.000Z"
ALL = 2**62


@pytest.fixture(autouse=True)
async def people(db: Database) -> None:
    for person in (NELIDA, RUTH, COACH):
        await add_person(db, person, pin_hash="", recovery_hash="")


async def take(db: Database, *lines: bytes, signed: Signing | None = None, by: By | None = None) -> None:
    """A file comes: closed by Nélida's tablet, which she brings if nobody else does, or open, from a coach."""
    opened = build_progress_file(lines, Heading("", "", date(2026, 11, 23)))
    data = signed.closes(lines, SERVER.public) if signed else opened
    hand = by or ("owner" if signed else "coach")
    person = {"owner": NELIDA, "coach": COACH}.get(hand)
    await receive_file(db, read_progress_file(data, lambda: SERVER), person, hand)


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
        await take(db, forged, by="bearer")
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
    await take(db, *own, more, signed=tablet, by="bearer")
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
@pytest.mark.parametrize("whose", ["hers", "a guest's"])
async def test_a_line_beside_one_of_the_devices_own_session_is_noted_where_somebody_is_behind_it(
    db: Database, small: Course, first: str, whose: str
) -> None:
    tablet = Tablet(small)
    if whose == "hers":
        await links.vouch(db, tablet.profile, NELIDA.id, by=NELIDA.id, at=AT)
    own, tablet.seq = tablet.completes("uno"), 0
    forged = tablet.completes("dos")
    if first == "own":
        await store(db, own)
    await take(db, forged)
    if first == "forged":
        assert await noted(db) == []
        await doors.signatures.note_forks(db, await store(db, own))
    if whose == "a guest's":
        assert await noted(db) == []
        return
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


async def test_nobody_undoes_a_refusal_nor_casts_doubt_with_a_key_of_their_own(
    db: Database, small: Course
) -> None:
    tablet = Tablet(small)
    await links.vouch(db, tablet.profile, NELIDA.id, by=NELIDA.id, at=AT)
    await store(db, tablet.completes("uno"))
    forger = Signing(small, tablet.profile, tablet.device, 0)
    forged, honest = forger.completes("dos"), tablet.opens("tres")
    await take(db, forged, honest)
    await signatures.refuse(db, (tablet.profile, tablet.device), upto=ALL, by="rosa", at=AT)
    assert (await noted(db), await done(db)) == ([(1, "rosa")], ["uno"])
    for by in ("bearer", "coach", "keeper"):
        await take(db, forged, forger.announces(), signed=forger, by=by)  # type: ignore[arg-type]
        assert (await noted(db), await done(db)) == ([(1, "rosa")], ["uno"])
    assert await db.value("SELECT max(signed) FROM events") == 0


async def test_what_somebody_signed_with_a_key_of_their_own_is_noted_when_its_owner_brings_the_true_one(
    db: Database, small: Course
) -> None:
    tablet = Signing(small)
    own = [tablet.announces(), tablet.completes("uno")]
    forger = Signing(small, tablet.profile, tablet.device, 70)
    await take(db, forger.announces(), forger.completes("dos"), signed=forger, by="bearer")
    await take(db, *own, signed=tablet)
    assert await noted(db) == [(71, ""), (72, "")]


async def test_who_is_signed_in_brings_others_lines_as_anybody_does(db: Database, small: Course) -> None:
    tablet = Signing(small)
    await take(db, tablet.announces(), signed=tablet)
    await links.unlink(db, tablet.profile, by=COACH.id, at=AT)
    opened = build_progress_file([tablet.completes("uno")], Heading("", "", date(2026, 11, 23)))
    await receive_file(db, read_progress_file(opened, lambda: SERVER), RUTH, "owner")
    assert await noted(db) == [(2, "")]


async def test_refusing_what_came_of_one_device_says_nothing_of_another(db: Database, small: Course) -> None:
    one = Signing(small)
    other = Signing(small, one.profile)
    for tablet, lesson in ((one, "uno"), (other, "dos")):
        await take(db, tablet.announces(), signed=tablet)
        await take(db, tablet.completes(lesson))
    await signatures.refuse(db, (one.profile, one.device), upto=ALL, by="rosa", at=AT)
    assert await done(db) == ["dos"]
    await signatures.refuse(db, (other.profile, other.device), upto=ALL, by="rosa", at=AT)
    assert await done(db) == []
    assert await signatures.take_back(db, by="rosa", at=AT) == 2
    assert await done(db) == ["dos", "uno"]


async def test_when_somebody_last_studied_follows_what_counts(db: Database, small: Course) -> None:
    tablet = Signing(small)
    await take(db, tablet.announces(), tablet.opens().replace(b"2026-11-23", b"2026-11-04"), signed=tablet)
    await take(db, tablet.completes("dos").replace(b"2026-11-23", b"2026-11-09"))

    async def studied() -> str:
        return str(await db.value("SELECT substr(at, 1, 10) FROM studied"))

    assert await studied() == "2026-11-09"
    await signatures.refuse(db, (tablet.profile, tablet.device), upto=ALL, by="rosa", at=AT)
    assert await studied() == "2026-11-04"
    await rebuild_outcomes(db)
    assert await studied() == "2026-11-04"
    await signatures.take_back(db, by="rosa", at=AT)
    assert await studied() == "2026-11-09"


@pytest.mark.parametrize("item", ["curso", "otra-cosa", "uno"])
async def test_a_report_in_its_name_counts_no_more_once_it_is_refused_whatever_it_says_it_is_of(
    db: Database, small: Course, item: str
) -> None:
    tablet = Signing(small)
    await take(db, tablet.announces(), tablet.completes("uno"), signed=tablet)
    own = await all_outcomes(db)
    said = ProgressReported(
        "CHASKI", "2026-11-20", {"uno": "completed", "dos": "completed"}, {}, {"final": (20, 1)}, {}
    )
    await take(db, tablet.writes("progress.reported", item, said))
    assert (await all_outcomes(db) != own) == (item == "curso")

    assert await signatures.refuse(db, (tablet.profile, tablet.device), upto=ALL, by="rosa", at=AT) == 1

    assert await all_outcomes(db) == own
    await rebuild_outcomes(db)
    assert await all_outcomes(db) == own


@pytest.mark.parametrize(
    ("same", "keys"),
    [
        ("unsigned.id = events.id", ("unsigned_pkey", "sqlite_autoindex_unsigned_1")),
        (
            "unsigned.profile = events.profile AND unsigned.device = events.device",
            ("unsigned_of_device",),
        ),
    ],
)
async def test_whether_a_line_counts_is_looked_up_by_an_index(
    db: Database, same: str, keys: tuple[str, ...]
) -> None:
    explain = {"sqlite": "EXPLAIN QUERY PLAN", "postgres": "EXPLAIN"}[db.engine]
    if db.engine == "postgres":
        await db.execute("SET enable_seqscan = off")
    sql = f"SELECT (SELECT max(unsigned.at) FROM unsigned WHERE {same}) FROM events"  # noqa: S608 - texts of ours
    plan = await db.rows(f"{explain} {sql}")
    assert any(key in str(value) for row in plan for value in row for key in keys)
