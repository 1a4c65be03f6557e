"""Receipts and codes pasted at once: each is found and taken, and said what became of it."""

from __future__ import annotations

import re
import tracemalloc
from typing import Any

import pytest
from cast import NELIDA as ACCOUNT
from starlette.testclient import TestClient

from lms.sync.over_receipt import Receipt, as_text, read, write
from lms.sync.pasted import Source, look_through
from lms.sync.sealing import Identity
from tests.sync.pasting import mine, token
from tests.sync.test_receipts import VECTORS, slip_in


def receipt_beside(client: TestClient, code: str) -> str:
    """The receipt of another server for the line that a code became here, which is brought for it."""
    own = read(slip_in(mine(client, code).text))
    other = Identity.new()
    made = Receipt(other.public, "UGEL Cusco", own.day, own.places)
    return as_text(made, write(other, made))


@pytest.mark.parametrize("case", VECTORS["pasted"], ids=lambda case: case["name"])
def test_receipts_and_codes_are_told_apart_in_both_languages(case: dict[str, Any]) -> None:
    found = look_through([Source(case["text"])], 9)
    assert (len(found.receipts), [spot.code for spot in found.codes]) == (case["receipts"], case["codes"])


@pytest.mark.parametrize("order", [1, -1], ids=["receipt first", "receipt last"])
def test_whoever_pastes_codes_beside_a_receipt_has_both_taken(nelida: TestClient, order: int) -> None:
    nelida.post("/crear-cuenta", data=ACCOUNT)
    receipt = receipt_beside(nelida, token(mark=100))
    chat = [
        f"Profe, su recibo:\n{receipt}",
        f"Y mi avance {token(mark=120)}",
        f"Otro: {token(mark=150)} gracias",
    ]
    page = nelida.post("/mi-avance/codigo", data={"codigo": "\n".join(chat[::order])})
    assert page.text.count("Recibimos el avance de Nélida Quispe") == 2
    assert "«Mi avance» lo recuerda" in page.text
    assert "Recibido por «UGEL Cusco»" in nelida.get("/mi-avance").text


def test_one_bad_thing_that_is_pasted_keeps_back_no_other(nelida: TestClient) -> None:
    nelida.post("/crear-cuenta", data=ACCOUNT)
    receipt = receipt_beside(nelida, token(mark=100))
    cut, altered = receipt.rpartition("\nFIN")[0][:-9], token(mark=110)[:-1] + "XY"
    page = nelida.post(
        "/mi-avance/codigo", data={"codigo": f"{cut}\n{token(mark=120)}\n. {altered} {receipt}"}
    )
    said = re.findall(r'class="notice (\w+)">.*?<p>(.*?)</p>', page.text)
    assert [(kind, re.split("…|número", words)[0][:28]) for kind, words in said] == [
        ("good", "Recibimos el avance de Nélid"),
        ("part", altered[:4]),
        ("part", "El recibo cambió en el camin"),
        ("good", "«UGEL Cusco», "),
    ]
    both = nelida.post("/mi-avance/codigo", data={"codigo": f"{cut} {altered}"})
    assert both.status_code == 400
    assert "El recibo cambió" in both.text


def test_who_pastes_more_codes_than_are_taken_at_once_is_told(nelida: TestClient) -> None:
    page = nelida.post("/mi-avance/codigo", data={"codigo": " ".join(token(f"{n:012x}") for n in range(21))})
    assert page.text.count("Recibimos el avance") == 20
    assert "Hay más de 20 códigos: pega los demás aparte" in page.text


def test_a_receipt_in_a_coachs_chat_is_no_altered_code(nelida: TestClient, coach: TestClient) -> None:
    nelida.post("/crear-cuenta", data=ACCOUNT)
    chat = f"{receipt_beside(nelida, token(mark=100))}\nNélida: {token(mark=120)}"
    page = coach.post("/acompanante/codigos", data={"codigos": chat}).text
    assert "1 código en lo que enviaste" in page
    assert "cambió en el camino" not in page
    assert "que lo traiga con su cuenta" in page
    assert "Recibido por" not in nelida.get("/mi-avance").text, "only who it is of brings it"
    alone = coach.post("/acompanante/codigos", data={"codigos": receipt_beside(nelida, token(mark=100))})
    assert (alone.status_code, "que lo traiga con su cuenta" in alone.text) == (200, True)


def test_a_receipt_made_to_take_memory_takes_little() -> None:
    pasted = "CHASKI RECIBO 1 " + "A" * 2**20
    tracemalloc.start()
    try:
        assert len(look_through([Source(pasted)], 1).receipts) == 1
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 10 * len(pasted)
