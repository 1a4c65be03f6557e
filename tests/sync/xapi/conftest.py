"""A site where programs may knock often."""

from __future__ import annotations

import pytest

from lms.sync.xapi import routes
from lms.web.limits import RateLimit


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins with the whole bucket."""
    monkeypatch.setattr(routes, "_rate", RateLimit(burst=routes.BURST, per_minute=routes.PER_MINUTE))
