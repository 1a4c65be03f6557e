"""Data as scripts: whatever an author or a teacher wrote, an old browser reads it as it was written."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sample_courses import GOOD
from starlette.testclient import TestClient

from lms.app import create_app
from lms.course.loader import load_course
from lms.course.model import Course
from lms.packs.formats import FORMATS
from lms.settings import Settings
from lms.web.scripts import json_for_script

LINE_ENDS = "\u2028\u2029"  # what ends a line in scripts before ES2019, and is nothing in Markdown or GIFT
STRANGE = f"a{LINE_ENDS[0]}b{LINE_ENDS[1]}c </script><!-- ñ"


def test_what_is_written_comes_back_and_nothing_in_it_ends_the_script() -> None:
    text = json_for_script({"a": [STRANGE]})

    assert json.loads(text) == {"a": [STRANGE]}
    assert not set(text) & {"<", *LINE_ENDS}
    assert "ñ" in text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A course whose title, questions and text hold line ends that a word processor left there."""
    copied = shutil.copytree(GOOD, tmp_path / "courses" / "agua")
    for file in (*copied.rglob("*.md"), *copied.rglob("*.gift"), copied / "course.toml"):
        text = re.sub(r"(?<=[a-z]) (?=(?:de|lo) )", LINE_ENDS[0], file.read_text("utf-8"))
        file.write_text(text.replace("Agua para", f"Agua{LINE_ENDS} para"), "utf-8")
    return copied


@pytest.fixture
def strange(folder: Path) -> Course:
    course = load_course(folder).course
    assert course is not None
    assert set(LINE_ENDS) <= set(course.title)
    return course


def test_no_script_of_a_pack_is_stopped_by_a_line_end(strange: Course) -> None:
    html = FORMATS["single"].write(strange).decode()
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", html, re.DOTALL)

    assert any("\\u2028" in script for script in scripts)
    assert not [script for script in scripts if set(script) & set(LINE_ENDS)]


@pytest.fixture
def client(folder: Path, tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings.load({"LMS_DATA": str(tmp_path / "data"), "LMS_COURSES": str(folder.parent)})
    with TestClient(create_app(settings), headers={"accept": "text/html"}) as opened:
        yield opened


def test_no_script_of_a_live_page_is_stopped_by_a_line_end(client: TestClient) -> None:
    keys = re.search(r'src="(/cursos/agua/claves/[^"]+)"', client.get("/cursos/agua/el-pozo").text)
    assert keys
    script = client.get(keys[1]).text

    assert "\\u2028" in script
    assert not set(script) & set(LINE_ENDS)
