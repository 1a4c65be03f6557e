"""A bookmark and a private note on a lesson, without scripts; and in «Mi avance», for their owner alone."""

from __future__ import annotations

import html
import re

import pytest
from starlette.testclient import TestClient

from lms.course.model import Course

NOTE = "Preguntar a doña Rosa <por> el pozo.\n\nÑandú."


@pytest.fixture
def url(course: Course) -> str:
    return f"/cursos/{course.id}/{course.lessons[0].id}"


@pytest.fixture
def asked(url: str) -> str:
    return f"{url}?nota=si"


def _said(text: str) -> list[str]:
    return [html.unescape(one) for one in re.findall(r'<p class="text">(.*?)</p>', text, re.DOTALL)]


def test_who_wrote_nothing_sees_two_buttons_and_no_note(browser: TestClient, url: str) -> None:
    page = browser.get(url).text
    assert ">Marcar</button>" in page
    assert ">Mi nota</a>" in page
    assert 'class="note"' not in page


def test_a_bookmark_is_put_on_and_taken_off(browser: TestClient, url: str) -> None:
    assert browser.post(url, data={"bookmark": "si"}, follow_redirects=False).status_code == 303
    assert ">Quitar marca</button>" in browser.get(url).text
    assert "Marcada" in browser.get("/mi-avance").text
    browser.post(url, data={"bookmark": "no"})
    assert ">Marcar</button>" in browser.get(url).text
    assert "Marcada" not in browser.get("/mi-avance").text


def test_a_note_is_written_read_changed_and_listed(browser: TestClient, url: str, asked: str) -> None:
    form = browser.get(asked).text
    assert "Solo tú la ves en Chaski" in form
    assert 'maxlength="2000"' in form
    answer = browser.post(url, data={"note": NOTE.replace("\n", "\r\n")}, follow_redirects=False)
    assert answer.headers["location"] == f"{url}#nota"
    assert _said(browser.get(url).text) == [NOTE]
    browser.post(url, data={"note": "Otra cosa"})
    assert _said(browser.get(url).text) == ["Otra cosa"]
    listed = browser.get("/mi-avance").text
    assert _said(listed) == ["Otra cosa"]
    assert f'href="{url}"' in listed


def test_a_deleted_note_can_be_brought_back(browser: TestClient, url: str, asked: str) -> None:
    browser.post(url, data={"note": "Agua"})
    answer = browser.post(url, data={"note": "Agua", "delete": "si"}, follow_redirects=False)
    assert answer.headers["location"] == f"{url}?nota=si#nota"
    assert _said(browser.get(url).text) == []
    again = browser.get(asked).text
    assert "Borraste esta nota" in again
    assert "Agua</textarea>" in again
    browser.post(url, data={"note": "Agua"})
    assert _said(browser.get(url).text) == ["Agua"]


def test_a_note_has_at_most_two_thousand_letters(browser: TestClient, url: str) -> None:
    assert browser.post(url, data={"note": "ñ" * 2000}).status_code == 303
    answer = browser.post(url, data={"note": "ñ" * 2345})
    assert answer.status_code == 400
    assert "2\u202f345 letras" in answer.text


def test_nobody_else_sees_it(browser: TestClient, url: str, asked: str) -> None:
    browser.post(url, data={"note": "Solo mía"})
    browser.cookies.clear()
    for address in (url, asked, "/mi-avance"):
        assert "Solo mía" not in browser.get(address).text


def test_neither_is_progress(browser: TestClient, url: str) -> None:
    browser.post(url, data={"note": "Agua"})
    browser.post(url, data={"bookmark": "si"})
    assert "Empezada: " not in browser.get(url).text
    assert "<b>0 %</b>" in browser.get("/mi-avance").text


def test_what_no_keyboard_writes_is_left_out_of_a_note(browser: TestClient, url: str) -> None:
    assert browser.post(url, data={"note": "po\0zo"}).status_code == 303
    assert _said(browser.get(url).text) == ["pozo"]
