"""Films and sounds go through a pack piece by piece: their weight is never in memory."""

from __future__ import annotations

import shutil
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sample_courses import GOOD

from lms.course.loader import load_course
from lms.course.model import Course
from lms.errors import TooLarge, Unavailable
from lms.packs.build import build
from lms.packs.install import Terms, install
from lms.packs.keyring import Keyring
from lms.packs.signing import new_signer

TODAY = date(2026, 3, 2)
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


def test_building_signing_verifying_and_installing_hold_no_film_in_memory(
    heavy: Course, tmp_path: Path
) -> None:
    ring = Keyring(tmp_path / "keys")
    build(load(GOOD), "site", tmp_path / "warm")  # what the templates take is not at issue

    signer = new_signer("difods")
    assert most_memory(lambda: build(heavy, "site", tmp_path / "packs", (signer,))) < LITTLE
    pack = tmp_path / "packs/agua-1.0.0.zip"
    assert pack.stat().st_size > FILMS * FILM
    ring.keep(signer.key, "trusted", TODAY)
    assert most_memory(lambda: install(pack, tmp_path / "courses", ring, Terms())) < LITTLE
    assert most_memory(lambda: install(pack, tmp_path / "courses", ring, Terms())) < LITTLE


@pytest.mark.parametrize("name", ["scorm", "epub"])
def test_other_zips_hold_no_film_in_memory_either(name: str, heavy: Course, tmp_path: Path) -> None:
    build(load(GOOD), name, tmp_path / "warm")
    assert most_memory(lambda: build(heavy, name, tmp_path / "packs")) < LITTLE


def test_a_film_that_changed_since_the_course_was_loaded_is_said_and_leaves_the_old_pack(
    heavy: Course, tmp_path: Path
) -> None:
    pack = build(heavy, "site", tmp_path / "packs")
    before = pack.stat().st_mtime_ns
    (heavy.folder / "media/pozo-2.mp4").write_bytes(b"a medias")

    with pytest.raises(Unavailable, match=r"«media/pozo-2\.mp4» cambió"):
        build(heavy, "site", tmp_path / "packs")
    assert pack.stat().st_mtime_ns == before
    assert [path.name for path in pack.parent.iterdir()] == [pack.name]


def test_a_pack_that_no_reader_would_open_is_not_built(
    heavy: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.packs.formats.site.MOST_BYTES", 50_000_000)

    with pytest.raises(TooLarge, match=r"tendría 60 MB, .* «media/pozo-0\.mp4» \(15 MB\)"):
        build(heavy, "site", tmp_path / "packs")
    assert not list((tmp_path / "packs").glob("*"))


def test_headers_say_the_size_and_the_sum_of_a_film_before_it(heavy: Course, tmp_path: Path) -> None:
    with zipfile.ZipFile(build(heavy, "site", tmp_path)) as archive:
        film = archive.getinfo("media/pozo-0.mp4")
    assert (film.flag_bits, film.extra, film.compress_type) == (0, b"", zipfile.ZIP_STORED)
