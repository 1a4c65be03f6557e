"""Programs are told nothing of what a coach refused as somebody else's."""

from __future__ import annotations

from functools import partial

from events_cast import Tablet
from starlette.testclient import TestClient

from lms.events import signatures
from tests.sync.xapi.test_asking import Machine, machine, tablet

__all__ = ["machine", "tablet"]


def test_what_a_coach_refused_as_somebody_elses_is_not_told(
    machine: Machine, tablet: Tablet, browser: TestClient
) -> None:
    before = machine.all()
    db = browser.app.state.site.db
    noted = (
        "INSERT INTO unsigned (id, number, profile, device) SELECT id, number, profile, device FROM events"
    )
    browser.portal.call(db.execute, f"{noted} WHERE type = 'lesson.completed'")
    assert len(machine.all()) == len(before)
    place = (tablet.profile, tablet.device)
    refuse = partial(signatures.refuse, db, place, upto=2**62, by="rosa", at="2026-11-26")
    refused = browser.portal.call(refuse)
    assert len(machine.all()) == len(before) - refused < len(before)
