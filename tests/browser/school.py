"""A school's server that stops, comes back and publishes, and what somebody does to keep its course."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from browser.wire import Wire
from cast import COURSE, ROOT, Server, start_server, stop_server
from playwright.sync_api import Page, expect

HERE = f"/cursos/{COURSE.name}"
LESSON = f"{HERE}/conozco-mi-equipo"
OTHER = f"{HERE}/gestos-mouse-y-teclado"


class School:
    """A server with one course that can stop, come back and publish, behind a wire that counts."""

    def __init__(self, folder: Path, wire: Wire) -> None:
        self.data = folder / "datos"
        self.data.mkdir()
        self.courses = folder / "courses"
        self.wire = wire
        shutil.copytree(COURSE, self.courses / COURSE.name)
        shutil.copytree(ROOT / "content", folder / "content")
        self.running: Server | None = None

    @property
    def url(self) -> str:
        return self.wire.url

    def start(self) -> None:
        self.running = start_server(self.data, self.wire.behind, self.courses)

    def stop(self) -> None:
        if self.running:
            stop_server(self.running)
        self.running = None

    def add(self, course: str) -> None:
        """Serve one more course."""
        self.stop()
        shutil.copytree(ROOT / "courses" / course, self.courses / course)
        self.start()

    def write(self, file: str, before: str, after: str, course: str = COURSE.name) -> None:
        """Change the sources of a lesson, or of another file of a course."""
        path = next((self.courses / course).rglob(file if "." in file else f"*{file}.md"))
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), "utf-8")

    def publish(self, version: str, course: str = COURSE.name) -> None:
        """Serve what the sources are now as a new version."""
        self.stop()
        file = self.courses / course / "course.toml"
        now = re.sub(
            r'^version = ".*"$', f'version = "{version}"', file.read_text("utf-8"), flags=re.MULTILINE
        )
        file.write_text(now, "utf-8")
        self.start()


def save(page: Page, school: School, course: str = COURSE.name) -> None:
    """Press «Guardar para usar sin internet» on a course's page and wait until it is kept."""
    page.goto(f"{school.url}/cursos/{course}")
    page.get_by_role("button", name=re.compile(r"Guardar para usar sin internet \([\d.]+ [KM]B\)")).click()
    expect(page.locator("#guardar")).to_contain_text("Guardado en este equipo", timeout=60_000)
