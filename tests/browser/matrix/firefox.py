"""Firefox ESR over Marionette: the protocol it speaks itself, with nothing between.

`remote.prefs.recommended=false`: what automation sets otherwise lets files on disk share their storage, which no
teacher's Firefox does.
"""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from browser.certificate import Certificate
from browser.matrix.engine import Tabbed
from cast import free_port

PREFERENCES: dict[str, object] = {
    "remote.prefs.recommended": False,
    "security.fileuri.strict_origin_policy": True,
    "browser.download.folderList": 2,
    "browser.download.useDownloadDir": True,
    "browser.download.always_ask_before_handling_new_types": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.aboutwelcome.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "intl.accept_languages": "es-PE, es",
}


class Firefox(Tabbed):
    """A Firefox of its own process."""

    def __init__(self, profile: Path, certificate: Certificate | None = None) -> None:
        super().__init__(profile)
        program = shutil.which("firefox-esr") or shutil.which("firefox")
        assert program, "Firefox is not installed: run `make soak`, which installs it"
        port = free_port()
        known = {"network.dns.localDomains": certificate.name} if certificate else {}
        chosen = {
            **PREFERENCES,
            **known,
            "marionette.port": port,
            "browser.download.dir": str(self.downloads),
        }
        (self.profile / "user.js").write_text(
            "".join(
                f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in chosen.items()
            )
        )
        self.process = subprocess.Popen(
            [
                program,
                "--headless",
                "--marionette",
                "--remote-allow-system-access",
                "--no-remote",
                "--profile",
                self.profile,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.wire = self._connected(port)
        self.asked = 0
        self._read()  # it says hello first
        self._ask("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"pageLoadStrategy": "normal"}}})
        if certificate:
            self._trust(certificate)

    def _connected(self, port: int) -> socket.socket:
        for _ in range(300):
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=120)
            except OSError:
                time.sleep(0.2)
        raise AssertionError("Firefox does not answer")

    def _read(self) -> Any:
        length = b""
        while (digit := self.wire.recv(1)) != b":":
            assert digit, "Firefox is gone"
            length += digit
        message = b""
        while len(message) < int(length):
            message += self.wire.recv(int(length) - len(message))
        return json.loads(message)

    def _trust(self, certificate: Certificate) -> None:
        """Put an authority among the browser's own, as a school does: nobody clicks a warning away."""
        self._ask("Marionette:SetContext", {"value": "chrome"})
        store = 'Cc["@mozilla.org/security/x509certdb;1"].getService(Ci.nsIX509CertDB)'
        added = f'{store}.addCertFromBase64({json.dumps(certificate.authority)}, "CT,,")'
        self._ask("WebDriver:ExecuteScript", {"script": added, "args": []})
        self._ask("Marionette:SetContext", {"value": "content"})

    def _ask(self, command: str, told: dict[str, Any]) -> Any:
        self.asked += 1
        message = json.dumps([0, self.asked, command, told]).encode()
        self.wire.sendall(b"%d:%s" % (len(message), message))
        _, _, error, answer = self._read()
        assert error is None, error
        return answer

    def open(self, address: str) -> None:
        self._ask("WebDriver:Navigate", {"url": address})

    def run(self, expression: str) -> Any:
        return self._ask("WebDriver:ExecuteScript", {"script": f"return {expression}", "args": []})["value"]

    @contextmanager
    def beside(self, address: str) -> Iterator[None]:
        before = self._ask("WebDriver:GetWindowHandle", {})["value"]
        after = self._ask("WebDriver:NewWindow", {"type": "tab"})["handle"]
        self._ask("WebDriver:SwitchToWindow", {"handle": after})
        self.open(address)
        yield
        self._ask("WebDriver:CloseWindow", {})
        self._ask("WebDriver:SwitchToWindow", {"handle": before})

    def printed(self, file: Path) -> None:
        file.write_bytes(base64.b64decode(self._ask("WebDriver:Print", {})["value"]))

    def close(self) -> None:
        if self.process.poll() is None:
            self._ask("Marionette:Quit", {"flags": ["eAttemptQuit"]})
            self.process.wait(timeout=60)
        self.wire.close()
