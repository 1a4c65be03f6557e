"""What the matrix asks of a browser, whoever drives it: open a page, run JavaScript in it, print it, come back."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

PATIENCE = 15  # seconds: an old engine on a busy machine


class Engine(ABC):
    """A browser on one profile folder. What it downloads goes to `downloads`."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile / "perfil"
        self.downloads = profile / "descargas"
        for folder in (self.profile, self.downloads):
            folder.mkdir(parents=True, exist_ok=True)

    @abstractmethod
    def open(self, address: str) -> None:
        """Show a page and wait until it is loaded."""

    @abstractmethod
    def run(self, expression: str) -> Any:
        """Return what an expression is worth in the page: what JSON can say, or nothing."""

    @abstractmethod
    def printed(self, file: Path) -> None:
        """Print the page to a PDF."""

    @abstractmethod
    def close(self) -> None:
        """Close the browser as its user does: the profile stays."""

    def until(self, expression: str, patience: int = PATIENCE) -> Any:
        """Wait until an expression is true in the page, and return what it is worth."""
        late = time.monotonic() + patience
        tried = f"(() => {{ try {{ return {expression}; }} catch (error) {{ return null; }} }})()"
        while not (worth := self.run(tried)):
            assert time.monotonic() < late, f"{expression}\n{self.run('document.body.innerText.slice(-800)')}"
            time.sleep(0.1)
        return worth

    def sees(self, selector: str) -> str:
        """Wait until something is on the screen; return its text."""
        found = f"Array.from(document.querySelectorAll({json.dumps(selector)}))"
        text = self.until(
            f"{found}.filter(one => one.getClientRects().length).map(one => one.innerText || one.alt || '·')[0]"
        )
        return str(text)

    def press(self, selector: str, words: str = "") -> None:
        """Press the first thing shown that matches and holds these words."""
        found = f"Array.from(document.querySelectorAll({json.dumps(selector)}))"
        shown = f"one.getClientRects().length && one.textContent.includes({json.dumps(words)})"
        self.until(f"{found}.filter(one => {shown}).map(one => {{ one.click(); return true; }})[0]")

    def touch(self, selector: str) -> None:
        """Press as a hand does, where a script's press would not count."""
        self.press(selector)

    def reads(self, selector: str, words: str, patience: int = PATIENCE) -> None:
        """Wait until these words stand in a place of the page."""
        place = f"document.querySelector({json.dumps(selector)})"
        try:
            self.until(f"{place}.textContent.includes({json.dumps(words)})", patience)
        except AssertionError as error:
            raise AssertionError(f"«{words}» is not in «{self.run(place + '.textContent')}»") from error

    def downloaded(self) -> bytes:
        """Wait for the file that was just asked for."""
        late = time.monotonic() + PATIENCE
        while not (files := [one for one in self.downloads.glob("*.txt") if one.stat().st_size]):
            assert time.monotonic() < late, "nothing was downloaded"
            time.sleep(0.2)
        return files[0].read_bytes()


class Tabbed(Engine):
    """A browser in which a second page may be open beside the first."""

    @abstractmethod
    def beside(self, address: str) -> AbstractContextManager[None]:
        """Show another page meanwhile; the one at hand stays open as it is."""
