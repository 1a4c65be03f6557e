"""Lessons as rendered last time: taken where nothing changed, made anew where anything did."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sample_courses import GOOD

from lms.course import markdown, rendered
from lms.course.loader import load_course
from lms.course.model import Course
from lms.packs.formats import FORMATS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(GOOD, tmp_path / "courses" / "agua")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lessons that are rendered, in order."""
    named: list[str] = []
    render = markdown.render

    def watched(text: str, lesson: str, *others: object) -> str:
        named.append(lesson)
        return render(text, lesson, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(markdown, "render", watched)
    return named


def loaded(folder: Path) -> Course:
    course = load_course(folder).course
    assert course is not None
    return course


def edit(file: Path, before: str, after: str) -> None:
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")


def pack(folder: Path, kept: Path, name: str = "site") -> bytes:
    with rendered.kept(kept):
        content: bytes = FORMATS[name].write(loaded(folder))
    return content


@pytest.mark.parametrize("name", ["site", "single", "scorm", "epub"])
def test_a_build_after_one_lesson_changed_has_the_bytes_of_a_cold_one(
    folder: Path, tmp_path: Path, made: list[str], name: str
) -> None:
    pack(folder, tmp_path / "kept", name)
    lesson = loaded(folder).lessons[0]
    edit(folder / lesson.file, "## ", "## Sobre ")
    made.clear()
    again = pack(folder, tmp_path / "kept", name)
    assert set(made) == {lesson.id}
    assert again == FORMATS[name].write(loaded(folder))


def test_nothing_is_rendered_twice_and_nothing_that_is_kept(
    folder: Path, tmp_path: Path, made: list[str]
) -> None:
    first = pack(folder, tmp_path / "kept")
    assert sorted(made) == sorted(lesson.id for lesson in loaded(folder).lessons)
    made.clear()
    assert pack(folder, tmp_path / "kept") == first
    assert made == []


def test_another_picture_another_question_and_another_renderer_are_noticed(
    folder: Path, tmp_path: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pack(folder, tmp_path / "kept")
    lesson = next(lesson for lesson in loaded(folder).lessons if lesson.media)
    picture = next(iter(lesson.media))
    made.clear()
    edit(folder / picture, "</svg>", "<g></g></svg>")
    pack(folder, tmp_path / "kept")
    assert set(made) == {one.id for one in loaded(folder).lessons if picture in one.media}
    made.clear()
    monkeypatch.setattr(rendered, "_digest_of_renderers", lambda: b"another version")
    pack(folder, tmp_path / "kept")
    assert set(made) == {one.id for one in loaded(folder).lessons}


@pytest.mark.parametrize("damage", [b"", b"\0\0\0\0nada", b"\xff" * 90])
def test_a_damaged_file_counts_as_none(folder: Path, tmp_path: Path, damage: bytes) -> None:
    first = pack(folder, tmp_path / "kept")
    (tmp_path / "kept").write_bytes(damage)
    assert pack(folder, tmp_path / "kept") == first
    (tmp_path / "kept").write_bytes((tmp_path / "kept").read_bytes()[:-1])
    assert pack(folder, tmp_path / "kept") == first


def test_where_nothing_can_be_kept_packs_are_built_all_the_same(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("aquí no hay carpeta", "utf-8")
    assert pack(folder, tmp_path / "a-file" / "kept") == FORMATS["site"].write(loaded(folder))
