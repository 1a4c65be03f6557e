"""A chat that was exported is a text file too: where progress files are brought, what it holds is found and told."""

from __future__ import annotations

import html
from typing import Any

import pytest
from cast import NELIDA as ACCOUNT
from starlette.testclient import TestClient

from lms.sync.pasted import chat_in
from lms.sync.routes import brought
from tests.sync.pasting import mine, token
from tests.sync.test_handed import hand
from tests.sync.test_pasted import receipt_beside
from tests.sync.test_receipts import slip_in

CHAT = (
    "26/11/26, 9:58 - Los mensajes están cifrados de extremo a extremo.\r\n"
    "26/11/26, 10:03 - +51 984 000 111: ¿Ya llegó, profe?\r\n"
    "26/11/26, 10:04 - +51 984 000 111: Mi avance en Agua: {}\r\n"
)


def upload(client: TestClient, text: str | bytes) -> Any:
    data = text.encode() if isinstance(text, str) else text
    return client.post("/mi-avance/archivo", files={"archivo": ("chat.txt", data, "text/plain")})


def test_whoever_uploads_their_chat_has_each_code_taken_and_told_with_a_receipt(nelida: TestClient) -> None:
    nelida.post("/crear-cuenta", data=ACCOUNT)
    mine(nelida, token(mark=80))
    page = upload(nelida, CHAT.format(f"{token(mark=90)} y {token(mark=120)}"))
    assert page.status_code == 200
    assert page.text.count("Recibimos el avance de Nélida Quispe en «Agua para la escuela»") == 2
    assert slip_in(page.text)
    bad = token()[:-1] + "ZY"[token()[-1] == "Z"]
    mixed = upload(nelida, CHAT.format(f"{token(mark=100)}\n{bad}")).text
    assert "El código cambió en el camino" in mixed
    assert "Recibimos el avance de Nélida" in mixed
    assert "El código cambió en el camino" in upload(nelida, CHAT.format(bad)).text


def test_a_receipt_in_a_chat_is_taken_beside_its_codes(nelida: TestClient) -> None:
    nelida.post("/crear-cuenta", data=ACCOUNT)
    receipt = receipt_beside(nelida, token(mark=100))
    page = upload(nelida, f"{receipt}\n{CHAT.format(token(mark=120))}").text
    assert "«Mi avance» lo recuerda" in page
    assert "Recibimos el avance de Nélida" in page


def test_a_guests_chat_costs_what_pasting_it_does(nelida: TestClient) -> None:
    page = upload(nelida, CHAT.format(token())).text
    assert "Todavía no se sabe de quién es." in page


def test_a_coach_reads_of_a_chat_what_a_pasted_one_says(coach: TestClient) -> None:
    page = html.unescape(hand(coach, CHAT.format(token()).encode()).text)
    assert "1 código todavía no es de nadie" in page
    assert "+51 984 000 111 (línea 3), código" in page
    assert 'action="/acompanante/por-revisar/enlazar"' in page
    assert slip_in(page)
    two = html.unescape(hand(coach, CHAT.format(token()).encode(), b"Hola, profe").text)
    assert "1.txt: 1 código todavía no es de nadie" in two
    assert "<b>2.txt:</b> Este archivo no es de avance." in two


def test_a_chat_without_codes_is_told_what_was_looked_for_and_where_to_go(
    nelida: TestClient, coach: TestClient
) -> None:
    own, others = upload(nelida, CHAT.format("mañana")), hand(coach, CHAT.format("mañana").encode())
    assert (own.status_code, others.status_code) == (400, 400)
    for page, where in ((own, "¿Tienes un código o un mensaje?"), (others, "Recibir avance por mensaje")):
        assert "También buscamos códigos y recibos, como los de un chat exportado" in page.text
        assert f"pégalo en «{where}»" in page.text


def test_a_chat_is_looked_through_as_far_as_what_is_pasted(
    nelida: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brought, "MOST_OWN_TEXT", len(CHAT))
    page = upload(nelida, CHAT.format("a" * len(CHAT)))
    assert page.status_code == 413
    assert "demasiado largo para buscar códigos" in page.text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n",
        b"CHASKI AVANCE 1\n{}",
        b"\xef\xbb\xbf\r\nCHASKI PAQUETE 1",
        "26/11/26 - A: hola".encode("utf-16"),
        b"PK\x03\x04\x00",
        b'{"token":"2ABC"}\nSHA256 00\n',
    ],
)
def test_what_is_ours_or_no_text_is_no_chat(data: bytes) -> None:
    assert chat_in(data) == ""
