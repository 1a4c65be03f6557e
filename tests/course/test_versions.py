"""What a course says of its own version and of the versions before it."""

from pathlib import Path

import pytest
from sample_courses import GOOD, sample

from lms.course.loader import load_course
from lms.course.model import Changes
from lms.course.schema import course_problems
from lms.course.source import parse_toml
from lms.course.versions import following, is_version, numbers, rank

CHANGES = '\n[changes]\nremoved = ["pozo-viejo"]\n[changes.major]\nla-lluvia = "2.0.0"\n'


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return sample("good", tmp_path)


def test_versions_are_compared_as_numbers() -> None:
    assert numbers("1.10.0") > numbers("1.9.0")
    assert sorted(["2.0.0", "1.10.0", "1.9.9"], key=numbers) == ["1.9.9", "1.10.0", "2.0.0"]
    assert [following("1.9.4", place) for place in range(3)] == ["2.0.0", "1.10.0", "1.9.5"]


@pytest.mark.parametrize("version", ["0.0.1", "1.0.0", "1.10.0", "2025.3.0"])
def test_three_numbers_are_a_version(version: str) -> None:
    assert is_version(version)


@pytest.mark.parametrize(
    "version",
    ["", "1", "1.0", "1.0.0.0", "v1.0.0", "1.0.0-beta", "1.01.0", "1.0.٣", " 1.0.0", "1.0.99999", 1.0],
)
def test_anything_else_is_not_a_version(version: object) -> None:
    assert not is_version(version)


def test_a_course_remembers_what_was_removed_and_what_became_another_lesson(course: Path) -> None:
    text = (course / "course.toml").read_text("utf-8")
    (course / "course.toml").write_text(text + CHANGES, "utf-8")
    loaded = load_course(course).course
    assert loaded is not None
    assert loaded.changes == Changes(("pozo-viejo",), {"la-lluvia": "2.0.0"})
    assert "changes" not in loaded.outline()


def test_a_course_need_not_say_anything_of_earlier_versions() -> None:
    loaded = load_course(GOOD).course
    assert loaded is not None
    assert loaded.changes == Changes((), {})


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("[changes]\nremoved = 'pozo'", 2, "wrong-type"),
        ("[changes]\nremoved = ['El Pozo']", 2, "wrong-type"),
        ("[changes]\nmajor = ['el-pozo']", 2, "wrong-type"),
        ("[changes]\nrenamed = ['el-pozo']", 2, "unknown-key"),
        ("[changes.major]\nel-pozo = '2.0.0'\nla-lluvia = '2'", 3, "wrong-type"),
        ("changes = 3", 1, "wrong-type"),
    ],
)
def test_changes_are_read_strictly(text: str, line: int, code: str) -> None:
    found = [problem for problem in course_problems(parse_toml(text, "course.toml")) if problem.code == code]
    assert [problem.line for problem in found] == [line]


def test_a_rank_orders_versions_as_their_numbers_do_and_puts_what_is_none_first() -> None:
    ordered = ["0.0.0", "0.0.1", "0.0.9999", "0.1.0", "1.9.0", "1.10.0", "2.0.0", "9999.9999.9999"]
    assert sorted(ordered, key=rank) == ordered
    assert len({rank(version) for version in ordered}) == len(ordered)
    assert rank("9999.9999.9999") < 2**53  # JavaScript counts no further
    for text in (
        "",
        "1",
        "1.0",
        "1.0.0.0",
        "01.0.0",
        "1.00.0",
        "10000.0.0",
        "1.0.0\n",
        "borrador",
        "-1.0.0",
        "1.0.٣",
    ):
        assert rank(text) == -1, text
