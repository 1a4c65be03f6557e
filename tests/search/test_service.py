"""The index is made once for the same texts, whole, and swapped in."""

import asyncio
import os
import shutil
from dataclasses import replace

import pytest
from click.testing import CliRunner

from lms.search import index as index_module
from lms.search.apart import make_apart
from lms.search.commands import reindex
from lms.search.query import find
from lms.search.service import Search, folder, is_made, prepare
from lms.search.sources import fingerprint
from lms.settings import Settings


@pytest.fixture
def courses(course, tmp_path):
    """A folder with one course only."""
    shutil.copytree(course.folder, tmp_path / "courses" / course.id)
    return tmp_path / "courses"


@pytest.fixture
def settings(courses, tmp_path):
    return Settings.load({"LMS_DATA": str(tmp_path / "data"), "LMS_COURSES": str(courses)})


def changed(course):
    lesson = replace(course.units[0].lessons[0], body="## Situación\n\nEl jaguarundi duerme.\n")
    return replace(course, units=(replace(course.units[0], lessons=(lesson,)),))


def test_the_same_texts_are_indexed_once(course, tmp_path, monkeypatch):
    where = prepare(tmp_path / "search", [course])
    monkeypatch.setattr(index_module, "build", None)
    assert prepare(tmp_path / "search", [course]) == where


def test_other_texts_make_another_index_and_the_old_one_goes(course, tmp_path):
    first = prepare(tmp_path / "search", [course])
    second = prepare(tmp_path / "search", [changed(course)])
    assert first != second
    assert list((tmp_path / "search").iterdir()) == [second]


def test_a_name_or_a_number_that_changes_counts(course):
    assert fingerprint([course]) != fingerprint([replace(course, title="Otro título")])


def test_an_index_cut_short_is_made_again(course, tmp_path):
    where = prepare(tmp_path / "search", [course])
    (where / index_module.ABOUT).unlink()
    assert find(index_module.Index(prepare(tmp_path / "search", [course])), "batería").hits


async def test_a_change_is_searched_without_a_restart(course, tmp_path):
    search = Search(tmp_path / "search")
    assert not (await search.find({course.id: course}, "jaguarundi")).hits
    courses = {course.id: changed(course)}
    await search.find(courses, "jaguarundi")  # the old index answers while the new one is made
    await search.settled()
    assert (await search.find(courses, "jaguarundi")).hits


async def test_scores_of_a_course_do_not_depend_on_the_others(course, tmp_path):
    other = replace(changed(course), id="otro", title="Otro curso")
    alone, among = Search(tmp_path / "a"), Search(tmp_path / "b")
    one = await alone.find({course.id: course}, "tableta lenta")
    two = await among.find({course.id: course, "otro": other}, "tableta lenta")
    mine = [(hit.anchor, hit.score) for hit in two.hits if hit.course == course.id]
    assert mine == [(hit.anchor, hit.score) for hit in one.hits][: len(mine)]


def test_reindex_says_what_it_did(courses, tmp_path):
    run = CliRunner().invoke(reindex, env={"LMS_DATA": str(tmp_path), "LMS_COURSES": str(courses)})
    assert run.exit_code == 0, run.output
    assert "Cursos: 1" in run.output
    assert len(list((tmp_path / "search").iterdir())) == 1


async def test_a_server_without_courses_finds_nothing(tmp_path):
    assert (await Search(tmp_path / "search").find({}, "batería")).total == 0


async def test_when_an_index_cannot_be_made_the_old_one_answers(course, tmp_path, monkeypatch):
    search = Search(tmp_path / "search")
    assert (await search.find({course.id: course}, "batería")).hits
    monkeypatch.setattr(index_module, "build", None)
    courses = {course.id: changed(course)}
    await search.find(courses, "batería")
    await search.settled()
    assert (await search.find(courses, "batería")).hits


def test_what_a_power_cut_left_goes(course, tmp_path):
    left = tmp_path / "search" / ".abc-1"
    left.mkdir(parents=True)
    os.utime(left, (0, 0))
    prepare(tmp_path / "search", [course])
    assert not left.exists()


async def test_an_index_that_is_missing_is_made_apart_once(course, tmp_path):
    where, made = tmp_path / "search", []

    async def make_apart():
        made.append(prepare(where, [course]))

    for _ in range(2):
        search = Search(where, make_apart)
        for _ in range(2):
            assert (await search.find({course.id: course}, "batería")).hits
    assert len(made) == 1


async def test_an_index_that_is_not_made_apart_is_made_here(course, tmp_path):
    async def make_apart():
        """As if that process had read other courses."""

    assert (await Search(tmp_path / "search", make_apart).find({course.id: course}, "batería")).hits


async def test_for_a_server_without_courses_no_process_is_begun(tmp_path):
    async def make_apart():
        raise AssertionError("there is nothing to index")

    assert not (await Search(tmp_path / "search", make_apart).find({}, "batería")).hits


async def test_a_process_of_its_own_makes_the_index(course, settings):
    await make_apart(settings)
    assert is_made(folder(settings.data), [course])


async def test_a_process_that_fails_is_told_of(settings, tmp_path, caplog):
    await make_apart(replace(settings, courses=tmp_path / "none"))
    assert "not made apart" in caplog.text


async def test_who_stops_waiting_stops_the_process(course, settings):
    making = asyncio.create_task(make_apart(settings))
    await asyncio.sleep(0.2)
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    assert not is_made(folder(settings.data), [course])


async def test_a_search_that_stops_leaves_the_index_that_is_being_made(course, tmp_path):
    left = []

    async def make_apart():
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            left.append("left")
            raise

    search = Search(tmp_path / "search", make_apart)
    asking = asyncio.create_task(search.find({course.id: course}, "batería"))
    await asyncio.sleep(0.01)
    await search.stop()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert left == ["left"]


@pytest.mark.parametrize("left", [0, 10, 0.5])
async def test_an_index_whose_file_was_cut_is_made_again(course, tmp_path, left):
    (file,) = prepare(tmp_path / "search", [course]).glob("*.seg")
    content = file.read_bytes()
    file.write_bytes(content[: int(left * len(content)) if isinstance(left, float) else left])
    search = Search(tmp_path / "search")
    assert (await search.find({course.id: course}, "batería")).hits
    await search.stop()
