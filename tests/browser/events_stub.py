"""A receiver with the rules of POST /events: by id, once each, a receipt a line; it can be told to lose answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """What has arrived: `lines` in order of arrival, each id once; `requests` counts posts, lost ones too.

    `lose` decides by a post's number (from 0): "request" forgets it unread, "answer" stores it and cuts the line.
    """

    page: str
    url: str = ""
    lines: dict[str, str] = field(default_factory=dict)
    requests: int = 0
    lose: Callable[[int], str | None] = lambda number: None
    refuse: Callable[[dict[str, Any]], str | None] = lambda event: None

    def events(self, kind: str = "") -> list[dict[str, Any]]:
        """The events received, of one type if named."""
        found: list[dict[str, Any]] = [json.loads(line) for line in self.lines.values()]
        return [event for event in found if not kind or event["type"] == kind]

    def take(self, body: str) -> dict[str, Any]:
        """Store a body's lines and make their receipts."""
        return {"results": [self._receipt(line) for line in body.split("\n") if line]}

    def _receipt(self, line: str) -> dict[str, Any]:
        event = json.loads(line)
        taken = {(one["device"], one["profile"], one["seq"]): one["id"] for one in self.events()}
        reason = self.refuse(event)
        if reason:
            return {"id": event["id"], "status": "refused", "reason": reason, "fork": False}
        status = "known" if event["id"] in self.lines else "stored"
        fork = taken.get((event["device"], event["profile"], event["seq"]), event["id"]) != event["id"]
        self.lines.setdefault(event["id"], line)
        return {"id": event["id"], "status": status, "reason": "", "mark": None, "feedback": [], "fork": fork}


@contextmanager
def receiving(page: str) -> Iterator[Receiver]:
    """Serve `page` at / and take events at /events until the block ends."""
    receiver = Receiver(page)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(receiver.page.encode(), "text/html; charset=utf-8")

        def do_POST(self) -> None:
            number, receiver.requests = receiver.requests, receiver.requests + 1
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            lost = receiver.lose(number)
            if lost == "request":
                return self.connection.close()
            results = receiver.take(body)
            if lost == "answer":
                return self.connection.close()
            return self._answer(json.dumps(results).encode(), "application/json")

        def _answer(self, content: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments: Any) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield receiver
    server.shutdown()
    thread.join()
    server.server_close()
    server.server_close()
