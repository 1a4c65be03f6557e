"""A data folder with a little in it, and how it is looked at after something was done to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from events_cast import small_course

from lms.settings import Settings
from tests.upkeep.acts import fill, settings_in


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A server's settings; its folder holds forty events, a secret, a key and the sources of a course."""
    found = settings_in(tmp_path / "data")
    fill(found, 40)
    (found.data / "keys" / "own").mkdir(parents=True)
    (found.data / "keys" / "own" / "difods.pem").write_text("llave")
    (found.data / "search").mkdir()
    (found.data / "search" / "index").write_text("se hace otra vez")
    assert found.secret
    course = found.courses / small_course().id
    course.mkdir(parents=True)
    (course / "course.toml").write_text('id = "curso"\nversion = "1.0.0"\ntitle = "Curso"\n')
    return found
