"""The Chromium that is installed, driven by Playwright."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from browser.conftest import ARGUMENTS, PHONE, chromium
from browser.matrix.engine import Tabbed
from playwright.sync_api import Download, Playwright


class Newest(Tabbed):
    """Chromium in a persistent profile."""

    def __init__(self, profile: Path, playwright: Playwright, arguments: Sequence[str] = ()) -> None:
        super().__init__(profile)
        self.context = playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=chromium(),
            args=[*ARGUMENTS, *arguments],
            viewport=PHONE,
            locale="es-PE",
            accept_downloads=True,
        )
        self.page = self.context.new_page()
        self.page.on("download", self._keep)

    def _keep(self, download: Download) -> None:
        download.save_as(self.downloads / download.suggested_filename)

    def open(self, address: str) -> None:
        self.page.goto(address)

    def run(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    @contextmanager
    def beside(self, address: str) -> Iterator[None]:
        before, self.page = self.page, self.context.new_page()
        self.page.goto(address)
        yield
        self.page.close()
        self.page = before

    def printed(self, file: Path) -> None:
        self.page.pdf(path=file)

    def downloaded(self) -> bytes:
        while not list(self.downloads.glob("*.txt")):
            self.page.wait_for_timeout(200)  # Playwright hears of a download only while it is asked something
        return super().downloaded()

    def close(self) -> None:
        self.context.close()
