"""Whose a profile is when a file arrives: vouched for, only said, or somebody else's already."""

from __future__ import annotations

import pytest
from events_cast import Tablet

from lms.course.model import Course
from lms.db import Database
from lms.errors import Invalid
from lms.people import links
from lms.sync.receiving import Bringer, Received, read_file, receive_file
from lms.sync.sealing import Identity
from lms.sync.words import notice_of, what_became
from lms.web.notices import Linkable
from tests.sync.bringing import COACH, NELIDA, RUTH, Bring

AT = "2026-11-23T13:40:00.000Z"


def whose(received: Received) -> list[tuple[str, str]]:
    return [(linked.name.split()[0], linked.status) for linked in received.linked]


async def test_a_file_is_counted(bring: Bring, small: Course) -> None:
    tablet = Tablet(small)
    lines = [tablet.opens(), tablet.completes(), b"{oops"]

    first = await bring(lines, None, "bearer")
    again = await bring([*lines, tablet.opens()], None, "bearer")

    assert (first.stored, first.known, first.refused) == (2, 0, 1)
    assert (again.stored, again.known, again.refused) == (1, 2, 1)
    assert (first.profiles, first.course, first.linked) == ((tablet.profile,), "curso", ())


async def test_an_owner_vouches_for_a_profile_that_names_nobody(
    bring: Bring, db: Database, small: Course
) -> None:
    tablet = Tablet(small)

    assert whose(await bring([tablet.opens()], NELIDA, "owner")) == [("Nélida", "vouched")]
    assert await links.link_of(db, tablet.profile) == links.Link(
        tablet.profile, NELIDA.id, "vouched", NELIDA.id, (await links.links_of(db, [NELIDA.id]))[0].at
    )


async def test_an_owner_vouches_for_a_profile_that_names_them(bring: Bring, small: Course) -> None:
    tablet = Tablet(small)

    lines = [tablet.identifies("Neli", " 4000 0001-"), tablet.opens()]
    assert whose(await bring(lines, NELIDA, "owner")) == [("Nélida", "vouched")]


async def test_a_profile_that_names_somebody_else_is_theirs_to_confirm(
    bring: Bring, db: Database, small: Course
) -> None:
    tablet = Tablet(small)

    received = await bring([tablet.identifies("Ruth", RUTH.document)], NELIDA, "owner")

    assert whose(received) == [("Ruth", "unverified")]
    assert [link.person for link in await links.unverified(db)] == [RUTH.id]
    assert await links.links_of(db, [NELIDA.id]) == []


async def test_a_document_without_an_account_links_nothing(bring: Bring, db: Database, small: Course) -> None:
    tablet = Tablet(small)

    assert (await bring([tablet.identifies("Ana", "49999999")], NELIDA, "owner")).linked == ()
    assert await links.link_of(db, tablet.profile) is None


async def test_a_coach_vouches_for_whoever_a_profile_names(bring: Bring, db: Database, small: Course) -> None:
    one, other = Tablet(small), Tablet(small)

    received = await bring([one.identifies("Ruth", RUTH.document), other.opens()], COACH, "coach")

    assert whose(received) == [("Ruth", "vouched")]
    link = await links.link_of(db, one.profile)
    assert link is not None
    assert link.vouched_by == COACH.id
    assert await links.link_of(db, other.profile) is None


async def test_a_bearer_vouches_for_nobody(bring: Bring, small: Course) -> None:
    tablet = Tablet(small)

    received = await bring([tablet.identifies("Ruth", RUTH.document)], None, "bearer")
    assert whose(received) == [("Ruth", "unverified")]


async def test_a_vouched_profile_is_never_taken_away(bring: Bring, db: Database, small: Course) -> None:
    tablet = Tablet(small)
    await bring([tablet.opens()], NELIDA, "owner")

    assert whose(await bring([tablet.completes()], RUTH, "owner")) == [("Nélida", "taken")]
    link = await links.link_of(db, tablet.profile)
    assert link is not None
    assert link.person == NELIDA.id


async def test_a_claim_gives_way_to_a_vouched_link(db: Database) -> None:
    await links.claim(db, "profile", RUTH.id, at=AT)

    assert (await links.vouch(db, "profile", NELIDA.id, by=COACH.id, at=AT)).person == NELIDA.id
    assert (await links.vouch(db, "profile", RUTH.id, by=COACH.id, at=AT)).person == NELIDA.id


@pytest.mark.parametrize(
    ("bringer", "counts"),
    [
        (Bringer(NELIDA, "owner"), True),
        (Bringer(COACH, "coach"), True),
        (Bringer(None, "keeper"), True),
        (Bringer(RUTH, "owner"), False),
        (Bringer(None, "bearer"), False),
    ],
)
async def test_lines_for_a_vouched_profile_count_on_the_word_of_some(
    bring: Bring, db: Database, small: Course, bringer: Bringer, counts: bool
) -> None:
    tablet = Tablet(small)
    await bring([tablet.opens()], NELIDA, "owner")

    received = await bring([tablet.completes()], bringer.person, bringer.by)

    assert (received.stored, received.held) == ((1, 0) if counts else (0, 1))
    assert await db.value("SELECT count(*) FROM events") == (2 if counts else 1)
    assert await db.value("SELECT count(*) FROM held") == (0 if counts else 1)


async def test_a_later_claim_takes_nothing_from_an_earlier_one(db: Database) -> None:
    await links.claim(db, "profile", RUTH.id, at=AT)

    assert (await links.claim(db, "profile", NELIDA.id, at=AT)).person == RUTH.id


async def test_a_link_can_be_confirmed_and_undone(db: Database) -> None:
    await links.claim(db, "profile", RUTH.id, at=AT)

    assert await links.confirm(db, "profile", by=COACH.id, at=AT)
    assert not await links.confirm(db, "profile", by=COACH.id, at=AT)
    assert await links.link_of(db, "profile") == links.Link("profile", RUTH.id, "vouched", COACH.id, AT)
    undone = await links.unlink(db, "profile", by=COACH.id, at=AT)
    assert undone is not None
    assert undone.person == RUTH.id
    assert await links.link_of(db, "profile") is None
    assert await links.undone_by(db, "profile", RUTH.id) == COACH.id
    assert await links.unlink(db, "profile", by=COACH.id, at=AT) is None


async def test_a_bad_file_stores_nothing(db: Database) -> None:
    with pytest.raises(Invalid):
        await receive_file(db, await read_file(b"hola", Identity.new), NELIDA, "owner")

    assert await db.value("SELECT count(*) FROM events") == 0


async def test_what_became_of_a_file_is_said_in_words(bring: Bring, small: Course) -> None:
    tablet = Tablet(small)
    lines = [tablet.opens(), tablet.identifies("Ruth", RUTH.document), b"{oops"]

    first = what_became(await bring(lines, NELIDA, "owner"), {"curso": "Mi curso"}, Bringer(NELIDA, "owner"))
    again = what_became(await bring(lines[:2], COACH, "coach"), {}, Bringer(COACH, "coach"))

    assert first == (
        "Este archivo es de otra persona: no cambió nada en tu cuenta. "
        "Recibimos 2 registros nuevos de «Mi curso». 1 no se pudo leer; los demás sí. "
        "El avance dice ser de alguien con cuenta aquí: queda por confirmar."
    )
    assert again == (
        "No había nada nuevo de «curso». 2 ya estaban aquí. El avance está a nombre de Ruth Quispe."
    )


@pytest.mark.parametrize("status", ["unverified", "vouched"])
@pytest.mark.parametrize(
    "bringer", [Bringer(None, "bearer"), Bringer(NELIDA, "owner"), Bringer(RUTH, "owner")]
)
async def test_a_document_that_somebody_writes_into_a_file_tells_them_no_name(
    bring: Bring, small: Course, status: str, bringer: Bringer
) -> None:
    tablet = Tablet(small)
    lines = [tablet.identifies("", RUTH.document)]
    await bring(lines, COACH if status == "vouched" else None, "coach" if status == "vouched" else "bearer")

    said = what_became(await bring(lines, bringer.person, bringer.by), {}, bringer)

    assert ("Ruth" in said) == (bringer.person is RUTH)
    if bringer.by == "bearer":
        words = {
            "unverified": "dice ser de alguien con cuenta aquí: queda",
            "vouched": "a nombre de alguien con",
        }
        assert words[status] in said


async def test_somebody_elses_whole_file_is_no_success(bring: Bring, small: Course) -> None:
    tablet = Tablet(small)
    lines = [tablet.opens(), tablet.completes()]
    own = notice_of(await bring(lines, NELIDA, "owner"), {}, Bringer(NELIDA, "owner"))

    other = notice_of(await bring(lines, RUTH, "owner"), {}, Bringer(RUTH, "owner"))

    assert own.kind == "good"
    assert other.kind == "part"
    assert other.text.startswith("Este archivo es de otra persona: no cambió nada en tu cuenta.")
    assert "Una parte" not in other.text
    assert "Nélida" not in other.text


async def test_a_coach_reads_that_a_file_without_a_document_is_nobodys_yet(
    bring: Bring, small: Course
) -> None:
    nameless, named = Tablet(small), Tablet(small)
    theirs = [named.identifies("Ruth", RUTH.document)]

    nobodys = notice_of(await bring([nameless.opens()], COACH, "coach"), {}, Bringer(COACH, "coach"))
    both = notice_of(
        await bring([nameless.completes(), *theirs], COACH, "coach"), {}, Bringer(COACH, "coach")
    )
    known = notice_of(await bring(theirs, COACH, "coach"), {}, Bringer(COACH, "coach"))

    assert nobodys.kind == both.kind == "part"
    assert nobodys.text.startswith("Este avance todavía no es de nadie")
    assert "subirlo en «Mi avance»" in nobodys.text
    assert both.text.startswith("Una parte de este avance todavía no es de nadie")
    assert known.kind == "good"
    assert nobodys.linkable == both.linkable == (Linkable("Sin nombre", nameless.profile),)
    assert known.linkable == ()


@pytest.mark.parametrize("bringer", [Bringer(COACH, "coach"), Bringer(None, "keeper")])
async def test_who_decides_for_others_reads_why_a_file_is_nobodys(
    bring: Bring, small: Course, bringer: Bringer
) -> None:
    stranger, nameless = Tablet(small), Tablet(small)
    lines = [stranger.identifies("Ana", "45555551"), stranger.opens()]
    stranger_only = what_became(await bring(lines, bringer.person, bringer.by), {}, bringer)
    both = what_became(await bring([*lines, nameless.opens()], bringer.person, bringer.by), {}, bringer)

    assert stranger_only.startswith(
        "Este avance todavía no es de nadie. Trae un documento que no tiene cuenta aquí: "
        "cuando la persona la cree e ingrese, dirá si es suyo. Recibimos 2 registros nuevos"
    )
    assert "persona debe ingresar con su cuenta" not in stranger_only
    assert "persona debe ingresar con su cuenta y subirlo en «Mi avance»." in both
    assert ("Si sabes de quién es, enlázalo aquí" in both) == (bringer.by == "coach")


async def test_a_document_that_no_database_takes_keeps_nothing_from_being_received(
    bring: Bring, small: Course
) -> None:
    tablet, other = Tablet(small), Tablet(small)
    lines = [tablet.identifies("X", "\0"), other.identifies("Nélida", "40000002"), other.opens()]

    received = await bring(lines, None, "bearer")

    assert received.stored == 3
    assert [linked.profile for linked in received.linked] == [other.profile]
