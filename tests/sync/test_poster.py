"""The sheet for the wall."""

from __future__ import annotations

from starlette.testclient import TestClient


def test_it_carries_the_address_by_which_somebody_reached_the_page(browser: TestClient) -> None:
    page = browser.get("/cartel").text
    assert "https://aula.example" in page
    assert "<svg" in page
    assert "solo sirve en esta misma máquina" not in page


def test_on_the_machine_itself_it_says_that_nobody_else_can_use_it(browser: TestClient) -> None:
    assert "solo sirve en esta misma máquina" in browser.get("http://localhost:8000/cartel").text
