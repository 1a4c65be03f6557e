"""Receipts: what a server signs that it has, and whoever may carry it."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from typing import Any

import pytest
from cast import NELIDA, ROOT
from events_cast import Tablet, small_course, store
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from lms.course.model import Course
from lms.db import Database
from lms.errors import Invalid
from lms.sync import over_receipt
from lms.sync.drawing import READ_BY_ALL
from lms.sync.over_receipt import (
    Acknowledged,
    Receipt,
    acknowledged,
    arrived,
    as_text,
    in_one_line,
    mark_of,
    read,
    write,
)
from lms.sync.sealing import Identity, Public
from lms.sync.words import nobodys, nobodys_in_short
from tests.sync.closing import Signing
from tests.sync.sending import send, upload

COURSE = small_course()
SERVER = Identity.new()
DAY = date(2026, 11, 26)
VECTORS: dict[str, Any] = json.loads((ROOT / "tests/vectors/receipt.json").read_text("utf-8"))


def receipt(*places: Acknowledged, name: str = "UGEL Cusco") -> Receipt:
    return Receipt(SERVER.public, name, DAY, places)


SAMPLE = receipt(Acknowledged(b"12345678", 41, b"abcdefgh"))
LETTERS = write(SERVER, SAMPLE)


async def given_by(db: Database, *profiles: str) -> Receipt:
    return receipt(*await acknowledged(db, profiles))


@pytest.mark.parametrize("made", [SAMPLE, receipt(), receipt(*SAMPLE.places * 300), receipt(name="Ñ" * 30)])
def test_a_receipt_says_what_was_put_in(made: Receipt) -> None:
    letters = write(SERVER, made)
    for text in (
        as_text(made, letters),
        as_text(made, letters).replace("\n", "\r\n"),
        " ".join(as_text(made, letters).split()),
        in_one_line(letters),
        f"Hola: {in_one_line(letters).lower()}. Gracias",
    ):
        assert read(text) == made


def test_a_receipt_names_nobody() -> None:
    tablet = Tablet(COURSE)
    text = as_text(receipt(Acknowledged(mark_of(tablet.profile, tablet.device), 1, bytes(8))), LETTERS)
    assert tablet.profile not in text
    assert tablet.device not in text
    assert text.startswith("«UGEL Cusco» recibió este avance (26 nov 2026). Lleva este recibo")


@given(st.integers(0, len(LETTERS) - 1), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_a_receipt_altered_anywhere_is_refused(place: int, letter: str) -> None:
    altered = LETTERS[:place] + letter + LETTERS[place + 1 :]
    try:
        assert read(in_one_line(altered)) == SAMPLE
    except Invalid as refused:
        assert (altered == LETTERS, refused.message) == (False, over_receipt.ALTERED)  # noqa: PT017 - nothing is raised where only its looks changed


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    for tried in (text, f"CHASKI RECIBO 1 {text} FIN", in_one_line(LETTERS[:100] + text)):
        with pytest.raises(Invalid) as refused:
            read(tried)
        assert refused.value.message in (over_receipt.NONE, over_receipt.ALTERED, over_receipt.NEWER)


def test_a_newer_receipt_says_so() -> None:
    with pytest.raises(Invalid, match="versión más nueva"):
        read(in_one_line(LETTERS).replace("RECIBO 1", "RECIBO 2"))


def test_what_browsers_read_is_read_here_alike() -> None:
    found = read(VECTORS["text"])
    assert (found.key.text, found.name, found.day.isoformat()) == (
        VECTORS["key"], VECTORS["name"], VECTORS["day"]
    )  # fmt: skip
    steps = [(seq, id) for seq, id in enumerate(VECTORS["ids"], 1)]
    for place, upto in zip(found.places, VECTORS["upto"], strict=True):
        assert place.mark == mark_of(VECTORS["profile"], VECTORS["device"])
        assert over_receipt._held(place, (VECTORS["profile"], VECTORS["device"]), steps) == upto


def test_packs_know_what_is_in_nobodys_name_by_the_words_that_are_said_here() -> None:
    said = {much: [nobodys(much), nobodys_in_short(much)] for much in ("all", "part")}
    assert said == VECTORS["nobodys"]
    assert all(len(in_one_line(LETTERS, short)) < READ_BY_ALL for _, short in said.values())


async def test_what_is_here_is_acknowledged_up_to_the_first_gap(db: Database) -> None:
    tablet, torn = Tablet(COURSE), Tablet(COURSE)
    await store(db, *(tablet.opens() for _ in range(5)))
    lines = [torn.opens() for _ in range(5)]
    await store(db, *lines[:2], *lines[3:])
    said = {place.mark: place.upto for place in (await given_by(db, tablet.profile, torn.profile)).places}
    assert said == {mark_of(tablet.profile, tablet.device): 5, mark_of(torn.profile, torn.device): 2}
    assert await acknowledged(db, ["nobody"]) == []


async def test_another_server_says_how_much_of_what_is_here_it_has(db: Database) -> None:
    tablet, other = Tablet(COURSE), Tablet(COURSE)
    lines = [tablet.opens() for _ in range(4)]
    await store(db, *lines[:3])
    said = await given_by(db, tablet.profile)
    await store(db, lines[3], other.opens())
    assert await arrived(db, said, [tablet.profile, other.profile]) == (
        {(tablet.profile, tablet.device): 3},
        5,
    )
    false = receipt(said.places[0]._replace(digest=b"otherids"))
    assert await arrived(db, false, [tablet.profile]) == ({}, 4)


def slip_in(text: str) -> str:
    found = re.search(r'name="recibo" value="([^"]*)"', text)
    assert found is not None
    return html.unescape(found[1])


def test_whoever_uploads_a_file_is_given_a_receipt(browser: TestClient, small: Course) -> None:
    tablet = Tablet(small)
    text = upload(browser, [tablet.opens(), tablet.completes()])
    slip = slip_in(text)
    said = read(slip)
    assert said.key == Public.read(browser.get("/servidores").json()["public"])
    assert [(place.mark, place.upto) for place in said.places] == [
        (mark_of(tablet.profile, tablet.device), 2)
    ]
    assert "Mostrar el recibo como QR" in text

    file = browser.post("/recibo", data={"recibo": slip})
    whose = re.sub("[^a-z0-9]+", "-", said.name.lower()).strip("-")[:30].strip("-")
    assert whose
    assert file.headers["content-disposition"] == f'attachment; filename="recibo-{whose}-{said.day}.txt"'
    assert read(file.text) == said


def test_a_receipt_of_what_is_nobodys_yet_tells_its_reader_so(browser: TestClient, small: Course) -> None:
    words = "Llegó, pero todavía no está a nombre de nadie"
    tablet, hers = Tablet(small), Tablet(small)
    page = upload(browser, [tablet.opens()])
    assert words in slip_in(page)
    assert page.count(words) == 2
    assert words in send(browser, tablet.opens(), door="/recibir", chaski_recibo="si").json()["receipt"]

    browser.post("/crear-cuenta", data=NELIDA)
    assert "a nombre de nadie" not in upload(browser, [hers.opens()])
    mixed = upload(browser, [hers.opens(), Tablet(small).identifies("Ana", "45555551")])
    assert "una parte todavía no está a nombre de nadie" in slip_in(mixed)
    assert [len(read(slip_in(one)).places) for one in (page, mixed)] == [1, 2]


def test_a_neighbour_who_brings_anothers_file_learns_that_nothing_is_lost_and_no_name(
    browser: TestClient, small: Course
) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    page = upload(browser, [Tablet(small).identifies("Ana Choque", "45555551")])
    assert "Este avance llegó y no se pierde, pero no quedó a tu nombre" in page
    assert "Si es de otra persona, tu acompañante verá de quién es" in page
    assert "Ana" not in page


def test_a_carrier_of_a_closed_file_learns_no_id_by_its_receipt(browser: TestClient, small: Course) -> None:
    tablet = Signing(small)
    server = Public.read(browser.get("/servidores").json()["public"])
    data = tablet.closes([tablet.announces(), tablet.opens()], server)
    answer = browser.post("/mi-avance/archivo", files={"archivo": ("avance.txt", data, "text/plain")})
    assert read(slip_in(answer.text)).places[0].upto == 2
    assert tablet.profile not in answer.text


def test_a_carrier_at_the_open_door_asks_for_a_receipt(browser: TestClient, small: Course) -> None:
    tablet = Tablet(small)
    assert "receipt" not in send(browser, tablet.opens(), door="/recibir").json()
    given = send(browser, tablet.opens(), door="/recibir", chaski_recibo="si").json()["receipt"]
    assert [(place.mark, place.upto) for place in read(given).places] == [
        (mark_of(tablet.profile, tablet.device), 2)
    ]


def test_only_receipts_of_this_server_are_given_as_files(browser: TestClient) -> None:
    foreign = browser.post("/recibo", data={"recibo": as_text(SAMPLE, LETTERS)})
    assert (foreign.status_code, "no es de este servidor" in foreign.text) == (400, True)
    assert browser.post("/recibo", data={"recibo": "<script>"}).status_code == 400
    assert browser.post("/recibo").status_code == 400


def test_a_receipt_of_another_server_is_told(browser: TestClient, small: Course) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    tablet = Tablet(small)
    slip = slip_in(upload(browser, [tablet.opens(), tablet.completes()]))
    own = read(slip)
    made = Receipt(SERVER.public, "UGEL Cusco", DAY, own.places)
    for data, words in (
        (as_text(made, write(SERVER, made)), "«UGEL Cusco», número "),
        (as_text(SAMPLE, LETTERS), "pero no de un avance tuyo"),
    ):
        file = {"archivo": ("recibo.txt", data.encode(), "text/plain")}
        assert words in browser.post("/mi-avance/archivo", files=file).text
    cut = {"archivo": ("recibo.txt", slip[:200].encode(), "text/plain")}
    answer = browser.post("/mi-avance/archivo", files=cut)
    assert (answer.status_code, "está incompleto" in answer.text) == (400, True)


async def test_more_devices_than_a_receipt_has_room_for_are_left_out_but_those_that_are_asked_for(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(over_receipt, "MOST_PLACES", 2)
    first = Tablet(COURSE)
    tablets = [first, *(Tablet(COURSE, first.profile) for _ in range(4))]
    await store(db, *(one.opens() for one in tablets))
    marks = [mark_of(first.profile, device) for device in sorted(one.device for one in tablets)]

    told = await acknowledged(db, [first.profile])
    asked = await acknowledged(db, [first.profile], [max(one.device for one in tablets)])

    assert [one.mark for one in told] == marks[:2]
    assert [one.mark for one in asked] == marks[-1:]


async def test_more_events_than_a_receipt_has_time_for_are_left_out_and_the_other_devices_told(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(over_receipt, "MOST_READ", 5)
    plain, small, large = (Tablet(COURSE) for _ in range(3))
    clones = [Tablet(COURSE, one.profile, one.device, seq=1) for one in (small, large)]
    await store(
        db, *(one.opens() for one in (plain, small, large, small, large, *clones, *[plain, large] * 5))
    )
    profiles = [one.profile for one in (plain, small, large)]

    told = await acknowledged(db, profiles)
    brought, _ = await arrived(db, receipt(*told), profiles)

    assert {one.mark: one.upto for one in told} == {
        mark_of(one.profile, one.device): upto for one, upto in ((plain, 6), (small, 1))
    }
    assert brought == {(small.profile, small.device): 1}
