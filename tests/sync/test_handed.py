"""What a coach is handed beside teachers' files: what a school prepared, and receipts."""

from __future__ import annotations

from datetime import date
from typing import Any

from events_cast import Tablet
from starlette.testclient import TestClient

from lms.course.model import Course
from lms.sync import entrusted, message, nodes
from lms.sync.armour import Label, armoured
from lms.sync.message import Answered, Card, Message
from lms.sync.over_receipt import Receipt, as_text, write
from lms.sync.own import identity_in
from lms.sync.sealing import Identity
from tests.sync.closing import Signing
from tests.sync.meeting import AT

DAY = date(2026, 11, 26)
UGEL = Identity.new()


def hand(coach: TestClient, *files: bytes) -> Any:
    named = [("archivo", (f"{number}.txt", data, "text/plain")) for number, data in enumerate(files, 1)]
    return coach.post("/acompanante/recibir", files=named)


def test_what_a_school_prepared_is_taken_among_teachers_files(coach: TestClient, small: Course) -> None:
    school, here = Identity.new(), coach.app.state.site  # type: ignore[attr-defined]
    card = Card("escuela", school.public.text)
    assert coach.portal is not None
    coach.portal.call(lambda: nodes.keep_peer(here.db, card, "joined", at=AT))
    content = message.write(Message(card), [Tablet(small).opens()])
    ours, other = (
        armoured([school.seal(content, to)], Label("escuela", "ugel", DAY))
        for to in (identity_in(here.settings).public, UGEL.public)
    )
    answer = hand(coach, ours, other, b"\xff\xd8").text
    assert "<b>1.txt:</b> De «escuela»: 1 registro nuevo, 0 que ya estaban." in answer
    assert "<b>2.txt:</b> Este paquete de avance es para otro servidor, que el archivo llama «ugel»" in answer
    assert "<b>3.txt:</b> Este archivo no es de avance" in answer
    asks = "pide su respuesta a quien administra este servidor: lms sync export --to escuela CARPETA"
    assert asks in answer
    again = hand(coach, ours).text
    assert "0 registros nuevos, 1 que ya estaba." in again
    assert asks in again, "it does not know yet that it arrived"
    said = school.seal(message.write(Message(card), []), identity_in(here.settings).public)
    answered = hand(coach, armoured([said], Label("escuela", "ugel", DAY))).text
    assert "0 registros nuevos, 0 que ya estaban." in answered
    assert "lms sync export" not in answered


def test_of_a_server_that_has_not_joined_a_coach_reads_whom_to_show_it(coach: TestClient) -> None:
    school, here = Identity.new(), coach.app.state.site  # type: ignore[attr-defined]
    said = message.write(Message(Card("escuela", school.public.text)), [])
    parcel = armoured([school.seal(said, identity_in(here.settings).public)], Label("escuela", "ugel", DAY))
    answer = hand(coach, parcel)
    assert answer.status_code == 403
    assert (
        "Muestra esto a quien administra este servidor. Este paquete es de «escuela», número" in answer.text
    )


def test_of_a_receipt_a_coach_is_told_where_it_goes(coach: TestClient) -> None:
    given = Receipt(UGEL.public, "UGEL Cusco", DAY, ())
    text = as_text(given, write(UGEL, given)).encode()
    answer = hand(coach, text)
    assert answer.status_code == 200
    assert (
        f"Es un recibo de «UGEL Cusco», número {UGEL.public.number}: no trae avance. Llévalo" in answer.text
    )
    cut = hand(coach, text[:-20])
    assert (cut.status_code, "El recibo cambió en el camino" in cut.text) == (400, True)


def test_a_closed_file_for_a_server_above_is_kept_and_its_receipt_given_when_it_is_handed_in_again(
    coach: TestClient, small: Course
) -> None:
    db, tablet = coach.app.state.site.db, Signing(small)  # type: ignore[attr-defined]
    assert coach.portal is not None
    peer = coach.portal.call(lambda: nodes.join(db, Card("ugel", UGEL.public.text), "", at=AT))
    files = [tablet.closes([tablet.announces()], UGEL.public) for _ in range(2)]
    page = hand(coach, *files).text
    assert ("<b>1.txt, 2.txt:</b> " in page, page.count("va en camino")) == (True, 1)
    letters = write(UGEL, Receipt(UGEL.public, "UGEL Cusco", DAY, ()))
    for digest in coach.portal.call(entrusted.waiting, db, peer):
        answer = Answered(digest, True, "Recibimos 1 registro nuevo.", letters)
        coach.portal.call(lambda said: entrusted.note(db, peer, said, at=AT), answer)
    page = hand(coach, *files).text
    assert page.count("Respondió: Recibimos 1 registro nuevo.") == 2
    assert [f'id="recibo-{number}">Recibo de «ugel»' in page for number in (1, 2, 3)] == [True, True, False]
