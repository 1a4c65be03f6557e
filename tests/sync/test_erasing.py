"""Who was erased on one server is erased on those that it exchanges with, and does not come back."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from events_cast import Tablet, changed, small_course, store

from lms.accounts.queries import erase
from lms.db import Database, migrate
from lms.errors import Invalid
from lms.events import wire
from lms.events.erasing import blanked, erase_profiles, tombstones_of
from lms.events.heads import heads_of
from lms.events.model import NoteWritten
from lms.people import links
from lms.people.model import Person
from lms.people.queries import add_person
from lms.sync import erased as telling
from lms.sync.exchange import Errand, exchange
from lms.sync.message import Message, Told, read, write
from lms.sync.over_parcel import Taken, lacks_something, parcels_for, take_parcels
from tests.sync.bringing import NELIDA, RUTH
from tests.sync.meeting import AT, Node, link, meet

COURSE = small_course()
WORDS = ("Nélida", NELIDA.document, "pozo")


def words_of(tablet: Tablet) -> list[bytes]:
    """A name, a document, a note, and an answer."""
    return [
        tablet.identifies("Nélida", NELIDA.document),
        tablet.writes("note.written", "uno", NoteWritten("El pozo", ())),
        tablet.completes(),
    ]


async def erased(node: Node, *tablets: Tablet) -> None:
    async with node.db.transaction() as work:
        await erase_profiles(work, [tablet.profile for tablet in tablets], at=AT)


async def account(node: Node, person: Person, *tablets: Tablet) -> None:
    assert await add_person(node.db, person, pin_hash="", recovery_hash="")
    for tablet in tablets:
        await links.vouch(node.db, tablet.profile, person.id, by=person.id, at=AT)


async def tells(node: Node) -> list[str]:
    """Which of the words stand on a server."""
    rows = await node.db.rows("SELECT line FROM events UNION ALL SELECT line FROM held")
    kept = b"\n".join(bytes(row["line"]) for row in rows)
    return [word for word in WORDS if word.encode() in kept]


async def same(one: Node, other: Node, tablet: Tablet) -> bool:
    return await heads_of(one.db, [tablet.profile]) == await heads_of(other.db, [tablet.profile])


@pytest.mark.parametrize("begins", ["the school", "the UGEL"])
async def test_who_was_erased_here_is_erased_there_and_the_rest_stays(
    school: Node, ugel: Node, begins: str
) -> None:
    tablet, other = Tablet(COURSE), Tablet(COURSE)
    await store(school.db, *words_of(tablet), other.identifies("Ruth", RUTH.document), other.completes())
    await meet(school, ugel)
    await account(school, NELIDA, tablet)

    await erase(school.db, NELIDA, at=AT)
    await (meet(school, ugel) if begins == "the school" else meet(ugel, school))

    assert await tells(school) == await tells(ugel) == []
    assert await ugel.lines() == await school.lines()
    assert RUTH.document.encode() in b"".join(await ugel.lines())
    assert len(await ugel.lines()) == 5, "what was done stays"


async def test_that_another_profile_names_the_person_is_taken_out_there_too(school: Node, ugel: Node) -> None:
    tablet, other = Tablet(COURSE), Tablet(COURSE)
    foreign = other.identifies("Nélida", NELIDA.document)
    await store(school.db, *words_of(tablet), other.identifies("Ruth", RUTH.document), foreign)
    await meet(school, ugel)
    await account(school, NELIDA, tablet)

    await erase(school.db, NELIDA, at=AT)
    await meet(school, ugel)

    assert await tells(ugel) == []
    assert RUTH.document.encode() in b"".join(await ugel.lines())
    assert (await store(ugel.db, foreign))[0].status == "known"


async def test_an_old_file_brings_no_name_back_on_any_of_them_and_all_stay_equal(
    school: Node, ugel: Node
) -> None:
    tablet = Tablet(COURSE)
    first, later = words_of(tablet), words_of(tablet)
    await store(school.db, *first)
    await meet(school, ugel)
    await erased(school, tablet)
    await meet(school, ugel)

    receipts = await store(ugel.db, *first, *later)
    done, again = await meet(school, ugel), await meet(school, ugel)

    assert [receipt.status for receipt in receipts] == [*["known"] * 5, "stored"]
    assert await tells(school) == await tells(ugel) == []
    assert await same(school, ugel, tablet)
    assert (done.messages, again.messages, again.stored) == (2, 1, 0)


async def test_names_given_elsewhere_to_who_was_erased_keep_no_answers_going(
    school: Node, ugel: Node
) -> None:
    tablet = Tablet(COURSE)
    await store(school.db, *words_of(tablet))
    await meet(school, ugel)
    await erased(school, tablet)
    await account(ugel, NELIDA, tablet)
    await store(ugel.db, tablet.identifies("Nélida Quispe", NELIDA.document))

    await meet(school, ugel)

    assert await tells(school) == []
    assert await tells(ugel) == list(WORDS)
    assert await same(school, ugel, tablet)
    assert (await meet(school, ugel)).stored == 0
    assert not await lacks_something(ugel.here, await ugel.peer(school))


async def test_whose_account_is_here_stays_whatever_another_server_says_until_it_is_erased_here(
    school: Node, ugel: Node
) -> None:
    tablet = Tablet(COURSE)
    await store(school.db, *words_of(tablet))
    await meet(school, ugel)
    await account(ugel, NELIDA, tablet)
    await erased(school, tablet)

    await meet(school, ugel)
    await meet(school, ugel)
    row = await ugel.db.row("SELECT profile, node FROM erased_elsewhere")

    assert await tells(ugel) == list(WORDS)
    assert row is not None
    assert (row["profile"], row["node"]) == (tablet.profile, school.id)
    assert await tombstones_of(ugel.db, [tablet.profile]) == []

    await erase(ugel.db, NELIDA, at=AT)
    assert await tells(ugel) == []
    assert await ugel.db.value("SELECT count(*) FROM erased_elsewhere") == 0


async def test_a_claim_that_nobody_vouched_for_goes_with_the_names(school: Node, ugel: Node) -> None:
    tablet = Tablet(COURSE)
    await store(school.db, *words_of(tablet))
    assert await add_person(ugel.db, NELIDA, pin_hash="", recovery_hash="")
    await meet(school, ugel)
    assert await links.claim(ugel.db, tablet.profile, NELIDA.id, at=AT)
    await erased(school, tablet)

    await meet(school, ugel)

    assert await links.link_of(ugel.db, tablet.profile) is None
    assert await tells(ugel) == []


async def test_by_file_it_travels_as_well_and_is_worth_an_answer_once(school: Node, ugel: Node) -> None:
    async def carry(one: Node, other: Node) -> Taken:
        parcels = [parcel async for parcel in parcels_for(one.here, one.identity, await one.peer(other))]
        return await take_parcels(other.here, other.identity, parcels)

    tablet = Tablet(COURSE)
    await store(school.db, *words_of(tablet))
    await carry(school, ugel)
    await erased(ugel, tablet)

    untold = [(await carry(*way)).untold for way in ((school, ugel), (ugel, school), (school, ugel))]

    assert await tells(school) == []
    assert untold == [1, 0, 0]


async def test_who_wants_no_events_hears_of_it_all_the_same(school: Node, ugel: Node) -> None:
    tablet = Tablet(COURSE)
    await store(school.db, *words_of(tablet))
    await meet(school, ugel)
    await erased(ugel, tablet)

    errand = Errand(gives=False, takes=False)
    await exchange(school.here, await school.peer(ugel), link(school, ugel), errand)

    assert await tells(school) == []


async def test_a_server_that_knows_nothing_of_it_keeps_names_and_nothing_breaks(
    school: Node, ugel: Node
) -> None:
    tablet = Tablet(COURSE)
    await store(ugel.db, *words_of(tablet))
    talk = link(school, ugel)

    async def deaf(message: Message, lines: Sequence[bytes]) -> Told:
        reply, brought = await talk(Message(**{**_fields(message), "erased": []}), lines)
        return Message(**{**_fields(reply), "erased": []}), brought

    await store(school.db, tablet.completes())
    await exchange(school.here, await school.peer(ugel), deaf, Errand())
    await erased(school, tablet)
    for _ in range(2):
        errand = Errand()
        await exchange(school.here, await school.peer(ugel), deaf, errand)
        assert (errand.sent, errand.stored, errand.messages) == (0, 0, 2)

    assert await tells(school) == []
    assert await tells(ugel) == list(WORDS)
    assert await same(school, ugel, tablet)


def _fields(message: Message) -> dict[str, object]:
    return {name: getattr(message, name) for name in message.__struct_fields__}


async def test_a_line_without_its_words_is_the_same_line_to_who_has_them(db: Database) -> None:
    said = Tablet(COURSE).identifies("Nélida", NELIDA.document)
    note = Tablet(COURSE).writes("note.written", "uno", NoteWritten("El pozo", ()))
    await store(db, said, blanked(note))

    receipts = await store(db, blanked(said), note, said.replace("Nélida".encode(), b"Ana"))

    assert [receipt.status for receipt in receipts] == ["known", "known", "refused"]


def test_what_a_newer_version_says_of_somebody_goes_too() -> None:
    said = Tablet(COURSE).identifies("Nélida", NELIDA.document)
    newer = said.replace(b'{"v":1', b'{"v":7,"who":"Quispe"').replace(b'"name":', b'"phone":999,"name":')

    assert blanked(newer) == blanked(said).replace(b'"v":1', b'"v":7')
    assert blanked(blanked(newer)) == blanked(newer)


async def test_of_more_than_one_message_holds_whole_profiles_are_said_first(db: Database) -> None:
    rows = [("a", f"{number}") for number in range(3)] + [("b", "b"), ("c", "c")]
    await db.execute_many(
        "INSERT INTO erased (profile, id, at) VALUES (:profile, :id, '')",
        [{"profile": profile, "id": id} for profile, id in rows],
    )
    with changed(telling, MOST_ERASED=3):
        assert await telling.told(db, ["a", "b", "c"]) == [("b", "b"), ("c", "c"), ("a", "0")]


def test_a_tombstone_that_no_database_could_keep_is_not_read(school: Node) -> None:
    good = Message(school.here.card, erased=[("a", "a")])
    assert read(write(good))[0] == good
    with pytest.raises(Invalid):
        read(write(Message(school.here.card, erased=[("a", "\0")])))


async def test_an_account_takes_nobodys_name_with_it_into_whose_file_it_wrote_its_document(
    school: Node, ugel: Node
) -> None:
    tablet = Tablet(COURSE)
    await store(school.db, *words_of(tablet), tablet.identifies("Ruth", RUTH.document))
    await meet(school, ugel)
    await account(school, RUTH)
    assert await links.claim(school.db, tablet.profile, RUTH.id, at=AT)

    await erase(school.db, RUTH, at=AT)
    await meet(school, ugel)

    for node in (school, ugel):
        assert await tells(node) == list(WORDS)
        assert RUTH.document.encode() not in b"".join(await node.lines())


async def test_what_was_erased_before_servers_said_so_is_known_with_its_profile(db: Database) -> None:
    whole, one = Tablet(COURSE), Tablet(COURSE)
    lines = [*words_of(whole), *words_of(one)]
    await store(db, *lines)
    ids = [whole.profile, *(wire.decode(line).id for line in (lines[0], lines[3]))]
    await db.execute("DROP TABLE erased")
    await db.execute("DROP TABLE erased_elsewhere")
    await db.execute("CREATE TABLE erased (id TEXT PRIMARY KEY, at TEXT NOT NULL)")
    await db.execute_many("INSERT INTO erased (id, at) VALUES (:id, :at)", [(id, AT) for id in ids])
    await db.execute("DELETE FROM migrations WHERE name = '0011_erased_profiles'")

    assert await migrate(db) == ("0011_erased_profiles",)

    found = await tombstones_of(db, [whole.profile, one.profile])
    assert set(found) == {(whole.profile, whole.profile), (one.profile, ids[2])}
