"""The real course, indexed once."""

from pathlib import Path

import pytest

from lms.search.index import Index
from lms.search.service import prepare


@pytest.fixture(scope="session")
def index(course, tmp_path_factory: pytest.TempPathFactory):
    opened = Index(prepare(tmp_path_factory.mktemp("search") / "search", [course]))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def vectors_folder() -> Path:
    return Path(__file__).parent.parent / "vectors"
