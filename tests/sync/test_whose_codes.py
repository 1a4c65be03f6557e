"""Codes that may be somebody else's: whoever brings them signed in is asked, and nothing is kept before they answer."""

from __future__ import annotations

import pytest
from cast import NELIDA as ACCOUNT
from starlette.testclient import TestClient

from tests.sync.pasting import another, mine, press, token
from tests.sync.test_chats import CHAT, upload
from tests.sync.test_tokens import events

QUESTION = "¿Es tuyo, Nélida?"
JULIA = {**ACCOUNT, "documento": "46660002", "nombres": "Julia", "paterno": "Paz"}


@pytest.fixture
def signed_in(nelida: TestClient) -> TestClient:
    """Nélida's browser."""
    assert nelida.post("/crear-cuenta", data=ACCOUNT).status_code == 303
    return nelida


def test_who_opens_a_code_by_its_address_is_asked_and_it_is_theirs_if_they_say_so(
    signed_in: TestClient,
) -> None:
    page = signed_in.get(f"/p/{token()}").text
    assert QUESTION in page
    assert "Guardar este avance" not in page
    assert "Recibimos el avance de Nélida Quispe" in press(signed_in, page, "si")
    assert "1 de 2" in signed_in.get("/mi-avance").text

    page = signed_in.get(f"/p/{token(mark=160)}").text
    assert QUESTION not in page, "the profile that it begins like is theirs"
    assert "Guardar este avance" in page


def test_whoever_carries_somebody_elses_is_thanked_and_gets_nothing(
    signed_in: TestClient, coach: TestClient
) -> None:
    said = press(signed_in, signed_in.get(f"/p/{token()}").text, "no")
    assert "Gracias. Recibimos el avance en «Agua para la escuela», 20 nov 2026." in said
    assert "Un acompañante lo verá en «Por revisar»" in said
    assert len(events(signed_in)) == 1
    assert "Agua para la escuela" not in signed_in.get("/mi-avance").text
    waiting = coach.get("/acompanante/por-revisar").text
    assert "Códigos que todavía no son de nadie" in waiting
    assert "Lo trajo Nélida Quispe" in waiting

    julia = another(signed_in)
    julia.post("/crear-cuenta", data=JULIA)
    page = julia.post("/mi-avance/codigo", data={"codigo": token()}).text
    assert "Ahora está a tu nombre." in press(julia, page, "si")
    assert "1 de 2" in julia.get("/mi-avance").text
    later = signed_in.post("/mi-avance/codigo", data={"codigo": token()}).text
    julia.portal = None
    assert QUESTION not in later
    assert "puede ser de otra persona. No cambió nada. Si es tuyo, avisa a tu acompañante." in later
    assert "Julia" not in later


@pytest.mark.parametrize("way", ["pasted", "uploaded"])
def test_of_several_codes_only_those_are_kept_that_are_certain(signed_in: TestClient, way: str) -> None:
    mine(signed_in, token(mark=100))
    chat = CHAT.format(f"{token(mark=120)} {token('0' * 12)} {token('0' * 12, mark=90)} {token('1' * 12)}")
    page = (
        upload(signed_in, chat)
        if way == "uploaded"
        else signed_in.post("/mi-avance/codigo", data={"codigo": chat})
    )
    assert page.status_code == 200
    assert page.text.count("Recibimos el avance de Nélida Quispe") == 1
    assert page.text.count(QUESTION) == 2, "one for each profile"
    first, other = token("0" * 12), token("1" * 12)
    where = (
        f"+51 984 000 111 (línea 3), código {first[:4]}…{first[-4:]}: «Agua para la escuela», 20 nov 2026."
    )
    assert where in page.text
    assert f"{other[:4]}…{other[-4:]}" in page.text
    assert len(events(signed_in)) == 2

    said = press(signed_in, page.text, "si", "no")
    assert said.count("Recibimos el avance de Nélida Quispe") == 2
    assert said.count("Gracias. Recibimos el avance") == 1
    assert len(events(signed_in)) == 5


def test_a_chat_of_nothing_but_such_codes_is_asked_about(signed_in: TestClient) -> None:
    page = upload(signed_in, CHAT.format(token()))
    assert page.status_code == 200
    assert QUESTION in page.text
    assert "Recibimos tu archivo" not in page.text
    assert events(signed_in) == []


def test_a_guest_is_asked_nothing(nelida: TestClient) -> None:
    assert "¿Es tuyo" not in nelida.get(f"/p/{token()}").text
    for _ in range(2):  # new, and known already
        said = nelida.post("/mi-avance/codigo", data={"codigo": token()}).text
        assert "¿Es tuyo" not in said
        assert "cuando ella ingrese con su cuenta y traiga otra vez este código en «Mi avance»" in said
    assert len(events(nelida)) == 1


def test_an_answer_that_is_none_is_asked_for_again(signed_in: TestClient) -> None:
    page = signed_in.post("/mi-avance/codigo", data={"de-1": f"tal-vez {token()}", "de-2": "si"}).text
    assert QUESTION in page
    assert events(signed_in) == []


def test_an_answer_counts_only_for_whom_the_page_asked(signed_in: TestClient) -> None:
    chat = f"{token('0' * 12)} {token('1' * 12)}"
    pages = [
        signed_in.get(f"/p/{token('0' * 12)}").text,
        signed_in.post("/mi-avance/codigo", data={"codigo": chat}).text,
    ]
    signed_in.cookies.clear()
    signed_in.post("/crear-cuenta", data=JULIA)  # in another tab

    for page, said in zip(pages, (["si"], ["si", "no"]), strict=True):
        again = press(signed_in, page, *said)
        assert "cambió quién usa este navegador, y no se guardó nada" in again
        assert again.count("¿Es tuyo, Julia?") == len(said)
        assert events(signed_in) == []
    assert "Recibimos el avance de Julia Paz" in press(signed_in, again, "si", "no")


def test_an_answer_of_whom_the_page_asked_says_nothing_once_they_left(signed_in: TestClient) -> None:
    page = signed_in.get(f"/p/{token()}").text
    signed_in.cookies.clear()
    form = page.split('action="/mi-avance/codigo">')[1].split("</form>")[0]
    asked = form.split('name="persona" value="')[1].split('"')[0]

    answer = signed_in.post("/mi-avance/codigo", data={"de-1": f"si {token()}", "persona": asked})

    assert answer.status_code == 400
    assert "no se guardó nada. Si es tuyo, pega otra vez el código." in answer.text
    assert events(signed_in) == []
