"""A real Chromium, driven by Playwright; nothing it does may reach beyond this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser.events_stub import Receiver, receiving
from browser.player_page import NOBODY, player_page
from browser.school import School
from browser.wire import wired
from cast import free_port
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, expect, sync_playwright

from lms.course.model import Course

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# After a crash a browser may need seconds to get its own files back; a busy machine needs more.
expect.set_options(timeout=15_000)

PHONE = {"width": 360, "height": 740}
LAPTOP = {"width": 1280, "height": 800}


def chromium() -> str:
    """Return the installed Chromium's path; `make test` installs it."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "Chromium is not installed: run `make test`, which installs it"
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    started = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    yield started
    started.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A new person's phone: 360 px wide, nothing stored."""
    context = browser.new_context(viewport=PHONE, locale="es-PE", accept_downloads=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def profile(playwright: Playwright, tmp_path: Path) -> Iterator[Callable[[], BrowserContext]]:
    """Opens a browser on one profile folder, again and again: what a device keeps between days."""
    opened: list[BrowserContext] = []

    def open_again(*, offline: bool = True) -> BrowserContext:
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "perfil",
            executable_path=chromium(),
            args=ARGUMENTS,
            viewport=PHONE,
            locale="es-PE",
            accept_downloads=True,
        )
        context.set_offline(offline)
        opened.append(context)
        return context

    yield open_again
    for context in opened:
        try:
            context.close()
        except Error:  # the test has killed this browser
            print("already closed")


@pytest.fixture
def stick(course: Course, tmp_path: Path) -> str:
    """The address of a course's document on a USB stick, in a folder with spaces and ñ."""
    folder = tmp_path / "Año 2026, mi señal"
    folder.mkdir()
    (folder / "ABRIR-AQUI.html").write_text(player_page(course), "utf-8")
    return (folder / "ABRIR-AQUI.html").as_uri()


@pytest.fixture
def live(course: Course) -> Iterator[Receiver]:
    """The same document served by something that takes events."""
    with receiving(player_page(course, {**NOBODY, "send": "/events", "home": "/"}, people=False)) as receiver:
        yield receiver


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    """A server of its own with one course, behind a wire that counts."""
    with wired(free_port()) as wire:
        school = School(tmp_path, wire)
        school.start()
        yield school
        school.stop()


@pytest.fixture
def device(profile: Callable[..., BrowserContext]) -> Callable[[], Page]:
    """Opens the same browser again, on a profile that the last time left."""
    return lambda: profile(offline=False).new_page()
