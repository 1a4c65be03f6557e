"""An empty log, and the small course."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from events_cast import small_course

from lms.course.model import Course
from lms.db import Database, migrate, open_database


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    """A migrated database in a file of its own."""
    database = await open_database(tmp_path / "lms.db")
    await migrate(database)
    yield database
    await database.close()


@pytest.fixture(scope="session")
def small() -> Course:
    """One unit, two lessons, six exercises and an assessment that draws four of six."""
    return small_course()
