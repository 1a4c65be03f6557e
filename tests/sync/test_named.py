"""Who registers at a school is known at the UGEL by name and document, and counts there on her word or a coach's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from cast import NELIDA as ACCOUNT
from events_cast import Tablet, small_course, store
from msgspec.structs import replace as with_changed
from starlette.testclient import TestClient

from lms.accounts import queries
from lms.accounts.review import queries as waiting
from lms.accounts.review.acts import Act, Key, answer
from lms.accounts.review.items import Item, Look
from lms.accounts.review.reasons import REASONS
from lms.events import ownership
from lms.people import links
from lms.people.queries import add_person
from lms.sync import over_network
from lms.sync.exchange import Errand
from lms.sync.over_network import exchange_over
from lms.sync.over_parcel import parcels_for, take_parcels
from tests.sync.bringing import COACH, NELIDA
from tests.sync.meeting import AT, Node, link
from tests.sync.sending import known_profile, send

COURSE = small_course()
THERE = replace(NELIDA, id="p-there")
"""Her account at the UGEL, which knows nothing of the other."""

Run = Callable[..., Awaitable[None]]


@pytest.fixture
async def tablet(school: Node) -> Tablet:
    """What Nélida did at the school, where she registered."""
    assert await add_person(school.db, NELIDA, pin_hash="", recovery_hash="")
    found = Tablet(COURSE)
    await store(school.db, found.opens(), found.completes())
    await links.vouch(school.db, found.profile, NELIDA.id, by=NELIDA.id, at=AT)
    return found


@pytest.fixture
async def run(school: Node, ugel: Node, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The school exchanges with the UGEL over the network."""
    monkeypatch.setattr(over_network, "talk_over", lambda *_: link(school, ugel))

    async def act(**how: bool) -> None:
        peer = with_changed(await school.peer(ugel), address="http://ugel.example")
        await exchange_over(school.here, school.identity, peer, Errand(**how))

    return act


async def waits(ugel: Node, reason: str) -> tuple[Item, ...]:
    """What a coach at the UGEL finds in «Por revisar» for a reason."""
    listed = next(one for one in REASONS if one.name == reason).listed
    return (await listed(Look(ugel.db, COACH.id, most=5))).items


async def accepts(ugel: Node, reason: str) -> int:
    """The coach's one tap."""
    (item,) = await waits(ugel, reason)
    asked = next(one for one in REASONS if one.name == reason)
    act = Act(ugel.db, COACH, AT, asked)
    return await answer(act, "si", [Key(*item.key.split()[:2], 0)])


async def test_a_coach_reads_who_it_is_and_from_which_school_and_accepts_in_one_tap(
    ugel: Node, tablet: Tablet, run: Run
) -> None:
    await run()
    (item,) = await waits(ugel, "nadie")
    assert (item.who, item.said) == ("Nélida Quispe", NELIDA.document)
    assert item.way == "Llegó de «Escuela»"
    assert "no tiene cuenta aquí" in item.why
    assert item.device == f"Equipo {tablet.device[-4:].upper()}", "the school's server is none of hers"

    assert await add_person(ugel.db, THERE, pin_hash="", recovery_hash="")
    assert await accepts(ugel, "nadie") == 1
    link = await links.link_of(ugel.db, tablet.profile)
    assert link is not None
    assert (link.person, link.status, link.vouched_by) == (THERE.id, "vouched", COACH.id)


async def test_with_an_account_there_it_waits_for_her_own_word_or_a_coachs(
    ugel: Node, tablet: Tablet, run: Run
) -> None:
    assert await add_person(ugel.db, THERE, pin_hash="", recovery_hash="")
    await run()
    (claim,) = await queries.claims_of(ugel.db, THERE.id)
    assert (claim.profile, claim.others) == (tablet.profile, ())
    (item,) = await waits(ugel, "confirmar")
    assert (item.who, item.way) == ("Quispe, Nélida", "Llegó de «Escuela»")
    assert await ownership.take(ugel.db, tablet.profile, THERE, at=AT)
    assert await waits(ugel, "confirmar") == ()


async def test_an_account_made_there_afterwards_finds_it(ugel: Node, tablet: Tablet, run: Run) -> None:
    await run()
    assert await add_person(ugel.db, THERE, pin_hash="", recovery_hash="")
    await ownership.claim_what_names(ugel.db, THERE, at=AT)
    assert [one.profile for one in await queries.claims_of(ugel.db, THERE.id)] == [tablet.profile]


async def test_it_is_said_once_however_often_they_exchange(
    school: Node, ugel: Node, tablet: Tablet, run: Run
) -> None:
    for _ in range(3):
        await run()
    await store(school.db, tablet.opens("dos"))
    await run()
    assert await ugel.lines() == await school.lines()
    assert len([line for line in await ugel.lines() if b"profile.identified" in line]) == 1


async def test_a_carried_file_says_it_too(school: Node, ugel: Node, tablet: Tablet) -> None:
    parcels = [one async for one in parcels_for(school.here, school.identity, await school.peer(ugel))]
    await take_parcels(ugel.here, ugel.identity, parcels)
    assert [one.document for one in await ownership.said_in(ugel.db, tablet.profile)] == [NELIDA.document]


async def test_who_only_takes_and_who_is_below_is_told_nothing(
    school: Node, ugel: Node, tablet: Tablet, run: Run
) -> None:
    await run(gives=False)
    assert await ownership.said_in(school.db, tablet.profile) == []

    await links.vouch(ugel.db, tablet.profile, "p-there", by=COACH.id, at=AT)
    _ = [one async for one in parcels_for(ugel.here, ugel.identity, await ugel.peer(school))]
    assert await ownership.said_in(ugel.db, tablet.profile) == []


async def test_a_link_undone_at_the_school_takes_name_and_claim_back_at_the_ugel(
    school: Node, ugel: Node, tablet: Tablet, run: Run
) -> None:
    assert await add_person(ugel.db, THERE, pin_hash="", recovery_hash="")
    await run()
    assert await queries.undo_link(school.db, tablet.profile, NELIDA.id, by=NELIDA.id, at=AT)
    await run()

    assert NELIDA.document not in b"".join(await ugel.lines()).decode()
    assert await queries.claims_of(ugel.db, THERE.id) == []
    assert (await waiting.of_nobody(Look(ugel.db, COACH.id, most=5))).total == 0
    assert len(await ugel.lines()) == len(await school.lines()) == 3


async def test_what_a_coach_accepted_there_stays_hers_when_the_school_takes_it_back(
    school: Node, ugel: Node, tablet: Tablet, run: Run
) -> None:
    assert await add_person(ugel.db, THERE, pin_hash="", recovery_hash="")
    await run()
    assert await accepts(ugel, "confirmar") == 1
    assert await queries.undo_link(school.db, tablet.profile, NELIDA.id, by="", at=AT)
    await run()
    assert [one.profile for one in await links.links_of(ugel.db, [THERE.id])] == [tablet.profile]


async def test_who_is_erased_at_the_school_is_nobody_at_the_ugel(
    school: Node, ugel: Node, tablet: Tablet, run: Run
) -> None:
    await run()
    await queries.erase(school.db, NELIDA, at=AT)
    await run()
    assert NELIDA.document not in b"".join(await ugel.lines()).decode()
    assert await ugel.db.value("SELECT count(*) FROM named") == 0
    assert await waits(ugel, "nadie") == ()


def test_the_file_that_she_saves_on_the_schools_page_says_who_she_is(
    browser: TestClient, other: TestClient
) -> None:
    guest, hers = Tablet(COURSE), Tablet(COURSE)
    send(other, guest.opens(), chaski_perfil=guest.profile)
    browser.post("/crear-cuenta", data=ACCOUNT)
    hers.profile = known_profile(browser) or ""
    send(browser, hers.opens())

    for _ in range(2):
        assert browser.get("/mi-avance/archivo").text.count(f'"document":"{ACCOUNT["documento"]}"') == 1
    assert "profile.identified" not in other.get("/mi-avance/archivo").text
