"""Pictures, sounds and films of a course are served as what they are, on any machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sample_courses import GOOD, WITH_MEDIA, sample
from starlette.testclient import TestClient

from lms.app import create_app
from lms.course.media import AUDIO, IMAGE, MEDIA_TYPES, VIDEO
from lms.settings import Settings


@pytest.mark.parametrize("ending", sorted(MEDIA_TYPES))
def test_every_kind_that_a_course_may_show_has_its_type(ending: str, tmp_path: Path) -> None:
    folder = shutil.copytree(GOOD, tmp_path / "courses" / "agua")
    (folder / "media" / "pozo.svg").rename(folder / "media" / f"pozo.{ending}")
    lesson = folder / "lessons" / "el-pozo.md"
    lesson.write_text(lesson.read_text("utf-8").replace("pozo.svg", f"pozo.{ending}"), "utf-8")
    settings = Settings.load({"LMS_DATA": str(tmp_path / "data"), "LMS_COURSES": str(folder.parent)})
    with TestClient(create_app(settings)) as client:
        answer = client.get(f"/cursos/agua/media/pozo.{ending}")

    assert answer.headers["content-type"] == MEDIA_TYPES[ending]


def test_kinds_are_pictures_sounds_or_films() -> None:
    assert {"svg", "jpeg"} <= IMAGE
    assert {"opus", "mp3"} <= AUDIO
    assert {"webm", "mp4"} <= VIDEO
    assert MEDIA_TYPES.keys() == IMAGE | AUDIO | VIDEO


@pytest.fixture
def node(tmp_path: Path) -> Iterator[TestClient]:
    """A server of the small course with a photograph, two sounds and a film."""
    sample(WITH_MEDIA.name, tmp_path / "courses")
    settings = Settings.load({"LMS_DATA": str(tmp_path / "data"), "LMS_COURSES": str(tmp_path / "courses")})
    with TestClient(create_app(settings)) as client:
        yield client


def test_a_kept_course_has_its_sounds_and_neither_films_nor_light_copies(node: TestClient) -> None:
    listed = node.get("/cursos/agua/sin-internet.json").json()
    kept = {
        address.split("?")[0].rpartition("/")[2] for address, _, _ in listed["files"] if "/media/" in address
    }
    assert kept == {"pozo.svg", "vaso.jpg", "saludo.mp3", "lluvia.opus"}


def test_only_a_lesson_with_a_film_loads_what_speaks_for_it(node: TestClient) -> None:
    assert "/static/film.js" in node.get("/cursos/agua/la-lluvia").text
    assert "/static/film.js" not in node.get("/cursos/agua/el-pozo").text
