"""What was loaded is kept: the same course comes out of it, and nothing that is no longer so."""

import os
import shutil
from pathlib import Path

import pytest
from cast import ROOT
from sample_courses import cases, sample

from lms.course import kept, loader
from lms.course.kept import load_courses
from lms.files import check


def forbid_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on every course has to come from what was kept."""

    def refuse(folder: Path) -> None:
        raise AssertionError(f"{folder} was parsed")

    monkeypatch.setattr(loader, "load_course", refuse)


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A folder with one small course."""
    folder = tmp_path / "courses"
    folder.mkdir()
    sample("good", folder)
    return folder


def test_the_real_courses_come_out_as_they_went_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = loader.load_courses(ROOT / "courses")
    assert len(fresh[0]) == 4
    assert load_courses(ROOT / "courses", tmp_path / "kept") == fresh
    forbid_parsing(monkeypatch)
    again = load_courses(ROOT / "courses", tmp_path / "kept")
    assert again == fresh
    # Equal values may be of other types (a list for a tuple, an int for a float): those would show in words.
    assert repr(again) == repr(fresh)


@pytest.mark.parametrize("case", cases())
def test_a_faulty_course_is_said_to_be_so_at_each_start(case: str, tmp_path: Path) -> None:
    root = sample(case, tmp_path / "courses").parent
    fresh = loader.load_courses(root)
    for _ in range(2):
        assert load_courses(root, tmp_path / "kept") == fresh


def test_a_word_changed_in_the_shared_glossary_is_noticed(sources: Path) -> None:
    own = sources / "agua" / "glossary.toml"
    shared = sources.parent / "content" / "glossary.toml"
    shared.parent.mkdir()
    own.rename(shared)
    before = load_courses(sources, sources / "kept")
    shared.write_text(shared.read_text("utf-8").replace("Hoyo hondo", "Hoyo muy hondo"), "utf-8")
    after = load_courses(sources, sources / "kept")
    assert after == loader.load_courses(sources) != before
    assert after[0]["agua"].glossary[0].meaning.startswith("Hoyo muy hondo")


@pytest.mark.parametrize("file", ["course.toml", "lessons/el-pozo.md", "banks/agua.gift", "media/pozo.svg"])
def test_one_changed_byte_is_noticed_whatever_its_file_says_of_its_age(file: str, sources: Path) -> None:
    before = load_courses(sources, sources / "kept")
    path = sources / "agua" / file
    age, content = path.stat(), path.read_bytes()
    at = content.rindex(b"a")
    path.write_bytes(content[:at] + b"e" + content[at + 1 :])
    os.utime(path, ns=(age.st_atime_ns, age.st_mtime_ns))
    assert load_courses(sources, sources / "kept") == loader.load_courses(sources) != before


def test_a_file_more_or_less_is_noticed(sources: Path) -> None:
    load_courses(sources, sources / "kept")
    (sources / "agua/lessons/otra.md").write_text("+++\n+++\n")
    assert load_courses(sources, sources / "kept") == loader.load_courses(sources)
    (sources / "agua/lessons/otra.md").unlink()
    assert load_courses(sources, sources / "kept") == loader.load_courses(sources)


def test_other_code_loads_anew(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_courses(sources, sources / "kept")
    monkeypatch.setattr(kept, "digest_of_code", lambda: b"another version")
    monkeypatch.setattr(loader, "load_course", lambda folder: loader.Loaded(None, ()))
    assert load_courses(sources, sources / "kept") == ({}, [])


def test_a_course_that_is_gone_is_forgotten(sources: Path, tmp_path: Path) -> None:
    load_courses(sources, tmp_path / "kept")
    size = (tmp_path / "kept").stat().st_size
    shutil.rmtree(sources / "agua")
    assert load_courses(sources, tmp_path / "kept") == ({}, [])
    assert (tmp_path / "kept").stat().st_size < size


def test_courses_may_move(sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_courses(sources, tmp_path / "kept")
    forbid_parsing(monkeypatch)
    elsewhere = sources.rename(tmp_path / "elsewhere")
    courses, _ = load_courses(elsewhere, tmp_path / "kept")
    assert courses["agua"].folder == elsewhere / "agua"
    assert courses["agua"].media[0].source == elsewhere / "agua/media/pozo.svg"


def test_of_two_courses_with_one_id_the_second_is_named(sources: Path) -> None:
    shutil.copytree(sources / "agua", sources / "bis")
    fresh = loader.load_courses(sources)
    assert [problem.code for problem in fresh[1]] == ["repeated-course"]
    for _ in range(2):
        assert load_courses(sources, sources / "kept") == fresh


def test_a_file_that_is_not_whole_counts_as_none(sources: Path) -> None:
    file = sources / "kept"
    fresh = load_courses(sources, file)
    whole = file.read_bytes()
    broken = [whole[:n] for n in (0, 3, 4, 5, len(whole) // 2, len(whole) - 1)]
    broken += [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(0, len(whole), 97)]
    broken += [b"\0" * len(whole), check(b"\x93\x01\x02\x03") + b"\x93\x01\x02\x03"]
    for content in broken:
        file.write_bytes(content)
        assert load_courses(sources, file) == fresh
        assert file.read_bytes() == whole


def test_what_cannot_be_kept_is_served_all_the_same(sources: Path, caplog: pytest.LogCaptureFixture) -> None:
    (sources / "no-folder").write_text("")
    assert load_courses(sources, sources / "no-folder/kept") == loader.load_courses(sources)
    assert "could not be kept" in caplog.text


def test_what_is_saved_while_it_is_read_is_not_kept(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parse = loader.load_course

    def parse_while_the_author_saves(folder: Path) -> loader.Loaded:
        loaded = parse(folder)
        with (folder / "lessons/el-pozo.md").open("a") as file:
            file.write("\nUna línea más.\n")
        return loaded

    monkeypatch.setattr(loader, "load_course", parse_while_the_author_saves)
    load_courses(sources, sources / "kept")
    monkeypatch.setattr(loader, "load_course", parse)
    assert load_courses(sources, sources / "kept") == loader.load_courses(sources)


def test_only_its_owner_reads_the_keys_that_are_kept(sources: Path) -> None:
    load_courses(sources, sources / "kept")
    assert (sources / "kept").stat().st_mode & 0o077 == 0
