"""Tokens at a running site: seen before they are written, pasted by a coach, brought by their owner, sent on."""

from __future__ import annotations

import html
import logging
import re
from datetime import date

import pytest
from cast import NELIDA as ACCOUNT
from starlette.testclient import TestClient

from lms.sync.over_file import Heading, build_progress_file
from lms.sync.over_receipt import mark_of, read
from lms.sync.over_token import decode
from lms.sync.token import Result
from lms.sync.tokens import door
from tests.accounts.lines import identified
from tests.sync.pasting import UNSET, another, mine, token
from tests.sync.test_receipts import slip_in


async def _rows(client: TestClient, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await client.app.state.site.db.rows(sql)]


def events(client: TestClient) -> list[tuple[object, ...]]:
    sql = "SELECT profile, type FROM events WHERE type = 'progress.reported'"
    return client.portal.call(_rows, client, sql)


def test_seeing_a_token_writes_nothing_and_names_nobody(nelida: TestClient, coach: TestClient) -> None:
    nelida.post("/crear-cuenta", data=ACCOUNT)
    mine(nelida, token(mark=100))
    stranger, before = another(nelida), events(nelida)
    for path in (f"/p/{token()}", f"/P/{token()}", f"/p/{token().lower()}"):
        page = stranger.get(path).text
        assert "Agua para la escuela" in page
        assert "20 nov 2026" in page
        assert "Nélida" not in page
    assert "Nélida" in coach.get(f"/p/{token()}").text
    assert "Quispe" in nelida.get(f"/p/{token()}").text
    assert events(nelida) == before
    stranger.portal = None


def test_a_code_of_a_device_whose_clock_nobody_set_has_no_day(nelida: TestClient, coach: TestClient) -> None:
    code, unset = token(day=UNSET), "sin fecha (su equipo no estaba en hora)"
    assert f"<dd>S{unset[1:]}</dd>" in coach.get(f"/p/{code}").text
    assert (
        f"en «Agua para la escuela», {unset}."
        in coach.post("/acompanante/codigos", data={"codigos": code}).text
    )
    queue = coach.get("/acompanante/por-revisar?motivo=codigo").text
    assert f"De «Agua para la escuela», {unset}: " in queue
    assert "2024" not in queue


def test_an_altered_token_is_refused_with_a_sentence(nelida: TestClient) -> None:
    good = token()
    answer = nelida.get(f"/p/{good[:-2]}{'A' if good[-2] != 'A' else 'B'}{good[-1]}")

    assert answer.status_code == 400
    assert "El código cambió en el camino" in answer.text


def test_a_tokens_path_is_never_logged(nelida: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    client = TestClient(nelida.app, raise_server_exceptions=False, headers=dict(nelida.headers))
    client.portal = nelida.portal
    db, nelida.app.state.site.db = nelida.app.state.site.db, None
    with caplog.at_level(logging.DEBUG):
        assert client.get(f"/p/{token()}").status_code == 500
    nelida.app.state.site.db = db
    client.portal = None
    assert "/p/…" in caplog.text
    assert token() not in "".join(record.getMessage() for record in caplog.records if record.name != "httpx2")


def test_a_token_brings_its_owners_progress_once(nelida: TestClient) -> None:
    nelida.post("/crear-cuenta", data=ACCOUNT)
    said = mine(nelida, f"Mi avance: https://aula.example/p/{token()}").text
    again = nelida.post("/mi-avance/codigo", data={"codigo": token()}).text
    own = nelida.get("/mi-avance").text

    assert "Recibimos el avance de Nélida Quispe en «Agua para la escuela»" in said
    assert "ya estaba aquí" in again
    assert len(events(nelida)) == 1
    assert "1 de 2" in own
    assert ">15<" in own


@pytest.mark.parametrize("between", [" ", "-", " - "])
def test_a_code_is_taken_in_the_groups_of_four_in_which_it_was_dictated(
    nelida: TestClient, coach: TestClient, between: str
) -> None:
    text = token()
    said = between.join(text[n : n + 4] for n in range(0, len(text), 4)).lower().replace("0", "o")
    nelida.post("/crear-cuenta", data=ACCOUNT)
    assert "Recibimos el avance de Nélida Quispe" in mine(nelida, said).text
    assert "1 código ya estaba" in coach.post("/acompanante/codigos", data={"codigos": said}).text


def test_a_code_that_came_before_its_persons_file_counts_with_it(
    nelida: TestClient, coach: TestClient
) -> None:
    said = coach.post("/acompanante/codigos", data={"codigos": token()}).text
    assert "contará cuando llegue el archivo de su persona" in said
    nelida.post("/crear-cuenta", data=ACCOUNT)
    assert "Agua para la escuela" not in nelida.get("/mi-avance").text

    line = identified("2a362bd8-272a-4f3b-9d10-53c0b7aa51ee", "Nélida", ACCOUNT["documento"])
    file = build_progress_file([line], Heading("", "", date(2026, 11, 23)))
    nelida.post("/mi-avance/archivo", files={"archivo": ("avance.txt", file, "text/plain")})

    mine = nelida.get("/mi-avance").text
    assert "1 de 2" in mine
    assert "por confirmar" not in mine.lower(), "a coach brought it"


def test_who_pastes_far_more_than_a_code_is_told_so_at_once(nelida: TestClient) -> None:
    said = nelida.post("/mi-avance/codigo", data={"codigo": token() + " 2ABCD" * 50_000})
    assert said.status_code == 413
    assert "Pega solo el mensaje" in said.text


def test_what_a_stranger_brings_for_a_vouched_profile_is_held(nelida: TestClient) -> None:
    nelida.post("/crear-cuenta", data=ACCOUNT)
    mine(nelida, token(mark=100))
    stranger = another(nelida)
    said = stranger.post("/mi-avance/codigo", data={"codigo": token(mark=200)}).text
    stranger.portal = None

    assert "contará cuando" in said
    assert "Nélida" not in said
    assert len(events(nelida)) == 1
    assert "Por confirmar" in nelida.get("/mi-avance").text


def marks_in(page: str) -> list[bytes]:
    """The devices that the receipt on a page is of; none if there is none."""
    return [place.mark for place in read(slip_in(page)).places] if 'name="recibo"' in page else []


def test_who_brings_a_code_is_given_a_receipt_of_its_line_and_nothing_else(
    nelida: TestClient, coach: TestClient
) -> None:
    nelida.post("/crear-cuenta", data=ACCOUNT)
    page = mine(nelida, token(mark=100)).text
    more = nelida.post("/mi-avance/codigo", data={"codigo": token(mark=120)}).text
    [(profile, device), (_, another_device)] = nelida.portal.call(
        _rows, nelida, "SELECT profile, device FROM events ORDER BY number"
    )
    assert marks_in(page) == [mark_of(profile, device)]
    assert marks_in(more) == [mark_of(profile, another_device)]
    assert "Mostrar el recibo como QR" in page
    assert profile not in page

    stranger = another(nelida)
    held = stranger.post("/mi-avance/codigo", data={"codigo": token(mark=200)}).text
    stranger.portal = None
    assert marks_in(held) == [], "what is held for somebody's answer is in no receipt"

    both = coach.post("/acompanante/codigos", data={"codigos": f"{token(mark=100)} {token('0' * 12)}"}).text
    assert len(marks_in(both)) == 2


def as_a_chat_shows(code: str, n: int) -> str:
    """A token as it is after hands and programs had it: whole, broken over lines, copied by eye."""
    if n % 4 == 1:
        return "\n".join(code[at : at + 31] for at in range(0, len(code), 31))
    if n % 4 == 2:
        return code.lower().replace("0", "o").replace("1", "l")
    return "-".join(code[at : at + 5] for at in range(0, len(code), 5)) if n % 4 == 3 and n != 7 else code


def test_a_coach_pastes_a_chat_of_two_hundred_messages(nelida: TestClient, coach: TestClient) -> None:
    codes = [token(f"{n:012x}") for n in range(40)]
    codes[7] = codes[7][:9] + ("7" if codes[7][9] != "7" else "8") + codes[7][10:]
    shown = [as_a_chat_shows(code, n) for n, code in enumerate(codes)]
    chat = "\n".join(
        f"20/11/26, 9:{n:02} a. m. - Docente {n}: "
        + (
            f"Mi avance en El agua: HTTPS://AULA.EXAMPLE/P/{shown[n // 5]} ¿llegó bien?"
            if n % 5 == 0
            else "¿Ya llegó, profe? 👍 Mi número es 51987654321 y son 25 estudiantes"
        )
        for n in range(200)
    )
    page = html.unescape(coach.post("/acompanante/codigos", data={"codigos": chat}).text)
    waiting = re.findall(r"<b>(Docente \d+) \(línea (\d+)\), código (\w{4}…\w{4})</b>", page)
    failed = re.findall(r"<b>(Docente \d+) \(línea \d+\):</b> ([^<]*)", page)

    assert "40 códigos en lo que enviaste" in page
    assert [sender for sender, _, _ in waiting] == [f"Docente {5 * n}" for n in range(40) if n != 7]
    assert all(f"- {sender}: " in chat.split("\n")[int(line) - 1] for sender, line, _ in waiting)
    assert {code for _, _, code in waiting} == {
        f"{code[:4]}…{code[-4:]}" for n, code in enumerate(codes) if n != 7
    }
    assert page.count("Recibimos el avance en «Agua para la escuela»") == 1, "what is the same is said once"
    assert page.count("Enlazar a…</button>") == 39
    assert [(sender, "cambió en el camino" in words) for sender, words in failed] == [("Docente 35", True)]
    assert "<strong>1 código no se pudo recibir</strong>" in page
    assert len(events(nelida)) == 39
    assert "ya estaba" in coach.post("/acompanante/codigos", data={"codigos": codes[0]}).text


def test_a_coach_reads_what_the_profile_of_a_code_calls_its_user(
    nelida: TestClient, coach: TestClient
) -> None:
    profile = "2a362bd8-272a-4f3b-9d10-53c0b7aa51ee"
    file = build_progress_file(
        [identified(profile, "Marta <i>Arpi</i>", "")], Heading("", "", date(2026, 11, 23))
    )
    stranger = another(nelida)
    stranger.post("/mi-avance/archivo", files={"archivo": ("avance.txt", file, "text/plain")})
    own = stranger.post("/mi-avance/codigo", data={"codigo": token(mark=90)}).text
    stranger.portal = None
    assert "Marta" not in own

    for code in (token(mark=100), token(mark=90)):  # new, and known already
        page = coach.post("/acompanante/codigos", data={"codigos": code}).text
        assert "1 código todavía no es de nadie" in page
        assert "En su equipo escribió «Marta &lt;i&gt;Arpi&lt;/i&gt;»." in page
        assert f'name="perfil" value="{profile}"' in page


def test_only_coaches_paste_chats(nelida: TestClient) -> None:
    nelida.post("/crear-cuenta", data=ACCOUNT)

    assert nelida.get("/acompanante/codigos").status_code == 403
    assert nelida.post("/acompanante/codigos", data={"codigos": token()}).status_code == 403


def test_one_sends_what_this_server_knows(nelida: TestClient) -> None:
    nelida.post("/crear-cuenta", data=ACCOUNT)
    mine(nelida, token())
    page = html.unescape(nelida.get("/mi-avance/mensaje/agua").text)
    shown = re.search(r"<textarea[^>]*>(.*?)</textarea>", page)
    sms = re.search(r'"sms:\?body=([^"]*)"', page)
    assert shown
    assert sms

    sent = decode(shown[1].split("/P/")[1])
    assert sent.assessments == (Result(150, 2),)
    assert sent.exercises[:2] == (Result(60, 1), Result(30, 2))
    assert len(sms[1]) <= 160
    assert decode(sms[1].removeprefix("AVANCE%20")).lessons == (2, 1)
    assert "whatsapp://send?text=" in page
    assert "<svg" in page
    assert "no lleva tu nombre" in page.lower()


def test_there_is_no_message_without_progress(nelida: TestClient) -> None:
    assert nelida.get("/mi-avance/mensaje/agua").status_code == 404


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://aula.example", "HTTPS://AULA.EXAMPLE/P/2ABC"),
        ("http://192.168.1.10:8000/", "HTTP://192.168.1.10:8000/P/2ABC"),
        ("https://ugel.example/Chaski", "https://ugel.example/Chaski/p/2ABC"),
        ("", "2ABC"),
    ],
)
def test_a_code_leads_to_the_site(address: str, expected: str) -> None:
    assert door(address, "2ABC") == expected
