"""Sending what was done, to a receiver that may lose requests or answers and may refuse."""

from __future__ import annotations

import json

from browser.events_stub import Receiver
from browser.player_acts import answer, kept, questions
from playwright.sync_api import Browser, Page, expect


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
    page.get_by_role("link", name="Ir a la lección siguiente").click()
    # The last one, too, or it comes in among those of the next browser.
    page.wait_for_function(
        "lms.journal.of('lesson.opened', location.hash.split('/')[1]).length && !lms.outbox.pending().length"
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


def test_the_header_says_nothing_until_there_is_something(phone: Page, live: Receiver) -> None:
    status = phone.locator("[data-lms=status]")
    phone.goto(live.url)
    question = questions(phone)[0]
    phone.goto(f"{live.url}#l/{question.split('--')[0]}")
    phone.wait_for_function("lms.journal.events().length && !lms.outbox.pending().length")
    assert [event["type"] for event in live.events()] == ["lesson.opened"]
    expect(status).to_be_empty()
    answer(phone, question)
    expect(status).to_have_text("Enviado")
    phone.reload()
    expect(status).to_have_text("Enviado")
