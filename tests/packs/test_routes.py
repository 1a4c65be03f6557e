"""Downloading from a server: what a copy would lack is said, and the rest of the site goes on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sample_courses import sample
from starlette.testclient import TestClient

from lms.app import create_app
from lms.packs.formats import FORMATS
from lms.settings import Settings

Serve = Callable[[str], TestClient]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Opens a site with one course, «Agua», that has the fault of a sample."""
    with ExitStack() as stack:

        def opened(case: str) -> TestClient:
            sample(case, tmp_path / "courses")
            places = {"LMS_DATA": "data", "LMS_COURSES": "courses", "LMS_PACKS": "packs"}
            settings = Settings.load({name: str(tmp_path / folder) for name, folder in places.items()})
            return stack.enter_context(TestClient(create_app(settings), headers={"accept": "text/html"}))

        yield opened


# Those that need no sounds and no films.
OF_ANY_COURSE = [name for name in FORMATS if name not in ("videos", "single-audio")]


@pytest.mark.parametrize("name", OF_ANY_COURSE)
def test_a_course_without_one_of_its_pictures_is_read_but_not_taken_along(
    serve: Serve, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    browser = serve("missing-media")
    assert browser.get("/cursos/agua/el-pozo").status_code == 200
    with caplog.at_level(logging.ERROR):
        answer = browser.get(f"/cursos/agua/descargar/{name}")
    assert answer.status_code == 503
    where = "falta la imagen «media/poso.svg», que pide lessons/el-pozo.md en la línea 18"
    assert where in answer.text
    assert "Avisa a quien administra este servidor" in answer.text
    assert where in caplog.text


@pytest.mark.parametrize("name", OF_ANY_COURSE)
@pytest.mark.parametrize("gone", ["media/pozo.svg", "lessons/el-pozo.md"])
def test_a_file_that_went_while_the_server_runs_is_named(
    serve: Serve, tmp_path: Path, name: str, gone: str
) -> None:
    browser = serve("good")
    (tmp_path / "courses/agua" / gone).unlink()
    answer = browser.get(f"/cursos/agua/descargar/{name}")
    if gone.startswith("lessons") and name != "site":  # the others need no sources
        assert answer.status_code == 200
    else:
        assert answer.status_code == 503
        assert f"falta el archivo «{Path(gone).name}»" in answer.text


def test_what_this_server_cannot_make_is_not_offered(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = serve("good")
    page = browser.get("/cursos/agua").text
    assert all(f"/cursos/agua/descargar/{name}" in page for name in OF_ANY_COURSE)
    monkeypatch.setattr("lms.packs.formats.find_spec", lambda package: None)
    page = browser.get("/cursos/agua").text
    assert "/cursos/agua/descargar/epub" in page
    for name in ("zim", "printed"):
        assert f"/cursos/agua/descargar/{name}" not in page
        assert browser.get(f"/cursos/agua/descargar/{name}").status_code == 404
