"""The sheet for the wall."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from lms.sync.routes import poster


def test_it_carries_the_address_by_which_somebody_reached_the_page(browser: TestClient) -> None:
    page = browser.get("/cartel").text
    assert "https://aula.example" in page
    assert "<svg" in page.split("<main")[1]
    assert "Todavía no hay cartel" not in page
    assert 'Conéctate al wifi: <span class="blank">' in page
    assert 'Escuela: <span class="blank">' in page, "as nobody has given this server a name"


def test_an_address_that_no_code_holds_is_only_written(browser: TestClient) -> None:
    page = browser.get("/cartel", headers={"host": f"{'a' * 3000}.example"})
    assert page.status_code == 200
    assert "aaa.example" in page.text
    assert "<svg" not in page.text.split("<main")[1]


def test_on_the_machine_itself_it_carries_the_address_of_its_network(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poster, "nearby", lambda host, port: f"http://192.168.1.20:{port}/")
    page = browser.get("http://127.0.0.1:8000/cartel").text
    assert "<strong>http://192.168.1.20:8000</strong>" in page
    assert "Todavía no hay cartel" not in page


def test_on_a_machine_without_a_network_it_says_that_nobody_else_can_use_it(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poster, "nearby", lambda host, port: "")
    main = browser.get("http://localhost:8000/cartel").text.split("<main")[1]
    assert "Todavía no hay cartel: este equipo no está en una red" in main
    assert 'class="code"' not in main
    assert "localhost" not in main
    assert "LMS_" not in main, "a setting is nothing for a teacher"


def test_who_opens_the_start_page_on_the_server_itself_is_led_to_it(browser: TestClient) -> None:
    assert 'href="/cartel"' in browser.get("http://127.0.0.1:8000/").text
    assert 'href="/cartel"' not in browser.get("/").text
