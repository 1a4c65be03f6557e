"""A platform that runs SCORM 1.2: `scorm-again`, which others wrote; what it commits is kept, as a platform does."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cast import ROOT
from playwright.sync_api import FrameLocator, Page

from lms.course.media import media_type

RUNTIME = ROOT / ".venv/judges/scorm-again/dist/scorm12.js"
_PLAYER = """<!doctype html><meta charset="utf-8"><title>Plataforma</title><script src="/scorm12.js"></script><script>
window.API = new Scorm12API({lmsCommitUrl: "/kept?" + location.search.slice(1), mastery_override: true});
window.API.loadFromJSON(STATE, "");
window.problems = [];
["LMSGetValue", "LMSSetValue", "LMSCommit", "LMSInitialize", "LMSFinish"].forEach((name) => window.API.on(name, () => {
  const code = window.API.LMSGetLastError();
  if (String(code) !== "0") window.problems.push(name + " " + code);
}));
</script><iframe name="sco" style="width:100%;height:95vh;border:0" src="/paquete/FILE"></iframe>"""


@dataclass
class Platform:
    """Where it answers, and what it keeps of each SCO; with `broken` it stores nothing more."""

    package: zipfile.ZipFile
    mastery: dict[str, int]
    url: str = ""
    broken: bool = False
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)

    def launch(self, page: Page, file: str) -> FrameLocator:
        """Open one SCO as a learner does."""
        page.goto(f"{self.url}/?{file}")
        return page.frame_locator("iframe")

    def core(self, file: str) -> dict[str, Any]:
        """What it knows of one SCO: lesson_status, score…"""
        found: dict[str, Any] = self.kept[file]["core"]
        return found

    def player(self, file: str) -> bytes:
        """The page around a SCO, with what was kept of it before."""
        known = self.kept.get(file, {})
        core = {
            key: value
            for key, value in known.get("core", {}).items()
            if key not in ("session_time", "exit", "total_time")
        }
        state = {
            "core": {**core, "student_id": "40000002", "student_name": "Quispe, Nélida", "credit": "credit"},
            "student_data": {"mastery_score": str(self.mastery.get(file, ""))},
            "suspend_data": known.get("suspend_data", ""),
        }
        return _PLAYER.replace("STATE", json.dumps({"cmi": state})).replace("FILE", file).encode()


@contextmanager
def platform(package: bytes, mastery: dict[str, int]) -> Iterator[Platform]:
    """Serve a package until the block ends; `mastery` are the scores by file that its manifest asks for."""
    here = Platform(zipfile.ZipFile(io.BytesIO(package)), mastery)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(here))
    here.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield here
    server.shutdown()
    thread.join()
    server.server_close()


def _handler(here: Platform) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            name = path.removeprefix("/paquete/")
            if path == "/":
                self._answer(here.player(query), "text/html; charset=utf-8")
            elif path == "/scorm12.js":
                self._answer(RUNTIME.read_bytes(), "text/javascript")
            elif name in here.package.namelist():
                self._answer(here.package.read(name), _kind(name))
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if here.broken:
                return self.send_error(500)
            here.kept[self.path.partition("?")[2]] = body["cmi"]
            return self._answer(b'{"result": true, "errorCode": 0}', "application/json")

        def _answer(self, content: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments: Any) -> None:
            """Stay quiet."""

    return Handler


def _kind(name: str) -> str:
    kinds = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css"}
    return kinds.get(Path(name).suffix, media_type(name))
