"""What keeps an altered copy, or lines without their person's word, from coming in by way of another server."""

from __future__ import annotations

import json

import pytest
from events_cast import small_course

from lms.accounts.review import queries as review
from lms.accounts.review.items import Look
from lms.db import Database
from lms.events import holding
from lms.events.revisions import publish_revisions
from lms.people import links
from lms.people.queries import add_person
from lms.sync.receiving import Received, read_file, receive_file, receive_lines
from tests.sync.bringing import COACH, NELIDA
from tests.sync.closing import Signing
from tests.sync.meeting import AT, Node, meet

COURSE = small_course()


@pytest.fixture
async def tablet(school: Node, ugel: Node) -> Signing:
    """Nélida's, who has an account at both; at the school the profile is hers for certain."""
    for node in (school, ugel):
        assert await add_person(node.db, NELIDA, pin_hash="", recovery_hash="")
        await publish_revisions(node.db, COURSE)
    found = Signing(COURSE)
    await links.vouch(school.db, found.profile, NELIDA.id, by=NELIDA.id, at=AT)
    return found


def altered(line: bytes) -> bytes:
    """What somebody who has the file makes of an answer."""
    event = json.loads(line)
    event["data"]["answer"] = "no sé"
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


async def bring(node: Node, *lines: bytes) -> tuple[int, int, int]:
    """Somebody uploads an open file without a session; how many lines are stored, held, refused."""
    return counted(await receive_lines(node.db, lines, None, "bearer"))


def counted(received: Received) -> tuple[int, int, int]:
    return received.stored, received.held, received.refused


async def are_equal(one: Node, other: Node) -> bool:
    for _ in range(2):
        await meet(one, other)
    return sorted(await one.lines()) == sorted(await other.lines())


async def its_mark(db: Database) -> float:
    return float(await db.value("SELECT mark FROM outcomes WHERE item = 'palabra'"))


async def test_what_was_exchanged_before_is_altered_nowhere(
    school: Node, ugel: Node, tablet: Signing
) -> None:
    true = tablet.answers("palabra", "SIM")
    await holding.append(school.db, [tablet.opens(), true], sender=NELIDA.id, source="session")
    await meet(school, ugel)

    assert await bring(ugel, altered(true)) == (0, 0, 1)
    assert await are_equal(school, ugel)
    assert await its_mark(ugel.db) == 1
    (item,) = (await review.refused(Look(ugel.db, COACH.id, most=5))).items
    assert "una de las dos es una copia cambiada" in item.why


@pytest.mark.parametrize("known_by", ["a coach's word", "a signed file of hers"])
async def test_where_the_profile_is_hers_an_altered_copy_waits_and_the_true_line_comes(
    school: Node, ugel: Node, tablet: Signing, known_by: str
) -> None:
    first, true = [tablet.announces(), tablet.opens()], tablet.answers("palabra", "SIM")
    await holding.append(school.db, [*first, true], sender=NELIDA.id, source="session")
    if known_by == "a coach's word":
        await links.vouch(ugel.db, tablet.profile, NELIDA.id, by=COACH.id, at=AT)
    else:
        file = await read_file(tablet.closes(first, ugel.identity.public), lambda: ugel.identity)
        await receive_file(ugel.db, file, NELIDA, "owner")

    assert await bring(ugel, altered(true)) == (0, 1, 0)
    assert await are_equal(school, ugel)
    assert await its_mark(ugel.db) == 1


async def test_where_the_profile_is_hers_at_both_what_others_bring_waits_at_both(
    school: Node, ugel: Node, tablet: Signing
) -> None:
    await holding.append(school.db, [tablet.opens()], sender=NELIDA.id, source="session")
    await meet(school, ugel)
    await links.vouch(ugel.db, tablet.profile, NELIDA.id, by=COACH.id, at=AT)
    forged = Signing(COURSE, tablet.profile)

    for node in (school, ugel):
        assert await bring(node, forged.completes("uno")) == (0, 1, 0)
    assert await are_equal(school, ugel)
    for node in (school, ugel):
        assert not await node.db.value("SELECT 1 FROM outcomes WHERE type = 'lesson.completed'")
