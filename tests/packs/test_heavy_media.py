"""Films and sounds go through a pack piece by piece: their weight is never in memory."""

from __future__ import annotations

import shutil
import tracemalloc
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sample_courses import GOOD

from lms.course.loader import load_course
from lms.course.model import Course
from lms.errors import TooLarge, Unavailable
from lms.packs.build import build
from lms.packs.contents import open_contents
from lms.packs.install import Terms, install
from lms.packs.keyring import Keyring
from lms.packs.signing import new_signer, sign_pack

FILMS = 4
FILM = 15_000_000
LITTLE = 8_000_000
"""Bytes that building, reading and installing may hold at once, whatever the media weigh."""


@pytest.fixture
def heavy(tmp_path: Path) -> Course:
    """«Agua para la escuela» with an hour of film."""
    folder = tmp_path / "heavy/agua"
    shutil.copytree(GOOD, folder)
    with (folder / "lessons/el-pozo.md").open("a", encoding="utf-8") as lesson:
        for number in range(FILMS):
            with (folder / f"media/pozo-{number}.mp4").open("wb") as film:
                film.truncate(FILM)
            lesson.write(f"\n![Cómo se limpia el pozo.](../media/pozo-{number}.mp4)\n")
    return load(folder)


def load(folder: Path) -> Course:
    course = load_course(folder).course
    assert course is not None
    return course


def most_memory(work: Callable[[], object]) -> int:
    """Bytes that Python held at once while working."""
    tracemalloc.start()
    work()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def extracted(course: Course, folder: Path) -> Path:
    """The course's pack with its films beside it, as somebody extracted them."""
    for name in ("site", "videos"):
        with zipfile.ZipFile(build(course, name, folder / "packs")) as archive:
            archive.extractall(folder / "curso")
    return folder / "curso"


def test_building_verifying_and_installing_hold_no_film_in_memory(heavy: Course, tmp_path: Path) -> None:
    build(load(GOOD), "site", tmp_path / "warm")  # what the templates take is not at issue
    for name in ("site", "videos"):
        assert most_memory(partial(build, heavy, name, tmp_path / "packs")) < LITTLE
    assert (tmp_path / "packs/agua-1.0.0-videos.zip").stat().st_size > FILMS * FILM

    folder, ring = extracted(heavy, tmp_path), Keyring(tmp_path / "keys")
    for _ in ("new", "the same again"):
        put_in = partial(install, folder, tmp_path / "courses", ring, Terms(unsigned=True))
        assert most_memory(put_in) < LITTLE
    assert (tmp_path / "courses/agua/media/pozo-0.mp4").stat().st_size == FILM


def test_signing_holds_no_pack_in_memory(heavy: Course, tmp_path: Path) -> None:
    zipped = build(heavy, "videos", tmp_path)
    with zipfile.ZipFile(zipped, "a") as archive:
        archive.writestr("manifest.json", "{}")
    with zipped.open("r+b") as pack:
        assert most_memory(lambda: sign_pack(pack, [new_signer("difods")])) < LITTLE
    with zipfile.ZipFile(zipped) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[-1] == "manifest.sig"


def test_a_film_that_changed_since_the_course_was_loaded_is_said_and_leaves_the_old_zip(
    heavy: Course, tmp_path: Path
) -> None:
    zipped = build(heavy, "videos", tmp_path / "packs")
    before = zipped.stat().st_mtime_ns
    (heavy.folder / "media/pozo-2.mp4").write_bytes(b"a medias")

    with pytest.raises(Unavailable, match=r"«media/pozo-2\.mp4» cambió"):
        build(heavy, "videos", tmp_path / "packs")
    assert zipped.stat().st_mtime_ns == before
    assert [path.name for path in zipped.parent.iterdir()] == [zipped.name]


def test_a_pack_that_no_reader_would_open_is_not_built(
    heavy: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.packs.formats.site.MOST_BYTES", 100_000)

    with pytest.raises(TooLarge, match=r"son 100 KB. Lo más pesado es «ABRIR-AQUI.html»"):
        build(heavy, "site", tmp_path / "packs")
    assert not list((tmp_path / "packs").glob("*"))


def test_headers_say_the_size_and_the_sum_of_a_film_before_it(heavy: Course, tmp_path: Path) -> None:
    with open_contents(build(heavy, "videos", tmp_path)) as contents:  # the strict reader's rules hold of it
        assert contents.sizes["media/pozo-0.mp4"] == FILM
