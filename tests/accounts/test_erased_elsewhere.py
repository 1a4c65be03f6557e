"""What another server says was erased there: nothing of an account here is, and a coach is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from starlette.testclient import TestClient

from lms.sync.erased import take_in
from lms.sync.message import Card
from lms.sync.nodes import keep_peer
from lms.sync.sealing import Identity
from tests.accounts.conftest import sign_up
from tests.accounts.desk import first, section, take_back
from tests.accounts.lines import identified, opened, send

AT = "2026-11-26T12:00:00.000Z"
ROSA = {"documento": "12345678", "nombres": "Rosa", "paterno": "Mamani", "pin": "739164", "pin2": "739164"}


def test_a_coach_reads_where_until_they_saw_it_or_the_account_is_erased_here(
    browser: TestClient, other_browser: Callable[..., TestClient]
) -> None:
    sign_up(browser)
    profile = re.findall(r'"profile":"([0-9a-f-]{36})"', browser.get("/session.js").text)[0]
    send(browser, identified(profile, "Nélida", "40000002"), opened(profile))
    coach, portal, db = other_browser(), browser.portal, browser.app.state.site.db
    sign_up(coach, **ROSA)
    portal.call(db.execute, "UPDATE persons SET role = 'acompanante' WHERE document = '12345678'")
    card = Card("Escuela de Ccorca", Identity.new().public.text)
    peer = portal.call(partial(keep_peer, db, card, "joined", at=AT))

    portal.call(partial(take_in, db, peer, [(profile, profile)], at=AT))

    shown = section(coach, "borrado")
    assert "Quispe Ñahui, Nélida" in shown
    assert "Se borró en «Escuela de Ccorca». Aquí se supo el 26 nov 2026." in shown
    assert "Nélida" in browser.get("/mis-datos").text
    said = first(coach, "borrado", "visto")
    assert section(coach, "borrado") == ""
    assert "Deshecho: está otra vez por revisar." in take_back(coach, said)
    assert section(coach, "borrado") == shown

    assert "Tu cuenta se borró" in browser.post("/mis-datos/borrar", data={"pin_actual": "482913"}).text
    assert section(coach, "borrado") == ""
