"""What somebody does on the site that many of its tests begin with."""

from __future__ import annotations

import itertools
from typing import Protocol

from playwright.sync_api import Page, expect

PIN = "274915"
_documents = itertools.count(40_000_010)


class Reachable(Protocol):
    """Whatever answers at an address without a final slash."""

    @property
    def url(self) -> str: ...


def sign_up(page: Page, server: Reachable, name: str = "Nélida", document: str = "") -> str:
    """Create an account with the fields a person must type; return the document number."""
    document = document or str(next(_documents))
    page.goto(f"{server.url}/crear-cuenta")
    page.get_by_label("Número").fill(document)
    page.get_by_label("Nombres").fill(name)
    page.get_by_label("Apellido paterno").fill("Mamani")
    page.get_by_label("PIN nuevo").fill(PIN)
    page.get_by_label("Otra vez el PIN").fill(PIN)
    page.get_by_label("Leí qué datos guardamos").check()
    page.get_by_role("button", name="Crear mi cuenta").click()
    expect(page.locator(".code")).to_be_visible()
    page.get_by_role("button", name="Ya lo guardé").click()
    return document


def sent(page: Page) -> None:
    expect(page.locator('[data-lms="status"]')).to_have_text("Enviado", timeout=15_000)
