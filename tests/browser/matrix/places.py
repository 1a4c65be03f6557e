"""Where a course is opened: the two packs from disk, and a server by the address it has on its network."""

from __future__ import annotations

import io
import json
import re
import socket
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import acts
from browser.matrix.engine import Engine

from lms.course.model import Course, Exercise
from lms.packs.formats import FORMATS

NAMES = {
    "site": "Sitio (zip)",
    "single": "Archivo único",
    "live": "Servidor por http de la red local",
    "single-audio": "Archivo único con audio",
}


def lan_address() -> str:
    """This machine's address on its network: not localhost, so browsers hold http there for insecure."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.250", 9))  # sends nothing: only asks for the way
        address: str = probe.getsockname()[0]
    assert not address.startswith("127."), "this machine has no address but localhost"
    return address


def unpack(course: Course, name: str, folder: Path) -> str:
    """Write a pack as it lies on a USB stick; return the address of its document."""
    folder.mkdir(parents=True)
    made = FORMATS[name]
    file = folder / made.file_name(course)
    if name != "site":
        file.write_bytes(made.write(course))
        return file.as_uri()
    zipfile.ZipFile(io.BytesIO(made.write(course))).extractall(folder)
    return (folder / "ABRIR-AQUI.html").as_uri()


@dataclass
class Device:
    """A course at an address, in a browser that can be closed and opened again."""

    name: str
    address: str
    start: Callable[[], Engine]
    engine: Engine

    @property
    def live(self) -> bool:
        return self.name in ("live", "pwa")

    @property
    def version(self) -> str:
        """The engine's name and version, as it says itself."""
        agent = str(self.engine.run("navigator.userAgent"))
        found = re.search(r"(Firefox|HeadlessChrome|Chrome)/(\d+)", agent)
        assert found, agent
        return f"{found[1].replace('HeadlessChrome', 'Chrome').replace('Chrome', 'Chromium')} {found[2]}"

    def reopen(self) -> None:
        self.engine.close()
        self.engine = self.start()

    def go(self, place: str) -> None:
        """Show the course's list, a lesson or «Mi avance», and say one's name if asked."""
        self.engine.open(self.address + (f"/{place}".rstrip("/") if self.live else self._hash(place)))
        if not self.live:
            self._introduce()

    def _hash(self, place: str) -> str:
        return f"#l/{place}" if place else "#inicio"

    def _introduce(self) -> None:
        asked = "document.querySelector('.dialog input[name=name]')"
        known = "document.querySelector('[data-lms=person]').textContent"
        self.engine.until(f"!!({asked} || {known} || document.querySelector('.dialog'))")
        if self.engine.run(f"!!{asked}"):
            self.engine.run(f"{asked}.value = 'Nélida'")
            self.engine.press(".dialog button", "Empezar")
        elif self.engine.run("!!document.querySelector('.dialog')"):
            self.engine.press(".dialog button", "Nélida")
        self.engine.until(f"{known} === 'Nélida'")

    def answer(self, exercise: Exercise) -> str:
        """Choose the right option of a question with one, press «Revisar» and return what it says."""
        form = f'[data-exercise="{exercise.name}"]'
        value = str(acts.right_answer(exercise)).lower()
        self.engine.press(f'{form} input[value="{value}"]')
        self.engine.press(f"{form} button", "Revisar")
        return self.engine.sees(f"{form} .feedback strong")

    def find(self, words: str) -> str:
        """Search and return the first thing marked in what was found."""
        if self.live:
            self.engine.open(f"{self.address.split('/cursos')[0]}/buscar?q={words}")
            return self.engine.sees("main mark")
        self.engine.run(f"document.querySelector('[data-lms=search] input').value = {json.dumps(words)}")
        self.engine.press("[data-lms=search] button")
        # Its address is written a moment later; an address that is opened before would be given up for it.
        self.engine.until("location.hash.startsWith('#b/')")
        return self.engine.sees("[data-route=buscar] mark")

    def save_progress(self) -> bytes:
        """Press «Guardar mi avance» and return the file."""
        if self.live:
            self.engine.open(f"{self.address.split('/cursos')[0]}/mi-avance")
        else:
            self.engine.open(f"{self.address}#avance")
            self._introduce()
        self.engine.touch("main [data-lms=save], main a[href='/mi-avance/archivo']")
        return self.engine.downloaded()
