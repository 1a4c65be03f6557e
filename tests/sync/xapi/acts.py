"""What is done at the door for statements, and a day of work to tell there."""

from __future__ import annotations

from typing import Any

from events_cast import Tablet, right
from starlette.testclient import TestClient

from lms.events.model import ProgressReported
from lms.sync.xapi.keys import May, new_key

VERSION = {"X-Experience-API-Version": "1.0.3"}


def a_day(tablet: Tablet) -> list[bytes]:
    """Every kind of event, and an answer to every type of exercise of the small course."""
    course = tablet.course
    question = course.assessment("final").bank[0]
    reported = ProgressReported("T", "2026-11-25", {"uno": "completed"}, {"senal": (1.0, 2)}, {}, {})
    return [
        tablet.identifies("Nélida", "40000002"),
        tablet.opens(),
        tablet.completes(),
        tablet.answers("senal", right(course.exercise("senal")), 1.0),
        tablet.answers("varias", [0, 1], 1.0),
        tablet.answers("verdad", True, 1.0),
        tablet.answers("palabra", "sim", 1.0),
        tablet.answers("cuenta", "18,5", 1.0),
        tablet.answers("parejas", [0, None, 1], 0.3333),
        tablet.submits({question.name: right(question)}, mark=15.5),
        tablet.writes("progress.reported", course.id, reported),
    ]


def new_pass(browser: TestClient, name: str = "prueba", may: May = "all") -> tuple[str, str]:
    """Make a key; what to sign in with."""
    db = browser.app.state.site.db  # type: ignore[attr-defined]
    assert browser.portal is not None
    return name, browser.portal.call(new_key, db, name, may)


def statement(verb: str = "attended", **more: Any) -> dict[str, Any]:
    """A statement of a program that is not ours."""
    return {
        "actor": {"objectType": "Agent", "mbox": "mailto:ruth@ugel.example"},
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}"},
        "object": {"objectType": "Activity", "id": "https://ugel.example/taller"},
        **more,
    }
