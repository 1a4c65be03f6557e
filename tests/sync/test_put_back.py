"""A server that has lost something: browsers learn that they are to compare, and whose what they keep is by now."""

from __future__ import annotations

import pytest
from cast import NELIDA
from events_cast import Tablet
from starlette.testclient import TestClient

from lms.course.model import Course
from lms.people.links import unlink
from lms.web import eras
from tests.sync.pasting import signed_in
from tests.sync.sending import known_profile, links, send

SCRIPT = "/static/again.js?v="
ROSA = {**NELIDA, "documento": "40000003", "nombres": "Rosa"}


def whose(browser: TestClient, *profiles: str) -> dict[str, str]:
    told = browser.post("/recibos", content="\n".join(profiles)).json()["whose"]
    assert isinstance(told, dict)
    return told


def of_another_era(browser: TestClient) -> None:
    browser.cookies = {**dict(browser.cookies), eras.COOKIE: "otra"}


def forget_people(browser: TestClient) -> None:
    """As a backup from before anybody had an account."""
    db = browser.app.state.site.db  # type: ignore[attr-defined]
    assert browser.portal is not None
    for table in ("persons", "links"):
        browser.portal.call(db.execute, f"DELETE FROM {table}")  # noqa: S608 - ours


def test_a_page_that_compared_in_another_era_is_told_to_compare_again(
    browser: TestClient, small: Course
) -> None:
    tablet = Tablet(small)
    first = send(browser, tablet.opens())
    era = browser.post("/recibos", content=b"").json()["era"]

    assert browser.cookies[eras.COOKIE] == era
    assert "ask" not in first.json()
    assert SCRIPT not in browser.get("/session.js").text

    of_another_era(browser)
    assert send(browser, tablet.completes()).json()["ask"].startswith(SCRIPT)
    assert SCRIPT in browser.get("/session.js").text
    assert browser.cookies[eras.COOKIE] == "otra", "only who compared says so"


def test_a_browser_that_never_compared_is_told_nothing_with_its_pages(
    browser: TestClient, small: Course
) -> None:
    browser.post("/crear-cuenta", data=NELIDA)

    answer = send(browser, Tablet(small).opens())

    assert "ask" not in answer.json()
    assert eras.COOKIE not in browser.cookies, "it may have sent something before"
    assert SCRIPT not in browser.get("/session.js").text


def test_who_asks_learns_what_is_theirs_and_what_is_nobodys(browser: TestClient, small: Course) -> None:
    tablet, named = Tablet(small), Tablet(small)
    send(browser, tablet.opens(), named.identifies("Otra", document="40000009"))
    profiles = (tablet.profile, named.profile)
    assert whose(browser, *profiles) == dict.fromkeys(profiles, "nobodys")

    browser.cookies.clear()
    browser.post("/crear-cuenta", data=NELIDA)
    own = known_profile(browser)
    assert own
    assert whose(browser, own, *profiles) == {own: "yours", tablet.profile: "free", named.profile: "nobodys"}

    browser.cookies.clear()
    browser.post("/crear-cuenta", data=ROSA)
    assert whose(browser, own) == {}, "what is somebody else's is not told from what is not"


def test_a_file_of_ones_progress_says_for_which_session_it_was_made(
    browser: TestClient, small: Course
) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    own = known_profile(browser)
    send(browser, Tablet(small, own).opens())

    assert browser.get("/mi-avance/archivo").headers["chaski-perfil"] == own


def test_who_signs_up_again_takes_what_the_browser_kept_of_them_in_one_tap(
    browser: TestClient, small: Course
) -> None:
    browser.post("/crear-cuenta", data=NELIDA)
    before = known_profile(browser)
    assert before
    forget_people(browser)
    browser.post("/crear-cuenta", data=NELIDA)
    assert known_profile(browser) != before
    send(browser, Tablet(small, before).opens())
    assert whose(browser, before) == {before: "free"}
    form = {"perfil": before, "respuesta": "si", "de": "equipo", "persona": signed_in(browser)}

    assert "Ahora ese avance está a tu nombre." in browser.post("/mi-avance/archivo/de-quien", data=form).text
    assert (before, "vouched") in links(browser)
    assert whose(browser, before) == {before: "yours"}


def test_nobody_is_asked_about_what_was_taken_from_somebody(browser: TestClient, small: Course) -> None:
    browser.post("/crear-cuenta", data=ROSA)
    hers = known_profile(browser)
    assert hers
    send(browser, Tablet(small, hers).opens())
    db = browser.app.state.site.db  # type: ignore[attr-defined]
    assert browser.portal is not None
    browser.portal.call(lambda: unlink(db, hers, by="", at="2026-11-23T13:40:00.000Z"))
    browser.cookies.clear()
    browser.post("/crear-cuenta", data=NELIDA)

    assert whose(browser, hers) == {hers: "nobodys"}


@pytest.mark.parametrize("answer", ["no", "si"])
def test_nobody_takes_what_is_somebodys_or_names_somebody(
    browser: TestClient, small: Course, answer: str
) -> None:
    named = Tablet(small)
    browser.post("/crear-cuenta", data=ROSA)
    hers = known_profile(browser)
    send(browser, Tablet(small, hers).opens(), named.identifies("Rosa", document=ROSA["documento"]))
    browser.cookies.clear()
    browser.post("/crear-cuenta", data=NELIDA)
    before = links(browser)
    form = {
        "perfil": f"{hers} {named.profile}",
        "respuesta": answer,
        "de": "equipo",
        "persona": signed_in(browser),
    }

    said = browser.post("/mi-avance/archivo/de-quien", data=form).text
    assert "Ese avance ya no se puede poner a tu nombre. No cambió nada." in said
    assert links(browser) == before
