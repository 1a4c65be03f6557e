"""A progress file closed to one server: nobody else reads it, nobody changes it, and a known device is believed."""

from __future__ import annotations

import json
import tracemalloc
import zlib
from base64 import urlsafe_b64decode
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

import pytest
from cast import ROOT
from cryptography.hazmat.primitives.asymmetric import ec
from events_cast import small_course
from hypothesis import given
from hypothesis import strategies as st

from lms.db import Database
from lms.errors import Invalid, LmsError, TooLarge
from lms.events import devices, log
from lms.events.batch import Receipt
from lms.events.ids import new_random_id
from lms.people import links
from lms.people.model import Person
from lms.people.queries import erase_person
from lms.sync import over_closed_file as closed_file
from lms.sync import over_file, sealing
from lms.sync.over_closed_file import read_progress_file
from lms.sync.receiving import By, Received, read_file, receive_file
from lms.sync.sealing import Identity
from tests.sync.bringing import COACH, NELIDA, RUTH, Bring
from tests.sync.closing import HEADING, Signing, armoured, closed

COURSE = small_course()
SERVER, OTHER = Identity.new(), Identity.new()
AT = "2026-11-26T13:40:00.000Z"

VECTORS: dict[str, Any] = json.loads((ROOT / "tests/vectors/closed.json").read_text("utf-8"))
_SECRET = int.from_bytes(urlsafe_b64decode(VECTORS["server"]["d"] + "="))
BROWSERS = Identity(ec.derive_private_key(_SECRET, ec.SECP256R1()))
"""The server to which the browser of the vectors closed its files."""

Send = Callable[..., Awaitable[Received]]


@pytest.fixture
def send(bring: Bring, db: Database) -> Send:
    """Brings a closed file to the server: `(data, person, by)`."""

    async def act(data: bytes, person: Person | None, by: By) -> Received:
        return await receive_file(db, await read_file(data, lambda: SERVER), person, by)

    return act


def sample() -> tuple[Signing, list[bytes], bytes]:
    tablet = Signing(COURSE)
    lines = [tablet.announces(), tablet.opens(), tablet.completes()]
    return tablet, lines, tablet.closes(lines, SERVER.public)


TABLET, LINES, FILE = sample()


def opened(data: bytes) -> closed_file.File:
    return read_progress_file(data, lambda: SERVER)


def test_a_closed_file_holds_what_was_put_in_and_who_signed_it() -> None:
    assert opened(FILE) == closed_file.File(tuple(LINES), TABLET.key.public.text)


@pytest.mark.parametrize("packed", ["deflated", "stored"])
def test_what_a_browser_closed_is_opened(packed: str) -> None:
    file = read_progress_file(VECTORS[packed].encode(), lambda: BROWSERS)
    assert file == closed_file.File(over_file.parse_progress_file(VECTORS["open"].encode()), VECTORS["key"])
    assert devices.signers(file.lines, file.key)
    assert (BROWSERS.public.text, BROWSERS.public.number) == (
        VECTORS["server"]["point"],
        VECTORS["server"]["number"],
    )


def test_what_a_browser_seals_is_opened() -> None:
    info, plain, sealed = (bytes.fromhex(VECTORS["seal"][name]) for name in ("info", "plain", "sealed"))
    assert sealing._SUITE.decrypt(sealed, BROWSERS.secret, info=info) == plain


def test_what_editors_and_mail_do_to_a_closed_file_changes_nothing() -> None:
    assert opened(b"\xef\xbb\xbf" + FILE.replace(b"\n", b"\r\n") + b"\r\n\r\n") == opened(FILE)


def test_an_open_file_is_read_as_ever_and_needs_no_key() -> None:
    data = over_file.build_progress_file(LINES, HEADING)

    def never() -> Identity:
        raise AssertionError

    assert read_progress_file(data, never) == closed_file.File(tuple(LINES))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (FILE[:-5], over_file.CUT),
        (FILE[: len(FILE) // 2], over_file.CUT),
        (FILE.replace(b"\nFIN", b"\n\nAAAA\nFIN"), over_file.ALTERED),
        (FILE.replace(b"\nFIN", b"\n***\nFIN"), over_file.ALTERED),
        (FILE.replace(b"AVANCE 2", b"AVANCE 3"), over_file.NEWER),
        (TABLET.closes(LINES, OTHER.public), closed_file.FOR_ANOTHER.format(server="otro servidor")),
        (armoured(b""), over_file.ALTERED),
        (armoured(TABLET.key.seal(b"x", SERVER.public)), over_file.ALTERED),
        (closed(b"hola", TABLET.key, SERVER.public), over_file.OTHER_KIND),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(data: bytes, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        opened(data)
    assert refused.value.message == sentence


def test_a_file_signed_in_somebody_elses_name_says_so() -> None:
    inside = TABLET.key.public.point + OTHER.sign(b"anything") + zlib.compress(b"x")
    head = closed_file.kind().magic + bytes.fromhex(SERVER.public.id)
    info = closed_file.kind().info + head
    with pytest.raises(Invalid, match="no es de la llave que dice"):
        opened(armoured(head + sealing._SUITE.encrypt(inside, SERVER.public.key, info=info)))


@given(st.data())
def test_a_closed_file_altered_anywhere_below_its_heading_is_refused(data: st.DataObject) -> None:
    place = data.draw(st.integers(FILE.index(b"Cerrado") + 8, len(FILE) - 6))
    altered = bytearray(FILE)
    altered[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != FILE[place]))
    with suppress(LmsError):  # a space more or a line end less says the same
        assert opened(bytes(altered)) == opened(FILE)


@given(st.binary(max_size=300))
def test_any_bytes_under_the_heading_are_refused_with_a_sentence(data: bytes) -> None:
    for tried in (b"CHASKI AVANCE 2\n" + data, armoured(data), closed(data, TABLET.key, SERVER.public)):
        with pytest.raises(LmsError) as refused:
            opened(tried)
        assert refused.value.message


def test_a_gigabyte_of_zeros_is_refused_in_little_memory() -> None:
    squeezed = zlib.compressobj(9)
    packed = b"".join(squeezed.compress(bytes(1024 * 1024)) for _ in range(1024)) + squeezed.flush()
    head = closed_file.kind().magic + bytes.fromhex(SERVER.public.id)
    info = closed_file.kind().info
    signature = TABLET.key.sign(info + SERVER.public.point + packed)
    inside = TABLET.key.public.point + signature + packed
    data = armoured(head + sealing._SUITE.encrypt(inside, SERVER.public.key, info=info + head))
    tracemalloc.start()
    with pytest.raises(TooLarge) as refused:
        opened(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.message == closed_file.SWOLLEN
    assert peak < 40 * 1024 * 1024


async def test_deep_nesting_costs_a_line_and_no_other(send: Send) -> None:
    tablet = Signing(COURSE)
    deep = tablet.opens().replace(b'"data":{}', b'"data":{"a":' + b"[" * 5000 + b"]" * 5000 + b"}")
    received = await send(
        tablet.closes([tablet.announces(), deep, tablet.opens()], SERVER.public), None, "bearer"
    )
    assert (received.stored, received.refused) == (2, 1)


async def test_a_file_signed_anew_with_another_key_is_refused(send: Send, db: Database) -> None:
    _, lines, _ = sample()
    thief = Signing(COURSE)
    with pytest.raises(Invalid) as refused:
        await send(thief.closes(lines, SERVER.public), COACH, "coach")
    assert refused.value.message == devices.NOT_THE_DEVICE
    assert await db.value("SELECT count(*) FROM events") == 0


async def test_a_second_announcement_in_the_file_helps_nobody(send: Send) -> None:
    tablet, lines, _ = sample()
    thief = Signing(COURSE)
    forged = [*lines, tablet.announces(thief.key)]
    with pytest.raises(Invalid) as refused:
        await send(thief.closes(forged, SERVER.public), None, "bearer")
    assert refused.value.message == devices.NOT_THE_DEVICE


async def test_the_first_key_of_a_device_is_believed_and_another_is_not(send: Send, db: Database) -> None:
    tablet, _, data = sample()
    await send(data, None, "bearer")
    forger = Signing(COURSE, tablet.profile, tablet.device, 50)
    forged = forger.closes([forger.announces(), forger.completes("dos")], SERVER.public)
    for person, by in ((None, "bearer"), (COACH, "coach"), (None, "keeper")):
        with pytest.raises(Invalid) as refused:
            await send(forged, person, by)
        assert refused.value.message == devices.ANOTHER_KEY
    assert await devices.with_other_keys(db) == []


async def test_who_was_quicker_with_a_false_key_does_not_lock_an_owner_out(
    bring: Bring, send: Send, db: Database
) -> None:
    tablet, _, data = sample()
    squatter = Signing(COURSE, tablet.profile, tablet.device, 70)
    await bring([squatter.announces()], None, "bearer")
    with pytest.raises(Invalid):
        await send(data, None, "bearer")
    assert (await send(data, NELIDA, "owner")).stored == 3
    assert await devices.with_other_keys(db) == [(tablet.profile, tablet.device)]
    assert (await send(data, None, "bearer")).known == 3


async def test_what_a_known_device_signed_counts_whoever_brings_it(send: Send, bring: Bring) -> None:
    tablet, lines, data = sample()
    await send(data, NELIDA, "owner")
    lines += [tablet.completes("dos")]
    assert (await bring(lines, RUTH, "owner")).held == 1  # an open file proves nothing
    assert (await send(tablet.closes(lines, SERVER.public), RUTH, "owner")).stored == 1
    lines += [tablet.opens("dos")]
    assert (await send(tablet.closes(lines, SERVER.public), None, "bearer")).stored == 1


async def test_a_signature_speaks_only_for_the_device_that_made_it(send: Send) -> None:
    tablet, lines, data = sample()
    await send(data, NELIDA, "owner")
    stranger = Signing(COURSE, tablet.profile)
    both = [*lines, tablet.completes("dos"), stranger.announces(stranger.key), stranger.completes("dos")]
    received = await send(tablet.closes(both, SERVER.public), None, "bearer")
    assert (received.stored, received.held) == (1, 2)
    received = await send(stranger.closes(both, SERVER.public), None, "bearer")
    assert (received.stored, received.held) == (0, 2)


async def test_what_a_coach_brings_makes_no_device_a_persons(send: Send, db: Database) -> None:
    tablet = Signing(COURSE)
    lines = [tablet.announces(), tablet.identifies("Nélida", NELIDA.document), tablet.opens()]
    assert (await send(tablet.closes(lines, SERVER.public), COACH, "coach")).linked[0].status == "vouched"
    assert await db.value("SELECT count(*) FROM device_keys") == 0
    received = await send(tablet.closes([*lines, tablet.completes()], SERVER.public), None, "bearer")
    assert (received.stored, received.held) == (0, 1)


@pytest.mark.parametrize("ends", ["unlinked", "erased"])
async def test_a_device_speaks_for_nobody_once_the_link_is_gone(send: Send, db: Database, ends: str) -> None:
    tablet, _, data = sample()
    await send(data, NELIDA, "owner")
    assert await db.value("SELECT person FROM device_keys") == NELIDA.id
    if ends == "erased":
        await erase_person(db, NELIDA.id, at=AT)
    else:
        await links.unlink(db, tablet.profile, by=COACH.id, at=AT)
    assert await db.value("SELECT count(*) FROM device_keys") == 0


async def test_nobody_owns_a_device_of_a_profile_that_is_not_theirs(bring: Bring, db: Database) -> None:
    place = (new_random_id(), new_random_id())
    await links.claim(db, place[0], NELIDA.id, at=AT)
    await devices.own(db, {place: "k"}, NELIDA.id, at=AT)
    await links.vouch(db, place[0], RUTH.id, by=COACH.id, at=AT)
    await devices.own(db, {place: "k"}, NELIDA.id, at=AT)
    assert await db.value("SELECT count(*) FROM device_keys") == 0


def test_a_file_signed_for_more_people_than_share_a_tablet_is_refused() -> None:
    tablet = Signing(COURSE)
    lines = []
    for _ in range(devices.MOST_SIGNED + 1):
        tablet.profile = new_random_id()
        lines.append(tablet.announces())
    with pytest.raises(Invalid) as refused:
        devices.signers(lines, tablet.key.public.text)
    assert refused.value.message == devices.TOO_MANY


async def test_what_a_trusted_hand_brings_of_many_people_is_stored_in_one_go(
    send: Send, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups = []
    append = log.append

    async def counted(db: Database, lines: Sequence[bytes], **way: Any) -> Sequence[Receipt]:
        groups.append(len(lines))
        return await append(db, lines, **way)

    monkeypatch.setattr(log, "append", counted)
    one, other = Signing(COURSE), Signing(COURSE)
    other.key, lines = one.key, []
    for tablet, person in ((one, NELIDA), (other, RUTH)):
        lines.append(tablet.announces())
        await send(tablet.closes(lines[-1:], SERVER.public), person, "owner")
        lines.append(tablet.opens())
    groups.clear()
    assert (await send(one.closes(lines, SERVER.public), COACH, "coach")).stored == 2
    assert groups == [4]
