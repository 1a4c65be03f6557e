"""A file without a document whose profile calls itself by somebody else's name: nobody gets it before being asked."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from cast import NELIDA as ACCOUNT
from events_cast import Tablet
from starlette.testclient import TestClient

from lms.cli import main
from lms.course.model import Course
from lms.db import Database
from lms.people import links
from lms.sync.over_file import Heading, build_progress_file
from lms.sync.receiving import Bringer
from lms.sync.words import notice_of, what_became
from tests.sync.bringing import COACH, NELIDA, RUTH, Bring
from tests.sync.pasting import signed_in
from tests.sync.sending import links as links_at
from tests.sync.sending import upload

AT = "2026-11-23T13:40:00.000Z"
QUESTION = "Este archivo dice ser de Rosa Huamán. ¿Es tu avance?"


@pytest.fixture
def tablet(small: Course) -> Tablet:
    return Tablet(small)


def press(browser: TestClient, page: str, label: str) -> str:
    """Send the form of the question by one of its buttons, as a browser without JavaScript does."""
    form = page[page.index('action="/mi-avance/archivo/de-quien"') :].split("</form>")[0]
    perfil = re.search(r'name="perfil" value="([^"]*)"', form)
    button = re.search(rf'<button[^>]*value="(\w+)"[^>]*>(?:<svg.*?</svg>)?{label}</button>', form)
    assert perfil
    assert button
    persona = re.search(r'name="persona" value="([^"]*)"', form)
    assert persona
    values = {"perfil": perfil[1], "respuesta": button[1], "persona": persona[1]}
    answer = browser.post("/mi-avance/archivo/de-quien", data=values)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(
    ("label", "said", "linked"),
    [
        ("Es mío, con otro nombre", "Ahora está a tu nombre", True),
        ("No es mío", "no cambió nada en tu cuenta", False),
    ],
)
def test_who_uploads_it_is_asked_and_it_is_theirs_only_if_they_say_so(
    browser: TestClient, tablet: Tablet, label: str, said: str, linked: bool
) -> None:
    browser.post("/crear-cuenta", data=ACCOUNT)
    before = links_at(browser)
    page = upload(browser, [tablet.identifies("Rosa Huamán"), tablet.opens()])

    assert QUESTION in page
    assert "a nombre de Nélida" not in page
    assert links_at(browser) == before

    assert said in press(browser, page, label)
    assert ((tablet.profile, "vouched") in links_at(browser)) == linked


def test_an_answer_counts_only_for_whom_the_page_asked(browser: TestClient, tablet: Tablet) -> None:
    browser.post("/crear-cuenta", data=ACCOUNT)
    page = upload(browser, [tablet.identifies("Rosa Huamán"), tablet.opens()])
    browser.cookies.clear()
    browser.post("/crear-cuenta", data={**ACCOUNT, "documento": "40000003"})  # in another tab
    before = links_at(browser)

    assert "ingresó aquí otra persona, y no cambió nada" in press(browser, page, "Es mío, con otro nombre")
    assert links_at(browser) == before


def test_an_answer_is_only_about_what_is_asked(browser: TestClient, tablet: Tablet) -> None:
    browser.post("/crear-cuenta", data=ACCOUNT)
    before = links_at(browser)
    form = {"perfil": tablet.profile, "respuesta": "si", "persona": signed_in(browser)}

    assert "no cambió nada en tu cuenta" in browser.post("/mi-avance/archivo/de-quien", data=form).text
    assert links_at(browser) == before


@pytest.mark.parametrize("name", ["nelida", "QUISPE, N.", "", "  ", "Profe Nélida"])
async def test_ones_own_name_or_none_is_not_asked_about(bring: Bring, tablet: Tablet, name: str) -> None:
    received = await bring([tablet.identifies(name), tablet.opens()], NELIDA, "owner")

    assert received.asked == ()
    assert [one.status for one in received.linked] == ["vouched"]


async def test_a_document_of_ones_own_says_enough(bring: Bring, tablet: Tablet) -> None:
    received = await bring([tablet.identifies("Rosa Huamán", NELIDA.document)], NELIDA, "owner")

    assert [one.status for one in received.linked] == ["vouched"]


async def test_whoever_is_named_takes_what_somebody_else_brought_first(bring: Bring, tablet: Tablet) -> None:
    lines = [tablet.identifies("Ruth"), tablet.opens()]
    await bring(lines, COACH, "owner")

    received = await bring(lines, RUTH, "owner")

    assert [(one.person, one.status) for one in received.linked] == [(RUTH.id, "vouched")]


async def test_a_coach_is_warned_and_confirms_apart(bring: Bring, db: Database, tablet: Tablet) -> None:
    received = await bring([tablet.identifies("Rosa Huamán", RUTH.document)], COACH, "coach")
    said = notice_of(received, {}, Bringer(COACH, "coach"))

    assert said.kind == "part"
    assert "dice ser de Rosa Huamán, pero trae el documento de Ruth Quispe" in said.text
    link = await links.link_of(db, tablet.profile)
    assert link is not None
    assert (link.person, link.status) == (RUTH.id, "unverified")


async def test_whoever_keeps_the_server_reads_it_too(bring: Bring, db: Database, tablet: Tablet) -> None:
    lines = [tablet.identifies("Rosa Huamán"), tablet.opens()]
    keeper = Bringer(None, "keeper")

    assert "dice ser de Rosa Huamán y todavía no es de nadie" in what_became(
        await bring(lines, None, "keeper"), {}, keeper
    )
    await links.vouch(db, tablet.profile, NELIDA.id, by=NELIDA.id, at=AT)
    assert "está a nombre de Nélida Quispe, aunque dice ser de Rosa Huamán" in what_became(
        await bring(lines, None, "keeper"), {}, keeper
    )


def test_the_terminal_says_it(
    tmp_path: Path, tablet: Tablet, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LMS_DATA", str(tmp_path / "data"))
    file = tmp_path / "avance.txt"
    lines = [tablet.identifies("Rosa Huamán"), tablet.opens()]
    file.write_bytes(build_progress_file(lines, Heading("", "", date(2026, 11, 23))))

    main(["sync", "import", str(file)])
    assert "dice ser de Rosa Huamán" in capsys.readouterr().out
