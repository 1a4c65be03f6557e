"""What was made of a course last time: taken where nothing changed, made anew where anything did."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from cast import ROOT
from sample_courses import GOOD, cases, sample

from lms.course import draft, growing, markdown
from lms.course import made as making
from lms.course.gift import parse_gift
from lms.course.loader import load_course
from lms.course.model import Course, Exercise, Problem
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
    with making.kept(kept):
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


def test_so_has_the_largest_course(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "content", tmp_path / "content")
    folder = shutil.copytree(ROOT / "courses/competencia-digital", tmp_path / "courses/competencia-digital")
    pack(folder, tmp_path / "kept")
    edit(folder / loaded(folder).lessons[7].file, "## ", "## Sobre ")
    edit(folder / "course.toml", 'version = "', 'version = "9')
    assert pack(folder, tmp_path / "kept") == FORMATS["site"].write(loaded(folder))


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
    monkeypatch.setattr(making, "_digest_of_makers", lambda: b"another version")
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


@pytest.mark.parametrize("case", cases())
def test_a_course_is_loaded_from_what_was_kept_with_the_same_words_and_faults(
    case: str, tmp_path: Path
) -> None:
    folder = sample(case, tmp_path / "courses")
    fresh = load_course(folder)
    for _ in range(2):
        with making.kept(tmp_path / "kept"):
            # Equal values may be of other types (a list for a tuple): those would show in words.
            assert repr(load_course(folder)) == repr(fresh)


def test_only_what_changed_is_parsed(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def watched(text: str, file: str, *others: int) -> tuple[tuple[Exercise, ...], tuple[Problem, ...]]:
        parsed.append(file)
        return parse_gift(text, file, *others)

    monkeypatch.setattr(draft, "parse_gift", watched)
    pack(folder, tmp_path / "kept")
    assert parsed
    parsed.clear()
    bank = next(unit.assessment.file for unit in loaded(folder).units if unit.assessment)
    edit(folder / bank, "?", "??")
    parsed.clear()
    pack(folder, tmp_path / "kept")
    assert parsed == [bank]


def test_what_does_not_come_out_as_it_went_in_is_not_kept(folder: Path, tmp_path: Path) -> None:
    """A date, which comes out as text, would be a title the second time."""
    edit(folder / "course.toml", f'title = "{loaded(folder).title}"', "title = 2026-03-14")
    said = load_course(folder).problems
    assert said
    for _ in range(2):
        with making.kept(tmp_path / "kept"):
            assert load_course(folder).problems == said


def test_another_version_of_the_course_renders_no_lesson_again(
    folder: Path, tmp_path: Path, made: list[str]
) -> None:
    version = loaded(folder).version
    for _ in range(2):  # what an article was made of stays, also where the article was there
        pack(folder, tmp_path / "kept")
    made.clear()
    edit(folder / "course.toml", f'version = "{version}"', 'version = "9.9.9"')
    again = pack(folder, tmp_path / "kept")
    assert made == []
    assert again == FORMATS["site"].write(loaded(folder))


def test_what_failed_is_tried_again(tmp_path: Path) -> None:
    def fail() -> str:
        raise FileNotFoundError

    with making.kept(tmp_path / "kept"):
        with pytest.raises(FileNotFoundError):
            making.once(("one",), fail)
        assert making.once(("one",), lambda: "made") == "made"


def test_what_is_too_much_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing, "MOST_BYTES", 1000)
    with making.kept(tmp_path / "kept"):
        making.once(("one",), lambda: "a" * 1000)
    assert not (tmp_path / "kept").exists()
    (tmp_path / "kept").write_bytes(b"\0" * 2000)
    with making.kept(tmp_path / "kept"):
        assert making.once(("one",), lambda: "made") == "made"


def test_an_entry_of_another_kind_counts_as_none(tmp_path: Path) -> None:
    for kind, value in ((str, "text"), (int, 7)):
        with making.kept(tmp_path / "kept"):
            assert making.once(("one",), lambda value=value: value, kind) == value  # type: ignore[misc]


def test_after_a_small_change_little_is_written(folder: Path, tmp_path: Path, made: list[str]) -> None:
    pack(folder, tmp_path / "kept")
    before = (tmp_path / "kept").read_bytes()
    lesson = folder / loaded(folder).lessons[0].file
    edit(lesson, "## ", "## Sobre ")
    pack(folder, tmp_path / "kept")
    after = (tmp_path / "kept").read_bytes()
    assert after.startswith(before)
    assert len(before) < len(after) < 1.5 * len(before)
    edit(lesson, "## Sobre ", "## ")
    made.clear()
    pack(folder, tmp_path / "kept")
    assert made == []  # as it was before the change
    assert (tmp_path / "kept").read_bytes() == after


def test_a_file_never_holds_more_than_twice_what_is_needed(tmp_path: Path) -> None:
    weights = []
    for change in range(12):
        with making.kept(tmp_path / "kept"):
            for part in range(9):
                making.once((str(part),), lambda: "a" * 1000)
            making.once(("changed", str(change)), lambda: "b" * 1000)
        weights.append((tmp_path / "kept").stat().st_size)
    assert max(weights) <= 20_100
    assert weights != sorted(weights)  # what was of no use went


def test_what_was_added_before_the_power_went_is_there_and_the_rest_is_made_again(
    folder: Path, tmp_path: Path, made: list[str]
) -> None:
    pack(folder, tmp_path / "kept")
    whole = (tmp_path / "kept").stat().st_size
    lesson = loaded(folder).lessons[0]
    edit(folder / lesson.file, "## ", "## Sobre ")
    again = pack(folder, tmp_path / "kept")
    os.truncate(tmp_path / "kept", (whole + (tmp_path / "kept").stat().st_size) // 2)
    for lost in ({lesson.id}, set()):
        made.clear()
        assert pack(folder, tmp_path / "kept") == again
        assert set(made) == lost


def test_a_fault_in_a_lesson_does_not_cost_what_was_kept(folder: Path, tmp_path: Path) -> None:
    pack(folder, tmp_path / "kept")
    before = (tmp_path / "kept").read_bytes()
    with suppress(KeyError), making.kept(tmp_path / "kept"):
        raise KeyError(load_course(folder))
    assert (tmp_path / "kept").read_bytes() == before
