"""The tiny course that the tests of this folder read."""

from __future__ import annotations

import pytest
from sample_courses import GOOD

from lms.course.loader import load_course
from lms.course.model import Course


@pytest.fixture(scope="session")
def good() -> Course:
    """«El agua», as it stands in tests/samples/good."""
    loaded = load_course(GOOD)
    assert loaded.course is not None, loaded.problems
    return loaded.course
