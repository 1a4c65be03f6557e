"""A server keeps packs ready, and a disk that refuses them is not asked again at every page."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import shutil
import threading
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest
from packs.conftest import replace
from sample_courses import GOOD, WITH_MEDIA, sample

from lms.course import markdown
from lms.course.loader import load_course
from lms.course.model import Course, Media
from lms.errors import FULL, Unavailable
from lms.packs.build import build
from lms.packs.formats import FORMATS, quick_formats
from lms.packs.shelf import REST, Shelf
from lms.packs.signing import Signer, new_signer


def loaded(folder: Path) -> Course:
    course = load_course(folder).course
    assert course is not None
    return course


@pytest.fixture
def agua() -> Course:
    return loaded(GOOD)


@pytest.fixture
def difods() -> Signer:
    return new_signer("difods")


async def seen(shelf: Shelf, course: Course, times: int = 1) -> set[str]:
    """Look at a course's page some times, each when the one before has had its effect."""
    for _ in range(times):
        shelf.sizes(course)
        await shelf.settled()
    return set(shelf.sizes(course))


async def test_the_first_look_has_every_quick_format_built(agua: Course, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "packs")

    assert await seen(shelf, agua) == set(quick_formats(agua))


async def test_a_pack_that_was_signed_elsewhere_is_what_is_given(
    agua: Course, difods: Signer, tmp_path: Path
) -> None:
    signed = build(agua, "site", tmp_path, [difods]).read_bytes()

    assert (await Shelf(tmp_path).take(agua, "site")).read_bytes() == signed


def signed_and_changed(packs: Path, signer: Signer) -> tuple[bytes, Course]:
    """A signed pack that lies in a folder of packs, and its course as it is after a correction."""
    folder = sample(GOOD.name, packs)
    signed = build(loaded(folder), "site", packs, [signer]).read_bytes()
    replace(folder / "lessons/el-pozo.md", "agua", "aguo")
    return signed, loaded(folder)


async def test_so_is_one_with_other_content_of_which_the_log_tells(
    difods: Signer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    signed, changed = signed_and_changed(tmp_path, difods)

    assert (await Shelf(tmp_path).take(changed, "site")).read_bytes() == signed
    (said,) = caplog.messages
    assert said == "agua changed and its version did not: agua-1.0.0.zip was signed with other content"


async def test_who_signs_what_changed_is_told_too(
    difods: Signer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    signed, changed = signed_and_changed(tmp_path, difods)

    assert (await Shelf(tmp_path, signers=[difods]).take(changed, "site")).read_bytes() != signed
    assert len(caplog.messages) == 1


async def test_a_signed_pack_that_is_cut_is_made_again(agua: Course, difods: Signer, tmp_path: Path) -> None:
    pack = build(agua, "site", tmp_path, [difods])
    pack.write_bytes(pack.read_bytes()[:-400])

    made = await Shelf(tmp_path).take(agua, "site")
    assert made.read_bytes() == build(agua, "site", tmp_path / "again").read_bytes()


async def test_films_are_not_packed_before_somebody_asks_but_their_size_is_said(tmp_path: Path) -> None:
    course = loaded(sample(WITH_MEDIA.name, tmp_path))
    shelf = Shelf(tmp_path / "packs")

    known = await seen(shelf, course)
    assert known == {*quick_formats(course), "videos"}
    assert "single-audio" in known
    assert not list((tmp_path / "packs").glob("*-videos.zip"))
    assert shelf.sizes(course)["videos"] == (WITH_MEDIA / "media/medir.webm").stat().st_size
    assert (await shelf.take(course, "videos")).is_file()


async def test_a_build_that_fails_is_logged_once_and_rests(
    agua: Course, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    now = [0.0]
    (tmp_path / "packs").touch()
    shelf = Shelf(tmp_path / "packs", lambda: now[0])
    with caplog.at_level(logging.ERROR):
        assert await seen(shelf, agua, times=10) == set()
        assert len(caplog.records) == 1
        now[0] += REST + 1
        await seen(shelf, agua, times=10)
        assert len(caplog.records) == 2

    (tmp_path / "packs").unlink()
    now[0] += REST + 1
    assert await seen(shelf, agua) == set(quick_formats(agua))


async def test_a_changed_course_does_not_wait_for_the_old_ones_rest(agua: Course, tmp_path: Path) -> None:
    (tmp_path / "packs").touch()
    shelf = Shelf(tmp_path / "packs")
    await seen(shelf, agua)
    (tmp_path / "packs").unlink()
    corrected = load_course(GOOD).course
    assert corrected is not None

    assert await seen(shelf, corrected) == set(quick_formats(agua))


async def test_a_full_disk_is_said_to_who_downloads(
    agua: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(tmp_path)
    before = await shelf.take(agua, "site")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable) as refused:
        await shelf.take(agua, "single")

    assert refused.value.message == FULL
    assert os.listdir(tmp_path) == [before.name]


async def test_looking_again_while_it_is_built_builds_it_once(agua: Course, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    for _ in range(5):
        shelf.sizes(agua)
        await asyncio.sleep(0)
    await shelf.settled()

    assert len(shelf.sizes(agua)) == len(quick_formats(agua))


async def test_what_takes_long_is_built_when_asked_for_and_keeps_nobody_else_waiting(
    agua: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf, let_go = Shelf(tmp_path), threading.Event()

    def slow(course: Course, name: str, folder: Path, *_: object) -> Path:
        if FORMATS[name].apart:
            assert let_go.wait(30)
        return build(course, name, folder)

    monkeypatch.setattr("lms.packs.shelf.build", slow)
    asked = [asyncio.create_task(shelf.take(agua, "zim")) for _ in range(2)]
    await asyncio.sleep(0)
    assert (await shelf.take(agua, "single")).is_file()
    assert not any(task.done() for task in asked)
    let_go.set()
    one, other = await asyncio.gather(*asked)
    assert one == other
    assert "zim" in shelf.sizes(agua)


async def test_after_a_restart_with_one_changed_lesson_only_that_lesson_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(GOOD, tmp_path / "agua")
    made: list[str] = []

    render = markdown.render

    def watched(text: str, lesson: str, media: Mapping[str, Media], names: Collection[str]) -> str:
        made.append(lesson)
        return render(text, lesson, media, names)

    monkeypatch.setattr(markdown, "render", watched)
    before = loaded(folder)
    await seen(Shelf(tmp_path / "packs", pieces=tmp_path / "rendered"), before)
    assert {*made} == {lesson.id for lesson in before.lessons}
    with (folder / "lessons/el-pozo.md").open("a", encoding="utf-8") as lesson:
        lesson.write("\nUna palabra más.\n")
    made.clear()
    course = loaded(folder)
    shelf = Shelf(tmp_path / "packs", pieces=tmp_path / "rendered")
    assert await seen(shelf, course) == set(quick_formats(course))
    assert {*made} == {"el-pozo"}
    for name in quick_formats(course):
        cold = build(course, name, tmp_path / "cold")
        assert (await shelf.take(course, name)).read_bytes() == cold.read_bytes()
