"""Many courses on one stick: each as its own pack has it, beside one page; whole, or not there."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import zipfile
from pathlib import Path, PureWindowsPath

import pytest
from cast import ROOT
from sample_courses import GOOD

from lms.cli import main
from lms.course.loader import load_course, load_courses
from lms.course.model import Course
from lms.errors import Invalid, Unavailable
from lms.packs import swap
from lms.packs.build import build
from lms.packs.bundle import Wishes, bundle

PREFIX = r"C:\Users\MARIA FERNANDA\Desktop\Cursos 2026\mochila-digital (1)\mochila-digital"


@pytest.fixture
def two(tmp_path: Path) -> list[Course]:
    """Two small courses that share all their words."""
    made = []
    for course_id in ("agua", "pozo"):
        folder = shutil.copytree(GOOD, tmp_path / "courses" / course_id)
        toml = folder / "course.toml"
        toml.write_text(toml.read_text("utf-8").replace('id = "agua"', f'id = "{course_id}"'), "utf-8")
        course = load_course(folder).course
        assert course is not None
        made.append(course)
    return made


def quiet(_: Course) -> None:
    """Nobody watches."""


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_each_course_is_as_its_site_pack_has_it(two: list[Course], tmp_path: Path) -> None:
    made = bundle(two, tmp_path / "usb ñ", quiet)
    for course in two:
        with zipfile.ZipFile(build(course, "site", tmp_path / "packs")) as archive:
            archive.extractall(tmp_path / course.id)
        assert contents(made / "cursos" / course.id) == contents(tmp_path / course.id)
    assert {path.name for path in made.iterdir()} == {
        "ABRIR-AQUI.html",
        "LEEME.txt",
        "textos.js",
        "mochila.json",
        "cursos",
    }


def test_the_same_courses_make_the_same_bundle_and_the_zip_holds_it(
    two: list[Course], tmp_path: Path
) -> None:
    first, second = (bundle(two, tmp_path / name, quiet) for name in ("uno", "dos"))
    assert contents(first) == contents(second)
    zips = [bundle(two, tmp_path / name, quiet, Wishes(zipped=True)) for name in ("uno", "dos")]
    assert zips[0].read_bytes() == zips[1].read_bytes()
    with zipfile.ZipFile(zips[0]) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path / "out")
    assert contents(tmp_path / "out" / "mochila-digital") == contents(first)


def test_the_glossary_stands_once_and_every_course_has_a_link(two: list[Course], tmp_path: Path) -> None:
    start = (bundle(two, tmp_path, quiet) / "ABRIR-AQUI.html").read_text("utf-8")
    assert two[0].glossary
    for term in two[0].glossary:
        assert start.count(f'<dt id="glosario--{term.id}">') == 1
    for course in two:
        assert f'<a href="cursos/{course.id}/ABRIR-AQUI.html">' in start


def test_names_fit_windows_and_any_stick(tmp_path: Path) -> None:
    courses, _ = load_courses(ROOT / "courses")
    names = contents(bundle(list(courses.values()), tmp_path, quiet))
    assert max(len(f"{PREFIX}\\{name}") for name in names) <= 200
    assert len({name.lower() for name in names}) == len(names)
    assert all(name.isascii() and not PureWindowsPath(name).is_reserved() for name in names)
    assert not [name for name in names if set(name) & set('<>:"\\|?*') or name.endswith((".", " "))]


def test_a_new_bundle_replaces_the_old_one_and_keeps_what_people_left_in_it(
    two: list[Course], tmp_path: Path
) -> None:
    made = bundle(two, tmp_path, quiet)
    (made / "avance-nelida.txt").write_text("…", "utf-8")
    assert bundle(two[:1], tmp_path, quiet) == made
    assert [path.name for path in (made / "cursos").iterdir()] == ["agua"]
    assert (made / "avance-nelida.txt").is_file()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_somebody_elses_folder_is_left_alone(two: list[Course], tmp_path: Path) -> None:
    (tmp_path / "mochila-digital").mkdir()
    (tmp_path / "mochila-digital" / "tesis.docx").write_text("años de trabajo", "utf-8")
    with pytest.raises(Invalid, match="tiene otras cosas"):
        bundle(two, tmp_path, quiet)
    assert (tmp_path / "mochila-digital" / "tesis.docx").is_file()


def test_what_stops_under_way_leaves_the_old_one_whole(two: list[Course], tmp_path: Path) -> None:
    made = bundle(two, tmp_path / "usb", quiet)
    before = contents(made)

    def pulled_out(course: Course) -> None:
        if course.id == "pozo":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bundle(two, tmp_path / "usb", pulled_out)
    assert contents(made) == before
    assert [path.name for path in (tmp_path / "usb").iterdir()] == ["mochila-digital"]


def test_what_a_stick_pulled_out_left_is_put_right_and_does_not_stay(
    two: list[Course], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = bundle(two, tmp_path, quiet)
    (made / "avance-nelida.txt").write_text("…", "utf-8")
    monkeypatch.setattr(swap, "_exchanged", lambda one, other: False)  # as on a stick formatted as FAT
    rename = Path.rename

    def pulled_out(path: Path, target: Path) -> Path:
        if path.parent.name in ("new", "old"):
            raise OSError(errno.ENODEV, "No such device")
        return rename(path, target)

    with monkeypatch.context() as stick:
        stick.setattr(Path, "rename", pulled_out)
        with pytest.raises(OSError, match="No such device"):
            bundle(two[:1], tmp_path, quiet)
    assert not made.exists()

    assert bundle(two, tmp_path, quiet) == made
    assert (made / "avance-nelida.txt").is_file()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_what_does_not_reach_the_stick_is_said_and_the_old_one_stays(
    two: list[Course], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = bundle(two, tmp_path / "usb", quiet)
    before = contents(made)
    fsync = os.fsync

    def worn_out(place: int) -> None:
        if os.readlink(f"/proc/self/fd/{place}").endswith("textos.js"):
            raise OSError(errno.EIO, "Input/output error")
        fsync(place)

    monkeypatch.setattr(os, "fsync", worn_out)
    with pytest.raises(Unavailable, match="No se puede usar el disco"):
        bundle(two[:1], tmp_path / "usb", quiet)
    assert contents(made) == before


def test_the_command_says_where_it_is(
    two: list[Course], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LMS_COURSES", str(tmp_path / "courses"))
    main(["pack", "bundle", "--all", "--zip", "--to", str(tmp_path / "usb")])
    file, size = capsys.readouterr().out.strip().split("\t")
    assert Path(file).stat().st_size == int(size)
    main(["pack", "bundle", "agua", "--to", str(tmp_path / "usb")])
    assert (tmp_path / "usb/mochila-digital/cursos/agua/source/course.toml").is_file()
    for wrong in (["pack", "bundle"], ["pack", "bundle", "agua", "--all"]):
        with pytest.raises(SystemExit) as stop:
            main(wrong)
        assert stop.value.code == 2
