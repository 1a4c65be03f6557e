"""A folder of courses: each has its own id, and of two with one id nobody has to guess which is used."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest
from sample_courses import GOOD
from starlette.testclient import TestClient

from lms.app import create_app
from lms.course.checks import check_courses
from lms.course.loader import load_courses
from lms.settings import Settings


@pytest.fixture
def twins(tmp_path: Path) -> Path:
    """A folder in which a course was copied and its id left as it was."""
    shutil.copytree(GOOD, tmp_path / "courses" / "agua")
    copy = shutil.copytree(GOOD, tmp_path / "courses" / "agua-dos")
    toml = copy / "course.toml"
    toml.write_text(toml.read_text("utf-8").replace("Agua para la escuela", "Otro curso"), "utf-8")
    return tmp_path / "courses"


def test_of_two_courses_with_one_id_the_first_is_used_and_the_other_named(twins: Path) -> None:
    courses, problems = load_courses(twins)

    assert courses["agua"].title == "Agua para la escuela"
    (told,) = (problem for problem in problems if problem.code == "repeated-course")
    assert (told.file, told.line) == (str(twins / "agua-dos" / "course.toml"), 1)
    assert "ya está en la carpeta «agua»" in told.message


def test_a_server_says_which_course_it_leaves_out(
    twins: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings.load({"LMS_DATA": str(tmp_path / "data"), "LMS_COURSES": str(twins)})
    with caplog.at_level(logging.ERROR), TestClient(create_app(settings)) as client:
        assert "Agua para la escuela" in client.get("/cursos/agua").text

    assert "agua-dos/course.toml:1: El curso «agua» ya está" in caplog.text


def test_checking_finds_two_courses_with_one_id(twins: Path) -> None:
    first, second = check_courses([twins])

    assert [problem.code for problem in first.problems if problem.severity == "error"] == []
    assert [problem.code for problem in second.problems if problem.severity == "error"] == ["repeated-course"]


def test_a_copy_kept_elsewhere_may_be_checked_beside_its_course(twins: Path, tmp_path: Path) -> None:
    elsewhere = shutil.copytree(GOOD, tmp_path / "publicado" / "agua")
    results = check_courses([twins / "agua", elsewhere])

    assert not [one for result in results for one in result.problems if one.severity == "error"]
