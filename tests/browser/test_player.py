"""The browser code in a real Chromium, from a file in a folder with spaces and ñ, as teachers open it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser.events_stub import Receiver, receiving
from browser.player_page import NOBODY, player_page
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lms.course.model import Course

LIVE = {**NOBODY, "send": "/events", "home": "/"}
BLOCKED = """
for (const name of ["localStorage", "sessionStorage", "indexedDB"])
  Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });
"""


@pytest.fixture
def pack(course: Course, tmp_path: Path) -> str:
    """The address of the course's document on a USB stick."""
    folder = tmp_path / "Año 2026, mi señal"
    folder.mkdir()
    (folder / "ABRIR-AQUI.html").write_text(player_page(course), "utf-8")
    return (folder / "ABRIR-AQUI.html").as_uri()


@pytest.fixture
def live(course: Course) -> Iterator[Receiver]:
    with receiving(player_page(course, LIVE, people=False)) as receiver:
        yield receiver


def introduce(page: Page, name: str = "Nélida") -> None:
    """Say who you are, as on the first visit."""
    page.get_by_label("Tu nombre").fill(name)
    page.get_by_role("button", name="Empezar").click()
    expect(page.locator("[data-lms=person]")).to_have_text(name)


def questions(page: Page) -> list[str]:
    """The ids of the single-choice questions of the unit's lessons."""
    found: list[str] = page.evaluate(
        "Array.from(document.querySelectorAll('.lesson form[data-type=single]'), form => form.id)"
    )
    return found


def answer(page: Page, question: str, option: int = 0) -> None:
    """Answer a single-choice question and wait for what is said about it."""
    lesson = question.split("--")[0]
    page.goto(page.url.split("#")[0] + f"#l/{lesson}")
    form = page.locator(f"[id='{question}']")
    form.locator("input").nth(option).check()
    form.get_by_role("button", name="Revisar").click()
    expect(form.locator(".feedback strong")).to_be_visible()


def kept(page: Page, kind: str) -> list[str]:
    """The items of the events of one type that this person has on this device."""
    page.wait_for_function("lms.journal.profile()")
    page.wait_for_timeout(700)  # an answer is shown at once and stored a moment later
    items: list[str] = page.evaluate(
        "kind => lms.journal.events().filter(one => one.type === kind).map(one => one.item)", kind
    )
    return items


def test_an_answer_is_explained_at_once_and_still_there_after_a_restart(
    profile: Callable[[], BrowserContext], pack: str
) -> None:
    page = profile().new_page()
    page.goto(pack)
    introduce(page)
    first = questions(page)[0]
    answer(page, first)
    expect(page.locator("[data-lms=status]")).to_have_text("Guardado en este equipo")
    page.context.close()

    page = profile().new_page()
    page.goto(f"{pack}#l/{first.split('--')[0]}")
    expect(page.locator("[data-lms=person]")).to_have_text("Nélida")
    form = page.locator(f"[id='{first}']")
    expect(form.locator(".feedback strong")).to_be_visible()
    expect(form.locator("input").first).to_be_checked()
    assert kept(page, "exercise.answered") == [first.split("--")[1]]
    assert kept(page, "lesson.opened") == [first.split("--")[0]]


def test_killing_the_browser_a_second_after_an_answer_loses_nothing(
    profile: Callable[[], BrowserContext], pack: str, tmp_path: Path
) -> None:
    page = profile().new_page()
    page.goto(pack)
    introduce(page)
    first = questions(page)[0]
    answer(page, first)
    page.wait_for_timeout(1000)
    kill_browser(tmp_path / "perfil")

    page = profile().new_page()
    page.goto(pack)
    expect(page.locator("[data-lms=person]")).to_have_text("Nélida")
    assert kept(page, "exercise.answered") == [first.split("--")[1]]
    answer(page, questions(page)[1])
    page.wait_for_timeout(700)
    assert page.evaluate("lms.journal.events().map(one => one.seq)") == list(range(1, 6))


def kill_browser(folder: Path) -> None:
    """End, as a power cut would, every process of the browser on this profile folder and none other."""
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid,args"], capture_output=True, text=True, check=True
    ).stdout
    for line in listed.splitlines():
        number, _, command = line.strip().partition(" ")
        if f"--user-data-dir={folder}" in command:
            try:
                os.kill(int(number), signal.SIGKILL)
            except ProcessLookupError:
                continue
    for lock in folder.glob("Singleton*"):  # after a restart no process has the number written there
        lock.unlink()


def test_a_file_carries_progress_to_another_device(browser: Browser, pack: str, tmp_path: Path) -> None:
    here, there = browser.new_context(accept_downloads=True), browser.new_context()
    page = here.new_page()
    page.goto(pack)
    introduce(page, "Nélida Ñahui")
    answer(page, questions(page)[0])
    page.goto(f"{pack}#avance")
    with page.expect_download() as download:
        page.get_by_role("button", name="Guardar mi avance").click()
    assert download.value.suggested_filename.startswith("avance-nelida-nahui-2")
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)

    other = there.new_page()
    other.goto(f"{pack}#avance")
    other.get_by_role("button", name="Solo mirar").click()
    bring(other, file)
    other.get_by_role("button", name="Seguir como Nélida Ñahui").click()
    expect(other.locator("[data-lms=person]")).to_have_text("Nélida Ñahui")
    lines = "lms.journal.records().map(one => one.line).sort()"
    assert other.evaluate(lines) == page.evaluate(lines)
    bring(other, file)
    other.get_by_role("button", name="Entendido").click()
    assert len(kept(other, "exercise.answered")) == 1
    here.close()
    there.close()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text.replace("Nélida", "Nélido", 1), "cambió después de guardarse"),
        (lambda text: text[: len(text) // 2], "incompleto"),
        (lambda text: "", "vacío"),
        (lambda text: "Hola", "no es de avance"),
    ],
)
def test_a_spoilt_file_is_refused_with_a_sentence(
    phone: Page, pack: str, tmp_path: Path, change: Callable[[str], str], sentence: str
) -> None:
    phone.goto(f"{pack}#avance")
    introduce(phone)
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Guardar mi avance").click()
    phone.get_by_role("button", name="Entendido").click()
    file = tmp_path / "avance.txt"
    file.write_text(change(Path(download.value.path()).read_text("utf-8")), "utf-8")
    bring(phone, file)
    expect(phone.locator("[role=dialog] p").first).to_contain_text(sentence)


def bring(page: Page, file: Path) -> None:
    """Choose a file at «Traer mi avance»."""
    page.locator("body").press("Escape")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Traer mi avance").click()
    chooser.value.set_files(file)


def test_two_people_on_one_device_keep_their_own_progress(phone: Page, pack: str) -> None:
    phone.goto(pack)
    introduce(phone, "Nélida")
    first = questions(phone)[0]
    answer(phone, first)
    phone.get_by_role("button", name="Cambiar de persona").click()
    phone.get_by_role("button", name="Soy otra persona").click()
    introduce(phone, "Wilder")
    form = phone.locator(f"[id='{first}']")
    expect(form.locator(".feedback")).to_be_empty()
    expect(form.locator("input").first).not_to_be_checked()
    assert kept(phone, "exercise.answered") == []
    phone.get_by_role("button", name="Cambiar de persona").click()
    phone.get_by_role("button", name="Nélida").click()
    expect(form.locator(".feedback strong")).to_be_visible()


def test_somebody_who_only_looks_can_take_a_name_later_and_keeps_the_progress(phone: Page, pack: str) -> None:
    phone.goto(pack)
    phone.get_by_role("button", name="Solo mirar").click()
    answer(phone, questions(phone)[0])
    phone.get_by_role("button", name="Cambiar de persona").click()
    phone.get_by_role("button", name="Poner mi nombre").click()
    phone.get_by_label("Tu nombre").fill("Rosa")
    phone.get_by_role("button", name="Guardar", exact=True).click()
    expect(phone.locator("[data-lms=person]")).to_have_text("Rosa")
    assert len(kept(phone, "exercise.answered")) == 1


def test_a_browser_that_keeps_nothing_says_so_and_still_saves_a_file(phone: Page, pack: str) -> None:
    phone.add_init_script(BLOCKED)
    phone.goto(pack)
    introduce(phone)
    answer(phone, questions(phone)[0])
    expect(phone.locator("[data-lms=warning]")).to_contain_text("Este navegador no deja guardar")
    phone.goto(f"{pack}#avance")
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Guardar mi avance").click()
    assert "exercise.answered" in Path(download.value.path()).read_text("utf-8")


def test_a_lost_database_comes_back_from_its_copy(phone: Page, pack: str) -> None:
    phone.goto(pack)
    introduce(phone)
    answer(phone, questions(phone)[0])
    phone.goto("about:blank")
    phone.goto(pack)
    phone.evaluate("new Promise(done => { indexedDB.deleteDatabase('chaski').onsuccess = done; })")
    phone.reload()
    expect(phone.locator("[data-lms=person]")).to_have_text("Nélida")
    assert len(kept(phone, "exercise.answered")) == 1


def test_erasing_takes_one_persons_data_and_no_more(phone: Page, pack: str) -> None:
    phone.goto(pack)
    introduce(phone, "Nélida")
    answer(phone, questions(phone)[0])
    phone.get_by_role("button", name="Cambiar de persona").click()
    phone.get_by_role("button", name="Soy otra persona").click()
    introduce(phone, "Wilder")
    phone.goto(f"{pack}#avance")
    phone.get_by_role("button", name="Borrar mis datos").click()
    phone.get_by_role("button", name="Borrar lo de Wilder").click()
    phone.get_by_role("button", name="Nélida").click()
    assert len(kept(phone, "exercise.answered")) == 1
    assert phone.evaluate("lms.store.profiles().then(all => all.map(one => one.name))") == ["Nélida"]


def test_the_last_lesson_offers_a_copy_and_the_assessment(phone: Page, pack: str, course: Course) -> None:
    unit = course.units[0]
    assert unit.assessment
    phone.goto(f"{pack}#l/{unit.lessons[-2].id}")
    introduce(phone)
    phone.get_by_role("button", name="Terminé esta lección").click()
    expect(phone).to_have_url(f"{pack}#l/{unit.lessons[-1].id}")
    assert phone.evaluate("document.activeElement.tagName") == "H1"
    phone.get_by_role("button", name="Terminé esta lección").click()
    expect(phone.get_by_role("button", name="Guardar mi avance en un archivo")).to_be_visible()
    phone.get_by_role("link", name="Ir a la evaluación").click()
    expect(phone).to_have_url(f"{pack}#e/{unit.assessment.id}")
    phone.goto(f"{pack}#inicio")
    expect(phone.locator(f"[data-state-of={unit.lessons[-1].id}]")).to_have_text("Hecha")
    expect(phone.get_by_role("link", name="Seguir donde me quedé")).to_be_visible()


def test_an_assessment_keeps_its_draft_grades_everything_and_can_be_tried_again(
    phone: Page, pack: str, course: Course
) -> None:
    assessment = course.units[0].assessment
    assert assessment
    phone.goto(f"{pack}#e/{assessment.id}")
    introduce(phone)
    shown = phone.locator(".view.current .exercise:visible")
    expect(shown).to_have_count(assessment.draw)
    names = "Array.from(document.querySelectorAll('.view.current .exercise:not([hidden])'), one => one.dataset.exercise)"
    drawn = phone.evaluate(names)
    choice = phone.locator(".view.current .exercise:visible input[type=radio]").first
    choice.check()
    phone.wait_for_timeout(800)
    phone.goto("about:blank")
    phone.goto(f"{pack}#e/{assessment.id}")
    expect(choice).to_be_checked()
    assert phone.evaluate(names) == drawn

    phone.get_by_role("button", name="Entregar").click()
    expect(phone.locator(".missing")).to_contain_text("Te falta")
    phone.get_by_role("button", name="Entregar").click()
    expect(phone.locator(".view.current .result b")).to_contain_text("de 20")
    expect(phone.locator(".view.current .exercise:visible .feedback strong")).to_have_count(assessment.draw)
    assert kept(phone, "assessment.submitted") == [assessment.id]
    phone.reload()
    expect(phone.locator(".view.current .result b")).to_contain_text("de 20")
    phone.get_by_role("button", name="Intentar otra vez").click()
    expect(phone.locator(".view.current .result")).to_be_hidden()
    expect(shown).to_have_count(assessment.draw)


def test_links_to_headings_the_skip_link_and_going_back_keep_working(
    phone: Page, pack: str, course: Course
) -> None:
    lesson = course.units[0].lessons[0]
    phone.goto(f"{pack}#{lesson.id}--titulo")
    introduce(phone)
    expect(phone.locator(".view.current")).to_have_attribute("data-route", f"l/{lesson.id}")
    phone.mouse.wheel(0, 900)
    phone.wait_for_function("scrollY > 500")
    before = phone.evaluate("scrollY")
    phone.evaluate("document.querySelector('nav a').click()")
    expect(phone.locator(".view.current")).to_have_attribute("data-route", "inicio")
    assert phone.evaluate("scrollY") == 0
    phone.go_back()
    expect(phone.locator(".view.current")).to_have_attribute("data-route", f"l/{lesson.id}")
    assert abs(phone.evaluate("scrollY") - before) < 200 or phone.evaluate("scrollY") == 0
    phone.locator(".skip").press("Enter")
    assert phone.evaluate("document.activeElement.id") == "main"
    assert lesson.id in phone.url


def test_every_answer_arrives_once_whichever_request_is_lost(browser: Browser, live: Receiver) -> None:
    for number in range(8):
        for loss in ("request", "answer"):
            arrive_once(browser, live, number, loss)


def arrive_once(browser: Browser, live: Receiver, number: int, loss: str) -> None:
    """Answer a lesson's questions while the post `number` is lost in one of the two ways."""
    live.lines.clear()
    live.requests = 0
    live.lose = lambda now: loss if now == number else None
    context = browser.new_context()
    page = context.new_page()
    page.goto(live.url)
    page.evaluate("lms.outbox.soonest = 50")
    given = questions(page)[:4]
    for question in given:
        answer(page, question)
    page.get_by_role("button", name="Terminé esta lección").click()
    page.wait_for_function(
        "lms.journal.events().filter(event => event.type === 'lesson.opened').length > 1 && !lms.outbox.pending().length"
    )
    expect(page.locator("[data-lms=status]")).to_have_text("Enviado")
    arrived = [event["item"] for event in live.events("exercise.answered")]
    assert sorted(arrived) == sorted(question.split("--")[1] for question in given), (number, loss)
    assert sorted(event["seq"] for event in live.events()) == list(range(1, len(live.lines) + 1))
    context.close()


def test_a_refused_line_is_shown_kept_and_not_sent_for_ever(phone: Page, live: Receiver) -> None:
    live.refuse = lambda event: "falta la lección" if event["type"] == "exercise.answered" else None
    phone.goto(live.url)
    answer(phone, questions(phone)[0])
    expect(phone.locator("[data-lms=warning]")).to_contain_text("no fue aceptado: falta la lección")
    posts = live.requests
    phone.wait_for_timeout(3000)
    assert live.requests == posts
    assert len(kept(phone, "exercise.answered")) == 1


def test_after_a_fork_the_device_takes_a_new_id(phone: Page, live: Receiver) -> None:
    phone.goto(live.url)
    answer(phone, questions(phone)[0])
    expect(phone.locator("[data-lms=status]")).to_have_text("Enviado")
    device = live.events()[0]["device"]
    twin = dict(
        live.events()[-1], id="0190a3b0-0000-7000-8000-000000000000", seq=live.events()[-1]["seq"] + 1
    )
    live.take(json.dumps(twin))
    answer(phone, questions(phone)[1])
    expect(phone.locator("[data-lms=status]")).to_have_text("Enviado")
    answer(phone, questions(phone)[2])
    expect(phone.locator("[data-lms=status]")).to_have_text("Enviado")
    devices = [event["device"] for event in live.events("exercise.answered")]
    assert devices[-1] != device


def test_two_tabs_see_each_others_answers(browser: Browser, pack: str) -> None:
    context = browser.new_context()
    one, two = context.new_page(), context.new_page()
    one.goto(pack)
    introduce(one)
    two.goto(pack)
    answer(one, questions(one)[0])
    two.wait_for_function("lms.journal.events().some(event => event.type === 'exercise.answered')")
    answer(two, questions(two)[1])
    one.wait_for_function(
        "lms.journal.events().filter(event => event.type === 'exercise.answered').length === 2"
    )
    seqs = one.evaluate("lms.journal.events().map(event => event.seq).sort((a, b) => a - b)")
    assert seqs == list(range(1, len(seqs) + 1))
    context.close()
