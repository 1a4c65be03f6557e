"""`lms pack build`: only courses without errors leave, and under the name they have."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sample_courses import GOOD, SAMPLES, sample

from lms.cli import main


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder of courses, and one for packs."""
    monkeypatch.setenv("LMS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("LMS_COURSES", str(tmp_path / "courses"))
    monkeypatch.setenv("LMS_PACKS", str(tmp_path / "packs"))
    (tmp_path / "courses").mkdir()


def build(named: object) -> int:
    """Run `lms pack build`; its exit code."""
    return main_quietly(["pack", "build", str(named), "--format", "single"])


def main_quietly(words: list[str]) -> int:
    """Run `lms …`; its exit code."""
    try:
        main(words)
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def test_a_pack_names_the_server_that_opens_its_files_if_its_publisher_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(GOOD, tmp_path / "courses" / "agua")
    pack = tmp_path / "packs" / "agua-1.0.0.html"
    assert build("agua") == 0
    assert "lms.receiver = " not in pack.read_text("utf-8")

    main_quietly(["node", "key"])
    key = capsys.readouterr().out.splitlines()[-1]
    monkeypatch.setenv("LMS_RECEIVER", key)
    assert build("agua") == 0
    main_quietly(["pack", "bundle", "agua"])
    carried = tmp_path / "packs/mochila-digital/cursos/agua/ABRIR-AQUI.html"
    for document in (pack, carried):
        assert f'\nlms.receiver = "{key}";\n' in document.read_text("utf-8")

    for wrong in ("A" * 87, key[:-1], "hola"):
        monkeypatch.setenv("LMS_RECEIVER", wrong)
        assert build("agua") == 1
        assert "LMS_RECEIVER" in capsys.readouterr().err


@pytest.mark.parametrize("case", ["pass-mark", "missing-media", "svg-title"])
def test_a_course_that_the_check_refuses_is_not_packed(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = sample(case, tmp_path / "courses")

    assert build("agua") == 1
    said = capsys.readouterr().err
    assert f"lms check {folder}" in said
    expected = (SAMPLES / case / "expected.txt").read_text("utf-8").replace(": error: ", ": ")
    assert set(said.splitlines()) > {f"{folder}/{line}" for line in expected.splitlines()}
    assert not (tmp_path / "packs").exists()


def test_a_course_is_found_by_its_id_whatever_its_folder_is_called(tmp_path: Path) -> None:
    shutil.copytree(GOOD, tmp_path / "courses" / "curso-1")

    assert build("agua") == 0
    assert build("curso-1") == 0
    assert build(tmp_path / "courses" / "curso-1") == 0
    assert [path.name for path in (tmp_path / "packs").iterdir()] == ["agua-1.0.0.html"]


def test_two_courses_with_one_id_do_not_overwrite_each_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("agua", "agua-dos"):
        shutil.copytree(GOOD, tmp_path / "courses" / folder)

    assert build("agua") == 1
    assert "courses/agua-dos" in capsys.readouterr().err
