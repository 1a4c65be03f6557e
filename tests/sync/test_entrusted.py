"""A closed file that is brought to a school goes on to the server that it is closed to, and its receipt comes back."""

from __future__ import annotations

import html
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cast import Server
from events_cast import changed, store
from starlette.testclient import TestClient

from lms.course.model import Course
from lms.db import Database
from lms.errors import Invalid
from lms.remote import Lost
from lms.sync import entrusted, message, nodes
from lms.sync.entrusted import hand_over, leave, note, parcel_of, waiting
from lms.sync.exchange import Errand
from lms.sync.message import Answered, Card, Message, Told
from lms.sync.over_closed_file import in_text, parcel_in
from lms.sync.over_receipt import Receipt, mark_of, read, write
from lms.sync.routes import lines
from lms.sync.sealing import Identity, Public
from lms.web.limits import RateLimit
from tests.sync.bringing import Run, invited
from tests.sync.closing import Signing
from tests.sync.meeting import AT, Node, meet
from tests.sync.test_receipts import slip_in

UGEL, SCHOOL = Identity.new(), Identity.new()
NUMBER = UGEL.public.number
LATER = "2027-06-26T00:00:00.000Z"
DAY = datetime(2026, 11, 26, tzinfo=UTC).date()


@pytest.fixture
def tablet(small: Course) -> Signing:
    return Signing(small)


@pytest.fixture
def closed(tablet: Signing) -> bytes:
    """A file of two events, for the UGEL."""
    return tablet.closes([tablet.announces(), tablet.opens()], UGEL.public)


def test_it_goes_with_the_next_exchange_and_who_brings_it_again_learns_that_it_arrived(
    run: Run, above: Server, tablet: Signing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    school, file = tmp_path / "escuela", tmp_path / "cerrado.txt"
    invitation = invited(run, above, monkeypatch)
    file.write_bytes(
        tablet.closes([tablet.announces(), tablet.opens()], Public.read(invitation.split(":")[2]))
    )
    assert run(school, "node", "join", invitation)[0] == 0

    code, said = run(school, "sync", "import", file)
    assert (
        code,
        "Lo guardamos y va en camino." in said,
        "Todavía no sabemos si allí lo recibieron" in said,
    ) == (
        0,
        True,
        True,
    )
    assert "Ya lo teníamos y va en camino desde el" in run(school, "sync", "import", file)[1]
    assert "archivos cerrados por entregarle" in run(school, "stats")[1]
    assert "0 nuevos recibidos. 1 archivo cerrado entregado." in run(school, "sync", "run")[1]
    assert "archivo cerrado" not in run(school, "sync", "run")[1]

    said = run(school, "sync", "import", file)[1]
    assert "llegó allí el" in said
    assert "Recibimos 2 registros nuevos de «curso»." in said
    assert log_of(above.data) == [tablet.profile] * 2
    assert log_of(school) == [], "who carries it is told nothing of what is in it"
    with sqlite3.connect(above.data / "lms.db") as there:
        assert there.execute("SELECT count(*) FROM carried").fetchone() == (0,)


def log_of(data: Path) -> list[str]:
    with sqlite3.connect(data / "lms.db") as db:
        return [profile for (profile,) in db.execute("SELECT profile FROM events")]


def test_without_a_network_it_leaves_in_a_file_beside_the_parcels(
    run: Run, above: Server, tablet: Signing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    school, file, stick = tmp_path / "escuela", tmp_path / "cerrado.txt", tmp_path / "usb"
    invitation = invited(run, above, monkeypatch)
    file.write_bytes(
        tablet.closes([tablet.announces(), tablet.opens()], Public.read(invitation.split(":")[2]))
    )
    run(school, "node", "join", invitation)
    run(school, "sync", "import", file)

    assert run(school, "sync", "export", "--to", "ugel", stick)[0] == 0
    [left] = stick.glob("cerrado-*.txt")
    assert parcel_in(left.read_bytes()) == parcel_in(file.read_bytes())
    code, said = run(above.data, "sync", "import", stick)
    assert (code, "Recibimos 2 registros nuevos de «curso»." in said) == (0, True), said


def joined(browser: TestClient) -> Any:
    """Have the site join the UGEL; its database."""
    db, card = browser.app.state.site.db, Card("ugel", UGEL.public.text)  # type: ignore[attr-defined]
    assert browser.portal is not None
    browser.portal.call(lambda: nodes.join(db, card, "", at=AT))
    return db


def bring(browser: TestClient, data: bytes) -> Any:
    return browser.post("/mi-avance/archivo", files={"archivo": ("avance.txt", data, "text/plain")})


def test_on_the_page_its_bearer_reads_that_it_is_on_its_way_and_later_takes_its_receipt(
    browser: TestClient, tablet: Signing, closed: bytes
) -> None:
    assert "Entrégalo allí" in bring(browser, closed).text, "nobody goes there from here"
    db = joined(browser)
    assert browser.portal is not None
    for words in ("Lo guardamos y va en camino.", "Ya lo teníamos y va en camino desde el"):
        page = bring(browser, closed).text
        assert f"está cerrado para «ugel», número {NUMBER}: aquí no se abre. {words}" in page
        assert "Recibimos tu archivo" not in page

    peer = browser.portal.call(nodes.peer_with_id, db, UGEL.public.id)
    [digest] = browser.portal.call(waiting, db, peer)
    letters = write(UGEL, Receipt(UGEL.public, "UGEL", DAY, ()))
    answer = Answered(digest, True, "Recibimos 2 registros nuevos.", letters, "all")
    assert browser.portal.call(lambda: note(db, peer, answer, at=AT))
    assert browser.portal.call(waiting, db, peer) == []

    page = html.unescape(bring(browser, closed).text)
    assert "llegó allí el 25 nov 2026. Respondió: Recibimos 2 registros nuevos." in page
    assert "Recibo de «ugel»" in page
    assert "a nombre de nadie" in (slip := slip_in(page))
    assert 'class="notice part"' in page
    assert "Recibimos el archivo" not in page
    assert read(browser.post("/recibo", data={"recibo": slip}).text).key == UGEL.public
    other = write(SCHOOL, Receipt(SCHOOL.public, "UGEL", DAY, ()))
    assert browser.post("/recibo", data={"recibo": f"CHASKI RECIBO 1 {other} FIN"}).status_code == 400


def carry(browser: TestClient, *parcels: bytes) -> Any:
    db, card = browser.app.state.site.db, Card("escuela", SCHOOL.public.text)  # type: ignore[attr-defined]
    assert browser.portal is not None
    browser.portal.call(lambda: nodes.keep_peer(db, card, "joined", at=AT))
    server = Public.read(browser.get("/servidores").json()["public"])
    sealed = SCHOOL.seal(message.write(Message(card, closed=list(parcels))), server)
    return browser.post("/servidores/intercambio", content=sealed)


def carried(browser: TestClient, *parcels: bytes) -> Answered:
    """What the site says to a school that carries a closed file."""
    answer = carry(browser, *parcels)
    assert answer.status_code == 200, answer.text
    told = message.read(SCHOOL.open(answer.content)[0])[0]
    assert told.takes_closed
    [said] = told.answered
    return said


def test_the_server_that_opens_it_answers_with_a_receipt_that_names_nobody(
    browser: TestClient, tablet: Signing
) -> None:
    server = Public.read(browser.get("/servidores").json()["public"])
    lines = [tablet.announces(), tablet.identifies("Nélida Quispe", "40000002"), tablet.opens()]
    parcel = parcel_in(tablet.closes(lines, server))
    said = carried(browser, parcel)
    assert (said.taken, said.nobodys) == (True, "all")
    receipt = read(f"CHASKI RECIBO 1 {said.receipt} FIN")
    assert receipt.key == server
    assert [(one.mark, one.upto) for one in receipt.places] == [(mark_of(tablet.profile, tablet.device), 3)]
    assert not any(word in str(said) for word in (tablet.profile, tablet.device, "Quispe", "40000002"))
    assert "No había nada nuevo" in carried(browser, parcel).said


def test_it_costs_who_carries_it_what_its_lines_would_have_cost_there(
    browser: TestClient, tablet: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Public.read(browser.get("/servidores").json()["public"])
    monkeypatch.setattr(lines, "own_rate", RateLimit(burst=8, per_minute=1))
    parcel = parcel_in(tablet.closes([tablet.announces(), *[b"xx"] * 59], server))
    assert carry(browser, parcel).status_code == 200
    slowed = carry(browser, parcel)
    assert slowed.status_code == 429
    assert int(slowed.headers["retry-after"]) > 200


def test_what_only_looks_like_one_is_refused_in_words_and_waits_no_more(browser: TestClient) -> None:
    server = Public.read(browser.get("/servidores").json()["public"])
    false = b"CHA2" + bytes.fromhex(server.id) + bytes(200)
    said = carried(browser, false)
    assert (said.taken, said.receipt) == (False, "")
    assert "El archivo cambió después de guardarse" in said.said

    db = joined(browser)
    assert browser.portal is not None
    false = in_text(b"CHA2" + bytes.fromhex(UGEL.public.id) + bytes(200), NUMBER)
    assert "va en camino" in bring(browser, false).text
    peer = browser.portal.call(nodes.peer_with_id, db, UGEL.public.id)
    [digest] = browser.portal.call(waiting, db, peer)
    browser.portal.call(lambda: note(db, peer, Answered(digest, False, "No es\x1b de nadie."), at=AT))
    assert "y no se pudo recibir. Respondió: No es de nadie." in bring(browser, false).text
    assert browser.portal.call(waiting, db, peer) == []


async def test_whose_answer_is_lost_goes_again_and_is_answered_the_same(school: Node, closed: bytes) -> None:
    peer = await nodes.join(school.db, Card("ugel", UGEL.public.text), "", at=AT)
    await leave(school.db, closed, at=AT)
    heard: list[bytes] = []

    async def talk(said: Message, lines: Sequence[bytes]) -> Told:
        heard.extend(said.closed)
        if len(heard) == 1:
            raise Lost("")
        digest = sha256(said.closed[0]).hexdigest()
        answered = [Answered(digest, True, "Llegó."), Answered("0" * 64, True)]
        return Message(Card("ugel", UGEL.public.text), answered=answered[: len(heard) - 1]), ()

    with pytest.raises(Lost):
        await hand_over(school.here, peer, talk, Errand())
    assert len(await waiting(school.db, peer)) == 1
    for handed in (1, 0):
        errand = Errand()
        await hand_over(school.here, peer, talk, errand)
        assert errand.handed == handed
    assert heard == [parcel_in(closed)] * 2


async def test_a_server_of_a_former_version_is_given_none(school: Node, ugel: Node, tablet: Signing) -> None:
    await store(school.db, tablet.opens())
    assert (await meet(school, ugel)).takes_closed is False


async def test_there_is_room_for_so_many_for_so_long(db: Database, tablet: Signing, closed: bytes) -> None:
    await nodes.join(db, Card("ugel", UGEL.public.text), "", at=AT)
    peer = await nodes.peer_with_id(db, UGEL.public.id)
    assert peer
    files = [closed, *(tablet.closes([tablet.announces()], UGEL.public) for _ in range(2))]
    with changed(entrusted, MOST_CLOSED=100):
        assert await leave(db, closed, at=AT) is None
    with changed(entrusted, MOST_TOGETHER=len(parcel_in(closed)) + 10):
        assert [bool(await leave(db, file, at=AT)) for file in files] == [True, False, False]
    with changed(entrusted, MOST_WAITING=2):
        assert [bool(await leave(db, file, at=AT)) for file in files] == [True, True, False]
        assert await waiting(db, peer) != []
        assert await leave(db, files[2], at=LATER), "the others are forgotten"
    [digest] = await waiting(db, peer)
    assert await parcel_of(db, digest) == parcel_in(files[2])


async def test_only_what_is_for_a_server_above_that_is_still_joined_is_kept(
    db: Database, closed: bytes
) -> None:
    assert await leave(db, closed, at=AT) is None
    await nodes.keep_peer(db, Card("ugel", UGEL.public.text), "joined", at=AT)
    assert await leave(db, closed, at=AT) is None, "it comes here, and nobody goes there"
    peer = await nodes.join(db, Card("ugel", UGEL.public.text), "", at=AT)
    assert await leave(db, closed, at=AT)
    await nodes.set_state(db, peer, "refused", at=AT)
    assert await leave(db, closed, at=AT) is None, "not even to say what became of it"
    with pytest.raises(Invalid):
        await leave(db, closed.replace(b"FIN", b"FI"), at=AT)


async def test_a_receipt_that_another_signed_is_not_kept(db: Database, closed: bytes) -> None:
    peer = await nodes.join(db, Card("ugel", UGEL.public.text), "", at=AT)
    await leave(db, closed, at=AT)
    [digest] = await waiting(db, peer)
    other = write(SCHOOL, Receipt(SCHOOL.public, "ugel", DAY, ()))
    stranger = await nodes.join(db, Card("otra", SCHOOL.public.text), "", at=AT)
    assert not await note(db, stranger, Answered(digest, True, "Llegó.", other), at=AT), (
        "nobody else answers for it"
    )
    for letters in (other, f"{write(UGEL, Receipt(UGEL.public, 'u', DAY, ()))} FIN \0"):
        await db.execute("UPDATE entrusted SET state = 'waiting'")
        assert await note(db, peer, Answered(digest, True, "Llegó.", letters), at=AT)
        again = await leave(db, closed, at=AT)
        assert again
        assert (again.before, again.file.state, again.file.receipt) == (True, "taken", "")


def test_more_than_one_at_once_or_a_larger_one_is_no_message() -> None:
    card = Card("escuela", SCHOOL.public.text)
    for parcels in ([b"x", b"y"], [bytes(message.MOST_CLOSED + 1)]):
        with pytest.raises(Invalid):
            message.read(message.write(Message(card, closed=parcels)))
    assert b"closed" not in message.write(Message(card))
    told = {"sender": msgspec.to_builtins(card), "answered": [["\0", True]]}
    with pytest.raises(Invalid):
        message.read(msgspec.json.encode(told))
