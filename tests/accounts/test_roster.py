"""«Mis docentes»: who needs help, at a glance."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from events_cast import Tablet, small_course, store
from starlette.testclient import TestClient

from lms.accounts.roster import listed as roster
from lms.course.model import Changes, Course
from lms.people import links
from lms.people import queries as people
from lms.people.model import Person
from tests.accounts.conftest import sign_up
from tests.accounts.lines import noted, reported

Another = Callable[..., TestClient]
ROSA = {"documento": "12345678", "nombres": "Rosa", "paterno": "Mamani", "pin": "739164", "pin2": "739164"}
LIST = "/acompanante"
DAY = "2026-11-23"  # when every tablet of these tests was used, and today


async def account(client: TestClient, number: int, name: str, *lines: bytes, vouched: bool = True) -> Person:
    """Somebody with an account, whose surname may stand before a comma, and what they did."""
    db = client.app.state.site.db
    paternal, _, given = name.partition(", ")
    made = "2026-11-01T15:00:00.000Z"
    about = (f"id-{number}", "dni", str(40000100 + number), given or "Ana", paternal, "", "docente")
    person = Person(*about, "", "", made, "", "", 0)  # type: ignore[arg-type]
    await people.add_person(db, person, pin_hash="", recovery_hash="")
    if lines:
        await store(db, *lines)
        profile = re.search(rb'"profile":"([^"]+)"', lines[0])[1].decode()
        await (
            links.vouch(db, profile, person.id, by="", at=made)
            if vouched
            else links.claim(db, profile, person.id, at=made)
        )
    return person


def on(day: str, *lines: bytes) -> list[bytes]:
    """The lines as a tablet writes them on another day."""
    return [line.replace(DAY.encode(), day.encode()) for line in lines]


@pytest.fixture
def coach(browser: TestClient, small: Course) -> TestClient:
    """Rosa, who accompanies everybody, on a server with one course."""
    sign_up(browser, **ROSA)
    browser.portal.call(people.set_role, browser.app.state.site.db, "12345678", "acompanante")
    browser.app.state.site.courses[small.id] = small
    return browser


def made(client: TestClient, number: int, name: str, *lines: bytes, **how: bool) -> Person:
    async def act() -> Person:
        return await account(client, number, name, *lines, **how)

    return client.portal.call(act)


def words(page: str) -> str:
    """What the list says, as somebody reads it."""
    section = page[page.index('<section id="docentes"') :]
    text = html.unescape(re.sub(r"<[^>]+>", "", section[: section.index("</section>")]))
    return re.sub(r"\s+", " ", text)


def shown(client: TestClient, address: str = LIST) -> str:
    return words(client.get(address).text)


def in_order(text: str, *parts: str) -> bool:
    places = [text.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


def test_who_did_nothing_for_longest_comes_first_and_who_has_not_begun_stands_apart(
    coach: TestClient, small: Course
) -> None:
    today, before, long_ago = Tablet(small), Tablet(small), Tablet(small)
    made(coach, 1, "Arpi, Tito", today.opens(), today.completes(), today.completes("dos"))
    made(coach, 2, "Choque, Delia", *on("2026-11-22", before.completes()))
    made(coach, 3, "Zárate, Wilder", *on("2026-11-11", long_ago.opens()))
    made(coach, 4, "Apaza, Ana")

    text = shown(coach)
    assert "Hay 4 docentes con cuenta en este servidor. Uno todavía no empieza." in text
    assert in_order(
        text,
        *("Con avance", "Zárate, Wilder Hace 12 días 11 nov 2026 Curso: 0 de 2 lecciones"),
        *("Choque, Delia Ayer 22 nov 2026 Curso: 1 de 2 lecciones",),
        *("Arpi, Tito Hoy 23 nov 2026 Curso: 2 de 2 lecciones",),
        *("Todavía no empiezan", "Apaza, Ana tiene cuenta desde el 1 nov 2026"),
    )
    assert in_order(shown(coach, f"{LIST}?orden=nombre"), "Arpi", "Choque", "Zárate", "Apaza")


def test_the_list_names_no_document(coach: TestClient, small: Course) -> None:
    person = made(coach, 1, "Arpi, Tito", Tablet(small).completes())
    page = coach.get(LIST).text
    assert "Arpi" in page
    assert person.document not in page


def test_a_list_of_nobody_says_what_to_do(coach: TestClient) -> None:
    assert "Todavía no hay docentes con cuenta en este servidor. Pide a cada docente" in shown(coach)


def test_coaches_and_who_administers_are_in_no_list_of_teachers(coach: TestClient) -> None:
    made(coach, 1, "Arpi, Tito")
    assert "Mamani" not in shown(coach)


def test_a_teacher_sees_no_list_and_finds_nobody(browser: TestClient, other_browser: Another) -> None:
    teacher = other_browser()
    sign_up(teacher)
    assert teacher.get(LIST).status_code == 403
    assert teacher.post(LIST, data={"buscar": "Quispe"}).status_code == 403
    assert browser.post(LIST, data={"buscar": "Quispe"}).status_code == 401


def test_progress_that_travelled_counts_from_the_day_it_was_made(coach: TestClient, small: Course) -> None:
    tablet, wrong = Tablet(small), Tablet(small)
    made(coach, 1, "Arpi, Tito", *on("2026-10-24", tablet.completes()))
    made(coach, 2, "Choque, Delia", *on("2009-01-01", wrong.completes()))
    text = shown(coach)
    assert "Arpi, Tito Hace 30 días 24 oct 2026" in text
    assert "Choque, Delia Hoy" in text, "a clock that cannot be right says nothing"


def test_a_code_counts_from_its_day(coach: TestClient, small: Course) -> None:
    profile = Tablet(small).profile
    line = reported(profile, day="2026-11-21").replace(b'"ad"', b'"curso"')
    made(coach, 1, "Arpi, Tito", line)
    assert "Arpi, Tito Hace 2 días 21 nov 2026 Curso: 1 de 2 lecciones" in shown(coach)


def test_a_note_is_no_progress_that_a_coach_sees(coach: TestClient, small: Course) -> None:
    made(coach, 1, "Arpi, Tito", noted(Tablet(small).profile, "Para mí"))
    assert "Arpi, Tito tiene cuenta desde" in shown(coach)


def test_what_nobody_confirmed_counts_as_it_does_for_its_owner(coach: TestClient, small: Course) -> None:
    made(coach, 1, "Arpi, Tito", Tablet(small).completes(), vouched=False)
    assert "Curso: 1 de 2 lecciones" in shown(coach)


def test_several_devices_are_one_person(coach: TestClient, small: Course) -> None:
    one, other = Tablet(small), Tablet(small)
    person = made(coach, 1, "Arpi, Tito", *on("2026-11-20", one.completes()))

    async def more() -> None:
        db = coach.app.state.site.db
        await store(db, other.completes(), other.completes("dos"))
        await links.vouch(db, other.profile, person.id, by="", at="2026-11-21T00:00:00.000Z")

    coach.portal.call(more)
    assert "Arpi, Tito Hoy 23 nov 2026 Curso: 2 de 2 lecciones" in shown(coach)


def test_a_lesson_that_became_another_one_is_not_done(coach: TestClient, small: Course) -> None:
    tablet = Tablet(small)
    made(coach, 1, "Arpi, Tito", tablet.completes(), tablet.completes("dos"))
    later = replace(small_course(version="2.0.0"), changes=Changes((), {"dos": "2.0.0"}))
    coach.app.state.site.courses[later.id] = later
    assert "Curso: 1 de 2 lecciones" in shown(coach)


def test_a_course_that_is_not_here_is_said_to_be_missing(coach: TestClient, small: Course) -> None:
    made(coach, 1, "Arpi, Tito", Tablet(small).completes())
    del coach.app.state.site.courses[small.id]
    assert "Hoy 23 nov 2026 En un curso que no está en este servidor" in shown(coach)


@pytest.mark.parametrize("typed", ["nelida", "ÑAHUI", "Quispe Ñahui, Nélida", "nahui nel", "  quispe  "])
def test_a_teacher_is_found_by_any_part_of_the_name_however_written(
    coach: TestClient, other_browser: Another, typed: str
) -> None:
    sign_up(other_browser())
    made(coach, 1, "Arpi, Tito")
    answer = coach.post(LIST, data={"buscar": typed})
    assert answer.status_code == 303
    text = shown(coach, answer.headers["location"].partition("#")[0])
    assert "Hay un docente con ese nombre." in text
    assert "Quispe Ñahui, Nélida" in text
    assert "Arpi" not in text


def test_a_name_that_was_corrected_is_found_as_it_is_now(coach: TestClient, other_browser: Another) -> None:
    teacher = other_browser()
    sign_up(teacher)
    teacher.post("/mis-datos/nombres", data={"nombres": "Nélida", "paterno": "O'Higgins", "materno": ""})
    assert "O'Higgins, Nélida" in shown(coach, f"{LIST}?nombre=ohiggins")
    assert "se llama así" in shown(coach, f"{LIST}?nombre=quispe")
    assert "se llama así" in shown(coach, f"{LIST}?nombre=%25")


def test_a_document_finds_its_teacher_and_stands_in_no_address(coach: TestClient, small: Course) -> None:
    person = made(coach, 1, "Arpi, Tito", Tablet(small).completes())
    answer = coach.post(LIST, data={"buscar": person.document})
    assert answer.headers["location"] == f"{LIST}/docentes/{person.id}"
    for nobody in ("49999999", "12345678"):
        answer = coach.post(LIST, data={"buscar": nobody})
        assert answer.status_code == 400
        assert "Aquí no hay una cuenta de docente con ese documento" in answer.text


def test_a_long_list_comes_in_pages_that_keep_what_was_asked_for(
    coach: TestClient, small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "MOST", 2)
    for number, name in enumerate(("Arpi, Ana", "Apaza, Ana", "Choque, Ana", "Díaz, Tito"), 1):
        made(coach, number, name, *[Tablet(small).completes()][: number < 4])
    first = coach.get(f"{LIST}?nombre=ana&orden=nombre").text
    assert in_order(words(first), "Apaza", "Arpi", "Página 1 de 2")
    assert "Choque" not in words(first)
    following = html.unescape(re.search(r'href="([^"]+)">Siguientes', first)[1])
    second = shown(coach, following.partition("#")[0])
    assert in_order(second, "Choque", "Página 2 de 2")
    assert shown(coach, f"{LIST}?nombre=ana&orden=nombre&pagina=99") == second

    led = html.unescape(re.search(r'href="([^"]+)">Uno todavía no empieza', coach.get(LIST).text)[1])
    assert led == f"{LIST}?pagina=2#todavia-no"
    assert in_order(shown(coach, f"{LIST}?pagina=2"), "Todavía no empiezan", "Díaz, Tito")


def test_what_others_do_in_an_erased_account_s_place_is_nobody_s(coach: TestClient, small: Course) -> None:
    person = made(coach, 1, "Arpi, Tito", Tablet(small).completes())
    db = coach.app.state.site.db
    coach.portal.call(lambda: people.erase_person(db, person.id, at="2026-11-26T12:00:00.000Z"))
    assert "Arpi" not in shown(coach)
