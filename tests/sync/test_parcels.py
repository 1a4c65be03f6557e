"""What travels between servers in somebody's pocket: only its receiver can open it, and nobody can change it."""

from __future__ import annotations

import tracemalloc
import zlib
from collections.abc import AsyncIterator
from datetime import date

import msgspec
import pytest
from events_cast import Tablet, small_course, store
from hypothesis import given
from hypothesis import strategies as st

from lms.errors import Forbidden, Invalid, LmsError, TooLarge
from lms.sync import armour, message, node_receipts, nodes, sealing
from lms.sync.armour import Label, armoured, in_files, is_armoured, parcels_in
from lms.sync.invitations import Invitation, read_invitation
from lms.sync.message import Card, Message
from lms.sync.over_parcel import Taken, take_parcels
from lms.sync.sealing import Identity
from tests.sync.meeting import AT, Node, prepared

COURSE = small_course()
SCHOOL, UGEL, STRANGER = Identity.new(), Identity.new(), Identity.new()
LABEL = Label("Escuela", "UGEL", date(2026, 11, 26))
PARCEL = SCHOOL.seal(b"avance", UGEL.public)


@pytest.fixture
async def ugel() -> AsyncIterator[Node]:
    made = await Node.new("UGEL")
    yield made
    await made.db.close()


async def carried(one: Node, other: Node) -> Taken:
    """Everything that one has for another, through a text file."""
    files = in_files(await prepared(one, other), LABEL)
    assert len(files) == 1
    return await take_parcels(other.here, other.identity, parcels_in(files[0]))


def test_a_parcel_says_what_was_put_in_and_who_sent_it() -> None:
    assert UGEL.open(PARCEL) == (b"avance", SCHOOL.public)


@given(st.data())
def test_a_parcel_altered_anywhere_is_refused(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(PARCEL) - 1))
    change = data.draw(st.integers(1, 255))
    altered = bytearray(PARCEL)
    altered[place] ^= change
    with pytest.raises(Invalid):
        UGEL.open(bytes(altered))


@given(st.integers(0, len(PARCEL) - 1))
def test_a_parcel_cut_anywhere_is_refused(length: int) -> None:
    with pytest.raises(Invalid):
        UGEL.open(PARCEL[:length])


def test_a_parcel_for_another_server_says_so() -> None:
    with pytest.raises(Invalid, match="es para otro servidor"):
        STRANGER.open(PARCEL)


def test_whoever_opens_a_parcel_cannot_seal_it_for_somebody_else_in_its_senders_name() -> None:
    inside = sealing._SUITE.decrypt(PARCEL[12:], UGEL.secret, info=sealing.BETWEEN_NODES.info + PARCEL[:12])
    head = b"CHK1" + bytes.fromhex(STRANGER.public.id)
    forged = head + sealing._SUITE.encrypt(
        inside, STRANGER.public.key, info=sealing.BETWEEN_NODES.info + head
    )
    with pytest.raises(Invalid, match="La firma"):
        STRANGER.open(forged)


def test_a_parcel_that_another_key_signed_is_from_that_key() -> None:
    assert UGEL.open(STRANGER.seal(b"avance", UGEL.public))[1] == STRANGER.public


def test_a_parcel_full_of_zeros_is_not_unpacked() -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(1024)) + packer.flush()
    parcel = _sealed_as_it_is(packed)
    tracemalloc.start()
    with pytest.raises(TooLarge):
        UGEL.open(parcel)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * sealing.MOST_OPENED


def test_who_is_not_known_may_not_say_much_at_once() -> None:
    parcel = STRANGER.seal(bytes(sealing.MOST_OF_STRANGERS + 1), UGEL.public)
    with pytest.raises(TooLarge):
        UGEL.open(parcel, {SCHOOL.public.id})
    assert UGEL.open(parcel, {STRANGER.public.id})[1] == STRANGER.public


def _sealed_as_it_is(packed: bytes) -> bytes:
    real = zlib.compress
    sealing.zlib.compress = lambda content, level: content  # type: ignore[assignment]
    try:
        return SCHOOL.seal(packed, UGEL.public)
    finally:
        sealing.zlib.compress = real  # type: ignore[assignment]


def test_what_is_too_large_is_not_even_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "MOST_SEALED", 100)
    with pytest.raises(TooLarge):
        SCHOOL.seal(bytes(range(200)), UGEL.public)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[" * 100_000,
        b'{"sender":' * 50_000,
        b"\xff\xfe",
        b'{"sender":{"name":"x","public":"y"},"v":2}',
    ],
    ids=["empty", "without a sender", "nested lists", "nested objects", "not text", "of a later version"],
)
def test_a_message_that_is_none_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Invalid, match="no se puede leer"):
        message.read(content)


def test_a_message_with_more_lines_than_allowed_is_refused() -> None:
    content = message.write(Message(Card("x", SCHOOL.public.text)), [b"{}"] * 1001)
    with pytest.raises(TooLarge):
        message.read(content)


def test_a_message_of_nothing_but_line_ends_is_not_taken_apart() -> None:
    content = message.write(Message(Card("x", SCHOOL.public.text))) + b"\n" * 4_000_000
    tracemalloc.start()
    with pytest.raises(TooLarge):
        message.read(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * len(content)


@pytest.mark.parametrize(
    "heads",
    [
        [["p", "d", -1, 1, 1, "0" * 32]],
        [["p", "d", 1, 2**63, 1, "0" * 32]],
        [["p" * 37, "d", 1, 1, 1, "0" * 32]],
        [["p", "d\0", 1, 1, 1, "0" * 32]],
        [["p", "d", 1, 1, 1, "0" * 32], ["p", "d", 2, 2, 2, "0" * 32]],
    ],
    ids=[
        "below nothing",
        "more than a database takes",
        "of no profile",
        "of no device",
        "of one device twice",
    ],
)
def test_heads_that_no_log_has_are_refused(heads: list[object]) -> None:
    told = {"sender": {"name": "x", "public": SCHOOL.public.text}, "heads": heads}
    with pytest.raises(Invalid, match="no se puede leer"):
        message.read(msgspec.json.encode(told))


async def test_the_name_of_whoever_knocks_is_one_line_of_plain_letters(ugel: Node) -> None:
    card = Card("Escuela\x1b[2J\n50123", STRANGER.public.text)
    assert (await nodes.meet(ugel.db, card, STRANGER.public, "", at=AT)).name == "Escuela [2J 50123"


async def test_a_file_brings_everything_and_its_answer_brings_the_receipt(school: Node, ugel: Node) -> None:
    await school.knows(ugel, upstream=True)
    await ugel.knows(school)
    tablet = Tablet(COURSE)
    await store(school.db, *[tablet.opens() for _ in range(5)])

    assert (await carried(school, ugel)).stored == 5
    await carried(ugel, school)

    assert await ugel.lines() == await school.lines()
    receipts = await node_receipts.receipts_of(school.db, [tablet.profile])
    assert [(one.node, one.upto, one.events) for one in receipts] == [("UGEL", 5, 5)]


async def test_what_was_acknowledged_is_not_sent_again_and_what_was_not_is(school: Node, ugel: Node) -> None:
    await school.knows(ugel, upstream=True)
    await ugel.knows(school)
    tablet = Tablet(COURSE)
    await store(school.db, *[tablet.opens() for _ in range(5)])
    lost = await prepared(school, ugel)

    again = await carried(school, ugel)
    twice = await take_parcels(ugel.here, ugel.identity, lost)
    await carried(ugel, school)
    await store(school.db, tablet.opens())
    rest = await carried(school, ugel)

    assert (again.stored, twice.stored, twice.known) == (5, 0, 5)
    assert (rest.stored, rest.known) == (1, 0)


async def test_who_comes_with_an_invitation_is_let_in_once(school: Node, ugel: Node) -> None:
    secret = await nodes.invite(ugel.db, "", at=AT)
    for node in (school, other := await Node.new("Otra")):
        await nodes.join(node.db, ugel.here.card, secret, at=AT)
        await store(node.db, Tablet(COURSE).opens())

    assert (await carried(school, ugel)).stored == 1
    with pytest.raises(Forbidden, match="todavía no se unió"):
        await carried(other, ugel)
    assert [peer.state for peer in await nodes.peers(ugel.db)] == ["joined", "waiting"]
    await other.db.close()


async def test_who_was_removed_brings_nothing_more(school: Node, ugel: Node) -> None:
    await school.knows(ugel, upstream=True)
    await ugel.knows(school)
    await nodes.set_state(ugel.db, await ugel.peer(school), "refused", at=AT)
    await store(school.db, Tablet(COURSE).opens())

    with pytest.raises(Forbidden, match="no se acepta"):
        await carried(school, ugel)
    assert await ugel.lines() == []


def test_a_file_of_parcels_survives_a_mail_program() -> None:
    file = armoured([PARCEL, PARCEL], LABEL)
    spoilt = b"\xef\xbb\xbf" + file.replace(b"\n", b"\r\n").replace(b"FIN", b"  FIN  \r\n\r\n")
    assert is_armoured(spoilt)
    assert list(parcels_in(spoilt)) == [PARCEL, PARCEL]


def test_many_parcels_go_into_several_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(armour, "MAX_FILE", 2700)
    files = in_files([PARCEL] * 5, LABEL)
    assert [len(list(parcels_in(file))) for file in files] == [2, 2, 1]
    assert all(len(file) <= 2700 for file in files)
    assert b"archivo 2 de 3" in files[1]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda file: file[: len(file) // 2], "incompleto"),
        (lambda file: file.replace(b"PAQUETE 1", b"PAQUETE 2"), "más nueva"),
        (lambda file: file.replace(b"\nFIN", b"\n***\nFIN"), "cambió"),
        (lambda file: b"\xff\xfe" + file, "no se puede leer"),
        (lambda file: file + bytes(9 * 1024 * 1024), "8 MB"),
    ],
    ids=["cut", "newer", "altered", "recoded", "large"],
)
def test_a_file_that_was_spoilt_says_how(spoil: object, sentence: str) -> None:
    with pytest.raises(LmsError, match=sentence):
        list(parcels_in(spoil(armoured([PARCEL], LABEL))))  # type: ignore[operator]


def test_an_invitation_is_found_in_a_chat() -> None:
    invitation = Invitation(Card("UGEL Canas", UGEL.public.text, "https://ugel.example"), "secreto")
    found = read_invitation(f"Buenos días, únete con esto:\n{invitation.line}\nGracias")
    assert found == Invitation(Card("UGEL-Canas", UGEL.public.text, "https://ugel.example"), "secreto")


@pytest.mark.parametrize("text", ["", "chaski-servidor-1:x", "chaski-servidor-1:x:" + "A" * 87 + "::"])
def test_a_text_without_a_whole_invitation_says_what_to_look_for(text: str) -> None:
    with pytest.raises(Invalid):
        read_invitation(text)
