"""The engines that a course is opened in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from browser.matrix.engine import Engine
from browser.matrix.firefox import Firefox
from browser.matrix.newest import Newest
from browser.matrix.oldest import Oldest
from playwright.sync_api import Playwright


@pytest.fixture(scope="module", params=["oldest", "newest", "firefox"])
def start(request: pytest.FixtureRequest, playwright: Playwright) -> Callable[[Path], Engine]:
    """Starts one of the engines on a profile."""
    kinds: dict[str, Callable[[Path], Engine]] = {
        "oldest": Oldest,
        "newest": lambda profile: Newest(profile, playwright),
        "firefox": Firefox,
    }
    return kinds[request.param]
