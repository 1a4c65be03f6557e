"""Static files: whatever is asked for, each is kept once and nothing falls over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from lms.app import create_app
from lms.settings import Settings
from lms.web import pages


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings.load({"LMS_DATA": str(tmp_path), "LMS_COURSES": str(tmp_path / "none")})
    with TestClient(create_app(settings), raise_server_exceptions=False) as opened:
        yield opened


@pytest.mark.parametrize("name", ["%00", "js/%00.js", "a" * 300, "a/" * 2000, "%ff%fe", "js/router.js/x"])
def test_a_name_that_no_file_can_have_is_not_found(client: TestClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_other_spellings_of_a_name_take_no_further_memory(client: TestClient) -> None:
    plain = client.get("/static/js/router.js")
    kept = len(pages._bodies)
    for depth in range(1, 20):
        answer = client.get(f"/static/{'%2e/' * depth}js/{'%2e/' * depth}router.js")
        assert answer.status_code == 404 or answer.content == plain.content

    assert len(pages._bodies) == kept
