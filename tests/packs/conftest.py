"""What the tests of packs share: the small course as a pack, and an empty data folder with keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_courses import GOOD

from lms.course.loader import load_course
from lms.packs.build import build


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """«Agua para la escuela» as a pack that nobody signed."""
    course = load_course(GOOD).course
    assert course is not None
    return build(course, "site", tmp_path / "packs")
