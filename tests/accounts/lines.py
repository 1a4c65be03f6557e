"""Lines of events as a browser would send them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping

from starlette.testclient import TestClient

from lms.clock import system_clock
from lms.events.ids import new_event_id


def identified(profile: str, name: str, document: str) -> bytes:
    """Whoever uses a profile says who they are."""
    return _line(profile, "profile.identified", {"name": name, "document_type": "dni", "document": document})


def opened(profile: str, lesson: str = "uno") -> bytes:
    """Whoever uses a profile looks at a lesson."""
    return _line(profile, "lesson.opened", {}, course="ad", version="1.0.0", item=lesson)


def completed(profile: str, lesson: str = "uno") -> bytes:
    """Whoever uses a profile says that they finished a lesson."""
    return _line(profile, "lesson.completed", {}, course="ad", version="1.0.0", item=lesson)


def noted(profile: str, text: str) -> bytes:
    """Whoever uses a profile writes a note on a lesson."""
    data = {"text": text, "after": []}
    return _line(profile, "note.written", data, course="ad", version="1.0.0", item="uno")


def reported(profile: str, code: str = "2ABCDEFGHJKMNPQ", day: str = "2026-11-20") -> bytes:
    """A code says how far whoever uses a profile has come."""
    data = {
        "token": code,
        "day": day,
        "lessons": {"uno": "completed", "dos": "opened"},
        "exercises": {"uno/p1": [1, 1]},
        "assessments": {},
        "answers": {},
    }
    return _line(profile, "progress.reported", data, course="ad", version="1.0.0", item="ad")


def _line(profile: str, kind: str, data: Mapping[str, object], **about: str) -> bytes:
    event = {
        "v": 1,
        "id": str(new_event_id(system_clock)),
        "type": kind,
        "at": "2026-11-23T13:40:00.123Z",
        "device": str(uuid.uuid4()),
        "profile": profile,
        "seq": 1,
        **{"course": "", "version": "", "item": "", **about},
        "data": data,
    }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def send(client: TestClient, *lines: bytes, status: str = "stored") -> None:
    """Post lines to the door of the site's own pages."""
    headers = {"content-type": "text/plain", "chaski-perfil": json.loads(lines[-1])["profile"]}
    answer = client.post("/events", content=b"\n".join(lines), headers=headers)
    assert [result["status"] for result in answer.json()["results"]] == [status] * len(lines), answer.text


def stored_lines(client: TestClient) -> list[bytes]:
    """Every line the site keeps, refused and held ones too."""

    async def look() -> list[bytes]:
        db = client.app.state.site.db
        rows = await db.rows(
            "SELECT line FROM events UNION ALL SELECT line FROM quarantine UNION ALL SELECT line FROM held"
        )
        return [bytes(row["line"]) for row in rows]

    return client.portal.call(look)
