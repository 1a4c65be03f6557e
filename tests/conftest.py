"""The small cast that tests share: the real course, a real server, a real browser."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from cast import COURSE, Server, start_server, stop_server
from hypothesis import settings as hypothesis_settings

from lms.course.loader import load_course
from lms.course.model import Course

hypothesis_settings.register_profile("quick", max_examples=60, deadline=None)
hypothesis_settings.register_profile("soak", max_examples=10_000, deadline=None)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the browser's tests last: its driver keeps an event loop running, which async tests cannot share."""
    items.sort(key=lambda item: "browser" in item.path.parent.name)


@pytest.fixture(scope="session")
def course() -> Course:
    """«Alfabetización Digital», as it stands in courses/."""
    loaded = load_course(COURSE)
    assert loaded.course is not None, loaded.problems
    return loaded.course


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that only need some server."""
    started = start_server(tmp_path_factory.mktemp("servidor"))
    yield started
    stop_server(started)
