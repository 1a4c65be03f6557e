"""Lines that somebody wrote in a device's name: said apart, with who brought them, refused and taken back."""

from __future__ import annotations

from datetime import date

import pytest
from cast import NELIDA
from events_cast import small_course
from starlette.testclient import TestClient

from lms.events.model import ProfileIdentified
from lms.sync.over_file import Heading, build_progress_file
from lms.sync.sealing import Public
from tests.accounts.conftest import sign_in
from tests.accounts.desk import answer, first, keys, section, take_back
from tests.accounts.test_review import ask, bearer, coach
from tests.sync.closing import Signing

__all__ = ["bearer", "coach"]


def bring(client: TestClient, *lines: bytes, signed: Signing | None = None) -> None:
    """Bring a file, open or closed by a tablet to this server."""
    if signed:
        data = signed.closes(lines, Public.read(client.get("/servidores").json()["public"]))
    else:
        data = build_progress_file(lines, Heading("", "", date(2026, 11, 23)))
    given = client.post("/mi-avance/archivo", files={"archivo": ("avance.txt", data, "text/plain")})
    assert given.status_code == 200, given.text


@pytest.fixture
def own(coach: TestClient, browser: TestClient, bearer: TestClient) -> tuple[Signing, list[bytes]]:
    """Nélida's tablet and what it signed, which she brought, and two lessons of somebody else, brought before and after."""
    tablet = Signing(small_course())
    said = ProfileIdentified("Nélida Quispe", "dni", NELIDA["documento"])
    lines = [tablet.announces(), tablet.writes("profile.identified", "", said), tablet.completes("uno")]
    forged = [tablet.completes("dos"), tablet.completes("tres")]
    tablet.seq -= 2
    bring(bearer, *forged)
    bring(browser, *lines, signed=tablet)
    bring(bearer, *forged)
    return tablet, lines


def finished(client: TestClient) -> int:
    found: int = ask(client, "SELECT count(*) FROM outcomes WHERE type = 'lesson.completed'")
    return found


def test_what_came_without_the_devices_signature_stands_apart_and_is_refused_alone(
    coach: TestClient, own: tuple[Signing, list[bytes]]
) -> None:
    shown = section(coach, "firma")
    assert "2 registros: 2 lecciones terminadas" in shown
    assert "llegó sin su firma" in shown
    assert "Lo trajo alguien que no ingresó con su PIN, en un archivo" in shown
    assert "Quispe Ñahui, Nélida" in shown
    said = first(coach, "firma", "no")
    assert (finished(coach), section(coach, "firma")) == (1, "")
    assert ask(coach, "SELECT count(*) FROM events") == 5
    assert "está otra vez por revisar" in take_back(coach, said)
    assert (finished(coach), len(keys(coach, "firma"))) == (3, 1)
    first(coach, "firma", "visto")
    assert (finished(coach), section(coach, "firma")) == (3, "")


def test_what_was_refused_by_mistake_is_found_later_and_counts_again(
    coach: TestClient, own: tuple[Signing, list[bytes]]
) -> None:
    assert section(coach, "sinfirma") == ""
    first(coach, "firma", "no")
    assert "2 registros: 2 lecciones terminadas" in section(coach, "sinfirma")
    first(coach, "sinfirma", "vuelve")
    assert (finished(coach), section(coach, "sinfirma"), len(keys(coach, "firma"))) == (3, "", 1)


def test_when_the_true_lines_come_it_is_said_that_somebody_may_have_written_in_its_name(
    coach: TestClient, bearer: TestClient, own: tuple[Signing, list[bytes]]
) -> None:
    tablet, lines = own
    bring(bearer, *lines, tablet.opens("cuatro"), signed=tablet)
    assert section(coach, "copia") == ""
    shown = section(coach, "firma")
    assert "alguien escribió en su nombre: esto llegó sin firma" in shown
    assert "2 registros: 2 lecciones terminadas" in shown


def test_who_is_asked_whether_it_is_theirs_reads_how_much_came_unsigned(
    browser: TestClient, own: tuple[Signing, list[bytes]]
) -> None:
    ask(
        browser, "UPDATE links SET status = 'unverified', vouched_by = ''", how="execute"
    )  # undone, and named anew
    assert sign_in(browser).headers["location"] == "/avance-por-confirmar"
    assert "2 registros llegaron sin la firma del equipo" in browser.get("/avance-por-confirmar").text


def test_a_fork_of_which_nothing_can_be_told_says_both_that_it_may_be(
    coach: TestClient, bearer: TestClient
) -> None:
    tablet = Signing(small_course())
    one, tablet.seq = tablet.completes("uno"), 0
    bring(bearer, one, tablet.completes("dos"))
    shown = section(coach, "copia")
    assert "copió un disco, volvió a una copia anterior, o escribió" in shown
    assert "Lo trajo alguien que no ingresó con su PIN" in shown
    assert section(coach, "firma") == ""


def test_nobody_answers_about_what_came_in_their_own_name(
    coach: TestClient, own: tuple[Signing, list[bytes]]
) -> None:
    key = keys(coach, "firma")[0]
    ask(
        coach,
        "UPDATE links SET person = (SELECT id FROM persons WHERE document = '12345678') WHERE profile = :profile",
        how="execute",
        profile=own[0].profile,
    )
    assert section(coach, "firma") == ""
    assert answer(coach, "firma", no=key)["n"] == "0"
    assert finished(coach) == 3
