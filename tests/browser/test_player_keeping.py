"""What was done stays on the device: after a restart, a power cut, a lost database, in another tab."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from browser.player_acts import LISTEN, answer, introduce, kept, questions
from playwright.sync_api import Browser, BrowserContext, Page, expect

BLOCKED = """
for (const name of ["localStorage", "sessionStorage", "indexedDB"])
  Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });
"""


def test_an_answer_is_explained_at_once_and_still_there_after_a_restart(
    profile: Callable[[], BrowserContext], stick: str
) -> None:
    page = profile().new_page()
    page.goto(stick)
    introduce(page)
    first = questions(page)[0]
    answer(page, first)
    expect(page.locator("[data-lms=status]")).to_have_text("Guardado en este equipo")
    page.context.close()

    page = profile().new_page()
    page.goto(f"{stick}#l/{first.split('--')[0]}")
    expect(page.locator("[data-lms=person]")).to_have_text("Nélida")
    form = page.locator(f"[id='{first}']")
    expect(form.locator(".feedback strong")).to_be_visible()
    expect(form.locator("input").first).to_be_checked()
    assert kept(page, "exercise.answered") == [first.split("--")[1]]
    assert kept(page, "lesson.opened") == [first.split("--")[0]]


def test_killing_the_browser_a_second_after_an_answer_loses_nothing(
    profile: Callable[[], BrowserContext], stick: str, tmp_path: Path
) -> None:
    page = profile().new_page()
    page.goto(stick)
    introduce(page)
    first = questions(page)[0]
    answer(page, first)
    page.wait_for_timeout(1000)
    kill_browser(tmp_path / "perfil")

    page = profile().new_page()
    page.goto(stick)
    expect(page.locator("[data-lms=person]")).to_have_text("Nélida")
    assert kept(page, "exercise.answered") == [first.split("--")[1]]
    answer(page, questions(page)[1])
    page.wait_for_timeout(700)
    assert page.evaluate("lms.journal.events().map(one => one.seq)") == list(range(1, 6))


def test_an_answer_is_said_aloud_once_and_not_again_after_a_reload(phone: Page, stick: str) -> None:
    phone.add_init_script(LISTEN)
    phone.goto(stick)
    introduce(phone)
    first = questions(phone)[0]
    answer(phone, first)
    said = phone.locator(f"[id='{first}'] .feedback").text_content()
    assert phone.evaluate("said => heard.filter(text => text === said).length", said) == 1
    phone.reload()
    expect(phone.locator(f"[id='{first}'] .feedback")).to_have_text(said or "")
    assert phone.evaluate("said => heard.filter(text => text === said).length", said) == 0
    answer(phone, first, 1)
    assert phone.evaluate("heard.length") > 0


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


def test_a_browser_that_keeps_nothing_says_so_and_still_saves_a_file(phone: Page, stick: str) -> None:
    phone.add_init_script(BLOCKED)
    phone.goto(stick)
    introduce(phone)
    answer(phone, questions(phone)[0])
    expect(phone.locator("[data-lms=warning]")).to_contain_text("Este navegador no deja guardar")
    phone.goto(f"{stick}#avance")
    with phone.expect_download() as download:
        phone.locator("#avance").get_by_role("button", name="Guardar mi avance").click()
    assert "exercise.answered" in Path(download.value.path()).read_text("utf-8")


def test_a_lost_database_comes_back_from_its_copy(phone: Page, stick: str) -> None:
    phone.goto(stick)
    introduce(phone)
    answer(phone, questions(phone)[0])
    phone.goto("about:blank")
    phone.goto(stick)
    phone.evaluate("new Promise(done => { indexedDB.deleteDatabase('chaski').onsuccess = done; })")
    phone.reload()
    expect(phone.locator("[data-lms=person]")).to_have_text("Nélida")
    assert len(kept(phone, "exercise.answered")) == 1


def test_two_tabs_see_each_others_answers(browser: Browser, stick: str) -> None:
    context = browser.new_context()
    one, two = context.new_page(), context.new_page()
    one.goto(stick)
    introduce(one)
    two.goto(stick)
    answer(one, questions(one)[0])
    two.wait_for_function("lms.journal.events().some(event => event.type === 'exercise.answered')")
    answer(two, questions(two)[1])
    one.wait_for_function(
        "lms.journal.events().filter(event => event.type === 'exercise.answered').length === 2"
    )
    seqs = one.evaluate("lms.journal.events().map(event => event.seq).sort((a, b) => a - b)")
    assert seqs == list(range(1, len(seqs) + 1))
    context.close()
