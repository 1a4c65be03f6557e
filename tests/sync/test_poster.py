"""The sheet for the wall."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from lms.sync.routes import poster


def test_it_carries_the_address_by_which_somebody_reached_the_page(browser: TestClient) -> None:
    page = browser.get("/cartel").text
    assert "https://aula.example" in page
    assert "<svg" in page
    assert "solo sirve en esta misma máquina" not in page


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
    assert "solo sirve en esta misma máquina" not in page


def test_on_a_machine_without_a_network_it_says_that_nobody_else_can_use_it(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poster, "nearby", lambda host, port: "")
    assert "solo sirve en esta misma máquina" in browser.get("http://localhost:8000/cartel").text


def test_who_opens_the_start_page_on_the_server_itself_is_led_to_it(browser: TestClient) -> None:
    assert 'href="/cartel"' in browser.get("http://127.0.0.1:8000/").text
    assert 'href="/cartel"' not in browser.get("/").text
