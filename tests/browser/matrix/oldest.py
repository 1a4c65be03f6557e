"""Chromium 69 as Qt 5.12 carries it: what the WebView of an Android 9 that never saw an update is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from browser.matrix.engine import Engine
from cast import ROOT

LIBRARIES = ROOT / ".venv/chromium69"
FLAGS = "--no-sandbox --disable-gpu --disable-background-networking"


class Oldest(Engine):
    """A QWebEngineView in a process of its own, told what to do line by line."""

    def __init__(self, profile: Path) -> None:
        super().__init__(profile)
        assert LIBRARIES.exists(), "Chromium 69 is not installed: run `make soak`, which installs it"
        environment = {
            **os.environ,
            "PYTHONPATH": str(LIBRARIES),
            "QT_QPA_PLATFORM": "offscreen",
            "QTWEBENGINE_CHROMIUM_FLAGS": FLAGS,
        }
        with (profile / "consola.txt").open("ab") as console:
            self.process = subprocess.Popen(
                [sys.executable, Path(__file__).with_name("oldest_window.py"), self.profile, self.downloads],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=console,
                text=True,
            )

    def _ask(self, command: str, told: str | list[int]) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([command, told]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, f"Chromium 69 is gone: see {self.profile.parent}/consola.txt"
        return json.loads(answer)

    def open(self, address: str) -> None:
        before = self.run("location.href")
        if "#" in address and before.split("#")[0] == address.split("#")[0]:
            self.run(f"location.href = {json.dumps(address)}")  # Qt loads nothing then, and says nothing
        else:
            assert self._ask("open", address), address

    def run(self, expression: str) -> Any:
        return self._ask("run", expression)

    def touch(self, selector: str) -> None:
        """Press with the mouse: a script may not start a download here, a person may."""
        self.sees(selector)
        shown = f"Array.from(document.querySelectorAll({json.dumps(selector)})).find(one => one.getClientRects().length)"
        self.run(f"{shown}.scrollIntoView({{block: 'center'}})")
        box = "(box => [Math.round(box.left + box.width / 2), Math.round(box.top + box.height / 2)])"
        self._ask("touch", self.run(f"{box}({shown}.getBoundingClientRect())"))

    def printed(self, file: Path) -> None:
        assert self._ask("print", str(file))

    def close(self) -> None:
        if self.process.poll() is None and self.process.stdin:
            self.process.stdin.write('["close", ""]\n')
            self.process.stdin.flush()
            self.process.wait(timeout=30)
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                stream.close()
