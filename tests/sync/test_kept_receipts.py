"""A receipt of another server that somebody brings is kept: «Mi avance» goes on saying what it says."""

from __future__ import annotations

import re
from datetime import date

import pytest
from cast import NELIDA
from events_cast import Tablet, small_course, store
from msgspec import structs
from starlette.testclient import TestClient

from lms.course.model import Course
from lms.db import Database
from lms.errors import Conflict
from lms.events.erasing import erase_profiles
from lms.events.heading import bring_up_to_date
from lms.events.heads import heads_of
from lms.sync import kept_receipts
from lms.sync.acknowledged import arrived
from lms.sync.message import Card
from lms.sync.node_receipts import note_receipts, said_by
from lms.sync.nodes import keep_peer
from lms.sync.over_receipt import Receipt, as_text, write
from lms.sync.sealing import Identity
from tests.sync.meeting import AT
from tests.sync.sending import upload
from tests.sync.test_receipts import read, slip_in

COURSE = small_course()
SERVER = Identity.new()
EVENING = "2026-11-27T01:00:00.000Z"  # of the 26th in Peru
WRONG_DAY = (
    "con una fecha que no podía ser cuando se trajo: el reloj de ese servidor, o el de este, estaba mal"
)
ADVICE = "Lo demás irá la próxima vez que haya conexión, o en un archivo."


def receipt(day: int = 26, name: str = "UGEL Cusco", server: Identity = SERVER) -> Receipt:
    return Receipt(server.public, name, date(2026, 11, day), ())


async def keep(db: Database, said: Receipt, places: dict[tuple[str, str], int], day: int = 28) -> None:
    """Keep a receipt that is brought on a day."""
    await kept_receipts.keep(db, said, places, today=date(2026, 11, day))


@pytest.fixture
async def tablet(db: Database) -> Tablet:
    """One from which four events are here."""
    made = Tablet(COURSE)
    await store(db, *(made.opens() for _ in range(4)))
    await bring_up_to_date(db)
    return made


async def words(db: Database, tablet: Tablet) -> list[str]:
    return [one.words for one in await arrived(db, [tablet.profile])]


async def test_of_each_device_the_last_day_counts(db: Database, tablet: Tablet) -> None:
    place = (tablet.profile, tablet.device)
    await keep(db, receipt(26), {place: 3})
    await keep(db, receipt(25), {place: 4})
    assert await words(db, tablet) == [
        "Recibido por «UGEL Cusco»: 3 de 4 registros (lo dice su recibo del 26 nov 2026)."
    ]
    await keep(db, receipt(27), {place: 4})
    assert await words(db, tablet) == ["Recibido por «UGEL Cusco»: todo (lo dice su recibo del 27 nov 2026)."]


@pytest.mark.parametrize("wrong", [date(2099, 1, 1), date(2026, 11, 29), date(2024, 1, 1)], ids=str)
async def test_a_day_that_cannot_be_keeps_no_later_receipt_away(
    db: Database, tablet: Tablet, wrong: date
) -> None:
    place, undated = (tablet.profile, tablet.device), structs.replace(receipt(), day=wrong)
    await keep(db, undated, {place: 3}, day=27)
    assert await words(db, tablet) == [
        f"Recibido por «UGEL Cusco»: 3 de 4 registros (lo dice su recibo, {WRONG_DAY})."
    ]
    await keep(db, receipt(26), {place: 4}, day=30)
    assert await words(db, tablet) == ["Recibido por «UGEL Cusco»: todo (lo dice su recibo del 26 nov 2026)."]
    await keep(db, undated, {place: 2}, day=28)
    assert "2 de 4 registros" in (await words(db, tablet))[0], "nobody knows which is older"


async def test_nor_does_one_that_was_kept_when_days_were_not_looked_at(db: Database, tablet: Tablet) -> None:
    place = (tablet.profile, tablet.device)
    await keep(db, receipt(30), {place: 2}, day=30)
    await keep(db, receipt(26), {place: 4}, day=27)
    assert "todo" in (await words(db, tablet))[0]


async def test_a_server_that_got_another_name_is_called_by_the_last(db: Database, tablet: Tablet) -> None:
    other = Tablet(COURSE, tablet.profile)
    await store(db, other.opens())
    await keep(db, receipt(25, "Ángeles"), {(tablet.profile, tablet.device): 4})
    await keep(db, receipt(26, "Zorritos"), {(other.profile, other.device): 1})
    assert await words(db, tablet) == ["Recibido por «Zorritos»: todo (lo dice su recibo del 26 nov 2026)."]
    await keep(db, receipt(24, "Ángeles"), {(other.profile, other.device): 1})
    assert "«Zorritos»" in (await words(db, tablet))[0]


@pytest.mark.parametrize(
    ("day", "upto", "said"),
    [
        (27, 4, "Recibido por «UGEL Cusco»: todo (lo dice su recibo del 27 nov 2026)."),
        (27, 2, "Recibido por «UGEL Cusco»: 2 de 4 registros (lo dice su recibo del 27 nov 2026)."),
        (26, 4, "Recibido por «UGEL Cusco»: todo (lo dice su recibo del 26 nov 2026)."),
        (30, 4, f"Recibido por «UGEL Cusco»: todo (lo dice su recibo, {WRONG_DAY})."),
        (26, 2, None),
        (25, 4, None),
    ],
)
async def test_a_receipt_that_is_later_than_what_its_server_said_itself_counts(
    db: Database, tablet: Tablet, day: int, upto: int, said: str | None
) -> None:
    peer = await keep_peer(db, Card("UGEL Cusco", SERVER.public.text), "joined", at=AT)
    [head] = await heads_of(db, [tablet.profile])
    await note_receipts(db, peer, [structs.replace(head, upto=3, events=3)], at=EVENING)
    await keep(db, receipt(day), {(tablet.profile, tablet.device): upto})
    told = "A «UGEL Cusco» llegaron 3 de 4 registros (hasta el 26 nov 2026). "
    assert [one.removesuffix(ADVICE) for one in await words(db, tablet)] == [said or told]


async def test_a_name_is_believed_with_the_first_key_that_comes_under_it(
    db: Database, tablet: Tablet
) -> None:
    place, other, joined = (tablet.profile, tablet.device), Identity.new(), Identity.new()
    await keep(db, receipt(), {place: 3})
    await keep_peer(db, Card("DIFODS", joined.public.text), "joined", at=AT)
    for false in (receipt(server=other), receipt(name="DIFODS")):
        with pytest.raises(Conflict, match="no tiene la llave"):
            await keep(db, false, {place: 4})
    assert len(await words(db, tablet)) == 1


async def test_what_a_joined_server_says_itself_goes_before_its_receipt(db: Database, tablet: Tablet) -> None:
    peer = await keep_peer(db, Card("UGEL Cusco", SERVER.public.text), "joined", at=AT)
    await keep(db, receipt(), {(tablet.profile, tablet.device): 3})
    assert len(await words(db, tablet)) == 1
    await note_receipts(db, peer, await heads_of(db, [tablet.profile]), at=EVENING)
    assert await words(db, tablet) == ["Todo llegó a «UGEL Cusco» (lo confirmó el 26 nov 2026)."]


async def test_nobody_fills_the_page_with_servers_of_their_own(
    db: Database, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_receipts, "MOST_SERVERS", 2)
    place = (tablet.profile, tablet.device)
    for name in ("A", "B"):
        await keep(db, receipt(name=name, server=Identity.new()), {place: 1})
    with pytest.raises(Conflict, match="Ya hay recibos de 2 servidores"):
        await keep(db, receipt(name="C", server=Identity.new()), {place: 1})


async def test_it_goes_when_its_profile_is_erased_and_what_a_server_says_itself_stays(
    db: Database, tablet: Tablet
) -> None:
    other = Tablet(COURSE)
    await store(db, other.opens())
    await bring_up_to_date(db)
    for one in (tablet, other):
        await keep(db, receipt(), {(one.profile, one.device): 1})
    peer = await keep_peer(db, Card("DIFODS", Identity.new().public.text), "joined", at=AT)
    await note_receipts(db, peer, await heads_of(db, [tablet.profile]), at=AT)

    async with db.transaction() as work:
        await erase_profiles(work, [tablet.profile], at=AT)

    by_receipt = [[said.by_receipt for said in await arrived(db, [one.profile])] for one in (tablet, other)]
    assert by_receipt == [[False], [True]]
    place = (tablet.profile, tablet.device)
    assert await said_by(db, peer, [place]) == await heads_of(db, [tablet.profile]) != []


def test_my_progress_says_it_also_the_next_time(browser: TestClient, small: Course) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    tablet = Tablet(small)
    own = read(slip_in(upload(browser, [tablet.opens(), tablet.completes()])))
    made = Receipt(SERVER.public, "UGEL Cusco", own.day, own.places)
    file = {"archivo": ("recibo.txt", as_text(made, write(SERVER, made)).encode(), "text/plain")}
    assert "«Mi avance» lo recuerda" in browser.post("/mi-avance/archivo", files=file).text
    assert "Recibido por «UGEL Cusco»: todo (lo dice su recibo del" in browser.get("/mi-avance").text


def test_who_brings_one_whose_date_cannot_be_is_told(browser: TestClient, small: Course) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    own = read(slip_in(upload(browser, [Tablet(small).opens()])))
    made = Receipt(SERVER.public, "UGEL Cusco", date(2099, 1, 2), own.places)
    answer = browser.post("/mi-avance/codigo", data={"codigo": as_text(made, write(SERVER, made))})
    assert "dice que tenía 1 de 1 registro tuyo que hay aquí" in answer.text
    assert "Su fecha, 2 ene 2099, no puede ser" in answer.text
    assert f"todo (lo dice su recibo, {WRONG_DAY})" in browser.get("/mi-avance").text


def test_a_receipt_that_is_pasted_where_codes_are_is_kept_too(browser: TestClient, small: Course) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    tablet = Tablet(small)
    own = read(slip_in(upload(browser, [tablet.opens()])))
    made = Receipt(SERVER.public, "UGEL Cusco", own.day, own.places)
    text = "Te paso tu recibo: " + " ".join(as_text(made, write(SERVER, made)).split())
    answer = browser.post("/mi-avance/codigo", data={"codigo": text})
    assert "«Mi avance» lo recuerda" in answer.text
    assert "Recibido por «UGEL Cusco»: todo" in browser.get("/mi-avance").text
    cut = browser.post("/mi-avance/codigo", data={"codigo": text[:300]})
    assert (cut.status_code, "está incompleto" in cut.text) == (400, True)


def test_the_name_that_a_receipt_gives_itself_turns_no_sentence_round(
    browser: TestClient, small: Course
) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    own = read(slip_in(upload(browser, [Tablet(small).opens()])))
    for places in (own.places, ()):
        made = Receipt(SERVER.public, "UGEL\u202e Cusco", own.day, places)
        answer = browser.post("/mi-avance/codigo", data={"codigo": as_text(made, write(SERVER, made))})
        assert "«UGEL Cusco»" in answer.text
        assert "\u202e" not in re.sub("<textarea.*?</textarea>", "", answer.text, flags=re.S)
